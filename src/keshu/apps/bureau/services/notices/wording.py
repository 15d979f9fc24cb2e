"""What a mail says: plain text, Chinese, with absolute addresses where the site knows its own."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

from django.conf import settings
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from keshu.apps.bureau.queries.deadlines import deadlines_of
from keshu.apps.bureau.queries.notices import kind_named, readable

if TYPE_CHECKING:
    from keshu.apps.bureau.models import Notice, NoticeMail, User

PRODUCT = "科枢"
# So many notices stand in a digest in full; the rest is counted.
LISTED = 50
# A digest also says what falls due within so many days, so many lines of it.
WEEK = timedelta(days=7)
LISTED_AHEAD = 20


@dataclass(frozen=True, slots=True)
class MailText:
    subject: str
    body: str


def mail_text(mail: NoticeMail) -> MailText | None:
    """The mail in words; None when its reader can no longer sign in, has no address, or may see nothing of it any more."""
    person = mail.recipient
    if not (person.is_active and person.email):
        return None
    notices = list(readable(person).filter(Q(mail=mail) | Q(digest=mail)).order_by("at", "pk"))
    if not notices:
        return None
    return _digest(mail, notices) if mail.is_digest else _single(mail, notices[0])


def _single(mail: NoticeMail, notice: Notice) -> MailText:
    lines = [f"{mail.recipient}：", "", notice.title, notice.text, "", _way_to(notice), "", *_foot()]
    return MailText(f"【{PRODUCT}】{notice.title}", _joined(lines))


def _digest(mail: NoticeMail, notices: list[Notice]) -> MailText:
    day = timezone.localtime(mail.created_at)
    lines = [f"{mail.recipient}：", "", f"您有 {len(notices)} 条消息。", ""]
    for number, notice in enumerate(notices[:LISTED], start=1):
        when = timezone.localtime(notice.at)
        lines += [f"{number}. {notice.title}（{kind_named(notice.kind).label}，{when:%Y-%m-%d %H:%M}）"]
        lines += [notice.text] if notice.text else []
        lines += [_way_to(notice), ""] if settings.SITE_URL else [""]
    if len(notices) > LISTED:
        lines += [f"另有 {len(notices) - LISTED} 条，请登录后在“消息”中查看。", ""]
    lines += _ahead(mail.recipient, on=day.date())
    subject = f"【{PRODUCT}】{day.year}年{day.month}月{day.day}日消息摘要（{len(notices)} 条）"
    return MailText(subject, _joined([*lines, *_foot()]))


def _ahead(person: User, *, on: date) -> list[str]:
    """What falls due for the reader within the week, as their calendar has it."""
    ahead = [each for each in deadlines_of(person, on=on) if on <= each.day <= on + WEEK]
    if not ahead:
        return []
    lines = [f"{each.day:%Y-%m-%d} {each.title}" for each in ahead[:LISTED_AHEAD]]
    rest = [f"另有 {len(ahead) - LISTED_AHEAD} 项。"] if len(ahead) > LISTED_AHEAD else []
    return [f"七天内到期的 {len(ahead)} 项：", *lines, *rest, ""]


def _way_to(notice: Notice) -> str:
    if not settings.SITE_URL:
        return f"请登录{PRODUCT}查看。"
    return f"查看：{settings.SITE_URL}{reverse('bureau:notice-open', args=[notice.pk])}"


def _foot() -> list[str]:
    where = f"：{settings.SITE_URL}{reverse('bureau:notice-settings')}" if settings.SITE_URL else "里修改"
    return ["--", f"这封邮件由{PRODUCT}自动发出，请勿回复。要改变接收方式，请到“消息设置”{where}"]


def _joined(lines: list[str]) -> str:
    """Lines as a text, without two empty ones in a row."""
    kept = [line for place, line in enumerate(lines) if line or (place and lines[place - 1])]
    return "\n".join(kept) + "\n"
