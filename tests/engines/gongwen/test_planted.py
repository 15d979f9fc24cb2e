"""One planted fault is one finding of the right rule, and sound documents have none (clauses in `planted.PLANTS`)."""

from __future__ import annotations

from collections import Counter

import pytest
from tests.engines.gongwen.planted import PLANTS, SOUND, Plant

from keshu.engines import gongwen as gw


@pytest.mark.parametrize("name", SOUND)
def test_sound_documents_have_no_finding(name: str) -> None:
    assert [str(each) for each in gw.check_document(SOUND[name]().bytes())] == []


@pytest.mark.parametrize("plant", PLANTS, ids=lambda plant: plant.name)
def test_a_planted_fault_is_found_and_nothing_else(plant: Plant) -> None:
    findings = gw.check_document(plant.document())
    assert [each.rule for each in findings] == [plant.rule], [str(each) for each in findings]
    assert findings[0].is_mechanical is plant.is_mended
    clause = gw.RULES[plant.rule].clause
    assert plant.clause.startswith(clause)
    assert findings[0].citation == (f"GB/T 9704-2012 {clause}" if clause else "排版惯例")


@pytest.mark.parametrize("plant", PLANTS, ids=lambda plant: plant.name)
def test_what_is_mechanical_is_mended_in_one_go(plant: Plant) -> None:
    fixed = plant.fixed()
    assert bool(fixed.left) is not plant.is_mended, [str(each) for each in fixed.left]
    assert gw.check_document(fixed.data) == list(fixed.left)
    assert [each.rule for each in (*fixed.mended, *fixed.left)] == [plant.rule]


def test_every_rule_has_its_plant() -> None:
    assert {plant.rule for plant in PLANTS} == set(gw.RULES)


def test_no_two_plants_are_alike() -> None:
    assert [name for name, count in Counter(plant.name for plant in PLANTS).items() if count > 1] == []
