"""A text of little else but figures is refused, and soon."""

from __future__ import annotations

import pytest

from keshu.engines.plandoc import PlanDocumentError, read_text


@pytest.mark.parametrize("unit", ["30家,", "新增企业5家。\n", "| 甲 | 1家 | 2家 | 3家 |\n"])
def test_more_figures_than_any_plan_holds_are_refused(unit: str) -> None:
    with pytest.raises(PlanDocumentError, match=r"超过 5 万个.*请确认文件是否选对.*。$"):
        read_text("一、目标\n" + unit * 60_000)


def test_a_long_plan_is_read() -> None:
    document = read_text("一、目标\n" + "".join(f"新增示范企业{number}家。\n" for number in range(1, 3001)))
    assert [claim.value for claim in document.claims[:3]] == [1, 2, 3]
    assert len(document.claims) == 3000


def test_more_lines_than_any_plan_has_are_refused() -> None:
    with pytest.raises(PlanDocumentError, match="超过 10 万行"):
        read_text("6\n" * 150_000)
