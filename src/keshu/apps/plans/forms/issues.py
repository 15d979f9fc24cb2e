"""What the pages of issues ask for. Shape only; the services decide."""

from __future__ import annotations

from typing import Any

from django import forms

from keshu.apps.plans.models import IssueOrigin


def text_field(label: str, *, rows: int = 3, required: bool = False, help_text: str = "") -> forms.CharField:
    return forms.CharField(
        label=label, required=required, help_text=help_text, widget=forms.Textarea(attrs={"rows": rows}),
        error_messages={"required": f"请填写{label}。"},
    )  # fmt: skip


def day_field(label: str, *, required: bool = True) -> forms.DateField:
    return forms.DateField(
        label=label, required=required, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"required": f"请填写{label}。", "invalid": "日期请写成 2026-06-30 的样子。"},
    )  # fmt: skip


def organisation_field(label: str, *, required: bool = True) -> forms.TypedChoiceField:
    return forms.TypedChoiceField(
        label=label, required=required, coerce=int, empty_value=None,
        error_messages={"required": f"请选择{label}。", "invalid_choice": f"请重新选择{label}。"},
    )  # fmt: skip


class DutyFields(forms.Form):
    """Who answers for it, by which measure and day."""

    owner = organisation_field("责任单位")
    measure = text_field("整改措施", required=True)
    due_on = day_field("整改时限")

    def __init__(self, *args: Any, owners: list[tuple[int, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["owner"].choices = [("", "请选择"), *owners]  # type: ignore[attr-defined]


class IssueWordsForm(forms.Form):
    """What the problem is."""

    title = forms.CharField(
        label="问题", max_length=200, help_text="一句话写明，例如：中试基地用地没有落实。",
        error_messages={"required": "请填写问题，用一句话写明。", "max_length": "问题最多 200 个字，其余请写到“具体表现”。"},
    )  # fmt: skip
    detail = text_field("具体表现", rows=4)


class IssueForm(IssueWordsForm):
    """A new issue; owner, measure and deadline together or not at all."""

    origin = forms.ChoiceField(label="来源", choices=IssueOrigin.choices)
    origin_text = forms.CharField(
        label="来源说明", max_length=200, required=False, help_text="例如：3 月 12 日走访云澜精工；2 月月调度。"
    )
    raised_for = organisation_field("提出单位")
    owner = organisation_field("责任单位", required=False)
    measure = text_field("整改措施")
    due_on = day_field("整改时限", required=False)

    def __init__(self, *args: Any, sides: list[tuple[int, str]], owners: list[tuple[int, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["raised_for"].choices = sides  # type: ignore[attr-defined]
        self.fields["owner"].choices = [("", "由规划办公室明确"), *owners]  # type: ignore[attr-defined]


class ReassignForm(DutyFields):
    why = text_field("调整理由", rows=2, required=True)


class ExtendForm(forms.Form):
    due_on = day_field("新的时限")
    why = text_field("延期理由", rows=2, required=True)


class FulfilForm(forms.Form):
    """What was done; the files come beside it."""

    text = text_field("落实情况", rows=5, required=True, help_text="写明做了什么、结果如何。")


class ConfirmForm(forms.Form):
    text = text_field("确认意见", rows=2)
