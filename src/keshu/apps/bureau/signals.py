"""What others may listen to. Receivers get plain values, inside the transaction that made the change."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from django.dispatch import Signal

# sent with job_id, when a job is to be put on the queue
job_queued = Signal()

# sent with job_id, kind and params (of the job) and at, when a job has come to its end, whatever that is; outside its transaction
job_ended = Signal()

# sent with at, by each worker process every few seconds between two jobs; what is due by the clock hangs here
time_passed = Signal()
# sent with change (Reorganisation), by (User), at, inside the transaction; receivers return a list of HandedOver
organisations_reorganised = Signal()

# sent with organisation_id and on; receivers return a list of OpenWork that a split would have to share out
open_work_asked = Signal()


@dataclass(frozen=True, slots=True)
class Reorganisation:
    """What became of some organisations from `on` onwards. `work` names the successor for a key of open work."""

    kind: str
    predecessor_ids: tuple[int, ...]
    successor_ids: tuple[int, ...]
    on: date
    reason: str
    work: Mapping[int, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class HandedOver:
    """One thing that passes to a successor: a person, a task of a plan (`group` is the plan), a name in documents.

    `was` is the organisation it comes from, where `group` says something else. `key` is set where no task decides to which
    part of a split it goes: the successor is the one chosen under that key (``Reorganisation.work``), or the first.
    """

    noun: str
    name: str
    group: str
    to: str
    was: str = ""
    key: int = 0


@dataclass(frozen=True, slots=True)
class OpenWork:
    """A piece of unfinished work of an organisation, under a key of the app that keeps it."""

    key: int
    name: str
    group: str
