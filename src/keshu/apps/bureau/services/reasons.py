"""A reason, as the pages of every area ask for it, and the page of a move, which asks for one where it needs one.

Shape only; the services decide whether a reason is needed.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django import forms

from keshu.apps.bureau.services.answers import carried_out
from keshu.apps.bureau.services.lifecycle import Transition


class ReasonForm(forms.Form):
    """Why."""

    why = forms.CharField(
        label="理由",
        max_length=400,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": "请写明理由。", "max_length": "理由最多 400 字。"},
    )


@dataclass(frozen=True, slots=True)
class ConfirmedMove:
    """A move on its way: whether it was done, else what its page shows and with which status."""

    is_done: bool
    context: dict[str, Any]
    status: int


def confirmed_move(
    declared: Transition[Any], sent: Mapping[str, Any] | None, act: Callable[[str], object]
) -> ConfirmedMove:
    """Ask for a move to be confirmed, and do it with `act`, given the reason, once it was sent (None: only shown)."""
    form = ReasonForm(sent)
    form.fields["why"].required = declared.needs_reason
    is_done = form.is_valid() and bool(carried_out(form, lambda: (act(form.cleaned_data["why"]),)))
    context = {
        "title": declared.label, "form": form, "submit": declared.label, "told": declared.confirm,
        "asks_why": declared.needs_reason,
    }  # fmt: skip
    return ConfirmedMove(is_done, context, 422 if form.errors else 200)
