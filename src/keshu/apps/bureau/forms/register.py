"""What pages on people, organisations and names ask for. Shape only; the services decide."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.contrib.auth.forms import AuthenticationForm

from keshu.apps.bureau.forms.choices import offer
from keshu.apps.bureau.models import OrganisationKind, Role
from keshu.apps.bureau.services.people import PASSWORD_RULES


class SignInForm(AuthenticationForm):
    """The same answer for a wrong name, a wrong password and an account switched off."""

    error_messages = {
        "invalid_login": "用户名或密码不对，请重新输入。连续输错 5 次，将暂停登录 15 分钟。",
        "inactive": "用户名或密码不对，请重新输入。连续输错 5 次，将暂停登录 15 分钟。",
    }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["username"].label = "用户名"
        self.fields["password"].label = "密码"
        for field in self.fields.values():
            field.error_messages["required"] = f"请填写{field.label}。"


def _listed(*rules: str) -> str:
    """Help in several lines, which a field shows as a list."""
    return "\n".join(rules)


class PasswordForm(forms.Form):
    """One's own password: the present one once, the new one twice."""

    old_password = forms.CharField(
        label="现用密码",
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password", "autofocus": True}),
        error_messages={"required": "请填写现用密码。"},
    )
    new_password1 = forms.CharField(
        label="新密码",
        strip=False,
        help_text=_listed(*PASSWORD_RULES),
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        error_messages={"required": "请填写新密码。"},
    )
    new_password2 = forms.CharField(
        label="再输一次新密码",
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        error_messages={"required": "请再输一次新密码。"},
    )

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        first, second = data.get("new_password1"), data.get("new_password2")
        if first and second and first != second:
            self.add_error("new_password2", "两次输入的新密码不一样，请重新输入。")
        return data


class ContactForm(forms.Form):
    """What a person keeps of their own card."""

    phone = forms.CharField(label="联系电话", max_length=30, required=False, help_text="例如 0511-88880000。")
    email = forms.CharField(label="邮箱", max_length=254, required=False, help_text="例如 linjing@example.cn。")


class CodeForm(forms.Form):
    """A code of the authenticator."""

    code = forms.CharField(
        label="验证码",
        max_length=40,
        help_text="手机验证器上正在显示的 6 位数字。",
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code", "inputmode": "numeric", "autofocus": True}),
        error_messages={"required": "请输入验证码。"},
    )


class SignInCodeForm(CodeForm):
    """At sign-in a recovery code, which has letters, does as well."""

    code = forms.CharField(
        label="验证码或恢复码",
        max_length=40,
        help_text="手机验证器上正在显示的 6 位数字。手机不在身边，输入一个没有用过的恢复码。",
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code", "autofocus": True}),
        error_messages={"required": "请输入验证码或恢复码。"},
    )


class SecondFactorOffForm(SignInCodeForm):
    password = forms.CharField(
        label="现用密码",
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
        error_messages={"required": "请填写现用密码。"},
    )
    field_order = ("password", "code")


class GivenPasswordForm(forms.Form):
    """A password set for somebody else, who changes it at the next sign-in."""

    new_password1 = forms.CharField(
        label="初始密码",
        help_text=_listed(*PASSWORD_RULES, "请告知本人，本人下次登录时须改为自己的密码"),
        error_messages={"required": "请填写初始密码。"},
    )


class OrganisationForm(forms.Form):
    name = forms.CharField(
        label="全称",
        max_length=120,
        help_text="这里只改写错的名称，以前的台账也随之改写。机构改革中的更名请办理“机构调整”，以前的台账仍用旧名。",
        error_messages={"required": "请填写单位全称，例如：云澜市科学技术局。"},
    )
    short_name = forms.CharField(
        label="简称", max_length=40, required=False, help_text="台账中显示的名称，不填则用全称。"
    )
    kind = forms.ChoiceField(label="类别", choices=OrganisationKind.choices, initial=OrganisationKind.OFFICE)
    parent = forms.TypedChoiceField(label="上级单位", required=False, coerce=int, empty_value=None)
    why = forms.CharField(label="变更依据", max_length=400, required=False, help_text="例如：编办〔2026〕5号。")

    def __init__(self, *args: Any, parents: Iterable[tuple[int, str]], is_new: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "parent", [("", "无（最上级）"), *parents])
        if not is_new:
            del self.fields["kind"]
        else:
            del self.fields["why"]
            self.fields["name"].help_text = ""


class ClosingForm(forms.Form):
    on = forms.DateField(
        label="撤并日期",
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text="从这一天起不再列入单位名单。",
        error_messages={"required": "请填写撤并日期。", "invalid": "请按 2026-03-05 的格式填写日期。"},
    )
    why = forms.CharField(
        label="原因和依据",
        max_length=400,
        help_text="例如：机构改革，职能并入成果处。",
        error_messages={"required": "请写明原因和依据，例如：机构改革，职能并入成果处。"},
    )


class PersonForm(forms.Form):
    name = forms.CharField(label="姓名", max_length=60, error_messages={"required": "请填写姓名。"})
    username = forms.CharField(
        label="用户名",
        max_length=30,
        help_text="登录用，英文字母、数字、点、横线或下划线。",
        error_messages={"required": "请填写用户名，例如 linjing。"},
    )
    phone = forms.CharField(label="联系电话", max_length=30, required=False)
    email = forms.CharField(label="邮箱", max_length=254, required=False)
    new_password1 = forms.CharField(
        label="初始密码",
        help_text=_listed(*PASSWORD_RULES, "请告知本人，首次登录须改密码"),
        error_messages={"required": "请填写初始密码。"},
    )
    organisation = forms.TypedChoiceField(label="任职单位", coerce=int, error_messages={"required": "请选择任职单位。"})
    role = forms.ChoiceField(
        label="角色", choices=[("", "请选择"), *Role.choices], error_messages={"required": "请选择角色。"}
    )

    def __init__(self, *args: Any, organisations: Iterable[tuple[int, str]], is_new: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "organisation", [("", "请选择"), *organisations])
        if not is_new:
            for name in ("new_password1", "organisation", "role"):
                del self.fields[name]


class RoleForm(forms.Form):
    organisation = forms.TypedChoiceField(label="任职单位", coerce=int, error_messages={"required": "请选择任职单位。"})
    role = forms.ChoiceField(
        label="角色", choices=[("", "请选择"), *Role.choices], error_messages={"required": "请选择角色。"}
    )
    from_on = forms.DateField(
        label="任职起",
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"required": "请填写任职起。", "invalid": "请按 2026-03-05 的格式填写日期。"},
    )

    def __init__(self, *args: Any, organisations: Iterable[tuple[int, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "organisation", [("", "请选择"), *organisations])


class EndingForm(forms.Form):
    until_on = forms.DateField(
        label="任职止",
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text="从这一天起不再担任。",
        error_messages={"required": "请填写任职止。", "invalid": "请按 2026-03-05 的格式填写日期。"},
    )
    why = forms.CharField(label="原因", max_length=400, required=False, help_text="例如：调离本局。")


class SwitchingForm(forms.Form):
    why = forms.CharField(
        label="原因",
        max_length=400,
        help_text="例如：调离本局。",
        error_messages={"required": "请写明原因，例如：调离本局。"},
    )


class RestoringForm(forms.Form):
    why = forms.CharField(
        label="原因",
        max_length=300,
        help_text="例如：上次修改有误。",
        error_messages={"required": "请写明恢复的原因，例如：上次修改有误。"},
    )


class AliasForm(forms.Form):
    text = forms.CharField(
        label="文件中的写法", max_length=120, error_messages={"required": "请填写文件中的写法，例如：各县区。"}
    )
    organisation = forms.TypedChoiceField(label="对应单位", required=False, coerce=int, empty_value=None)
    group = forms.MultipleChoiceField(
        label="或对应一类单位",
        required=False,
        choices=OrganisationKind.choices,
        widget=forms.CheckboxSelectMultiple,
        help_text="写法代表一类单位（各县区、各园区）时勾选，不再选对应单位。",
    )

    def __init__(self, *args: Any, organisations: Iterable[tuple[int, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "organisation", [("", "（不选）"), *organisations])
