"""Numbers that run on through the chapters (一、(一)(二) … 二、(三)) stay below their chapter, like those that start anew."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.engines.plandoc.structure.conftest import read

from keshu.engines.plandoc.document import NodeKind

Outline = Callable[[str], list[tuple[int, str, str]]]
TITLE = "云澜市2024年科技工作要点\n"
HAN = "一二三四五六七八九十"
# Ways of numbering two levels: the outer and the inner label of a number.
PAIRS = {
    "一、(一)": ("{han}、", "({han})"),
    "一、1.": ("{han}、", "{digit}."),
    "(一)1.": ("({han})", "{digit}."),
    "(一)一是": ("({han})", "{han}是"),
    "1、1.": ("{digit}、", "{digit}."),
    "1.(1)": ("{digit}.", "({digit})"),
    "(1)1)": ("({digit})", "{digit})"),
    "第一章第一节": ("第{han}章 ", "第{han}节 "),
    "第一篇第一章": ("第{han}篇 ", "第{han}章 "),
    "第一部分一、": ("第{han}部分 ", "{han}、"),
    "第一章一、": ("第{han}章 ", "{han}、"),
}


def outline_of_labels(labels: list[str]) -> list[int]:
    """The levels of headings with these labels, one a line."""
    lines = [f"{label}推进{word}建设" for label, word in zip(labels, _words(), strict=False)]
    nodes = read(TITLE + "\n".join(lines) + "\n").nodes
    assert [node.label.strip() for node in nodes] == [label.strip() for label in labels]
    return [node.level for node in nodes]


def _words() -> list[str]:
    return [f"{first}{second}平台" for first in "甲乙丙丁戊己庚辛壬癸" for second in "东南西北中"]


def label(form: str, number: int) -> str:
    return form.format(han=HAN[number - 1], digit=number)


@pytest.mark.parametrize("pair", PAIRS)
@given(
    sizes=st.lists(st.integers(0, 4), min_size=1, max_size=8).filter(lambda sizes: sum(sizes) <= 10), runs=st.booleans()
)
@settings(max_examples=30, deadline=None)
def test_inner_headings_stand_below_the_outer_one(pair: str, sizes: list[int], runs: bool) -> None:
    outer, inner = PAIRS[pair]
    sizes = [max(sizes[0], 1), *sizes[1:]]
    labels, levels, reached = [], [], 0
    for chapter, size in enumerate(sizes, start=1):
        labels.append(label(outer, chapter))
        levels.append(1)
        reached = reached if runs else 0
        for _ in range(size if reached + size <= len(HAN) else 0):
            reached += 1
            labels.append(label(inner, reached))
            levels.append(2)
    assert outline_of_labels(labels) == levels


def test_a_chapter_over_running_numbers_is_a_section() -> None:
    text = TITLE + (
        "一、壮大创新主体\n(一)培育企业。新增高企10家。\n(二)扶持瞪羚。新增5家。\n"
        "二、强化平台支撑\n(三)建设平台。新建2家。\n(四)提升园区。新建1家。\n"
    )
    found = [(node.label, node.kind, node.parent) for node in read(text).nodes]
    section, action = NodeKind.SECTION, NodeKind.ACTION
    assert found == [
        ("一、", section, None), ("(一)", action, 0), ("(二)", action, 0),
        ("二、", section, None), ("(三)", action, 3), ("(四)", action, 3),
    ]  # fmt: skip


def test_three_levels_run_on() -> None:
    labels = ["一、", "(一)", "1.", "2.", "(二)", "3.", "二、", "(三)", "4.", "(四)", "三、", "(五)", "5.", "6."]
    assert outline_of_labels(labels) == [1, 2, 3, 3, 2, 3, 1, 2, 3, 2, 1, 2, 3, 3]


def test_the_second_level_runs_on_and_the_third_starts_anew() -> None:
    labels = ["一、", "(一)", "1.", "2.", "(二)", "1.", "二、", "(三)", "1.", "2.", "3."]
    assert outline_of_labels(labels) == [1, 2, 3, 3, 2, 3, 1, 2, 3, 3, 3]


def test_parts_chapters_and_sections_run_on() -> None:
    labels = ["第一篇 ", "第一章 ", "第一节 ", "第二节 ", "第二章 ", "第三节 ", "第二篇 ", "第三章 ", "第四节 "]
    assert outline_of_labels(labels) == [1, 2, 3, 3, 2, 3, 1, 2, 3]


def test_a_chapter_in_the_wrong_brackets_is_still_a_chapter() -> None:
    """(三) could go on from (二); that 四、 is the next chapter tells that it was meant as 三、."""
    assert outline_of_labels(["一、", "(一)", "(二)", "二、", "(三)", "四、"]) == [1, 2, 2, 1, 1, 1]
    assert outline_of_labels(["一、", "(一)", "(二)", "二、", "(三)", "三、"]) == [1, 2, 2, 1, 2, 1]
    assert outline_of_labels(["一、", "二、", "(三)", "四、"]) == [1, 1, 1, 1]


def test_a_chapter_that_was_lost_does_not_break_the_run() -> None:
    """Where 三、 is missing, (三)(四) still belong together."""
    assert outline_of_labels(["一、", "(一)", "(二)", "二、", "(三)", "(四)", "四、", "(五)"]) == [
        1,
        2,
        2,
        1,
        2,
        2,
        1,
        2,
    ]


def test_marks_mixed_on_one_level_are_one_level() -> None:
    assert outline_of_labels(["一、", "1、", "2.", "3、", "二、", "1.", "2、"]) == [1, 2, 2, 2, 1, 2, 2]
    assert outline_of_labels(["一、", "1、", "1.", "2.", "3、", "4."]) == [1, 2, 3, 3, 3, 3]


def test_section_names_between_the_chapters() -> None:
    text = TITLE + "重点任务\n一、建设平台\n二、培育企业\n保障措施\n三、加强领导\n四、加大投入\n"
    assert [node.level for node in read(text).nodes] == [1, 2, 2, 1, 2, 2]
    text = TITLE + "一、壮大主体\n(一)甲企业\n(二)乙企业\n二、强化平台\n重点任务\n(三)丙平台\n(四)丁平台\n"
    assert [node.level for node in read(text).nodes] == [1, 2, 2, 1, 2, 3, 3]


def test_the_next_year_counts_for_itself() -> None:
    text = (
        TITLE
        + "2023年工作总结\n一、甲企业\n(一)乙企业\n(二)丙企业\n2024年工作打算\n一、丁平台\n二、戊平台\n(三)己平台\n"
    )
    assert [node.level for node in read(text).nodes] == [1, 2, 3, 3, 1, 2, 2, 2]


@pytest.mark.parametrize(
    ("first", "behind"),
    [
        ("(一)甲企业。建成两家。(二)乙企业。", "(三)丙平台。建成。(四)丁平台。建成。"),
        ("1.甲企业。建成两家。2.乙企业。", "3.丙平台。建成。4.丁平台。建成。"),
    ],
)
@pytest.mark.parametrize("between", ["", "。围绕产业布局平台。"])
def test_flattened_text(first: str, behind: str, between: str, outline_of: Outline) -> None:
    """Without line breaks: glued to the words of the chapter, or behind its opening sentence."""
    found = outline_of(TITLE + f"一、壮大主体{first}建成两家。二、强化支撑{between}{behind}\n")
    assert [level for level, _, _ in found] == [1, 2, 2, 1, 2, 2]
    assert [heading for _, _, heading in found] == ["壮大主体", "甲企业", "乙企业", "强化支撑", "丙平台", "丁平台"]


def test_steps_in_running_text_run_on(outline_of: Outline) -> None:
    found = outline_of(TITLE + "(一)甲企业。一是建设平台。二是建设基地。\n(二)乙企业。三是引进人才。四是出台政策。\n")
    assert [level for level, _, _ in found] == [1, 2, 2, 1, 2, 2]
