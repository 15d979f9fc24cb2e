"""The list of bulletins, and one bulletin with where its figures come from."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from django.db.models import Q, QuerySet
from django.urls import reverse

from keshu.apps.briefings.models import Bulletin, BulletinKind, BulletinState
from keshu.apps.bureau.queries.ledger import Column, ColumnKind, Figure, Filter, FilterKind, Ledger, Mark, Tone
from keshu.apps.plans.queries.wording import period_text

if TYPE_CHECKING:
    from keshu.apps.bureau.models import User

BULLETIN_MARKS = {
    BulletinState.DRAFT.value: Mark("草稿"),
    BulletinState.SUBMITTED.value: Mark("待签发", Tone.ON_TRACK),
    BulletinState.RELEASED.value: Mark("已发布", Tone.DONE),
    BulletinState.WITHDRAWN.value: Mark("已撤回", Tone.LATE, "ban"),
    BulletinState.DISCARDED.value: Mark("草稿已删除"),
}
# Where a source's row leads: the word before the number to the page of such a row.
PAGES = {"checkin": "plans:checkin-detail", "target": "plans:target-detail", "node": "plans:task-detail"}
LEDGERS = {
    "targets": "plans:target-list", "tasks": "plans:task-list", "forms": "plans:round-list",
    "notices": "plans:supervision-list", "issues": "plans:issue-list",
}  # fmt: skip
# Those ledgers show one plan at a time; bulletins count a target once, however often the plan says it.
OF_A_PLAN = ("targets", "tasks", "forms")
COUNTED = {"targets": {"restated": "0"}}


def bulletin_rows(user: User) -> QuerySet[Any]:
    """Bulletins the person may see, without their words and data."""
    rows = Bulletin.objects.visible_to(user).kept().select_related("organisation", "plan", "composed_by", "released_by")
    return rows.defer("facts", "content", "text", "edits", "sections", "plan__warnings")


def source_address(row: str, *, plan_id: int) -> str:
    """The page behind a figure: of a row such as ``checkin-7``, or a ledger, narrowed to what a bulletin on the plan counts.

    >>> source_address("nothing", plan_id=1)
    ''
    """
    if row in LEDGERS:
        asked = {"plan": plan_id, **COUNTED.get(row, {})} if row in OF_A_PLAN else {}
        return f"{reverse(LEDGERS[row])}{'?' if asked else ''}{urlencode(asked)}"
    word, _, number = row.partition("-")
    return reverse(PAGES[word], args=[int(number)]) if word in PAGES and number.isdigit() else ""


BULLETINS = Ledger(
    key="briefings.bulletins",
    noun="通报",
    columns=(
        Column(
            "title", "标题", ColumnKind.LINK, link=lambda row: reverse("briefings:bulletin-detail", args=[row.pk]),
            sort="title", width=360, wrap=True,
        ),
        Column("kind", "类型", value=lambda row: row.get_kind_display(), sort="kind", width=100),
        Column("period", "时期", value=lambda row: period_text(row.period), sort="period", width=140),
        Column("number", "期号", value=lambda row: "" if row.number is None else f"〔{row.year}〕{row.number}号", sort="number",
               width=120),
        Column("organisation", "发布单位", sort="organisation__position", width=160),
        Column("state", "状态", ColumnKind.STATE, marks=BULLETIN_MARKS, sort="state", width=110),
        Column("released_at", "发布时间", ColumnKind.DATE, sort="released_at", width=150),
        Column("composed_by", "拟稿人", sort="composed_by__name", width=100),
    ),
    filters=(
        Filter("kind", "类型", FilterKind.MULTI, choices=BulletinKind.choices, field="kind"),
        Filter("state", "状态", FilterKind.MULTI, choices=BulletinState.choices[:-1], field="state"),
        Filter("released", "发布日期", FilterKind.DATE_RANGE, field="released_at__date"),
    ),
    search=("title", "plan__title", "text"),
    search_hint="标题或正文",
    figures=(
        Figure("全部", unit="份"),
        Figure("草稿", Q(state=BulletinState.DRAFT), {"state": "draft"}, unit="份"),
        Figure("待签发", Q(state=BulletinState.SUBMITTED), {"state": "submitted"}, unit="份", tone=Tone.ON_TRACK),
        Figure("已发布", Q(state=BulletinState.RELEASED), {"state": "released"}, unit="份", tone=Tone.DONE),
    ),
    page=lambda row: reverse("briefings:bulletin-detail", args=[row.pk]),
)  # fmt: skip
