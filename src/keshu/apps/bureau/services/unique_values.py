"""Two rows that swap what only one may bear: each database checks uniqueness row by row, so one lets go before the other takes.

Within the caller's transaction nobody else sees the value in between; the recorder compares with the row as it was read.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from django.db import models


@contextmanager
def let_go(rows: Sequence[models.Model], column: str) -> Iterator[None]:
    """Take the column's values off these rows while they are changed; a row that keeps its value has it back at the end."""
    for row in rows:
        _named(row).update(**{column: between(row)})
    yield
    for row in rows:
        _named(row).filter(**{column: between(row)}).update(**{column: getattr(row, column)})


def between(row: models.Model) -> str:
    """A value that nobody enters: it begins with a character for private use."""
    return f"\ue000{row.pk}"


def _named(row: models.Model) -> models.QuerySet[models.Model]:
    return type(row)._default_manager.filter(pk=row.pk)
