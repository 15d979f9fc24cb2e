"""What others may listen to. Receivers get plain values, inside the transaction that made the change."""

from django.dispatch import Signal

# sent with plan_id, organisation_id, year, kind, revision, by_id, at
plan_published = Signal()
# sent with plan_id, organisation_id, year, kind, revision, by_id, at, why
plan_withdrawn = Signal()

# sent with round_id, plan_id, at, when a round's forms are open
round_opened = Signal()
# sent with check_in_id, plan_id, target_id, node_id (one of the two None), by_id, at
check_in_filed = Signal()
check_in_signed = Signal()
# sent likewise when a signed check-in is taken back for correction: its figures no longer count
check_in_reopened = Signal()
# sent likewise when a check-in is excused or has more time: it is not late any more
check_in_eased = Signal()
# sent with plan_id, at, when a whole round is closed, opened again or given more time
round_moved = Signal()

# sent with issue_id, move (raise or an IssueMove), by_id, at
issue_changed = Signal()
# sent with notice_id, state, addressee_id, issue_id (or None), by_id (None: the system), at, when a supervision notice changes
supervision_changed = Signal()
# sent with meeting_id, plan_id, by_id, at
meeting_held = Signal()
