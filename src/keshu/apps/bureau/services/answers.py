"""How a form takes what a service answers: what it did, or its refusals at the fields they belong to."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TypeVar

from django import forms

from keshu.apps.bureau.services.refusals import Unacceptable

T = TypeVar("T")


def carried_out(form: forms.Form, act: Callable[[], T]) -> T | None:
    """What `act` gives, or None after putting its refusals at the fields they belong to."""
    try:
        return act()
    except Unacceptable as refusal:
        put_at_fields(form, (refusal, *refusal.others))
        return None


def put_at_fields(form: forms.Form, faults: Iterable[Unacceptable]) -> None:
    """Each fault at its field; a field that has one already keeps that."""
    for fault in faults:
        field = fault.field if fault.field in form.fields else None
        if field is None or field not in form.errors:
            form.add_error(field, fault.message)
