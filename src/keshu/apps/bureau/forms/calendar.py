"""What the working calendar asks for."""

from __future__ import annotations

from django import forms


class CalendarDayForm(forms.Form):
    """A day that the bureau holds otherwise than published."""

    day = forms.DateField(
        label="日期", widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"required": "请填写日期。", "invalid": "请按 2026-03-05 的格式填写日期。"},
    )  # fmt: skip
    is_workday = forms.TypedChoiceField(
        label="安排", choices=[("off", "放假"), ("work", "上班")], coerce=lambda value: value == "work",
        error_messages={"required": "请选择放假或上班。"},
    )  # fmt: skip
    name = forms.CharField(
        label="说明", max_length=60, help_text="例如：春节、调休上班。", error_messages={"required": "请写明说明。"}
    )
