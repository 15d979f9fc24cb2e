"""The notices of a person: which there are, which are unread, and what kinds there can be."""

from keshu.apps.bureau.queries.notices.inbox import (
    MAILS,
    inbox,
    latest,
    notices_ledger,
    readable,
    unread_count,
)
from keshu.apps.bureau.queries.notices.kinds import NoticeKind, Ways, kind_named, kinds, register, rows_seen
from keshu.apps.bureau.queries.notices.wishes import Wish, wishes_of

__all__ = [
    "MAILS", "NoticeKind", "Ways", "Wish", "inbox", "kind_named", "kinds", "latest", "notices_ledger", "readable",
    "register", "rows_seen", "unread_count", "wishes_of",
]  # fmt: skip
