"""An appraisal begun, and its scheme (考核办法) written."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from django.db import transaction

from keshu.apps.briefings.models import Appraisal, AppraisalKind, MarkState
from keshu.apps.briefings.permissions import can_appraise
from keshu.apps.briefings.services.appraisals.lifecycle import Move, check, held
from keshu.apps.briefings.services.appraisals.reckoning import reckon
from keshu.apps.bureau.services import Unacceptable, audit
from keshu.apps.plans.services.meanings import local_day
from keshu.engines.appraisal import Scheme, default_scheme, flaws, scheme_from_plain, scheme_to_plain

if TYPE_CHECKING:
    from keshu.apps.bureau.models import Organisation, User

FIRST_YEAR = 2000
LONGEST_NAME = 20


@transaction.atomic
def begin_appraisal(organisation: Organisation, *, year: int, kind: str, by: User, at: datetime) -> Appraisal:
    """The year's appraisal of the bureau's offices or its counties, by last year's scheme or else the example.

    Planning office and leaders (Refused). Unacceptable where there is one already, or the year has not begun.
    """
    can_appraise(by)
    if not FIRST_YEAR <= year <= local_day(at).year:
        raise Unacceptable(f"不能考核 {year} 年，请选今年或者以前的年度。", field="year")
    if Appraisal.objects.filter(organisation=organisation, year=year, kind=kind).exists():
        raise Unacceptable(f"{year}年{AppraisalKind(kind).label}考核已经建立，请在列表中打开。", field="kind")
    earlier = Appraisal.objects.filter(organisation=organisation, kind=kind, year__lt=year).order_by("-year").first()
    row = Appraisal(
        organisation=organisation,
        year=year,
        kind=AppraisalKind(kind),
        title=f"{year}年度{AppraisalKind(kind).label}目标责任制考核",
        scheme=scheme_to_plain(default_scheme()) if earlier is None else earlier.scheme,
        left_out=[] if earlier is None else earlier.left_out,
        begun_by=by,
        begun_at=at,
        is_demo=organisation.is_demo,
    )
    audit.Recorder(by=by, at=at).create(row, organisation=organisation.pk)
    reckon(row, at=at)
    return row


@transaction.atomic
def save_scheme(
    appraisal: Appraisal,
    *,
    scheme: Mapping[str, Any],
    until: date | None,
    left_out: Sequence[int],
    version: int,
    by: User,
    at: datetime,
) -> Appraisal:
    """Other rules, another last day, other organisations left out; reckoned anew. Planning office and leaders.

    Only while it is tried out. Unacceptable: a scheme that is not sound, or one that drops a rule under which marks stand.
    """
    row = held(appraisal.pk, version=version)
    check(Move.CHANGE, row, user=by)
    wanted = sound(scheme)
    _keep_marked(row, wanted)
    if until is not None and not date(row.year, 1, 1) <= until <= date(row.year + 1, 12, 31):
        raise Unacceptable(f"数据截止日应在 {row.year} 年 1 月 1 日到次年年底之间。", field="until")
    audit.Recorder(by=by, at=at).update(
        row, organisation=row.organisation_id, scheme=scheme_to_plain(wanted), until=until,
        left_out=sorted(left_out), version=row.version + 1,
    )  # fmt: skip
    reckon(row, at=at)
    return row


def scheme_of(appraisal: Appraisal) -> Scheme:
    return scheme_from_plain(appraisal.scheme)


def sound(kept: Mapping[str, Any]) -> Scheme:
    """The scheme, if nothing is wrong with it; Unacceptable says all that is."""
    try:
        scheme = scheme_from_plain(kept)
    except ValueError as refusal:
        raise Unacceptable(str(refusal)) from None
    long = [rule.name for rule in scheme.rules if len(rule.name) > LONGEST_NAME]
    if found := [*flaws(scheme), *(f"指标名称“{name[:30]}”太长，最多 {LONGEST_NAME} 字。" for name in long)]:
        raise Unacceptable("".join(found))
    return scheme


def _keep_marked(appraisal: Appraisal, scheme: Scheme) -> None:
    marked = appraisal.marks.filter(state=MarkState.GIVEN).order_by().values_list("rule", flat=True).distinct()
    kinds = {rule.key: str(rule.kind) for rule in scheme.rules}
    names = {each["key"]: each["name"] for each in appraisal.scheme["rules"]}
    for key in marked:
        if kinds.get(key) != "marks":
            raise Unacceptable(f"指标“{names.get(key, key)}”下有加减分，请先撤销加减分，再去掉或改动这条指标。")
