"""What the pages of standings ask for. Shape only; the services decide."""

from __future__ import annotations

from django import forms

from keshu.apps.plans.queries.standings import CHOICES


class LightForm(forms.Form):
    """A light chosen by a person, with the reason that stays beside it."""

    light = forms.ChoiceField(
        label="状态",
        choices=CHOICES,
        error_messages={"required": "请选择一种状态。", "invalid_choice": "请选择一种状态。"},
    )
    why = forms.CharField(
        label="理由",
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="会一直显示在状态旁边，直到撤销人工判定。",
        error_messages={"required": "请写明改判的理由。", "max_length": "理由最多 300 个字。"},
    )


class PastFigureForm(forms.Form):
    """One figure of an earlier month or quarter."""

    period = forms.CharField(
        label="时期",
        max_length=20,
        help_text="例如 2025年3月、2025年一季度",
        error_messages={"required": "请填写时期。"},
    )
    value = forms.DecimalField(
        label="年内累计（期末）数",
        max_digits=19,
        decimal_places=6,
        error_messages={"required": "请填写数值。", "invalid": "请填数字，例如 200。"},
    )
    source = forms.CharField(
        label="来源", max_length=120, help_text="例如 2025年统计年报", error_messages={"required": "请写明数据来源。"}
    )
