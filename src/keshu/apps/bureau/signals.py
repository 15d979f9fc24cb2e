"""What others may listen to. Receivers get plain values, inside the transaction that made the change."""

from django.dispatch import Signal

# sent with job_id, when a job is to be put on the queue
job_queued = Signal()

# sent with job_id, kind and params (of the job) and at, when a job has come to its end, whatever that is; outside its transaction
job_ended = Signal()

# sent with at, by each worker process every few seconds between two jobs; what is due by the clock hangs here
time_passed = Signal()
