"""An agenda as it is read: in each section office by office, and what is asked about a matter under the line of that matter.

Nothing is stored: every line stays a row of its own, which leads to what it comes from and can be dropped.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from keshu.apps.plans.models import AgendaItem, AgendaSection
from keshu.apps.plans.queries.wording import unnumbered

if TYPE_CHECKING:
    from keshu.apps.bureau.models import Organisation

# An agenda of more lines than this is opened with its offices folded.
UNFOLDED = 12
# How the title of a line ends that is drawn from a check-in's request.
ASKED = "：需协调事项"
# Sections whose lines speak of a matter in trouble: who asks for help with it is heard there.
_HOSTS = (AgendaSection.LATE, AgendaSection.AT_RISK)


@dataclass(frozen=True, slots=True)
class AgendaLine:
    """A line with the requests about the same target or task that are heard with it."""

    item: AgendaItem
    requests: tuple[AgendaItem, ...] = ()

    @property
    def words(self) -> str:
        """Its title without the number that the plan gives it, and without what its section says already."""
        return unnumbered(self.item.title).removesuffix(ASKED)


@dataclass(frozen=True, slots=True)
class OfficeReport:
    """What one office (None: nobody named yet) reports on in one section, in order."""

    organisation: Organisation | None
    lines: tuple[AgendaLine, ...]

    @property
    def matters(self) -> str:
        return "；".join(line.words for line in self.lines)


def reports_of(kept: Sequence[AgendaItem]) -> dict[str, tuple[OfficeReport, ...]]:
    """The kept lines of a meeting, in order, by section and office (what names none comes last); each line once."""
    hosts = hosts_of(kept)
    requests: dict[int, list[AgendaItem]] = defaultdict(list)
    for item in kept:
        if item.pk in hosts:
            requests[hosts[item.pk].pk].append(item)
    found: dict[str, dict[int | None, list[AgendaLine]]] = {}
    for item in kept:
        if item.pk not in hosts:
            line = AgendaLine(item, tuple(requests[item.pk]))
            found.setdefault(item.section, {}).setdefault(item.organisation_id, []).append(line)
    return {
        section: tuple(
            OfficeReport(lines[0].item.organisation, tuple(lines))
            for _, lines in sorted(offices.items(), key=lambda pair: pair[0] is None)
        )
        for section, offices in found.items()
    }


def hosts_of(kept: Iterable[AgendaItem]) -> dict[int, AgendaItem]:
    """By the number of a request, the line of the late or endangered target or task that it is about."""
    kept = list(kept)
    matters: dict[tuple[int | None, int | None], AgendaItem] = {}
    for item in kept:
        if item.section in _HOSTS and any(_matter(item)):
            matters.setdefault(_matter(item), item)
    asked = [item for item in kept if item.section == AgendaSection.ASKED]
    return {item.pk: matters[_matter(item)] for item in asked if _matter(item) in matters}


def neighbour_of(item: AgendaItem, kept: Sequence[AgendaItem]) -> AgendaItem | None:
    """Where the eye is when a line has gone: the line it was heard with, else another of its office."""
    host = hosts_of([*kept, item]).get(item.pk)
    beside = (each for each in kept if (each.section, each.organisation_id) == (item.section, item.organisation_id))
    return host or next((each for each in beside if each.pk != item.pk), None)


def _matter(item: AgendaItem) -> tuple[int | None, int | None]:
    """The target or task of a line; that of its issue where it is drawn from one."""
    of = item if item.issue is None else item.issue
    return (of.target_id, of.node_id)
