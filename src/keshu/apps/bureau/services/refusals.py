"""The two ways a service says no: the person may not (Refused), or what was given cannot be used (Unacceptable)."""

from __future__ import annotations

from keshu.apps.bureau.permissions import Refused

__all__ = ["Refused", "Unacceptable"]


class Unacceptable(ValueError):
    """What was given cannot be used. The message is Chinese: what was given, why it fails, what is right.

    ``field`` names the form field it belongs to; None: the whole.
    """

    def __init__(self, message: str, *, field: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.field = field
