"""The ledgers of the house: organisations, people, names in documents, the trail, jobs."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.urls import reverse

from keshu.apps.bureau.models import AuditAction, AuditEntry, JobState, Membership, OrganisationKind, OwnerAlias, Role
from keshu.apps.bureau.queries.delegations import acted_for, signed
from keshu.apps.bureau.queries.history import subject_label, subject_labels
from keshu.apps.bureau.queries.ledger import Column, ColumnKind, Figure, Filter, FilterKind, Ledger, Mark, Tone
from keshu.apps.bureau.queries.organisations import KIND_LABELS

JOB_MARKS = {
    JobState.QUEUED.value: Mark("排队中"),
    JobState.RUNNING.value: Mark("处理中", Tone.ON_TRACK),
    JobState.DONE.value: Mark("已完成", Tone.DONE),
    JobState.FAILED.value: Mark("未成功", Tone.LATE),
    JobState.CANCELLED.value: Mark("已取消"),
}
OPEN_OR_CLOSED = {"open": Mark("在用", Tone.DONE), "closed": Mark("已撤并")}
ON_OR_OFF = {True: Mark("可登录", Tone.DONE), False: Mark("已停用")}

JOBS = Ledger(
    key="bureau.jobs",
    noun="后台任务",
    columns=(
        Column("title", "事项", width=320, sort="title", wrap=True),
        Column("state", "状态", ColumnKind.STATE, sort="state", marks=JOB_MARKS, width=110),
        Column("message", "进展", value=lambda job: job.error or job.message, width=320, wrap=True),
        Column("created_by", "发起人", sort="created_by__name", width=100),
        Column("created_at", "发起时间", ColumnKind.DATE, sort="created_at", width=150),
        Column("finished_at", "结束时间", ColumnKind.DATE, sort="finished_at", width=150),
    ),
    filters=(
        Filter("state", "状态", FilterKind.MULTI, choices=JobState.choices, field="state"),
        Filter("created", "发起日期", FilterKind.DATE_RANGE, field="created_at__date"),
    ),
    search=("title",),
    search_hint="事项",
    figures=(
        Figure("全部", unit="项"),
        Figure("处理中", where=Q(state=JobState.RUNNING), query={"state": JobState.RUNNING}, tone=Tone.ON_TRACK),
        Figure("未成功", where=Q(state=JobState.FAILED), query={"state": JobState.FAILED}, tone=Tone.LATE),
    ),
    page=lambda job: reverse("bureau:job-detail", args=[job.pk]),
)


def organisations_ledger(*, on: date) -> Ledger:
    """One row for each organisation; those closed by `on` are shown as such."""
    is_open = Q(closed_on__isnull=True) | Q(closed_on__gt=on)
    return Ledger(
        key="bureau.organisations",
        noun="单位",
        columns=(
            Column("short_name", "简称", sort="short_name", width=160),
            Column("name", "全称", sort="name", width=280, wrap=True),
            Column("kind", "类别", value=lambda row: row.get_kind_display(), sort="kind", width=110),
            Column("parent", "上级单位", value=lambda row: str(row.parent or ""), sort="parent__name", width=160),
            Column(
                "state",
                "状态",
                ColumnKind.STATE,
                value=lambda row: _state(row.closed_on, on),
                marks=OPEN_OR_CLOSED,
                width=110,
            ),
            Column("closed_on", "撤并日期", ColumnKind.DATE, sort="closed_on", width=110, default=False),
        ),
        filters=(
            Filter("kind", "类别", FilterKind.MULTI, choices=OrganisationKind.choices, field="kind"),
            Filter(
                "state",
                "状态",
                choices=(("open", "在用"), ("closed", "已撤并")),
                apply=lambda rows, value: rows.filter(is_open if value == "open" else ~is_open),
            ),
        ),
        search=("name", "short_name"),
        search_hint="全称或简称",
        figures=(
            Figure("在用", where=is_open, query={"state": "open"}, unit="个"),
            Figure("处室", where=is_open & Q(kind="office"), query={"state": "open", "kind": "office"}, unit="个"),
            Figure("县区", where=is_open & Q(kind="county"), query={"state": "open", "kind": "county"}, unit="个"),
            Figure("园区", where=is_open & Q(kind="park"), query={"state": "open", "kind": "park"}, unit="个"),
        ),
        page=lambda row: reverse("bureau:organisation-detail", args=[row.pk]),
    )


def people_ledger(*, on: date) -> Ledger:
    """One row for each person, with the roles of that day (rows come from ``people_with_roles``)."""
    held = Membership.objects.current(on).filter(user_id=OuterRef("pk"))

    def holding(rows: QuerySet[Any], roles: Any) -> QuerySet[Any]:
        return rows.filter(Exists(held.filter(role__in=roles)))

    return Ledger(
        key="bureau.people",
        noun="人员",
        columns=(
            Column("name", "姓名", sort="name", width=110),
            Column("username", "用户名", sort="username", width=120),
            Column(
                "seat",
                "单位",
                value=lambda row: "、".join(dict.fromkeys(str(m.organisation) for m in row.current_roles)),
                width=200,
                wrap=True,
            ),
            Column(
                "roles",
                "角色",
                value=lambda row: "、".join(dict.fromkeys(role_words(m) for m in row.current_roles)),
                width=200,
                wrap=True,
            ),
            Column("phone", "联系电话", width=140),
            Column("email", "邮箱", width=200, default=False),
            Column("is_active", "账号", ColumnKind.STATE, sort="is_active", marks=ON_OR_OFF, width=110),
            Column("last_login", "上次登录", ColumnKind.DATE, sort="last_login", width=150, default=False),
        ),
        filters=(
            Filter("role", "角色", FilterKind.MULTI, choices=Role.choices, apply=holding),
            Filter("active", "可登录", FilterKind.BOOL, field="is_active"),
        ),
        search=("name", "username", "phone"),
        search_hint="姓名、用户名或电话",
        figures=(
            Figure("可登录", where=Q(is_active=True), query={"active": "1"}, unit="人"),
            Figure("已停用", where=Q(is_active=False), query={"active": "0"}, unit="人"),
        ),
        page=lambda row: reverse("bureau:person-detail", args=[row.pk]),
    )


def role_words(membership: Membership) -> str:
    """The role as lists name it, with a word where it is lent."""
    return f"{membership.get_role_display()}（代理）" if membership.on_behalf_of_id else membership.get_role_display()


def alias_meaning(alias: OwnerAlias) -> str:
    """What an alias stands for, in words."""
    if alias.organisation is not None:
        return alias.organisation.name
    return "、".join(f"全部{KIND_LABELS.get(kind, kind)}" for kind in alias.group)


def alias_state(alias: OwnerAlias) -> str:
    """Whether documents may still be read by it: an alias of a closed organisation no longer holds."""
    return "closed" if alias.organisation is not None and alias.organisation.closed_on is not None else "open"


ALIASES = Ledger(
    key="bureau.aliases",
    noun="单位别名",
    columns=(
        Column("text", "文件中的写法", sort="text", width=240, wrap=True),
        Column("meaning", "对应单位", value=alias_meaning, sort="organisation__name", width=320, wrap=True),
        Column(
            "state",
            "状态",
            ColumnKind.STATE,
            value=alias_state,
            sort="organisation__closed_on",
            marks=OPEN_OR_CLOSED,
            width=110,
        ),
    ),
    filters=(
        Filter(
            "group", "对应一类单位", FilterKind.BOOL, apply=lambda rows, value: rows.filter(organisation__isnull=value)
        ),
    ),
    search=("text", "organisation__name", "organisation__short_name"),
    search_hint="写法或单位",
    page=lambda row: reverse("bureau:alias-detail", args=[row.pk]),
)


def _with_signatures(rows: list[Any]) -> list[Any]:
    """Entries with who did them, and for whom they stood in."""
    acting = acted_for(rows)
    for row in rows:
        row.signed = signed(row, acting)
    return rows


AUDIT = Ledger(
    key="bureau.audit",
    noun="办理记录",
    columns=(
        Column("at", "时间", ColumnKind.DATE, sort="at", width=150),
        Column("by", "办理人", value=lambda row: row.signed, sort="by__name", width=170),
        Column("action", "动作", value=lambda row: row.get_action_display(), sort="action", width=90),
        Column("type", "对象类型", value=lambda row: subject_label(row.subject_type), sort="subject_type", width=120),
        Column("subject_name", "对象", sort="subject_name", width=280, wrap=True),
        Column(
            "organisation",
            "所属单位",
            value=lambda row: str(row.organisation or ""),
            sort="organisation__name",
            width=140,
        ),
        Column("why", "原因", width=240, wrap=True),
    ),
    filters=(
        Filter("at", "日期", FilterKind.DATE_RANGE, field="at__date"),
        Filter("action", "动作", FilterKind.MULTI, choices=AuditAction.choices, field="action"),
        Filter("type", "对象类型", FilterKind.CHOICE, field="subject_type", more=True),
        Filter("by", "办理人", FilterKind.TEXT, field="by__name__icontains", more=True),
    ),
    search=("subject_name", "why"),
    search_hint="对象或原因",
    order="-at",
    prepare=_with_signatures,
    page=lambda row: reverse("bureau:audit-detail", args=[row.pk]),
)


def audit_ledger() -> Ledger:
    return AUDIT.with_choices(type=sorted(subject_labels().items(), key=lambda pair: pair[1]))


def audit_rows(user: Any) -> QuerySet[AuditEntry]:
    return AuditEntry.objects.visible_to(user).select_related("by", "organisation")


def _state(closed_on: date | None, on: date) -> str:
    return "closed" if closed_on is not None and closed_on <= on else "open"
