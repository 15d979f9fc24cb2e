"""Rules for every table: it says who may see its rows, has a Chinese name, and points down the house only."""

from __future__ import annotations

import inspect

import pytest
from django.apps import apps
from django.db import models
from tests.factories import make

MODELS = [model for model in apps.get_models() if model.__module__.startswith("keshu.")]
# From the ground up; the areas between indicators and evaluation never point at each other.
FLOORS = (
    ("bureau",),
    ("registry",),
    ("indicators",),
    ("cultivation", "programmes", "matching", "funds", "carriers", "outreach"),
    ("evaluation",),
    ("plans",),
    ("briefings",),
)
FLOOR_OF = {app: number for number, floor in enumerate(FLOORS) for app in floor}
# Django's own tables that ours may point to, and why.
OUTSIDE: set[tuple[str, str]] = {
    ("bureau.user", "auth.group"),  # AbstractUser brings groups; rights come from memberships alone
    ("bureau.user", "auth.permission"),
}


def label(model: type[models.Model]) -> str:
    return model._meta.label_lower


def test_there_are_models() -> None:
    assert {"bureau.organisation", "plans.workplan"} <= {label(model) for model in MODELS}


@pytest.mark.parametrize("model", MODELS, ids=label)
def test_every_table_says_who_may_see_its_rows(model: type[models.Model]) -> None:
    visible_to = getattr(model._default_manager, "visible_to", None)
    assert callable(visible_to), f"{label(model)} has no visible_to(user) on its default manager"
    assert list(inspect.signature(visible_to).parameters) == ["user"]


@pytest.mark.django_db
@pytest.mark.parametrize("model", MODELS, ids=label)
def test_visible_to_narrows_the_rows_of_whom_it_is_called_on(model: type[models.Model]) -> None:
    """It can be chained after other conditions, for a whole-site role and for somebody outside."""
    for role in ("auditor", "expert"):
        rows = model._default_manager.none().visible_to(make.person(role))  # type: ignore[attr-defined]
        assert isinstance(rows, models.QuerySet)
        assert list(rows) == []


@pytest.mark.parametrize("model", MODELS, ids=label)
def test_every_table_has_a_chinese_name(model: type[models.Model]) -> None:
    assert any("\u4e00" <= character <= "\u9fff" for character in str(model._meta.verbose_name))


@pytest.mark.parametrize("model", MODELS, ids=label)
def test_relations_point_down(model: type[models.Model]) -> None:
    own = model._meta.app_label
    for field in model._meta.get_fields():
        if not isinstance(field, models.ForeignKey | models.ManyToManyField):
            continue
        target = field.related_model
        assert isinstance(target, type)
        if (label(model), label(target)) in OUTSIDE or target._meta.app_label == own:
            continue
        there = target._meta.app_label
        assert FLOOR_OF[there] < FLOOR_OF[own], f"{label(model)}.{field.name} points from {own} to {there}"
