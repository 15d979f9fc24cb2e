"""What others may listen to. Receivers get plain values, inside the transaction that made the change."""

from django.dispatch import Signal

# sent with plan_id, organisation_id, year, kind, revision, by_id, at
plan_published = Signal()
# sent with plan_id, organisation_id, year, kind, revision, by_id, at, why
plan_withdrawn = Signal()
# sent with notice_id, state, addressee_id, issue_id (or None), by_id (None: the system), at, when a supervision notice changes
supervision_changed = Signal()
