"""What the pages of bulletins ask for. Shape only; the services decide."""

from __future__ import annotations

from typing import Any

from django import forms

from keshu.apps.briefings.models import BulletinKind
from keshu.apps.briefings.services.composing import SectionKind


class BeginForm(forms.Form):
    """Which plan, which kind, which period."""

    plan = forms.TypedChoiceField(label="工作要点", coerce=int)
    kind = forms.ChoiceField(label="类型", choices=BulletinKind.choices)
    period = forms.ChoiceField(label="时期")

    def __init__(self, *args: Any, plans: list[tuple[int, str]], periods: list[tuple[str, Any]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["plan"].choices = plans  # type: ignore[attr-defined]
        self.fields["period"].choices = periods  # type: ignore[attr-defined]
        self.fields["period"].help_text = "月报选月份，季报选季度，年通报和总结选年度。"


class ParagraphForm(forms.Form):
    """A paragraph's words."""

    words = forms.CharField(label="这一段", required=False, widget=forms.Textarea(attrs={"rows": 6}))
    words.help_text = "清空后保存，恢复系统写的内容。改写不影响数据来源的链接：原有数字照写，链接就保留。"


class TitleForm(forms.Form):
    """A bulletin's title."""

    title = forms.CharField(label="标题", max_length=200, error_messages={"required": "请填写标题。"})


class SectionForm(forms.Form):
    """A section's title and rules, as its kind declares them."""

    title = forms.CharField(label="栏目名称", max_length=40, error_messages={"required": "请填写栏目名称。"})

    def __init__(self, *args: Any, declared: SectionKind, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for each in declared.settings:
            if each.is_switch:
                field: forms.Field = forms.BooleanField(label=each.label, required=False)
            elif each.is_words:
                field = forms.CharField(label=each.label, required=False, widget=forms.Textarea(attrs={"rows": 10}))
                field.help_text = "一行一段。"
            else:
                field = forms.IntegerField(
                    label=f"{each.label}（{each.unit}）" if each.unit else each.label,
                    min_value=each.least,
                    max_value=each.most,
                    error_messages={"invalid": "请填整数，例如 3。", "required": "请填整数，例如 3。"},
                )
            self.fields[each.key] = field
