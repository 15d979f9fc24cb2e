"""Organisations by what people write in a cell: the full name, the short name, or 上级／名称 where a name is borne twice."""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from datetime import date
from functools import lru_cache
from typing import TYPE_CHECKING

from keshu.apps.bureau.models import Organisation
from keshu.apps.bureau.queries.owners import OrganisationRef
from keshu.apps.bureau.queries.owners.directory import forebears

if TYPE_CHECKING:
    from keshu.apps.bureau.models import User

STEP = "／"
STEPS = re.compile(r"\s*[／/>＞\\]\s*")
BLANKS = re.compile(r"\s+")


class OrganisationNames:
    """All organisations a person may see, as they stood on that day, read in two queries.

    A name means whoever bore it then; one that was closed by then, or set up since, is meant where nobody else bears it.
    """

    def __init__(self, user: User, *, on: date) -> None:
        self.on = on
        rows = Organisation.objects.visible_to(user).order_by("position", "pk")
        later = forebears("/", on=on)
        columns = rows.values_list("pk", "name", "short_name", "kind", "path", "parent_id", "closed_on")
        self.refs: dict[int, OrganisationRef] = {}
        self.parents: dict[int, int | None] = {}
        self._closed: set[int] = set()
        self._by_name: dict[str, list[int]] = defaultdict(list)
        for pk, name, short_name, kind, path, parent_id, closed_on in columns:
            self.refs[pk], self.parents[pk] = OrganisationRef(pk, name, short_name, kind, path), parent_id
            if (closed_on is not None and closed_on <= on) or pk in later:
                self._closed.add(pk)
            for each in {folded(name), folded(short_name)}:
                self._by_name[each].append(pk)

    def text_of(self, organisation_id: int | None) -> str:
        """How the organisation is written so that it is found again; empty for none."""
        if organisation_id is None or organisation_id not in self.refs:
            return ""
        ref = self.refs[organisation_id]
        if self._open(ref.name) == [ref.id] or self._by_name[folded(ref.name)] == [ref.id]:
            return ref.name
        parent = self.refs.get(self.parents[ref.id] or 0)
        return f"{parent.name}{STEP}{ref.name}" if parent else ref.name

    def find(self, text: str) -> OrganisationRef:
        """The organisation; LookupError in Chinese says that there is none, or which to choose from."""
        found = self._open(text) or self._by_name.get(folded(text), [])
        if not found and len(steps := STEPS.split(text.strip())) > 1:
            found = [
                pk
                for pk in self._open(steps[-1]) or self._by_name.get(folded(steps[-1]), [])
                if self._is_under(pk, steps[-2])
            ]
        if len(exact := [pk for pk in found if folded(self.refs[pk].name) == folded(text)]) == 1:
            found = exact
        if len(found) == 1:
            return self.refs[found[0]]
        if not found:
            raise LookupError(f"没有叫“{text}”的单位，请写“单位”台账中的全称或简称")
        choices = "、".join(f"“{self.text_of(pk)}”" for pk in found[:4])
        raise LookupError(f"有 {len(found)} 个单位叫“{text}”，请写明上级：{choices}")

    def open_names(self, *, most: int) -> list[str]:
        """Names to choose from in a cell, those of open organisations, as long as they are not too many."""
        open_ids = [pk for pk in self.refs if pk not in self._closed]
        return [self.text_of(pk) for pk in open_ids] if len(open_ids) <= most else []

    def _open(self, name: str) -> list[int]:
        return [pk for pk in self._by_name.get(folded(name), []) if pk not in self._closed]

    def _is_under(self, organisation_id: int, parent: str) -> bool:
        above = self.refs.get(self.parents[organisation_id] or 0)
        return above is not None and folded(parent) in (folded(above.name), folded(above.short_name))


@lru_cache(maxsize=50_000)
def folded(name: str) -> str:
    """A name without blanks and with its brackets and digits in one width."""
    return BLANKS.sub("", unicodedata.normalize("NFKC", name))
