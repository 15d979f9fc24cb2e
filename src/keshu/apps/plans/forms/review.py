"""The shapes of what a reviewer types. What the values mean, and whether they are right, the services say."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms

from keshu.apps.plans.models import Measure, NodeKind, Op, OwnerRole, PlanKind, Tense, Tier

MISSING = {
    "indicator": "请填写指标名称，例如：高新技术企业数。",
    "heading": "请填写任务内容。",
    "name": "请填写责任单位。",
    "title": "请填写标题。",
}
GROUPS = (
    ("county", "全部县区"),
    ("park", "全部园区"),
    ("office", "全部处室"),
    ("unit", "全部直属单位"),
    ("department", "全部市直部门"),
)


class _Bare(forms.Form):
    """Fields of which only those with words for their absence are required; all else the services say."""

    use_required_attribute = False

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            field.required = name in MISSING
            if field.required:
                field.error_messages["required"] = MISSING[name]
                field.widget.attrs["aria-required"] = "true"


def _offer(form: forms.Form, name: str, choices: Sequence[tuple[int | str, str]]) -> None:
    """What a selection list holds depends on the plan."""
    field = form.fields[name]
    assert isinstance(field, forms.ChoiceField)
    field.choices = choices


class PlaceForm(_Bare):
    """A row that belongs under a heading of the plan."""

    node_id = forms.TypedChoiceField(label="所属任务", coerce=int, empty_value=None)

    def __init__(self, *args: Any, headings: Sequence[tuple[int, str]] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _offer(self, "node_id", [("", "（不属于任何任务）"), *headings])


class TargetForm(PlaceForm):
    """A target or an achieved figure, all fields."""

    indicator = forms.CharField(label="指标", max_length=200)
    tense = forms.ChoiceField(label="性质", choices=Tense.choices)
    op = forms.ChoiceField(label="要求", choices=Op.choices)
    value = forms.CharField(label="数值", max_length=30)
    value_high = forms.CharField(label="上限", max_length=30)
    unit = forms.CharField(label="计量单位", max_length=20)
    measure = forms.ChoiceField(label="口径", choices=Measure.choices)
    tier = forms.ChoiceField(label="档次", choices=Tier.choices)
    period = forms.CharField(label="时期", max_length=20)
    per = forms.CharField(label="每", max_length=20)
    benchmark = forms.CharField(label="比较对象", max_length=60)
    masked = forms.BooleanField(label="原文数字被隐去")

    field_order = ("indicator", "tense", "op", "value", "value_high", "unit", "measure", "tier", "period", "node_id")


class NodeForm(_Bare):
    """A heading of the tree."""

    label = forms.CharField(label="序号", max_length=20)
    heading = forms.CharField(label="内容", max_length=400, widget=forms.Textarea(attrs={"rows": 2}))
    kind = forms.ChoiceField(label="类别", choices=NodeKind.choices)
    due = forms.CharField(label="完成时限", max_length=20)
    parent_id = forms.TypedChoiceField(label="上级标题", coerce=int, empty_value=None)

    def __init__(self, *args: Any, headings: Sequence[tuple[int, str]] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _offer(self, "parent_id", [("", "（最上一级）"), *headings])


class MentionForm(_Bare):
    """A printed name and its role."""

    name = forms.CharField(label="责任单位", max_length=120)
    role = forms.ChoiceField(label="责任", choices=OwnerRole.choices)


class OwnerForm(MentionForm, PlaceForm):
    """A responsible body that the reading missed."""

    field_order = ("name", "role", "node_id")


class ResolveForm(_Bare):
    """What a printed name means: organisations, groups of them, or a body outside."""

    organisation_ids = forms.TypedMultipleChoiceField(label="单位", coerce=int)
    group = forms.MultipleChoiceField(label="一类单位", choices=GROUPS)
    is_outside = forms.BooleanField(label="系统外单位")
    remember = forms.BooleanField(label="记住这个写法，以后照此处理")

    def __init__(self, *args: Any, organisations: Mapping[int, str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _offer(self, "organisation_ids", list(organisations.items()))


class DetailsForm(_Bare):
    """What the document says of itself."""

    title = forms.CharField(label="标题", max_length=200)
    year = forms.IntegerField(label="年度", widget=forms.TextInput(attrs={"inputmode": "numeric"}))
    kind = forms.ChoiceField(label="类型", choices=PlanKind.choices)
    issuer = forms.CharField(label="文件署名单位", max_length=120)
    doc_number = forms.CharField(label="文号", max_length=60)
    published_on = forms.DateField(label="发文日期", widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))
