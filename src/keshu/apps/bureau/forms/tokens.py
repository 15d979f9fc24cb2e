"""What a new personal token asks for. Shape only; the services decide."""

from __future__ import annotations

from typing import Any

from django import forms

from keshu.apps.bureau.models import TokenScope

SPANS = ((7, "7 天"), (30, "30 天"), (90, "90 天"), (180, "半年"), (365, "一年"))


class TokenForm(forms.Form):
    """What it is for, what it may do, for how long; the person's own word for it."""

    name = forms.CharField(
        label="用途",
        max_length=60,
        help_text="写明哪个程序用，例如：每日同步填报数据。",
        error_messages={"required": "请写明用途，例如：每日同步填报数据。", "max_length": "用途最多 60 字。"},
    )
    scopes = forms.MultipleChoiceField(
        label="权限",
        choices=TokenScope.choices,
        widget=forms.CheckboxSelectMultiple,
        help_text="只勾选用得到的。“办理”包含同一项的读取；令牌能看到、能办理的，不会超过您本人。",
        error_messages={"required": "请至少选择一项权限。", "invalid_choice": "没有这项权限，请重新选择。"},
    )
    days = forms.TypedChoiceField(
        label="有效期",
        coerce=int,
        initial=90,
        error_messages={"required": "请选择有效期。", "invalid_choice": "请重新选择有效期。"},
    )
    password = forms.CharField(
        label="现用密码",
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
        help_text="确认是您本人在办理。",
        error_messages={"required": "请填写现用密码。"},
    )
    code = forms.CharField(
        label="验证码",
        max_length=40,
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code"}),
        help_text="手机上的 6 位数字，或一个恢复码。",
        error_messages={"required": "请填写验证码。"},
    )

    def __init__(self, *args: Any, longest: int, asks_code: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        spans = [span for span in SPANS if span[0] <= longest] or [(longest, f"{longest} 天")]
        days = self.fields["days"]
        assert isinstance(days, forms.ChoiceField)
        days.choices = spans
        if not any(span == self.fields["days"].initial for span, _ in spans):
            days.initial = spans[-1][0]
        if not asks_code:
            del self.fields["code"]
