"""What a person types into a check-in and into a plan's rhythm. Shape only; the services decide."""

from __future__ import annotations

import re
import unicodedata
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django import forms

from keshu.apps.plans.models import Cadence, DueRule
from keshu.apps.plans.queries.courses import Course, course_of

if TYPE_CHECKING:
    from keshu.apps.plans.models import CheckIn, Rhythm

_NUMBER = re.compile(r"-?\d+(\.\d+)?\Z")
_GROUPED = re.compile(r"-?\d{1,3}(,\d{3})+(\.\d+)?\Z")
# What people put behind a number that means nothing else.
_SPARE = re.compile(r"[\s约]+")


class CheckInForm(forms.Form):
    """One check-in. A target has a figure in its unit, a task its percentage; both are typed as ``number``."""

    number = forms.CharField(label="完成数", required=False, max_length=40)
    progress = forms.CharField(label="进展情况", required=False, widget=forms.Textarea(attrs={"rows": 5}))
    problems = forms.CharField(label="存在问题", required=False, widget=forms.Textarea(attrs={"rows": 3}))
    help_needed = forms.CharField(label="需协调事项", required=False, widget=forms.Textarea(attrs={"rows": 3}))

    def __init__(self, *args: Any, check_in: CheckIn, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.check_in = check_in
        self.unit = "%" if check_in.target is None else check_in.target.unit
        if check_in.target is None:
            self.fields["number"].label = "完成进度"
            self.fields["number"].help_text = "0 到 100 的整数。"
        else:
            accrues = course_of(check_in.target) == Course.ACCRUES
            what = "1月1日至{day} 的累计数。" if accrues else "{day} 的期末数，不是本期增加的数。"
            self.fields["number"].help_text = what.format(day=f" {check_in.round.last_on:%Y-%m-%d}").strip()
        self.fields["number"].widget.attrs.update({"inputmode": "decimal", "autocomplete": "off"})

    def clean_number(self) -> Decimal | None:
        """The number without thousands separators and its unit; full-width digits are digits."""
        given = self.cleaned_data["number"]
        text = _SPARE.sub("", unicodedata.normalize("NFKC", given)).removesuffix(
            unicodedata.normalize("NFKC", self.unit)
        )
        if not text:
            return None
        if _GROUPED.match(text):
            text = text.replace(",", "")
        if not _NUMBER.match(text):
            raise forms.ValidationError(f"填写的是“{given}”，请填数字，{self._example()}")
        value = Decimal(text)
        if self.check_in.target is None and (value != int(value) or not 0 <= value <= 100):
            raise forms.ValidationError(f"填写的是“{given}”，完成进度应为 0 到 100 的整数，例如 65。")
        return value

    def contents(self) -> dict[str, Any]:
        """The arguments of the services."""
        number = self.cleaned_data["number"]
        is_task = self.check_in.target is None
        return {
            "progress": self.cleaned_data["progress"],
            "problems": self.cleaned_data["problems"],
            "help_needed": self.cleaned_data["help_needed"],
            "percent": int(number) if is_task and number is not None else None,
            "value": None if is_task else number,
        }

    def refuse(self, message: str, field: str | None) -> None:
        """A refusal of the services at the field it belongs to."""
        name = "number" if field in ("value", "percent") else field
        self.add_error(name if name in self.fields else None, message)

    def _example(self) -> str:
        if self.check_in.target is None:
            return "例如 65。"
        return f"单位{self.unit}，例如 200。" if self.unit else "例如 200。"


class RhythmForm(forms.Form):
    """How often a plan is reported and when forms fall due."""

    cadence = forms.ChoiceField(label="频次", choices=Cadence.choices, widget=forms.RadioSelect)
    rule = forms.ChoiceField(label="截止规则", choices=DueRule.choices, widget=forms.RadioSelect)
    number = forms.IntegerField(
        label="第几", min_value=1, max_value=28, help_text="例如 3：期满后第 3 个工作日，或期末月份的 3 日。"
    )
    open_workdays = forms.IntegerField(
        label="提前几个工作日开放", min_value=1, max_value=20, help_text="开放填报时给各填报单位发消息。"
    )
    from_period = forms.ChoiceField(label="从哪一期开始", help_text="已经开放的期次不受影响。")
    asks_supports = forms.BooleanField(label="配合单位也填报", required=False)

    def __init__(self, *args: Any, periods: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["from_period"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = periods
        for name in ("number", "open_workdays"):
            bound = self.fields[name]
            bound.error_messages["invalid"] = "请填整数，例如 3。"

    @staticmethod
    def initial_of(rhythm: Rhythm) -> dict[str, Any]:
        names = ("cadence", "rule", "number", "open_workdays", "from_period", "asks_supports")
        return {name: getattr(rhythm, name) for name in names}
