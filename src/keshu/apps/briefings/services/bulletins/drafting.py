"""Bulletins while they are written: begun from a template, composed anew, sections arranged, paragraphs rewritten."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.db import transaction

from keshu.apps.briefings.models import Bulletin, BulletinKind, BulletinTemplate
from keshu.apps.briefings.permissions import can_compose
from keshu.apps.briefings.services import composing
from keshu.apps.briefings.services.bulletins.lifecycle import Move, check
from keshu.apps.briefings.services.bulletins.words import chosen_of, paragraphs, reproduced
from keshu.apps.briefings.services.composing import Chosen
from keshu.apps.bureau.services import Unacceptable, audit
from keshu.apps.plans.queries.wording import period_text
from keshu.apps.plans.services.period_facts import period_facts
from keshu.apps.plans.services.steps import ChangedMeanwhile
from keshu.kernel.period import Period

if TYPE_CHECKING:
    from keshu.apps.bureau.models import Organisation, User

LONGEST_PARAGRAPH, LONGEST_TITLE, LONGEST_WORDS = 2000, 200, 10_000
MONTHS = {BulletinKind.MONTHLY: (1,), BulletinKind.QUARTERLY: (3,), BulletinKind.ONE_PAGE: (1, 3, 12)}
TITLES = {
    BulletinKind.MONTHLY: "{}科技工作月报",
    BulletinKind.QUARTERLY: "{}科技工作要点完成情况季报",
    BulletinKind.ANNUAL: "{}科技工作要点完成情况通报",
    BulletinKind.SUMMARY: "{}科技工作总结",
    BulletinKind.ONE_PAGE: "一图读懂{}科技工作",
}


@transaction.atomic
def begin_bulletin(
    plan: Any, *, kind: str, period: str, corrects: Bulletin | None = None, by: User, at: datetime
) -> Bulletin:
    """A draft of that kind on that period, composed from the ledger. Editors of the plan's organisation (Refused)."""
    can_compose(by, plan.organisation)
    asked = _period(kind, period, year=plan.year, at=at)
    facts = period_facts(plan, asked, by=by, at=at)
    row = Bulletin(
        organisation=plan.organisation,
        plan=plan,
        kind=kind,
        period=str(asked),
        title=TITLES[BulletinKind(kind)].format(period_text(str(asked))),
        year=asked.last // 12,
        sections=kept_sections(sections_of(plan.organisation, kind)),
        facts=asdict(facts),
        corrects=corrects,
        composed_at=at,
        composed_by=by,
        is_demo=plan.is_demo,
    )
    if corrects is not None:
        row.sections, row.title = corrects.sections, f"{corrects.title.removesuffix('（更正）')}（更正）"
    audit.Recorder(by=by, at=at).create(row, organisation=plan.organisation_id)
    return row


@transaction.atomic
def compose_anew(bulletin: Bulletin, *, version: int, by: User, at: datetime) -> Bulletin:
    """Fetch the figures again; what people rewrote stays where the words beneath it are the same."""
    row = _held_to_change(bulletin, version=version, by=by)
    facts = asdict(period_facts(row.plan, Period.parse(row.period), by=by, at=at))
    return _change(row, by=by, at=at, facts=facts, composed_at=at, composed_by=by)


@transaction.atomic
def rewrite_paragraph(bulletin: Bulletin, *, place: str, words: str, version: int, by: User, at: datetime) -> Bulletin:
    """Write a paragraph otherwise; the composed words come back where nothing or the same is written."""
    row = _held_to_change(bulletin, version=version, by=by)
    now = " ".join(words.split())
    if len(now) > LONGEST_PARAGRAPH:
        raise Unacceptable(f"这一段有 {len(now)} 字，最多 {LONGEST_PARAGRAPH} 字。", field="words")
    plain = Bulletin(sections=row.sections, facts=row.facts, edits={})
    there = paragraphs(reproduced(plain)).get(place)
    if there is None:
        raise Unacceptable("这一段已经不在通报里，请刷新页面。")
    edits = {key: edit for key, edit in row.edits.items() if key != place}
    if now and now != there.plain:
        edits[place] = {"was": there.plain, "now": now}
    return _change(row, by=by, at=at, edits=edits)


@transaction.atomic
def arrange_sections(
    bulletin: Bulletin, sections: Sequence[Chosen], *, title: str, version: int, by: User, at: datetime
) -> Bulletin:
    """The bulletin's title, and its sections in a new order, under new titles, by other rules."""
    row = _held_to_change(bulletin, version=version, by=by)
    title = title.strip()
    if not title or len(title) > LONGEST_TITLE:
        raise Unacceptable(f"请填写标题，最多 {LONGEST_TITLE} 字。", field="title")
    return _change(row, by=by, at=at, sections=kept_sections(checked_sections(sections)), title=title)


@transaction.atomic
def save_template(
    organisation: Organisation, *, kind: str, sections: Sequence[Chosen], by: User, at: datetime
) -> BulletinTemplate:
    """Bulletins of this kind begin so from now on. Editors of the organisation's bulletins (Refused)."""
    can_compose(by, organisation)
    wanted = kept_sections(checked_sections(sections))
    log = audit.Recorder(by=by, at=at)
    row = BulletinTemplate.objects.select_for_update().filter(organisation=organisation, kind=kind).first()
    if row is None:
        row = BulletinTemplate(organisation=organisation, kind=BulletinKind(kind), sections=wanted)
        log.create(row, organisation=organisation.pk)
        return row
    return log.update(row, organisation=organisation.pk, sections=wanted, version=row.version + 1)


def sections_of(organisation: Organisation, kind: str) -> tuple[Chosen, ...]:
    """The sections that the organisation's bulletins of a kind begin with."""
    row = BulletinTemplate.objects.filter(organisation=organisation, kind=kind).first()
    return composing.chosen_by_default(kind) if row is None else chosen_of(row.sections)


def checked_sections(sections: Sequence[Chosen]) -> list[Chosen]:
    """The sections with sound titles and rules; Unacceptable names the first that is not."""
    found: list[Chosen] = []
    for each in sections:
        declared = composing.BY_KEY.get(each.key)
        if declared is None:
            raise Unacceptable(f"没有“{each.key}”这个栏目。")
        title = each.title.strip()
        if not title or len(title) > 40:
            raise Unacceptable(f"栏目“{declared.title}”：请填写名称，最多40字。", field="title")
        found.append(
            Chosen(
                each.id,
                each.key,
                title,
                {one.key: _checked(declared.title, one, each.settings) for one in declared.settings},
            )
        )
    if not found:
        raise Unacceptable("通报至少要有一个栏目。")
    if len({each.id for each in found}) < len(found):
        raise Unacceptable("有一个栏目出现了两次，请刷新页面再试。")
    return found


def _checked(section: str, setting: composing.Setting, given: Mapping[str, Any]) -> Any:
    value = given.get(setting.key, setting.default)
    if setting.is_switch:
        return bool(value)
    if setting.is_words:
        if len(str(value)) > LONGEST_WORDS:
            raise Unacceptable(f"栏目“{section}”的内容有 {len(str(value))} 字，最多 {LONGEST_WORDS} 字。")
        return str(value)
    try:
        number = int(value)
    except (TypeError, ValueError):
        raise Unacceptable(f"栏目“{section}”的“{setting.label}”：填写的是“{value}”，请填整数。") from None
    if not setting.least <= number <= setting.most:
        raise Unacceptable(
            f"栏目“{section}”的“{setting.label}”：填写的是{number}，请填{setting.least}到{setting.most}之间的整数。"
        )
    return number


def kept_sections(sections: Sequence[Chosen]) -> list[dict[str, Any]]:
    return [{"id": each.id, "key": each.key, "title": each.title, "settings": dict(each.settings)} for each in sections]


def held(bulletin_id: int) -> Bulletin:
    """The bulletin as it stands now, nobody else changing it."""
    rows = Bulletin.objects.select_for_update(of=("self",)).select_related("organisation", "plan__organisation")
    return rows.get(pk=bulletin_id)


def must_be_as_read(row: Bulletin, version: int) -> None:
    """ChangedMeanwhile where the bulletin is no longer as the person read it."""
    if row.version != version:
        raise ChangedMeanwhile("这份通报刚被别人改过，请刷新页面后再改。")


def _held_to_change(bulletin: Bulletin, *, version: int, by: User) -> Bulletin:
    row = held(bulletin.pk)
    check(Move.CHANGE, row, user=by)
    must_be_as_read(row, version)
    return row


def _change(row: Bulletin, *, by: User, at: datetime, **fields: Any) -> Bulletin:
    return audit.Recorder(by=by, at=at).update(
        row, organisation=row.organisation_id, version=row.version + 1, remark="", **fields
    )


def _period(kind: str, period: str, *, year: int | None, at: datetime) -> Period:
    """The period asked for, of a length that suits the kind, in the plan's year and begun."""
    try:
        asked = Period.parse(period)
    except ValueError:
        raise Unacceptable(f"“{period}”不是时期，请在列表中选择。", field="period") from None
    lengths = MONTHS.get(BulletinKind(kind), (12,))
    if year is not None and asked.last // 12 != year:
        raise Unacceptable(f"这份工作要点是{year}年的，请选择{year}年的时期。", field="period")
    if asked.months not in lengths:
        label = BulletinKind(kind).label
        raise Unacceptable(f"{label}不按“{period_text(str(asked))}”编写，请在列表中另选时期。", field="period")
    if asked.first_day > at.date():
        raise Unacceptable(f"{period_text(str(asked))}还没有开始。", field="period")
    return asked


def offered_periods(kind: str, *, year: int, at: datetime) -> list[tuple[str, str]]:
    """The periods of a year that have begun, the latest first."""
    found = []
    for months in MONTHS.get(BulletinKind(kind), (12,)):
        for start in range(0, 12, months):
            each = Period(year * 12 + start, year * 12 + start + months - 1)
            if each.first_day <= at.date():
                found.append((str(each), period_text(str(each))))
    return found[::-1]
