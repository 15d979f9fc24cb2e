"""Telling people what concerns them: in the inbox, by mail, in the day's digest; each event once, nothing beyond sight.

An app declares its kinds where it tells them (``register``) and tells in the transaction that makes the change, so that what
was undone was never told.
"""

from keshu.apps.bureau.queries.notices import NoticeKind, Ways, register, rows_seen
from keshu.apps.bureau.services.notices.mailing import (
    DigestRun,
    digest_hour,
    is_mail_configured,
    queue_daily_digests,
    queue_digests,
    retry_failed,
    send_waiting,
)
from keshu.apps.bureau.services.notices.reading import Wanted, choose_ways, put_away, read, read_all
from keshu.apps.bureau.services.notices.telling import Message, notify, tell

__all__ = [
    "DigestRun", "Message", "NoticeKind", "Wanted", "Ways", "choose_ways", "digest_hour", "is_mail_configured", "notify",
    "put_away", "queue_daily_digests", "queue_digests", "read", "read_all", "register", "retry_failed", "rows_seen",
    "send_waiting", "tell",
]  # fmt: skip
