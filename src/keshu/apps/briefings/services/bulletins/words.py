"""The words of a bulletin: composed from its facts by its sections, with what people wrote otherwise put in."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from keshu.apps.briefings.models import Bulletin, BulletinState
from keshu.apps.briefings.services import composing
from keshu.apps.briefings.services.composing.passages import Composed, Line, Passage, Section, Text, Words, from_json
from keshu.apps.plans.services.fact_rows import facts_from

# A number as a reader sees it, with the word that follows it: 1,270家, 96.7%.
_NUMBER = re.compile(r"\d[\d,]*(?:\.\d+)?(?:%|个百分点|[亿万]?[\u4e00-\u9fff]?)")
FROZEN = (BulletinState.RELEASED, BulletinState.WITHDRAWN)


@dataclass(frozen=True, slots=True)
class LapsedEdit:
    """What a person wrote in place of words that are no longer there, since the figures have changed."""

    place: str
    now: str


@dataclass(frozen=True, slots=True)
class Rewriting:
    """A paragraph a person wrote otherwise: ``gone`` are the ledger's figures no longer in it, ``new`` numbers not from it."""

    place: str
    was: str
    now: str
    gone: tuple[str, ...]
    new: tuple[str, ...]

    @property
    def anchor(self) -> str:
        """Where the paragraph stands on the page."""
        return self.place.replace(".", "-")


def words_of(bulletin: Bulletin) -> Composed:
    """The bulletin's words: of a released one as they were frozen, else as its facts and edits give them."""
    if bulletin.state in FROZEN:
        return from_json(bulletin.content)
    return reproduced(bulletin)


def reproduced(bulletin: Bulletin) -> Composed:
    """The words made anew from the facts, sections and edits that the bulletin keeps."""
    composed = composing.compose(facts_from(bulletin.facts), chosen_of(bulletin.sections))
    return replace(composed, sections=tuple(_edited(each, bulletin.edits) for each in composed.sections))


def lapsed_edits(bulletin: Bulletin) -> dict[str, LapsedEdit]:
    """Edits of paragraphs that read otherwise now, by place."""
    composed = composing.compose(facts_from(bulletin.facts), chosen_of(bulletin.sections))
    there = {place: passage.plain for place, passage in paragraphs(composed).items()}
    return {
        place: LapsedEdit(place, edit["now"])
        for place, edit in bulletin.edits.items()
        if there.get(place) != edit["was"]
    }


def rewritings(bulletin: Bulletin) -> tuple[Rewriting, ...]:
    """The edits that stand in the bulletin, in its order, each with what it did to the figures."""
    composed = composing.compose(facts_from(bulletin.facts), chosen_of(bulletin.sections))
    found = []
    for place, passage in paragraphs(composed).items():
        edit = bulletin.edits.get(place)
        if edit is None or passage.plain != edit["was"]:
            continue
        kept = rewritten(passage.line, edit["now"])
        there = [words.text for words in kept if words.source]
        gone = [words.text for words in passage.line if words.source and words.text not in there]
        old = set(_NUMBER.findall(passage.plain))
        new = [each for words in kept if not words.source for each in _NUMBER.findall(words.text) if each not in old]
        found.append(Rewriting(place, edit["was"], edit["now"], tuple(gone), tuple(new)))
    return tuple(found)


def paragraphs(composed: Composed) -> dict[str, Text]:
    """Every paragraph by its place: section and number in it."""
    return {
        f"{section.key}.{number}": passage
        for section in composed.sections
        for number, passage in enumerate(section.passages)
        if isinstance(passage, Text)
    }


def chosen_of(kept: list[Mapping[str, Any]]) -> tuple[composing.Chosen, ...]:
    """Sections as a bulletin or a template keeps them; those this version does not know are left out."""
    return tuple(
        composing.Chosen(each["id"], each["key"], each["title"], each["settings"])
        for each in kept
        if each["key"] in composing.BY_KEY
    )


def _edited(section: Section, edits: Mapping[str, Mapping[str, str]]) -> Section:
    passages: list[Passage] = []
    for number, passage in enumerate(section.passages):
        edit = edits.get(f"{section.key}.{number}")
        if edit is None or not isinstance(passage, Text) or passage.plain != edit["was"]:
            passages.append(passage)
        else:
            passages.append(Text(rewritten(passage.line, edit["now"]), passage.lead))
    return replace(section, passages=tuple(passages))


def rewritten(line: Line, now: str) -> Line:
    """New words, the figures among them that were in the old ones keeping their sources.

    >>> rewritten((Words("共"), Words("3项", "k"), Words("。")), "今年共有3项。")
    (Words(text='今年共有', source=''), Words(text='3项', source='k'), Words(text='。', source=''))
    """
    found: list[Words] = []
    at = 0
    for words in line:
        if not words.source or (place := now.find(words.text, at)) < 0:
            continue
        if place > at:
            found.append(Words(now[at:place]))
        found.append(words)
        at = place + len(words.text)
    if at < len(now):
        found.append(Words(now[at:]))
    return tuple(found)
