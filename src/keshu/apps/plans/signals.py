"""What others may listen to. Receivers get plain values, inside the transaction that made the change."""

from django.dispatch import Signal

# sent with plan_id, organisation_id, year, kind, revision, by_id, at
plan_published = Signal()
# sent with plan_id, organisation_id, year, kind, revision, by_id, at, why
plan_withdrawn = Signal()
# sent with issue_id, move (raise or an IssueMove), by_id, at
issue_changed = Signal()
