"""Supervision notices (督办单): written, issued under a number, signed for, answered, judged, closed; late ones escalate."""

from keshu.apps.plans.services.supervision.escalation import escalate_notices
from keshu.apps.plans.services.supervision.exchange import (
    accept_reply,
    cancel_notice,
    close_notice,
    extend_notice,
    reply,
    return_reply,
    sign_for,
)
from keshu.apps.plans.services.supervision.following import follow_rows, pass_notices
from keshu.apps.plans.services.supervision.writing import (
    NoticeFields,
    change_notice,
    discard_notice,
    issue_notice,
    issue_notices,
    write_notice,
    write_notices,
)

__all__ = [
    "NoticeFields", "accept_reply", "cancel_notice", "change_notice", "close_notice", "discard_notice", "escalate_notices",
    "extend_notice", "follow_rows", "issue_notice", "issue_notices", "pass_notices", "reply", "return_reply", "sign_for",
    "write_notice", "write_notices",
]  # fmt: skip
