"""Printed names to organisations: registered names, aliases, other ways to write a name, group words, ranked guesses."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Literal

from django.db.models import F, Q

from keshu.apps.bureau.models import Organisation, OwnerAlias, Succession, SuccessionKind
from keshu.apps.bureau.queries.owners.directory import AREA_KINDS, Directory, OrganisationRef
from keshu.apps.bureau.queries.owners.matching import likeness
from keshu.apps.bureau.queries.owners.words import SEPARATORS, clean, fold, group_words, stem

if TYPE_CHECKING:
    from keshu.apps.bureau.models import User

Certainty = Literal["alias", "name", "guess", "unknown"]
RANKING: tuple[Certainty, ...] = ("alias", "name", "guess", "unknown")

POSSIBLE = 0.4  # worth offering to the person
PROBABLE = 0.8  # worth taking as the guess
MARGIN = 0.03  # a guess must be ahead of the next by this
OFFERED = 5


@dataclass(frozen=True, slots=True)
class Resolution:
    """Whom a printed name means, how surely, whom else it may mean (best first), and a note on what became of the body."""

    organisations: tuple[OrganisationRef, ...]
    certainty: Certainty
    candidates: tuple[OrganisationRef, ...] = ()
    note: str = ""


UNKNOWN = Resolution((), "unknown")


def resolve_owner(text: str, *, home: Organisation, on: date) -> Resolution:
    """Whom `text` means in a document of `home` on that day."""
    return resolve_owners([text], home=home, on=on)[text]


def resolve_owners(texts: Iterable[str], *, home: Organisation, on: date) -> dict[str, Resolution]:
    """The same for all names of a document, in five queries however many there are."""
    wanted = list(dict.fromkeys(texts))
    directory = Directory(home, on=on)
    aliases = _aliases(wanted, directory=directory, on=on)
    found = {
        text: _by_exact_name(text, directory) or aliases.get(clean(text)) or _resolve(text, directory)
        for text in wanted
    }
    open_texts = [text for text, resolution in found.items() if resolution.certainty in ("guess", "unknown")]
    closed, others = _divided(open_texts, directory=directory, on=on), _others(open_texts, on=on)
    return {text: others.get(text) or closed.get(text, resolution) for text, resolution in found.items()}


def _divided(texts: list[str], *, directory: Directory, on: date) -> dict[str, Resolution]:
    """Names and aliases of divided, closed bodies: nobody can tell which part is meant, so all are offered. One query."""
    wanted = {clean(text): text for text in texts}
    acts = Succession.objects.filter(kind=SuccessionKind.SPLIT, predecessor__closed_on__lte=on).order_by("pk")
    acts = acts.annotate(alias=F("predecessor__aliases__text"))  # an act comes once for each alias
    named = Q(predecessor__name__in=wanted) | Q(predecessor__short_name__in=wanted) | Q(alias__in=wanted)
    parts: dict[str, dict[int, OrganisationRef]] = {}
    days: dict[str, date] = {}
    for act in acts.filter(named).select_related("predecessor") if wanted else ():
        for name in {act.predecessor.name, act.predecessor.short_name, act.alias} & set(wanted):
            if act.successor_id in directory.by_id:
                parts.setdefault(wanted[name], {})[act.successor_id] = directory.by_id[act.successor_id]
                days[wanted[name]] = act.on
    return {
        text: Resolution(
            (),
            "unknown",
            tuple(refs.values()),
            f"“{text}”已于 {days[text]:%Y-%m-%d} 拆分为{'、'.join(map(str, refs.values()))}，请选择。",
        )
        for text, refs in parts.items()
    }


def registered_aliases(texts: Iterable[str]) -> dict[str, OwnerAlias]:
    """What people have registered for these printed names, by the name as given. One query."""
    wanted = {clean(text): text for text in texts}
    return {wanted[alias.text]: alias for alias in OwnerAlias.objects.filter(text__in=wanted)} if wanted else {}


def may_remember(user: User) -> bool:
    """Whether the person's word on a name may be kept as an alias for everybody."""
    from keshu.apps.bureau.permissions import is_namer

    return is_namer(user)


def _aliases(texts: list[str], *, directory: Directory, on: date) -> dict[str, Resolution]:
    """What people have said these names mean on that day.

    An alias of an organisation that is closed no longer holds; of one that was set up later, it means the one it replaced.
    """
    rows = OwnerAlias.objects.filter(text__in={clean(text) for text in texts}).select_related("organisation")
    found = {}
    for alias in rows:
        organisation = alias.organisation
        if organisation is None:
            members = tuple(directory.of_kinds(alias.group))
        elif (older := directory.forebears.get(organisation.pk)) is not None:
            members = tuple(directory.by_id[pk] for pk in older if pk in directory.by_id and len(older) == 1)
        elif organisation.closed_on is None or organisation.closed_on > on:
            members = (_ref(organisation),)
        else:
            continue
        if members:
            found[alias.text] = Resolution(members, "alias")
    return found


def _by_exact_name(text: str, directory: Directory) -> Resolution | None:
    ref = directory.exactly(text)
    return None if ref is None else Resolution((ref,), "name")


def _others(texts: list[str], *, on: date) -> dict[str, Resolution]:
    """Enterprises, institutes and banks, which are too many to look through: by their exact name only."""
    if not texts:
        return {}
    wanted = {clean(text): text for text in texts}
    rows = Organisation.objects.active(on).filter(name__in=wanted) | Organisation.objects.active(on).filter(
        short_name__in=wanted
    )
    named: dict[str, list[OrganisationRef]] = {}
    for row in rows.distinct():
        for name in {row.name, row.short_name} & set(wanted):
            named.setdefault(wanted[name], []).append(_ref(row))
    return {text: Resolution(tuple(refs), "name") for text, refs in named.items() if len(refs) == 1}


def _resolve(text: str, directory: Directory) -> Resolution:
    """By name, by group words, part by part, or by likeness."""
    for form in dict.fromkeys((fold(text), re.sub(r"\(.*?\)", "", fold(text)), directory.without_bureau(text))):
        named = directory.named(form)
        if len(named) == 1:
            return Resolution((named[0],), "name")
        if named:
            return Resolution((), "guess", tuple(named[:OFFERED]))
        if words := group_words(form):
            members = tuple(directory.of_groups(words))
            if members:
                return Resolution(members, "guess" if any(word.is_vague for word in words) else "name")
    return _by_parts(text, directory) or _by_likeness(text, directory)


def _by_parts(text: str, directory: Directory) -> Resolution | None:
    """Several names in one (各县区、高新处); None where it is one name, or a part of it is nobody's."""
    parts = [part for part in SEPARATORS.split(clean(text)) if part]
    if len(parts) < 2:
        return None
    found = [_resolve(part, directory) for part in parts]
    if any(not resolution.organisations for resolution in found):
        return None
    members = {ref.id: ref for resolution in found for ref in resolution.organisations}
    return Resolution(tuple(members.values()), max((r.certainty for r in found), key=RANKING.index))


def _by_likeness(text: str, directory: Directory) -> Resolution:
    """The organisations whose names are like it, best first; the best is taken when it stands out."""
    form = directory.without_bureau(text)
    ranked = sorted(((_likeness(form, ref, directory), ref) for ref in directory.nearby()), key=lambda pair: -pair[0])
    possible = [(score, ref) for score, ref in ranked if score >= POSSIBLE][:OFFERED]
    if not possible:
        return UNKNOWN
    candidates = tuple(ref for _, ref in possible)
    best, second = possible[0][0], possible[1][0] if len(possible) > 1 else 0.0
    if best >= PROBABLE and best - second >= MARGIN:
        return Resolution(candidates[:1], "guess", candidates)
    return Resolution((), "unknown", candidates)


def _likeness(form: str, ref: OrganisationRef, directory: Directory) -> float:
    """Of a name to an organisation under any of its names; 高新科 is no park's name, 科技金融办 not the bureau's."""
    is_office_name, is_bureau = stem(form) != form, ref.kind == "bureau" and not form.endswith("局")
    return max(likeness(form, name) for name in directory.names_of[ref.id]) - (
        0.2 if is_office_name and (is_bureau or ref.kind in AREA_KINDS) else 0.0
    )


def _ref(organisation: Organisation) -> OrganisationRef:
    return OrganisationRef(
        organisation.pk, organisation.name, organisation.short_name, organisation.kind, organisation.path
    )
