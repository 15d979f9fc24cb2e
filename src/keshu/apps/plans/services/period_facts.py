"""What the ledger knows of one plan at the end of a period, as plain values: what bulletins and summaries are written from.

Figures are those signed for the period's end and before; lights are judged as of that day, a person's choice prevailing.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.db.models import Q

from keshu.apps.bureau.queries.organisations import refs_of
from keshu.apps.plans.models import (
    CheckIn,
    CheckInState,
    Issue,
    IssueState,
    Light,
    Part,
    Standing,
    Target,
    WorkPlan,
)
from keshu.apps.plans.permissions import can_see_plan
from keshu.apps.plans.queries.checkins.forms import Counts, counted
from keshu.apps.plans.queries.courses import Course, adds_over_offices, course_of
from keshu.apps.plans.queries.ledger import leads_elsewhere
from keshu.apps.plans.queries.lines import PlanLines, TaskLine, plan_lines, titled
from keshu.apps.plans.queries.series import COUNTIES, Series, series_of_targets
from keshu.apps.plans.queries.standing_facts import judged_targets
from keshu.apps.plans.queries.supervision.summary import OfficeRow, period_summary
from keshu.apps.plans.queries.wording import amount, chance, figure, foretold, period_text, requirement
from keshu.apps.plans.services.fact_rows import (
    RATES,
    CountyShare,
    IssueFact,
    OfficeFact,
    PeriodFacts,
    TargetFact,
    TaskFact,
)
from keshu.apps.plans.services.standings import standings_on
from keshu.kernel.counting import half_up
from keshu.kernel.period import Period

if TYPE_CHECKING:
    from keshu.apps.bureau.models import User

# So many words of a report are taken into a bulletin.
LONGEST_WORDS = 300
_DAY = re.compile(r"(\d{4})-(\d{2})-(\d{2}) ?")


def period_facts(plan: WorkPlan, period: Period, *, by: User, at: datetime) -> PeriodFacts:
    """The plan as of the period's end, or of today where that has not come. Those who may see the plan (Refused)."""
    can_see_plan(by, plan)
    on = min(period.last_day, at.date())
    lines = plan_lines(plan)
    targets = judged_targets(plan)
    series = series_of_targets(targets, plan=plan, on=on)
    judged = standings_on(plan, on=on)
    chosen = _chosen(plan)
    reports = _reports(plan, on=on)
    elsewhere = _leads_elsewhere(targets)
    led: dict[str, list[str]] = defaultdict(list)
    target_rows = tuple(
        _target(each, judged[each], chosen.get(("target", each.pk)), series[each.pk], lines, reports, elsewhere)
        for each in targets
    )
    task_rows = tuple(
        _task(row, judged[node], chosen.get(("node", node.pk)), lines, reports)
        for node, row in ((node, lines.by_id.get(node.pk)) for node in judged if not isinstance(node, Target))
        if row is not None
    )
    for leads, light in [(row.leads, row.light) for row in target_rows] + [(row.leads, row.light) for row in task_rows]:
        for name in leads.split("、"):
            led[name].append(light)
    summary = period_summary(by, period=period, on=on)
    return PeriodFacts(
        plan_id=plan.pk,
        plan_title=plan.title,
        issuer=plan.organisation.name,
        year=plan.year or on.year,
        period=str(period),
        until=on.isoformat(),
        is_demo=plan.is_demo,
        targets=target_rows,
        tasks=task_rows,
        offices=_offices(plan, period, led, {row.organisation_id: row for row in summary.offices}, on=on),
        issues=_issues(plan, period, by=by, on=on),
        rounds=plan.rounds.filter(last_on__gte=period.first_day, last_on__lte=period.last_day).count(),
        notices_issued=summary.whole.issued,
        notices_closed=summary.whole.closed,
        notices_open=summary.whole.in_hand,
        notices_late=summary.whole.late,
    )


def _leads_elsewhere(targets: Sequence[Target]) -> dict[int, str]:
    """Who leads the same target where the plan says it again."""
    rows = Target.objects.filter(pk__in=[each.pk for each in targets]).annotate(names=leads_elsewhere())
    return dict(rows.values_list("pk", "names"))


def _chosen(plan: WorkPlan) -> dict[tuple[str, int], Standing]:
    """Lights that people chose."""
    rows = plan.standings.exclude(chosen="").only("target_id", "node_id", "chosen", "chosen_reason", "plan_id")
    return {("target", row.target_id) if row.target_id else ("node", row.node_id or 0): row for row in rows}


def _reports(plan: WorkPlan, *, on: date) -> dict[tuple[str, int], list[Any]]:
    """The signed forms on each target and task to the day, the earliest first; leads' and, of targets, everybody's."""
    rows = (
        CheckIn.objects.filter(round__plan=plan, round__last_on__lte=on, state=CheckInState.SIGNED, part=Part.LEAD)
        .order_by("round__last_on", "organisation__position", "organisation_id", "pk")
        .values_list(
            "pk", "target_id", "node_id", "round__key", "organisation__kind", "organisation__short_name",
            "organisation__name", "value", "progress", "problems", "help_needed", named=True,
        )
    )  # fmt: skip
    found: dict[tuple[str, int], list[Any]] = defaultdict(list)
    for row in rows:
        found["target" if row.target_id else "node", row.target_id or row.node_id].append(row)
    return found


def _target(
    row: Any,
    judged: Mapping[str, Any],
    chosen: Standing | None,
    series: Series,
    lines: PlanLines,
    reports: Mapping[tuple[str, int], Sequence[Any]],
    elsewhere: Mapping[int, str],
) -> TargetFact:
    last = series.last
    before = None if last is None else _same_time_last_year(series, last.as_of)
    growth, growth_unit = _growth(row, None if last is None else last.value, before)
    told = reports.get(("target", row.pk), ())
    newest = [each for each in told if told and each.round__key == told[-1].round__key]
    shares = tuple(
        CountyShare(each.organisation__short_name or each.organisation__name, _text(each.value), each.pk)
        for each in newest
        if each.organisation__kind in COUNTIES and each.value is not None
    )
    return TargetFact(
        id=row.pk,
        indicator=row.indicator,
        asked=_asked(row),
        unit=row.unit,
        per=row.per,
        value="" if last is None else _text(last.value),
        told="" if last is None else amount(last.value, unit=row.unit, per=row.per),
        as_of="" if last is None else last.as_of.isoformat(),
        percent=_text(judged["percent"], places=1),
        last_year="" if before is None else _text(before),
        growth=growth,
        growth_unit=growth_unit,
        light=_light(judged, chosen),
        reason=_reason(judged, chosen),
        forecast=_forecast(row, judged),
        chance=chance(judged["probability"]),
        leads=_leads(lines, row.node_id) or elsewhere.get(row.pk, ""),
        chapter=_chapter(lines, row.node_id),
        source="" if last is None else _source(last.source, newest, last.period),
        check_in_id=newest[0].pk if newest else None,
        counties=shares if _is_shared(row, newest) else (),
        part=_part(lines, row.node_id),
        reached_on=_reached_on(row, series, judged),
    )


def _is_shared(row: Target, newest: Sequence[Any]) -> bool:
    """Whether several counties each reported their own part of it, or their own rate; not the same figure of the city."""
    values = [each.value for each in newest if each.value is not None and each.organisation__kind in COUNTIES]
    return len(values) > 1 and (len(set(values)) > 1 or adds_over_offices(row, course_of(row)))


def _asked(row: Any) -> str:
    asked = {
        "unit": row.unit, "measure": row.measure, "per": row.per, "benchmark": row.benchmark, "masked": row.masked,
    }  # fmt: skip
    floor = requirement(op=row.op, value=row.value, value_high=row.value_high, **asked)
    if getattr(row, "stretch_value", None) is None:
        return floor
    return f"{floor}，力争{amount(row.stretch_value, unit=row.unit, per=row.per)}"


def _same_time_last_year(series: Series, as_of: date) -> Decimal | None:
    found = [point.value for point in series.points if (point.year, point.month) == (as_of.year - 1, as_of.month)]
    return found[-1] if found else None


def _growth(row: Target, value: Decimal | None, before: Decimal | None) -> tuple[str, str]:
    """How much more than a year before; of rates the difference. Nothing of rankings, of growth rates, or from nothing."""
    if value is None or before is None or course_of(row) == Course.FLOATS:
        return "", ""
    if row.unit in RATES:
        return _text(value - before, places=2), "个百分点"
    return ("", "") if before <= 0 else (_text((value - before) * 100 / before, places=1), "%")


def _forecast(row: Target, judged: Mapping[str, Any]) -> str:
    expected = judged["forecast"]
    return "" if expected is None else foretold(expected, unit=row.unit, per=row.per)


def _source(kind: str, newest: Sequence[Any], period: str) -> str:
    """Where the figure comes from, as a footnote says it."""
    if not newest:
        return kind or period_text(period)
    offices = list(dict.fromkeys(each.organisation__short_name or each.organisation__name for each in newest))
    who = offices[0] if len(offices) == 1 else f"{offices[0]}等{len(offices)}个单位"
    return f"{period_text(period)}调度，{who}填报、审签"


def _task(
    line: TaskLine,
    judged: Mapping[str, Any],
    chosen: Standing | None,
    lines: PlanLines,
    reports: Mapping[tuple[str, int], Sequence[Any]],
) -> TaskFact:
    told = reports.get(("node", line.id), ())
    last = told[-1] if told else None
    return TaskFact(
        id=line.id,
        title=line.title,
        chapter=_chapter(lines, line.parent_id),
        leads=_leads(lines, line.id),
        percent=_text(judged["percent"], places=0),
        light=_light(judged, chosen),
        reason=_reason(judged, chosen),
        words=_words(last.progress) if last else "",
        problems=_words(last.problems) if last else "",
        help_needed=_words(last.help_needed) if last else "",
        deadline=line.deadline,
        due_on="" if line.due_on is None else line.due_on.isoformat(),
        check_in_id=last.pk if last else None,
        part=_part(lines, line.id),
    )


def _light(judged: Mapping[str, Any], chosen: Standing | None) -> str:
    return str(chosen.chosen if chosen else judged["light"])


def _reason(judged: Mapping[str, Any], chosen: Standing | None) -> str:
    """In words for a text: days written out."""
    return _DAY.sub(_day_words, chosen.chosen_reason if chosen else judged["reason"])


def _day_words(found: re.Match[str]) -> str:
    return f"{int(found[1])}年{int(found[2])}月{int(found[3])}日"


def _leads(lines: PlanLines, node_id: int | None) -> str:
    for task in reversed(lines.path_of(node_id)):
        if task.lead_words:
            return task.lead_words
    return ""


def _chapter(lines: PlanLines, node_id: int | None) -> str:
    path = lines.path_of(node_id)
    return titled("", path[0].heading) if path else ""


def _part(lines: PlanLines, node_id: int | None) -> str:
    """The heading within the chapter under which it stands."""
    path = lines.path_of(node_id)
    return titled("", path[1].heading) if len(path) > 1 else ""


def _reached_on(row: Target, series: Series, judged: Mapping[str, Any]) -> str:
    """By which day this year a sum had come to what is asked, and has stayed; empty of what is not a sum or not met."""
    if not series.accrues or row.value is None or judged["light"] != Light.DONE:
        return ""
    found = ""
    for point in reversed(series.of_this_year):
        if point.value < row.value:
            break
        found = point.as_of.isoformat()
    return found


def _offices(
    plan: WorkPlan,
    period: Period,
    led: Mapping[str, Sequence[str]],
    noticed: Mapping[int | None, OfficeRow],
    *,
    on: date,
) -> tuple[OfficeFact, ...]:
    """Everybody who was to report in the period, as the register orders them."""
    rows = CheckIn.objects.filter(
        round__plan=plan, round__last_on__gte=period.first_day, round__last_on__lte=period.last_day
    )
    forms = counted(rows, "organisation_id", on=max(on, period.last_day))
    ids = {pk for (pk,) in forms} | {pk for pk in noticed if pk is not None}
    found = []
    for pk, office in refs_of(ids).items():
        counts = forms.get((pk,), Counts())
        row, lights = noticed.get(pk), led.get(str(office), ())
        found.append(
            OfficeFact(
                id=pk,
                name=str(office),
                kind=office.kind,
                asked=counts.asked,
                on_time=counts.reported - counts.filed_late,
                late=counts.filed_late,
                missing=counts.unfiled,
                led=len(lights),
                done=sum(light == Light.DONE for light in lights),
                behind=sum(light in (Light.LATE, Light.MISSED) for light in lights),
                notices=0 if row is None else row.carried + row.issued,
                notices_closed=0 if row is None else row.closed,
                notices_late=0 if row is None else row.late,
            )
        )
    return tuple(found)


def _issues(plan: WorkPlan, period: Period, *, by: User, on: date) -> tuple[IssueFact, ...]:
    first, until = period.first_day, on
    rows = (
        Issue.objects.visible_to(by)
        .filter(Q(plan=plan) | Q(target__plan=plan) | Q(node__plan=plan), raised_at__date__lte=until)
        .exclude(state=IssueState.CANCELLED)
        .filter(Q(closed_at=None) | Q(closed_at__date__gte=first))
        .select_related("owner")
        .order_by("due_on", "pk")
    )
    return tuple(
        IssueFact(
            id=row.pk,
            title=row.title,
            owner="" if row.owner is None else row.owner.short_name or row.owner.name,
            measure=row.measure,
            due_on="" if row.due_on is None else row.due_on.isoformat(),
            is_closed=row.closed_at is not None and row.closed_at.date() <= until,
            is_late=row.closed_at is None and row.due_on is not None and row.due_on < until,
        )
        for row in rows
    )


def _words(text: str) -> str:
    """A report's words on one line, cut where they are long."""
    told = " ".join(text.split())
    return told if len(told) <= LONGEST_WORDS else f"{told[: LONGEST_WORDS - 1]}…"


def _text(value: Decimal | None, *, places: int | None = None) -> str:
    """A number as text without needless zeros; empty for none.

    >>> _text(Decimal("45.000000")), _text(Decimal("81.818"), places=1), _text(None)
    ('45', '81.8', '')
    """
    if value is None:
        return ""
    return figure(value if places is None else half_up(value, places)).replace(",", "")
