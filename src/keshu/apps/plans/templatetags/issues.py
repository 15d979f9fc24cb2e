"""The way to raise an issue from the pages of targets and tasks."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django import template

from keshu.apps.plans.permissions.issues import may_raise_issues

if TYPE_CHECKING:
    from keshu.apps.bureau.models import User

register = template.Library()


@register.filter
def may_raise(user: User) -> bool:
    """Whether to offer 登记问题 to this person."""
    return may_raise_issues(user)
