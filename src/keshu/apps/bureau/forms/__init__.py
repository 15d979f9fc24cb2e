"""What pages of the house ask for. Shape only; the services decide."""

from keshu.apps.bureau.forms.calendar import CalendarDayForm
from keshu.apps.bureau.forms.choices import offer
from keshu.apps.bureau.forms.register import (
    AliasForm,
    ClosingForm,
    CodeForm,
    ContactForm,
    EndingForm,
    GivenPasswordForm,
    OrganisationForm,
    PasswordForm,
    PersonForm,
    RestoringForm,
    RoleForm,
    SecondFactorOffForm,
    SignInCodeForm,
    SignInForm,
    SwitchingForm,
)
from keshu.apps.bureau.forms.reorganisation import DelegationForm, ReorganisationForm
from keshu.apps.bureau.forms.robots import RobotForm

__all__ = [
    "AliasForm",
    "CalendarDayForm",
    "ClosingForm",
    "CodeForm",
    "ContactForm",
    "DelegationForm",
    "EndingForm",
    "GivenPasswordForm",
    "OrganisationForm",
    "PasswordForm",
    "PersonForm",
    "ReorganisationForm",
    "RestoringForm",
    "RobotForm",
    "RoleForm",
    "SecondFactorOffForm",
    "SignInCodeForm",
    "SignInForm",
    "SwitchingForm",
    "offer",
]
