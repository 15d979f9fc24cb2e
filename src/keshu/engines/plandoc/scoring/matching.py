"""Pairing what was read with what is labelled: claims by place and value, nodes by label and heading. Greedy, one to one."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence

from keshu.engines.plandoc.scoring.folding import (
    Entry,
    bigram_cover,
    bigram_f1,
    canonical,
    folded,
    folded_indicator,
    same_unit,
    same_value,
    without_ruby,
)

ATTRIBUTES = ("op", "measure", "tier", "tense", "indicator", "masked", "period")
_INDICATOR_OK = 0.6
_HEADING_OK = 0.6
_LONGEST_QUOTE = 400  # A longer quote does not locate a claim.
_LABEL = re.compile(
    r"^\s*(第[一二三四五六七八九十百]+[章条节部分]+|[(（][一二三四五六七八九十百\d]+[)）]|[一二三四五六七八九十百]+是|"
    r"[一二三四五六七八九十百]+[、.．]|\d+[、.．)）]?(?!\d))\s*"
)

Pair = tuple[int, int, bool]


def indicator_likeness(gold: Entry, read: Entry) -> float:
    """How far the indicator read is one of the labelled names."""
    name = folded_indicator(read.get("indicator"))
    return max(bigram_f1(folded_indicator(also), name) for also in [gold["indicator"], *gold.get("indicator_also", [])])


def attribute_right(gold: Entry, read: Entry, name: str) -> bool:
    """Whether one attribute agrees, also-accepted answers included."""
    if name == "indicator":
        return indicator_likeness(gold, read) >= _INDICATOR_OK
    if name == "masked":
        return bool(read.get("masked")) == bool(gold.get("masked"))
    if name == "period":
        return bool(read.get("period") == gold.get("period"))
    return read.get(name, "base" if name == "tier" else None) in [gold[name], *gold.get(name + "_also", [])]


def quote_spans(read: Entry, text: str | None) -> list[tuple[int, int]] | None:
    """Where a quote stands in the labelled text; None when it cannot be found there."""
    quote, start, end = read.get("quote") or "", read.get("start"), read.get("end")
    if isinstance(start, int) and isinstance(end, int) and 0 <= start < end and _agrees(quote, text, start, end):
        return [(start, end)]
    if text is None or not quote or quote not in text:
        return None
    found = []
    at = text.find(quote)
    while at >= 0:
        found.append((at, at + len(quote)))
        at = text.find(quote, at + 1)
    return found


def _agrees(quote: str, text: str | None, start: int, end: int) -> bool:
    """Whether the offsets of a reading hold in `text`; without a text or a quote there is nothing to check them by."""
    return text is None or not quote or text[start:end] == quote


def _same_words(gold: Entry, read: Entry) -> float:
    """How far a quote without a place is the labelled quote, 0 to 1."""
    words = folded(without_ruby(read.get("quote")))
    if len(words) < 2:
        return 0.0
    best = 0.0
    for quote in {gold["quote"], without_ruby(gold["quote"]), gold.get("quote_clean") or gold["quote"]}:
        labelled = folded(quote)
        if labelled in words or words in labelled:
            return 1.0 if len(words) >= 4 else 0.5
        best = max(best, bigram_cover(labelled, words))
    return best if best >= 0.6 else 0.0


def _nearness(gold: Entry, read: Entry, spans: list[tuple[int, int]] | None, text: str | None) -> float:
    """0 when the quotes are not neighbours, else up to 1.5."""
    if len(read.get("quote") or "") > _LONGEST_QUOTE and not isinstance(read.get("value_start"), int):
        return 0.0
    if spans is None:
        return 0.6 * _same_words(gold, read)
    best = 0.0 if text is not None else 0.6 * _same_words(gold, read)
    for start, end in spans:
        shared = min(end, gold["end"]) - max(start, gold["start"])
        if shared <= 0:
            continue
        near = shared / float(max(end, gold["end"]) - min(start, gold["start"]))
        if "value_start" in gold and start <= gold["value_start"] and gold["value_end"] <= end:
            near += 0.5
        best = max(best, near)
    return best


def match_claims(gold: Sequence[Entry], read: Sequence[Entry], text: str | None) -> list[Pair]:
    """(labelled, read, value and unit right), value-and-unit pairs first."""
    spans = [quote_spans(entry, text) for entry in read]
    right: list[tuple[float, int, int]] = []
    near: list[tuple[float, int, int]] = []
    for i, label in enumerate(gold):
        for j, entry in enumerate(read):
            nearness = _nearness(label, entry, spans[j], text)
            if nearness <= 0:
                continue
            merit = nearness + 2 * indicator_likeness(label, entry) + 2 * attribute_right(label, entry, "tense")
            merit += attribute_right(label, entry, "tier") + attribute_right(label, entry, "op")
            merit -= 0.25 if label.get("optional") else 0.0
            value, unit = same_value(label, entry), same_unit(label, entry)
            if value and unit:
                right.append((-merit, i, j))
            elif unit or (value and canonical(label)[0] is not None):
                near.append((-merit - 2 * value, i, j))
    pairs: list[Pair] = []
    taken_gold: set[int] = set()
    taken_read: set[int] = set()
    for pool, is_right in ((right, True), (near, False)):
        for _, i, j in sorted(pool):
            if i not in taken_gold and j not in taken_read:
                taken_gold.add(i)
                taken_read.add(j)
                pairs.append((i, j, is_right))
    return pairs


def _split_label(node: Entry) -> tuple[str, str, str]:
    """(number, style, heading) of a node; a label left in the heading is taken off it."""
    label, heading = str(node.get("label") or "").strip(), str(node.get("heading") or "").strip()
    if label and heading.startswith(label):
        heading = heading[len(label) :]
    if not label:
        match = _LABEL.match(heading)
        if match and not re.match(r"\d{4}年", heading):
            label, heading = match[1], heading[match.end() :]
    label = unicodedata.normalize("NFKC", label).replace(" ", "")
    style = ""
    if label.startswith("("):
        style = "paren"
    elif label.endswith("是"):
        style = "is"
    elif label and label[-1] in "、.":
        style = "sep"
    return label.strip("()、.是"), style, folded(without_ruby(heading))


def _heading_likeness(gold: Entry, read: Entry) -> float:
    gold_core, gold_style, _ = _split_label(gold)
    core, style, heading = _split_label(read)
    if gold_core != core or (gold_style and style and gold_style != style):
        return 0.0
    best = 0.0
    for words in (gold["heading"], without_ruby(gold.get("heading_raw"))):
        labelled = folded(words)
        if not labelled or not heading:
            continue
        if len(min(labelled, heading, key=len)) >= 4 and (labelled.startswith(heading) or heading.startswith(labelled)):
            best = max(best, 0.95 if labelled != heading else 1.0)
        best = max(best, bigram_f1(labelled, heading))
    return best


def match_nodes(gold: Sequence[Entry], read: Sequence[Entry]) -> list[tuple[int, int]]:
    """(labelled, read) nodes: same label and a like heading, nearest first."""
    pool = []
    for i, label in enumerate(gold):
        for j, node in enumerate(read):
            likeness = _heading_likeness(label, node)
            if likeness >= _HEADING_OK:
                distance = abs(label["start"] - node["start"]) if isinstance(node.get("start"), int) else 0
                pool.append((-likeness, bool(label.get("optional")), distance, abs(i - j), i, j))
    pairs: list[tuple[int, int]] = []
    taken_gold: set[int] = set()
    taken_read: set[int] = set()
    for *_, i, j in sorted(pool):
        if i not in taken_gold and j not in taken_read:
            taken_gold.add(i)
            taken_read.add(j)
            pairs.append((i, j))
    return pairs
