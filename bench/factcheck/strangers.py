"""Figures that no ledger holds: a draft is full of them, and none may be said to contradict the ledger."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Stranger:
    """A figure of which the ledger knows nothing: inhabitants, output, readers of an article."""

    text: str


def stranger(text: str) -> Stranger:
    return Stranger(text)
