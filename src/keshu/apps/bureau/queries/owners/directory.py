"""The organisations a document of one home may mean, under every name it may use for them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import F, Q

from keshu.apps.bureau.models import GOVERNMENT_KINDS, Organisation, Succession, SuccessionKind
from keshu.apps.bureau.models import OrganisationKind as Kind
from keshu.apps.bureau.queries.owners.words import AREA_SUFFIXES, LEVELS, OWN_BUREAU, GroupWord, clean, fold

AREA_KINDS = (Kind.COUNTY, Kind.PARK)


@dataclass(frozen=True, slots=True)
class OrganisationRef:
    """An organisation as other apps carry it."""

    id: int
    name: str
    short_name: str
    kind: str
    path: str = ""

    def __str__(self) -> str:
        return self.short_name or self.name


class Directory:
    """The government tree around `home` as it was on that day, read in two queries."""

    def __init__(self, home: Organisation, *, on: date) -> None:
        root = f"/{home.path.strip('/').split('/')[0]}/"
        rows = Organisation.objects.active(on).filter(path__startswith=root, kind__in=GOVERNMENT_KINDS)
        found = rows.order_by("position", "pk").values_list("pk", "name", "short_name", "kind", "path")
        self.forebears = forebears(root, on=on)
        self.all = [OrganisationRef(*row) for row in found if row[0] not in self.forebears]
        self.by_id = {ref.id: ref for ref in self.all}
        self.home = self._nearest(home, kinds=(Kind.BUREAU, *AREA_KINDS, Kind.DEPARTMENT, Kind.CITY))
        self.city = self._nearest(home, kinds=(Kind.CITY,))
        self.names_of = {ref.id: self._names_of(ref) for ref in self.all}
        self.names: dict[str, list[OrganisationRef]] = defaultdict(list)
        for ref in self.all:
            for name in self.names_of[ref.id]:
                if ref not in self.names[name]:
                    self.names[name].append(ref)
        for word in OWN_BUREAU:
            self.names[word] = [self.home]

    def exactly(self, text: str) -> OrganisationRef | None:
        """The one nearest to home that is registered under just this name or short name."""
        wanted = clean(text)
        found = self._nearest_of([ref for ref in self.all if wanted in (clean(ref.name), clean(ref.short_name))])
        return found[0] if len(found) == 1 else None

    def named(self, text: str) -> list[OrganisationRef]:
        """All that bear the name, those nearest to home only."""
        return self._nearest_of(self.names.get(fold(text), []))

    def _nearest_of(self, found: list[OrganisationRef]) -> list[OrganisationRef]:
        if len(found) < 2:
            return list(found)
        nearest = max(self._nearness(ref) for ref in found)
        return [ref for ref in found if self._nearness(ref) == nearest]

    def of_kinds(self, kinds: Collection[str], *, among: tuple[str, ...] = ()) -> list[OrganisationRef]:
        """All of these kinds that belong to home: its own offices and units, the city's counties, parks and departments."""
        found = [ref for ref in self.all if ref.kind in kinds and ref.path.startswith(self._reach(ref.kind))]
        return [ref for ref in found if not among or any(word in ref.name + ref.short_name for word in among)]

    def of_groups(self, words: Iterable[GroupWord]) -> list[OrganisationRef]:
        found = {ref.id: ref for word in words for ref in self.of_kinds(word.kinds, among=word.among)}
        return list(found.values())

    def nearby(self) -> list[OrganisationRef]:
        """Whom a name that is nobody's exactly may mean: all but the cities and other bureaus' offices."""
        inner = (Kind.OFFICE, Kind.UNIT)
        return [
            r for r in self.all if r.kind != Kind.CITY and (r.kind not in inner or r.path.startswith(self.home.path))
        ]

    def without_bureau(self, text: str) -> str:
        """An office's name without its bureau before it (市科技局高新处, 局办公室); the text itself where none stands there."""
        folded = fold(text)
        for name in sorted((n for n, refs in self.names.items() if self.home in refs), key=len, reverse=True):
            rest = folded.removeprefix(name).removeprefix("机关")
            if rest != folded and len(rest) > 1 and rest != "机关":
                return rest
        return folded

    def _reach(self, kind: str) -> str:
        if kind in (Kind.OFFICE, Kind.UNIT):
            return self.home.path
        return self.home.path if self.home.kind == Kind.COUNTY and kind != Kind.COUNTY else self.city.path

    def _nearest(self, organisation: Organisation, *, kinds: Collection[str]) -> OrganisationRef:
        """The organisation itself or the nearest one above it of these kinds; itself when there is none."""
        ids = [int(part) for part in organisation.path.strip("/").split("/")]
        for id in reversed(ids):
            if id in self.by_id and self.by_id[id].kind in kinds:
                return self.by_id[id]
        return OrganisationRef(
            organisation.pk, organisation.name, organisation.short_name, organisation.kind, organisation.path
        )

    def _nearness(self, ref: OrganisationRef) -> int:
        """Steps of the tree shared with home less the steps beyond them; home itself is nearest."""
        own, other = self.home.path.strip("/").split("/"), ref.path.strip("/").split("/")
        shared = next(
            (i for i, (a, b) in enumerate(zip(own, other, strict=False)) if a != b), min(len(own), len(other))
        )
        return 2 * shared - len(other)

    def _names_of(self, ref: OrganisationRef) -> list[str]:
        names = {fold(ref.name), fold(ref.short_name)} - {""}
        for region in self._regions(ref):
            names |= {relative for name in list(names) for relative in _relative(name, region)}
        if ref.kind in AREA_KINDS:
            bare = {_area(name) for name in names}
            names |= bare | {name + suffix for name in bare for suffix in AREA_SUFFIXES}
        return sorted(name for name in names if len(name) > 1)

    def _regions(self, ref: OrganisationRef) -> list[str]:
        """Names of the areas an organisation's name may begin with: its city's and its county's."""
        ids = [int(part) for part in ref.path.strip("/").split("/")]
        above = [self.by_id[id] for id in ids if id in self.by_id and self.by_id[id].kind in (Kind.CITY, Kind.COUNTY)]
        return [_area(fold(area.short_name)) for area in above]


def forebears(root: str, *, on: date) -> dict[int, list[int]]:
    """Those of the tree that a reorganisation after that day set up, each with the ones it replaced. One query.

    A renamed one is always new; one that others were merged into, or that took a part, was new when it was registered after
    them and stands in their place.
    """
    found: dict[int, list[int]] = defaultdict(list)
    acts = Succession.objects.filter(on__gt=on, successor__path__startswith=root)
    is_new = Q(kind=SuccessionKind.RENAMED) | Q(
        successor__in=Succession.objects.filter(
            on__gt=on, successor__gt=F("predecessor"), successor__position=F("predecessor__position")
        ).values("successor")
    )
    for predecessor, successor in acts.filter(is_new).order_by("pk").values_list("predecessor", "successor"):
        found[successor].append(predecessor)
    return found


def _relative(name: str, region: str) -> list[str]:
    """云澜市财政局 as 云澜市's own papers write it: 市财政局 and 财政局; 云澜高新区: 高新区, 市高新区."""
    level = region[-1] if region and region[-1] in LEVELS else ""
    for start in (region, region.removesuffix(level)):
        rest = name.removeprefix(start)
        if len(start) > 1 and rest != name and len(rest) > 1:
            return [level + rest, rest]
    if level and name.startswith(level) and len(name) > 2:
        return [name[1:], region + name[1:]]
    return []


def _area(name: str) -> str:
    """The name of a county or park without the office that acts for it."""
    for suffix in AREA_SUFFIXES:
        if name.endswith(suffix) and len(name) > len(suffix) + 1:
            return name[: -len(suffix)]
    return name
