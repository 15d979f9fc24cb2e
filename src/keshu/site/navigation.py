"""The left navigation, declared: areas of the bureau's work and the places in them.

A place whose url name does not resolve belongs to a room that is not built yet and is left out, so no link is ever dead.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import Enum
from typing import Protocol

from django.urls import NoReverseMatch, reverse


class Reader(Protocol):
    """What the navigation needs to know about a person: their scope."""

    @property
    def roles(self) -> frozenset[str]: ...

    @property
    def is_government(self) -> bool: ...


class Audience(Enum):
    """Who sees a place."""

    ALL = "everybody who signs in"
    GOVERNMENT = "people of the government tree"
    STEWARDS = "those who keep people and names in order, and the auditors"

    def admits(self, reader: Reader) -> bool:
        if self is Audience.GOVERNMENT:
            return reader.is_government or bool(reader.roles & {"auditor", "operator"})
        if self is Audience.STEWARDS:
            return bool(reader.roles & {"leader", "planner", "auditor", "operator"})
        return True


@dataclass(frozen=True, slots=True)
class Place:
    label: str
    icon: str
    url_name: str
    audience: Audience = Audience.ALL
    also: tuple[str, ...] = ()

    def holds(self, view_name: str) -> bool:
        """Whether `view_name` is one of the pages of this place: same app and noun, or one of the nouns in `also`."""
        nouns = (self.url_name.rpartition("-")[0], *self.also)
        return view_name == self.url_name or any(view_name == n or view_name.startswith(f"{n}-") for n in nouns if n)


@dataclass(frozen=True, slots=True)
class Area:
    label: str
    places: tuple[Place, ...]


@dataclass(frozen=True, slots=True)
class Link:
    """A place as the template writes it."""

    label: str
    icon: str
    href: str
    current: bool


@dataclass(frozen=True, slots=True)
class LinkGroup:
    label: str
    links: tuple[Link, ...]


# Pages on the way from a document to the ledger belong to the library too.
PLAN_NOUNS = ("plans:import", "plans:review", "plans:document", "plans:source")

AREAS = (
    Area("", (Place("首页", "home", "home"), Place("驾驶舱", "chart-bar", "briefings:cockpit", Audience.GOVERNMENT))),
    Area(
        "工作要点",
        (
            Place("计划库", "archive", "plans:plan-list", Audience.GOVERNMENT, also=PLAN_NOUNS),
            Place("目标台账", "target", "plans:target-list", Audience.GOVERNMENT),
            Place("任务分解", "list-tree", "plans:task-tree", Audience.GOVERNMENT),
            Place("责任矩阵", "table", "plans:matrix", Audience.GOVERNMENT),
            Place("对比", "arrows-split", "plans:comparison-targets", Audience.GOVERNMENT),
            Place("处室页", "building", "plans:office-own", Audience.GOVERNMENT),
            Place("来年要点", "edit", "plans:proposal-list", Audience.GOVERNMENT),
        ),
    ),
    Area(
        "调度督办",
        (
            Place("我的填报", "edit", "plans:checkin-own", Audience.GOVERNMENT),
            Place("调度进度", "progress", "plans:round-list", Audience.GOVERNMENT, also=("plans:rhythm",)),
            Place("督办单", "report", "plans:supervision-list", Audience.GOVERNMENT),
            Place("三张清单", "list-check", "plans:issue-list", Audience.GOVERNMENT),
            Place("办公会", "users", "plans:meeting-list", Audience.GOVERNMENT),
        ),
    ),
    Area(
        "通报总结",
        (
            Place("通报", "file-text", "briefings:bulletin-list", Audience.GOVERNMENT),
            Place("核对稿件", "checklist", "briefings:fact-check-list", Audience.GOVERNMENT),
            Place("年度考核", "star", "briefings:appraisal-list", Audience.GOVERNMENT),
        ),
    ),
    Area(
        "局机关",
        (
            Place("单位", "sitemap", "bureau:organisation-list", Audience.GOVERNMENT),
            Place("人员", "users", "bureau:person-list", Audience.GOVERNMENT),
            Place("单位别名", "tag", "bureau:alias-list", Audience.GOVERNMENT),
            Place("公文检查", "file-search", "bureau:paper-check-list"),
            Place("工作日历", "calendar", "bureau:calendar", Audience.GOVERNMENT),
            Place("群机器人", "send", "bureau:robot-list", Audience.GOVERNMENT),
            Place("办理记录", "history", "bureau:audit-list", also=("bureau:trail", "bureau:anchor")),
            Place("后台任务", "hourglass", "bureau:job-list"),
        ),
    ),
)


def navigation(reader: Reader, *, view_name: str, areas: Iterable[Area] = AREAS) -> list[LinkGroup]:
    """The areas with the places that are built and that `reader` may enter; empty areas are left out."""
    groups = (LinkGroup(area.label, tuple(_links(area, reader, view_name))) for area in areas)
    return [group for group in groups if group.links]


def _links(area: Area, reader: Reader, view_name: str) -> Iterable[Link]:
    for place in area.places:
        if not place.audience.admits(reader):
            continue
        try:
            href = reverse(place.url_name)
        except NoReverseMatch:
            continue
        yield Link(place.label, place.icon, href, place.holds(view_name))
