"""The reason for putting an earlier state back."""

from django import forms


class RestoringForm(forms.Form):
    why = forms.CharField(
        label="原因",
        max_length=120,
        help_text="例如：上次修改有误。",
        error_messages={"required": "请写明恢复的原因，例如：上次修改有误。"},
    )
