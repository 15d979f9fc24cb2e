"""A reason, as the pages of every area ask for it. Shape only; the services decide whether one is needed."""

from __future__ import annotations

from django import forms


class ReasonForm(forms.Form):
    """Why."""

    why = forms.CharField(
        label="理由",
        max_length=400,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": "请写明理由。", "max_length": "理由最多 400 字。"},
    )
