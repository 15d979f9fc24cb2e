"""States and the ways between them, declared once per kind of row: who may, under which condition, what the button says.

A noun declares its transitions as a tuple; its pages ask for the buttons, its services pass through :func:`check`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from keshu.apps.bureau.permissions import Refused
from keshu.apps.bureau.services.refusals import Unacceptable

if TYPE_CHECKING:
    from keshu.apps.bureau.models import User

R = TypeVar("R")


def _nothing(row: Any) -> tuple[str, ...]:
    return ()


@dataclass(frozen=True, slots=True)
class Transition(Generic[R]):
    """A way from states to a state. ``may`` raises Refused; ``hindrances`` are sentences on what stands against it now."""

    move: StrEnum
    label: str
    sources: tuple[str, ...]
    target: str
    may: Callable[[User, R], None]
    confirm: str = ""
    needs_reason: bool = False
    is_destructive: bool = False
    hindrances: Callable[[R], tuple[str, ...]] = _nothing


@dataclass(frozen=True, slots=True)
class Button:
    """A transition as a page offers it; one that is hindered is shown disabled and says why."""

    move: str
    label: str
    confirm: str
    needs_reason: bool
    is_destructive: bool
    hindrances: tuple[str, ...]


def transition(declared: Iterable[Transition[R]], move: StrEnum) -> Transition[R]:
    """The one of that name."""
    return next(each for each in declared if each.move == move)


def buttons(declared: Iterable[Transition[R]], row: R, *, state: str, user: User) -> tuple[Button, ...]:
    """What this person may do with the row in its state."""
    return tuple(
        Button(each.move, each.label, each.confirm, each.needs_reason, each.is_destructive, each.hindrances(row))
        for each in declared
        if state in each.sources and _may(each, user, row)
    )


def check(each: Transition[R], row: R, *, state: str, state_label: str, user: User, why: str = "") -> None:
    """Refused when the person may not; Unacceptable when the state, a hindrance or a missing reason stands against it."""
    each.may(user, row)
    if state not in each.sources:
        raise Unacceptable(f"“{row}”{state_label}，不能{each.label}。请刷新页面。")
    if found := each.hindrances(row):
        raise Unacceptable("".join(found))
    if each.needs_reason and not why.strip():
        raise Unacceptable(f"请写明{each.label}的理由。", field="why")


def _may(each: Transition[R], user: User, row: R) -> bool:
    try:
        each.may(user, row)
    except Refused:
        return False
    return True
