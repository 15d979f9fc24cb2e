"""What others may listen to. Receivers get plain values, inside the transaction that made the change."""

from django.dispatch import Signal

# sent with job_id, when a job is to be put on the queue
job_queued = Signal()
