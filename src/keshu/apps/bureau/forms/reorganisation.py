"""What a reorganisation and a delegation ask for."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms

from keshu.apps.bureau.forms.choices import offer
from keshu.apps.bureau.models import SuccessionKind

# So many organisations a split may give at once.
PARTS = 4


class ReorganisationForm(forms.Form):
    """What becomes of an organisation: one new name, one that several join, or up to four it is divided into."""

    others = forms.TypedMultipleChoiceField(
        label="一起合并的单位",
        coerce=int,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text="并入一个现有单位、没有别的单位一起合并时，不用勾选。",
    )
    into = forms.TypedChoiceField(label="并入", required=False, coerce=int, empty_value=None)
    on = forms.DateField(
        label="生效日期",
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text="办理后马上生效，不能填以后的日期。这一年及以后的文件中的任务转给新单位，已发布的和正在核对的都在内。",
        error_messages={"required": "请填写生效日期。", "invalid": "请按 2026-03-05 的格式填写日期。"},
    )
    reason = forms.CharField(
        label="原因和依据",
        max_length=400,
        help_text="例如：编办〔2026〕5号。",
        error_messages={"required": "请写明原因和依据，例如：编办〔2026〕5号。"},
    )

    def __init__(self, *args: Any, kind: str, candidates: Iterable[tuple[int, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.kind, candidates = kind, list(candidates)
        offer(self, "others", candidates)
        offer(self, "into", [("", "新设一个单位（填写下面的名称）"), *candidates])
        if kind != SuccessionKind.MERGED:
            del self.fields["others"], self.fields["into"]
        for number in range(1, self.parts + 1):
            place = f"第 {number} 个单位的" if self.parts > 1 else "新的"
            must = kind == SuccessionKind.RENAMED or (self.parts > 1 and number <= 2)
            self.fields[_numbered("name", number)] = forms.CharField(
                label=f"{place}全称", max_length=120, required=must, error_messages={"required": "请填写单位全称。"}
            )
            self.fields[_numbered("short_name", number)] = forms.CharField(
                label=f"{place}简称", max_length=40, required=False
            )
        self.order_fields(["others", "into", *[name for name in self.fields if "name" in name], "on", "reason"])

    @property
    def parts(self) -> int:
        return PARTS if self.kind == SuccessionKind.SPLIT else 1

    @property
    def names(self) -> list[tuple[str, str]]:
        """The names and short names of the organisations to be set up."""
        data = self.cleaned_data
        pairs = [(data[_numbered("name", n)], data[_numbered("short_name", n)]) for n in range(1, self.parts + 1)]
        return [pair for pair in pairs if pair[0].strip()]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if self.kind != SuccessionKind.MERGED:
            return data
        name, into, others = data.get("name"), data.get("into"), data.get("others") or []
        if not into and not name:
            self.add_error("into", "请选择并入的现有单位，或填写新设单位的全称。")
        if into and name:
            self.add_error("name", "已选择并入现有单位，不用再填新设单位的名称。")
        if into and into in others:
            self.add_error("into", "并入的单位不能同时勾选为一起合并的单位。")
        if not into and not others and "others" not in self.errors:
            self.add_error("others", "合并为新设的单位，请至少勾选一个一起合并的单位。")
        return data


def _numbered(name: str, number: int) -> str:
    return name if number == 1 else f"{name}_{number}"


class DelegationForm(forms.Form):
    """Which role is lent to whom, for which days."""

    membership = forms.TypedChoiceField(label="委托的角色", coerce=int, error_messages={"required": "请选择角色。"})
    deputy = forms.TypedChoiceField(label="代理人", coerce=int, error_messages={"required": "请选择代理人。"})
    from_on = forms.DateField(
        label="开始日期",
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"required": "请填写开始日期。", "invalid": "请按 2026-03-05 的格式填写日期。"},
    )
    until_on = forms.DateField(
        label="最后一天",
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text="到这一天为止，最长 90 天。需要时可以提前收回。",
        error_messages={"required": "请填写最后一天。", "invalid": "请按 2026-03-05 的格式填写日期。"},
    )
    reason = forms.CharField(
        label="事由",
        max_length=200,
        help_text="例如：赴外地学习。",
        error_messages={"required": "请写明事由，例如：赴外地学习。"},
    )

    def __init__(
        self, *args: Any, roles: Iterable[tuple[int, str]], deputies: Iterable[tuple[int, str]], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "membership", [("", "请选择"), *roles])
        offer(self, "deputy", [("", "请选择"), *deputies])
