"""What the form of a draft to be checked asks for. Shape only; the services decide."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms

MONTHS = [
    ("", "台账最近一个月"),
    *((str(month), f"1—{month}月" if month > 1 else "1月") for month in range(1, 12)),
    ("12", "全年"),
]


class DraftForm(forms.Form):
    """The words or the file, the year, the months that the draft speaks of."""

    text = forms.CharField(
        label="粘贴文字", required=False, strip=False,
        widget=forms.Textarea(attrs={"rows": 12, "placeholder": "把讲话、汇报、总结的文字粘贴到这里"}),
    )  # fmt: skip
    file = forms.FileField(
        label="或者选择文件", required=False, allow_empty_file=True,
        widget=forms.ClearableFileInput(attrs={"accept": ".docx,.pdf,.html,.htm,.txt,.md"}),
    )  # fmt: skip
    year = forms.TypedChoiceField(label="对照哪一年的台账", coerce=int)
    month = forms.ChoiceField(label="稿件说的是到几月的数", choices=MONTHS, required=False)
    month.help_text = "稿件里写明月份的，以稿件为准；没有写的，按这里。"

    def __init__(self, *args: Any, years: Sequence[int], limit_mb: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["year"].choices = [(year, f"{year}年") for year in years]  # type: ignore[attr-defined]
        self.fields["file"].help_text = f"格式：.docx、.pdf、.html、.txt；不超过 {limit_mb} MB。文字和文件只核对一样。"

    @property
    def as_of(self) -> str:
        """The months chosen as a period; empty: as far as the ledger goes."""
        month, year = self.cleaned_data["month"], self.cleaned_data["year"]
        if not month:
            return ""
        return str(year) if month == "12" else f"{year}-01/{year}-{int(month):02}" if month != "1" else f"{year}-01"
