"""Spans are half-open stretches of a text."""

import pytest

from keshu.kernel.span import Span


def test_a_span_covers_its_characters() -> None:
    assert Span(2, 4).of("新增高企60家") == "高企"
    assert len(Span(2, 4)) == 2


def test_overlap_and_containment() -> None:
    assert Span(0, 3).overlaps(Span(2, 5))
    assert not Span(0, 3).overlaps(Span(3, 5))
    assert Span(0, 5).contains(Span(0, 5))
    assert not Span(0, 5).contains(Span(4, 6))


@pytest.mark.parametrize(("start", "end"), [(-1, 2), (3, 2)])
def test_a_span_never_runs_backward(start: int, end: int) -> None:
    with pytest.raises(ValueError, match="forward"):
        Span(start, end)
