"""Texts checked against the columns that are to hold them."""

from __future__ import annotations

from typing import Any

from django.db import models

from keshu.apps.bureau.services import Unacceptable


def column(model: type[models.Model], name: str) -> models.Field[Any, Any]:
    """A column of the table by its name; a relation by its name or its ``_id``."""
    field = model._meta.get_field(name)
    if not isinstance(field, models.Field):
        raise TypeError(f"{model._meta.label}.{name} is not a column")
    return field


def short_text(model: type[models.Model], name: str, value: Any) -> str:
    """The text without outer blanks; Unacceptable, naming the field, when it is too long."""
    text = str(value or "").strip()
    longest = column(model, name).max_length
    if longest is not None and len(text) > longest:
        raise Unacceptable(f"“{column(model, name).verbose_name}”最多 {longest} 个字。", field=name)
    return text


def label(model: type[models.Model], name: str) -> str:
    return str(column(model, name).verbose_name)
