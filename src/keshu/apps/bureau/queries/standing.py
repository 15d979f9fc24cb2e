"""Whose data the database holds: a real bureau's, the demo city's, or nobody's yet."""

from __future__ import annotations

from keshu.apps.bureau.models import Organisation, User


def has_real_data() -> bool:
    """Whether any organisation is not of the demo city."""
    return Organisation.objects.filter(is_demo=False).exists()


def has_demo_data() -> bool:
    """Whether the demo city is loaded."""
    return Organisation.objects.filter(is_demo=True).exists()


def has_people() -> bool:
    """Whether anybody has an account."""
    return User.objects.exists()
