"""The two ways a service says no: the person may not (Refused), or what was given cannot be used (Unacceptable)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from keshu.apps.bureau.permissions import Refused

__all__ = ["Refusals", "Refused", "Unacceptable", "refuse_all"]


class Unacceptable(ValueError):
    """What was given cannot be used. The message is Chinese: what was given, why it fails, what is right.

    ``field`` names the form field it belongs to; None: the whole. ``others`` are what else cannot be used, where several faults
    are told at once.
    """

    def __init__(self, message: str, *, field: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.field = field
        self.others: tuple[Unacceptable, ...] = ()


def refuse_all(faults: Sequence[Unacceptable]) -> None:
    """Raise the first of the faults with the others beside it; nothing where there is none."""
    if faults:
        first, *rest = faults
        first.others = tuple(rest)
        raise first


class Refusals:
    """Several parts of one act, each tried although another was refused; what they refuse is raised together."""

    def __init__(self) -> None:
        self._found: list[Unacceptable] = []

    @contextmanager
    def trying(self) -> Iterator[None]:
        try:
            yield
        except Unacceptable as refusal:
            self._found += [refusal, *refusal.others]
        except Refused as refusal:
            self._found.append(Unacceptable(refusal.message))

    def settle(self) -> None:
        """Raise what was refused, if anything was."""
        refuse_all(self._found)
