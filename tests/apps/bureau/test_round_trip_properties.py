"""For any rows: what went out and came back changes nothing. For any edits: exactly those cells change, and nothing else."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.apps.bureau.workbooks import HEAD, columns, confirmed, differences, edited, faults, received, states, to_fill
from tests.factories import make

from keshu.apps.bureau.models import Organisation, User

pytestmark = pytest.mark.django_db

KEY = "bureau.organisations"
ROWS = 12
few = settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
# Short names as they may stand in the table: what begins a formula, what looks like numbers and days, line ends, emoji.
letters = st.text(
    st.characters(exclude_categories=("Cs", "Cn", "Co"), exclude_characters="_\x00"), min_size=1, max_size=20
)
tricky = st.sampled_from(
    ["=1+1", "+86", "-3", "@甲", "00123", "1e5", "2026-03-05", "TRUE", "是", "#N/A", "甲\n乙", "　甲　", "'甲"]
)
names = (letters | tricky).filter(lambda text: text.strip(" \t\r\n\u3000\xa0\ufeff\x85\u2028") != "")


@contextmanager
def undone() -> Iterator[None]:
    """What an example does to the table is taken back before the next."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


@pytest.fixture
def planner() -> User:
    return make.site().people["planner"]


@few
@given(
    short_names=st.lists(names, min_size=1, max_size=6),
    positions=st.lists(st.integers(0, 999_999), min_size=6, max_size=6),
)
def test_what_went_out_untouched_changes_nothing(planner: User, short_names: list[str], positions: list[int]) -> None:
    with undone():
        for number, short_name in enumerate(short_names):
            row = make.enterprise(name=f"第{number}公司", short_name=short_name)
            Organisation.objects.filter(pk=row.pk).update(position=positions[number])
        run = received(to_fill(KEY, planner), KEY, planner)
        assert (faults(run), differences(run), list(states(run))) == ([], {}, ["unchanged"])


edits = st.dictionaries(
    st.tuples(st.integers(0, ROWS - 1), st.sampled_from(["简称", "排序"])),
    st.tuples(
        st.text("甲乙丙丁=+-@ab1２ 　", min_size=1, max_size=8).filter(lambda t: t.strip(" 　") != ""),
        st.integers(0, 99_999),
    ),
    max_size=8,
)


@few
@given(edits=edits)
def test_random_edits_are_exactly_the_changes(planner: User, edits: dict[tuple[int, str], tuple[str, int]]) -> None:
    with undone():
        companies = [make.enterprise(name=f"第{number}公司") for number in range(ROWS)]
        before = {row.pk: (row.short_name, row.position) for row in Organisation.objects.all()}

        def edit(page: Any) -> None:
            places, rows = columns(page), {page.cell(n, 1).value: n for n in range(HEAD + 1, page.max_row + 1)}
            for (number, label), (text, position) in edits.items():
                cell = page.cell(rows[companies[number].name], places[label])
                cell.value = position if label == "排序" else text
                cell.data_type = "n" if label == "排序" else "s"

        expected = dict(before)
        for (number, label), (text, position) in edits.items():
            short_name, place = expected[companies[number].pk]
            wanted = (text.strip(" 　"), place) if label == "简称" else (short_name, position)
            expected[companies[number].pk] = wanted
        changed = {pk for pk in before if before[pk] != expected[pk]}
        run = received(edited(to_fill(KEY, planner), edit), KEY, planner)
        assert faults(run) == []
        assert states(run).get("changed", 0) == len(changed)
        if changed:
            run = confirmed(run)
        after = {row.pk: (row.short_name, row.position) for row in Organisation.objects.all()}
        assert after == expected
