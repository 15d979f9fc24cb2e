"""What a figure is counted by: 每家, 每个县区, 每万人."""

from __future__ import annotations

import pytest

from keshu.engines.plandoc import read_text


@pytest.mark.parametrize(
    ("words", "base"),
    [
        ("每家至少牵头1个项目。", "家"),
        ("每家企业至少牵头1个项目。", "企业"),
        ("每个县区至少建成1个创新综合体。", "县区"),
        ("每万人口发明专利拥有量达到12件。", "万人"),
        ("每季度举办对接会不少于1场。", "季度"),
    ],
)
def test_the_base_is_the_thing_counted_by(words: str, base: str) -> None:
    (claim,) = read_text(f"云山县2026年科技工作要点\n一、重点任务\n{words}\n").claims
    assert claim.per == base
