"""What the pages of appraisals ask for. Shape only; the services decide."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django import forms

from keshu.apps.briefings.models import AppraisalKind


class BeginForm(forms.Form):
    """Which year, and who is scored."""

    year = forms.TypedChoiceField(label="年度", coerce=int)
    kind = forms.ChoiceField(label="考核对象", choices=AppraisalKind.choices)

    def __init__(self, *args: Any, years: Iterable[int], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["year"].choices = [(year, f"{year}年") for year in years]  # type: ignore[attr-defined]
        self.fields[
            "kind"
        ].help_text = "处室和县区分开考核、分开排名。考核办法沿用上一年的；第一次用示例办法，建立后再改。"


class ObjectionForm(forms.Form):
    """What the scored say, and against what; `targets` are groups of what may be chosen, the first is chosen."""

    target = forms.ChoiceField(label="针对")
    text = forms.CharField(
        label="异议", max_length=1000, widget=forms.Textarea(attrs={"rows": 5}),
        error_messages={"required": "请写明异议的内容和依据。"},
    )  # fmt: skip
    text.help_text = "写明哪里不符、依据是什么。规划办公室答复后会发消息。"

    def __init__(self, *args: Any, targets: Iterable[tuple[str, Any]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["target"].choices = list(targets)  # type: ignore[attr-defined]
        self.fields["target"].error_messages["invalid_choice"] = (
            "评分表里没有这一项，可能刚重新计算过，请刷新页面再试。"
        )


class CutOffForm(forms.Form):
    """What of a scheme is no rule: the last day, who is left out."""

    until = forms.DateField(
        label="数据截止日", required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"invalid": "请填日期，例如 2027-01-15。"},
    )  # fmt: skip
    until.help_text = "只计到这一天为止的台账。不填则计到查看的当天，公布时固定。"
    left_out = forms.TypedMultipleChoiceField(
        label="不参加考核的单位", required=False, coerce=int, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args: Any, organisations: Iterable[tuple[int, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["left_out"].choices = list(organisations)  # type: ignore[attr-defined]


RULE_FIELDS = ("key", "name", "kind", "weight", "counting", "absence", "late", "cap", "each", "least", "start", "tiers")
# So many empty lines stand under the rules and grades for more.
MORE = 2


def posted_scheme(data: Any) -> dict[str, Any]:
    """The scheme as the page's rows give it: `rule-0-name` and so on; rows without a name are left out."""
    rules = [each for each in _rows(data, "rule", RULE_FIELDS) if each["name"]]
    taken = {each["key"] for each in rules}
    for each in rules:
        if not each["key"]:
            each["key"] = _free_key(taken)
            taken.add(each["key"])
        each["tiers"] = _tiers(each["tiers"])
        for name, usual in (("late", "0"), ("cap", "100"), ("each", "0"), ("least", "0"), ("start", "0")):
            each[name] = each[name] or usual
    grades = [each for each in _rows(data, "grade", ("name", "at_least")) if each["name"]]
    return {"rules": rules, "grades": grades, "least_items": str(data.get("least_items", "")).strip()[:20] or "0"}


def _rows(data: Any, word: str, names: Iterable[str]) -> list[dict[str, Any]]:
    found, at = [], 0
    while f"{word}-{at}-name" in data and at < 40:
        found.append({name: str(data.get(f"{word}-{at}-{name}", "")).strip()[:200] for name in names})
        at += 1
    return found


def _free_key(taken: Iterable[str]) -> str:
    known, number = set(taken), 1
    while f"r{number}" in known:
        number += 1
    return f"r{number}"


def _tiers(text: str) -> list[list[str]]:
    """``90=100，70=60`` as pairs of share and part, both in per cent; what is not understood stays for the service to refuse."""
    parts = [part for part in text.replace("，", ",").replace("；", ",").replace(";", ",").split(",") if part.strip()]
    pairs = []
    for part in parts:
        share, _, given = part.replace("＝", "=").replace("%", "").partition("=")
        pairs.append([share.strip(), given.strip()])
    return pairs


def tiers_text(rule: Mapping[str, Any]) -> str:
    """The other way round."""
    return "，".join(f"{share}={part}" for share, part in rule.get("tiers", ()))
