"""What the page of a draft sends: numbers as people type them, and what the address asks to see. Shape only."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, Any

from django import forms

from keshu.apps.bureau.services import Unacceptable
from keshu.apps.plans.forms.issues import organisation_field

if TYPE_CHECKING:
    from django.http import QueryDict

LARGEST = Decimal(10) ** 14


class BeginForm(forms.Form):
    """Which plan in force the draft is begun from."""

    plan = organisation_field("依据的工作要点")

    def __init__(self, *args: Any, plans: list[tuple[int, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["plan"].choices = plans  # type: ignore[attr-defined]
        self.fields["plan"].help_text = "目标、任务、责任单位和完成情况都取自这份要点的台账。"


def number_typed(text: str, *, what: str, field: str) -> Decimal | None:
    """A number, thousands separators allowed; None for nothing. Unacceptable says what was typed and how to write it."""
    text = text.strip().replace(",", "").replace("，", "")
    if not text:
        return None
    try:
        value = Decimal(text)
    except InvalidOperation:
        value = Decimal("NaN")
    if not value.is_finite() or abs(value) >= LARGEST:
        raise Unacceptable(f"“{what}”填写的是“{text[:20]}”，请填数字，例如 120 或 2.65。", field=field)
    return round(value, 6)


def numbers_posted(
    data: QueryDict, *, ids: list[int], names: dict[int, str]
) -> dict[int, tuple[Decimal | None, Decimal | None]]:
    """The amounts of a piece's figures by figure."""
    return {
        pk: (
            number_typed(data.get(f"value-{pk}", ""), what=names[pk], field=f"value-{pk}"),
            number_typed(data.get(f"high-{pk}", ""), what=f"{names[pk]}的上限", field=f"high-{pk}"),
        )
        for pk in ids
        if f"value-{pk}" in data
    }
