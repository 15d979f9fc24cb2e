"""One ledger of issues seen three ways: 问题清单, 责任清单, 落实清单. The same rows, filters and figures; other columns."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from django.db.models import Q, QuerySet
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils import timezone

from keshu.apps.bureau.queries.ledger import Column, ColumnKind, Figure, Filter, FilterKind, Ledger, Mark, Tone
from keshu.apps.bureau.queries.organisations import refs_of
from keshu.apps.plans.models import Issue, IssueOrigin, IssueState, Proof, WorkPlan

if TYPE_CHECKING:
    from keshu.apps.bureau.models import User

Choices = Sequence[tuple[str, str]]


class IssueList(StrEnum):
    """The bureau's three tables."""

    PROBLEMS = "problems"
    DUTIES = "duties"
    FULFILMENT = "fulfilment"


LIST_NAMES = {
    IssueList.PROBLEMS: "问题清单",
    IssueList.DUTIES: "责任清单",
    IssueList.FULFILMENT: "落实清单",
}
OVERDUE = "overdue"
# States in which the owner, or whoever names one, has still to act.
UNANSWERED = (IssueState.RAISED, IssueState.ASSIGNED)
ISSUE_MARKS = {
    IssueState.RAISED.value: Mark("待明确责任", Tone.AT_RISK),
    IssueState.ASSIGNED.value: Mark("整改中", Tone.ON_TRACK),
    OVERDUE: Mark("整改中（逾期）", Tone.LATE),
    IssueState.FULFILLED.value: Mark("待确认", Tone.AT_RISK),
    IssueState.CONFIRMED.value: Mark("已销号", Tone.DONE),
    IssueState.CANCELLED.value: Mark("已撤销"),
}
MINE = (("raised", "我提出的"), ("owned", "本单位整改的"), ("verdict", "待我确认的"))


def state_of(issue: Issue, *, on: date) -> str:
    """The state as pages show it: an issue in hand whose day is past is overdue."""
    is_overdue = issue.state in UNANSWERED and issue.due_on is not None and issue.due_on < on
    return OVERDUE if is_overdue else str(issue.state)


def number_of(issue: Issue) -> str:
    """The number as lists print it, 2026-007."""
    return f"{issue.year}-{issue.number:03d}"


def origin_of(issue: Issue) -> str:
    return issue.get_origin_display() + (f"：{issue.origin_text}" if issue.origin_text else "")


def issue_rows(user: User) -> QuerySet[Issue]:
    """Issues the person may see, with the names that lists print."""
    return Issue.objects.visible_to(user).select_related("owner", "raised_for", "raised_by")


def with_proofs(rows: Sequence[Any]) -> Sequence[Any]:
    """Each row with ``proof``, the last one filed, and ``proof_files``, the names of its files. Two queries."""
    last: dict[int, Proof] = {}
    proofs = Proof.objects.filter(issue__in=[row.pk for row in rows]).select_related("verdict_by", "by")
    for proof in proofs.prefetch_related("attachments").order_by("issue", "pk"):
        last[proof.issue_id] = proof
    for row in rows:
        row.proof = last.get(row.pk)
        row.proof_files = "" if row.proof is None else "、".join(each.name for each in row.proof.attachments.all())
    return rows


def issues_ledger(shown: IssueList, *, on: date, user: User, rows: QuerySet[Issue]) -> Ledger:
    """The ledger of a list; `rows` say which organisations, years and plans can be chosen. Three queries."""
    about = rows.order_by().annotate(about=Coalesce("plan", "target__plan", "node__plan"))
    pairs = list(about.values_list("owner_id", "raised_for_id", "year", "about").distinct())
    names = refs_of({pk for owner, raised_for, *_ in pairs for pk in (owner, raised_for) if pk is not None})
    named = {pk: ref.short_name or ref.name for pk, ref in names.items()}
    owners = [(str(pk), name) for pk, name in named.items() if any(owner == pk for owner, *_ in pairs)]
    raisers = [(str(pk), name) for pk, name in named.items() if any(side == pk for _, side, *_ in pairs)]
    years = [(str(year), f"{year} 年") for year in sorted({year for _, _, year, _ in pairs}, reverse=True)]
    plans = (
        WorkPlan.objects.visible_to(user)
        .filter(pk__in={plan for *_, plan in pairs if plan is not None})
        .order_by("-year", "-pk")
    )
    titles = [(str(pk), title) for pk, title in plans.values_list("pk", "title")]
    return Ledger(
        key=f"plans.issues_{shown}",
        noun=LIST_NAMES[shown],
        columns=_columns(shown, on=on),
        filters=_filters(owners, raisers, years, titles, on=on, user=user),
        search=("title", "detail", "measure", "origin_text"),
        search_hint="问题、措施或来源",
        figures=_figures(on),
        drawer=lambda row: reverse("plans:issue-drawer", args=[row.pk]),
        page=lambda row: reverse("plans:issue-detail", args=[row.pk]),
        prepare=with_proofs if shown is IssueList.FULFILMENT else None,
        keep=("list",),
    )


def _columns(shown: IssueList, *, on: date) -> tuple[Column, ...]:
    is_problems, is_done = shown is IssueList.PROBLEMS, shown is IssueList.FULFILMENT
    number = Column("number", "序号", value=number_of, sort=("year", "number"), width=100)
    title = Column(
        "title", "问题", ColumnKind.LINK, link=lambda row: reverse("plans:issue-detail", args=[row.pk]), sort="title",
        width=230 if is_done else 300, wrap=True,
    )  # fmt: skip
    state = Column(
        "state", "状态", ColumnKind.STATE, value=lambda row: state_of(row, on=on), marks=ISSUE_MARKS, sort="state",
        width=130,
    )  # fmt: skip
    problem = (
        Column("origin", "来源", value=origin_of, sort=("origin", "origin_text"), width=200, default=is_problems),
        Column("raised_for", "提出单位", sort="raised_for__position", width=130, default=not is_done),
        Column("raised_by", "提出人", sort="raised_by__name", width=90, default=False),
        Column(
            "raised_at", "提出时间", ColumnKind.DATE, value=lambda row: timezone.localtime(row.raised_at).date(),
            sort="raised_at", width=110, default=is_problems,
        ),
        Column("detail", "具体表现", width=260, wrap=True, default=False),
    )  # fmt: skip
    if is_problems:
        return (number, title, *problem, state)
    duty = (
        Column("owner", "责任单位", sort="owner__position", width=110),
        Column("measure", "措施", width=240 if is_done else 300, wrap=True, default=not is_done),
        Column("due_on", "时限", ColumnKind.DATE, sort="due_on", width=110, default=not is_done),
        Column("refusals", "退回次数", ColumnKind.NUMBER, sort="refusals", width=90, default=False),
    )
    if not is_done:
        return (number, title, *problem, *duty, state)
    fulfilment = (
        Column("proof", "落实情况", value=lambda row: row.proof.text if row.proof else "", width=210, wrap=True),
        Column("proof_files", "佐证", width=120, wrap=True),
        Column("verdict", "确认", value=verdict_of, width=140, wrap=True),
        Column(
            "closed_at", "销号时间", ColumnKind.DATE, value=closed_on, sort="closed_at", width=110
        ),
    )  # fmt: skip
    return (number, title, *problem, *duty, *fulfilment, state)


def verdict_of(row: Any) -> str:
    """The last verdict in words: 认可（林静）：属实."""
    proof = row.proof
    if proof is None or proof.verdict_by is None:
        return ""
    told = f"：{proof.verdict_text}" if proof.verdict_text else ""
    return f"{proof.get_verdict_display()}（{proof.verdict_by}）{told}"


def closed_on(row: Issue) -> date | None:
    """The day an issue was closed; a cancelled one was not fulfilled and has none."""
    is_closed = row.state == IssueState.CONFIRMED and row.closed_at is not None
    return timezone.localtime(row.closed_at).date() if is_closed else None


def _overdue(on: date) -> Q:
    return Q(state__in=UNANSWERED, due_on__lt=on)


def _filters(
    owners: Choices, raisers: Choices, years: Choices, plans: Choices, *, on: date, user: User
) -> tuple[Filter, ...]:
    near = user.scope.organisation_ids
    wanted = {
        "raised": Q(raised_by=user),
        "owned": Q(owner__in=near),
        "verdict": Q(raised_by=user, state=IssueState.FULFILLED),
    }

    def by_overdue(rows: QuerySet[Any], value: Any) -> QuerySet[Any]:
        return rows.filter(_overdue(on)) if value else rows.exclude(_overdue(on))

    def by_plan(rows: QuerySet[Any], value: Any) -> QuerySet[Any]:
        return rows.filter(Q(plan=value) | Q(target__plan=value) | Q(node__plan=value))

    return (
        Filter("state", "状态", FilterKind.MULTI, choices=IssueState.choices, field="state"),
        Filter("owner", "责任单位", choices=owners, field="owner"),
        Filter("mine", "与我有关", choices=MINE, apply=lambda rows, value: rows.filter(wanted[value])),
        Filter("year", "年度", choices=years, field="year"),
        Filter("plan", "工作要点", choices=plans, apply=by_plan, more=True),
        Filter("side", "提出单位", choices=raisers, field="raised_for", more=True),
        Filter("origin", "来源", choices=IssueOrigin.choices, field="origin", more=True),
        Filter("overdue", "逾期", FilterKind.BOOL, apply=by_overdue, more=True),
        Filter("returned", "退回过", FilterKind.BOOL, apply=_by_refusals, more=True),
        Filter("due", "时限", FilterKind.DATE_RANGE, field="due_on", more=True),
        Filter("raised", "提出日期", FilterKind.DATE_RANGE, field="raised_at__date", more=True),
    )


def _by_refusals(rows: QuerySet[Any], value: Any) -> QuerySet[Any]:
    return rows.filter(refusals__gt=0) if value else rows.filter(refusals=0)


def _figures(on: date) -> tuple[Figure, ...]:
    def of(state: IssueState, label: str, tone: Tone | None = None) -> Figure:
        return Figure(label, Q(state=state), {"state": state.value}, tone=tone)

    return (
        Figure("全部"),
        of(IssueState.RAISED, "待明确责任", Tone.AT_RISK),
        of(IssueState.ASSIGNED, "整改中"),
        Figure("已逾期", _overdue(on), {"overdue": "1"}, tone=Tone.LATE),
        of(IssueState.FULFILLED, "待确认", Tone.AT_RISK),
        of(IssueState.CONFIRMED, "已销号", Tone.DONE),
    )
