"""What the page of a group robot asks for."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms

from keshu.apps.bureau.forms.choices import offer
from keshu.apps.bureau.models import RobotKind
from keshu.apps.bureau.services.robots import RobotFields


class RobotForm(forms.Form):
    """Of a robot that there is (`is_known`), address and secret are asked for only to change them."""

    name = forms.CharField(
        label="名称", max_length=60, help_text="例如：高新处工作群。", error_messages={"required": "请填写名称。"}
    )
    organisation = forms.TypedChoiceField(
        label="所属单位", coerce=int, error_messages={"required": "请选择单位。", "invalid_choice": "请选择单位。"}
    )
    kind = forms.ChoiceField(
        label="类型",
        choices=RobotKind.choices,
        error_messages={"required": "请选择类型。", "invalid_choice": "请选择类型。"},
    )
    address = forms.CharField(
        label="地址",
        max_length=500,
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
        error_messages={"required": "请从群机器人的设置里复制地址。"},
    )
    secret = forms.CharField(
        label="密钥",
        max_length=200,
        required=False,
        strip=True,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )
    drops_secret = forms.BooleanField(label="不再用密钥签名", required=False)
    hears = forms.TypedChoiceField(
        label="告知范围",
        coerce=int,
        help_text="群里只能收到这个单位和下属单位的事项。",
        error_messages={"required": "请选择告知范围。", "invalid_choice": "请选择告知范围。"},
    )
    topics = forms.MultipleChoiceField(
        label="告知内容",
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "请至少选一项告知内容。", "invalid_choice": "请从列出的内容里选。"},
    )

    def __init__(
        self,
        *args: Any,
        organisations: Iterable[tuple[int, str]],
        hears: Iterable[tuple[int, str]],
        topics: Iterable[tuple[str, str]],
        is_known: bool = False,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "organisation", organisations)
        offer(self, "hears", hears)
        offer(self, "topics", topics)
        self.fields["address"].required = not is_known
        kept = "不修改就留空。" if is_known else ""
        self.fields["address"].help_text = f"从群机器人的设置里整段复制（Webhook 地址）。{kept}保存以后不再显示。"
        whose = "钉钉选“加签”、飞书选“签名校验”时给出的密钥；企业微信没有密钥。"
        self.fields["secret"].help_text = f"{whose}{kept}保存以后不再显示。"
        if not is_known:
            del self.fields["drops_secret"]

    @property
    def given(self) -> RobotFields:
        data = self.cleaned_data
        return RobotFields(
            name=data["name"], kind=data["kind"], organisation_id=data["organisation"], hears_id=data["hears"],
            topics=tuple(data["topics"]), address=data["address"], secret=data["secret"],
            drops_secret=data.get("drops_secret", False),
        )  # fmt: skip
