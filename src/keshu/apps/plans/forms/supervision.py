"""The shapes of what people type about supervision notices. What is right, the services say."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms

from keshu.apps.bureau.services.reasons import ReasonForm


class DayField(forms.DateField):
    """A day, picked or typed."""

    def __init__(self, *, label: str, required: bool = True, help_text: str = "") -> None:
        super().__init__(
            label=label,
            required=required,
            help_text=help_text,
            widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
            error_messages={"required": f"请选择{label}。", "invalid": f"{label}请写成 2026-03-05 这样的日期。"},
        )


class DemandForm(forms.Form):
    """What several notices have in common."""

    demand = forms.CharField(
        label="办理要求",
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text="写明要办成什么、报送什么。每行一段。",
        error_messages={"required": "请填写办理要求，写明要办成什么、报送什么。"},
    )
    due_on = DayField(label="办理时限", help_text="到期前三个工作日和到期当天，系统提醒承办单位。")


class NoticeForm(DemandForm):
    """One notice."""

    title = forms.CharField(
        label="督办事项",
        max_length=200,
        error_messages={"required": "请填写督办事项，例如：关于高新技术企业培育工作的督办。"},
    )
    addressee_id = forms.TypedChoiceField(
        label="承办单位",
        coerce=int,
        empty_value=None,
        error_messages={"required": "请选择承办单位。", "invalid_choice": "请在列表中选择承办单位。"},
    )
    lines = forms.CharField(
        label="督办内容",
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="每行一条。从目标、任务起草的，内容已列在上面；都不填，就以督办事项为内容。",
    )

    field_order = ("title", "addressee_id", "lines", "demand", "due_on")

    def __init__(self, *args: Any, organisations: Sequence[tuple[int, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["addressee_id"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [("", "请选择"), *organisations]


class WordsForm(forms.Form):
    """A word to go with it."""

    why = forms.CharField(
        label="审核意见",
        required=False,
        max_length=400,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"max_length": "审核意见最多 400 字。"},
    )


class ReturnForm(ReasonForm):
    """Why, and until when."""

    due_on = DayField(label="重新办理的时限", required=False, help_text="不改就沿用原时限；原时限已过的，须重新确定。")


class ExtendForm(ReasonForm):
    """Until when, and why."""

    due_on = DayField(label="延长到")
    field_order = ("due_on", "why")


class ReplyForm(forms.Form):
    """What was done."""

    text = forms.CharField(
        label="办理情况",
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text="做了什么、结果如何、还有什么问题和下一步。",
        error_messages={"required": "请填写办理情况：做了什么、结果如何、还有什么问题。"},
    )
