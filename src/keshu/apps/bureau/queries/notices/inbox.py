"""A person's inbox. What somebody may no longer see is not in it, whatever they were told before."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any

from django.db.models import Count, Q, QuerySet, Subquery
from django.urls import reverse

from keshu.apps.bureau.models import MailState, Notice
from keshu.apps.bureau.queries.ledger import Column, ColumnKind, Figure, Filter, FilterKind, Ledger, Mark, Tone
from keshu.apps.bureau.queries.notices.kinds import kinds

if TYPE_CHECKING:
    from keshu.apps.bureau.models import User
    from keshu.apps.bureau.models.notices import NoticeQuerySet

LATEST = 10
READ_MARKS = {False: Mark("未读", Tone.ON_TRACK), True: Mark("已读")}
MAIL_MARKS = {
    MailState.WAITING.value: Mark("待发送", Tone.ON_TRACK),
    MailState.SENDING.value: Mark("发送中", Tone.ON_TRACK),
    MailState.SENT.value: Mark("已发送", Tone.DONE),
    MailState.FAILED.value: Mark("未送出", Tone.LATE),
    MailState.DROPPED.value: Mark("不再发送"),
}


def readable(user: User) -> NoticeQuerySet:
    """All that the person was told by any way and may still know of."""
    return Notice.objects.visible_to(user).filter(_within_sight(user))


def inbox(user: User) -> NoticeQuerySet:
    """What stands in the person's inbox, newest first."""
    return readable(user).in_inbox()


def latest(user: User) -> list[Notice]:
    """The newest of the inbox, for the bell."""
    return list(inbox(user)[:LATEST])


def unread_count(user: User) -> Subquery:
    """The number of unread notices, to be read along with something else (null: none)."""
    rows = inbox(user).unread().order_by()
    return Subquery(rows.values("recipient_id").annotate(count=Count("pk")).values("count"))


def _within_sight(user: User) -> Q:
    """Kinds about the person, and of the others those whose subject the person sees."""
    about: dict[Any, list[str]] = defaultdict(list)
    for kind in kinds():
        about[kind.sight].append(kind.key)
    found = Q(pk__in=[])
    for sight, keys in about.items():
        found |= Q(kind__in=keys) if sight is None else Q(kind__in=keys, subject_id__in=sight(user).values("pk"))
    return found


def notices_ledger() -> Ledger:
    """The inbox as a ledger: a row's title opens what it speaks of and marks it read."""
    labels = {kind.key: kind.label for kind in kinds()}
    unread = Q(read_at__isnull=True)

    def by_reading(rows: QuerySet[Any], value: Any) -> QuerySet[Any]:
        return rows.filter(read_at__isnull=not value)

    return Ledger(
        key="bureau.notices",
        noun="消息",
        columns=(
            Column("title", "消息", sort="title", width=340, wrap=True),
            Column("text", "内容", width=320, wrap=True),
            Column("kind", "类别", value=lambda row: labels.get(row.kind, row.kind), sort="kind", width=130),
            Column("at", "时间", ColumnKind.DATE, sort="at", width=150),
            Column(
                "read",
                "状态",
                ColumnKind.STATE,
                value=lambda row: row.read_at is not None,
                marks=READ_MARKS,
                sort="read_at",
                width=100,
            ),
        ),
        filters=(
            Filter("kind", "类别", FilterKind.MULTI, choices=tuple(labels.items()), field="kind"),
            Filter("read", "已读", FilterKind.BOOL, apply=by_reading),
            Filter("at", "日期", FilterKind.DATE_RANGE, field="at__date"),
        ),
        search=("title", "text"),
        search_hint="消息或内容",
        order="-at",
        figures=(
            Figure("全部", unit="条"),
            Figure("未读", where=unread, query={"read": "0"}, unit="条", tone=Tone.ON_TRACK),
        ),
        page=lambda row: reverse("bureau:notice-open", args=[row.pk]),
    )


MAILS = Ledger(
    key="bureau.notice_mails",
    noun="消息邮件",
    columns=(
        Column("recipient", "收件人", sort="recipient__name", width=120),
        Column("address", "邮箱", value=lambda row: row.recipient.email, width=220),
        Column("form", "内容", value=lambda row: "每日摘要" if row.is_digest else "单条消息", width=110),
        Column("state", "状态", ColumnKind.STATE, marks=MAIL_MARKS, sort="state", width=110),
        Column("tries", "发送次数", ColumnKind.NUMBER, sort="tries", width=100),
        Column("error", "未送出的原因", width=320, wrap=True),
        Column("created_at", "生成时间", ColumnKind.DATE, sort="created_at", width=150),
        Column("sent_at", "送出时间", ColumnKind.DATE, sort="sent_at", width=150),
    ),
    filters=(
        Filter("state", "状态", FilterKind.MULTI, choices=MailState.choices, field="state"),
        Filter("digest", "每日摘要", FilterKind.BOOL, field="is_digest"),
        Filter("created", "生成日期", FilterKind.DATE_RANGE, field="created_at__date"),
    ),
    search=("recipient__name", "recipient__email"),
    search_hint="收件人或邮箱",
    order="-created_at",
    figures=(
        Figure("全部", unit="封"),
        Figure("待发送", where=Q(state=MailState.WAITING), query={"state": MailState.WAITING}, unit="封"),
        Figure("未送出", where=Q(state=MailState.FAILED), query={"state": MailState.FAILED}, unit="封", tone=Tone.LATE),
    ),
)
