"""The catalogue of labels: every style by its own example, and the look-alikes that are none."""

from __future__ import annotations

import pytest

from keshu.engines.plandoc.structure.labels import CATALOGUE, LabelStyle, Style, label_at, number_of, scan


@pytest.mark.parametrize("entry", CATALOGUE, ids=lambda entry: entry.style.value)
def test_each_style_reads_its_own_example(entry: LabelStyle) -> None:
    text, label = entry.example
    found = label_at(text, 0, len(text))
    assert found is not None
    assert (found.style, found.text) == (entry.style, label)


@pytest.mark.parametrize(
    ("text", "style", "number"),
    [
        ("1、摸清底数", Style.DIGIT, 1),
        ("1.2023年新增平台", Style.DIGIT, 1),
        ("(二).做强园区", Style.HAN_PAREN, 2),
        ("〔一〕抓培育", Style.HAN_PAREN, 1),
        ("1)摸清底数", Style.DIGIT_PAREN, 1),
        ("十二、强化保障", Style.HAN, 12),
        ("第三篇 重点任务", Style.PART, 3),
        ("第四部分 保障措施", Style.PART, 4),
        ("第三章 重点任务", Style.CHAPTER, 3),
        ("二是:抓服务", Style.STEP, 2),
        ("三要抓落实", Style.MUST, 3),
        ("第二,抓平台", Style.ORDINAL, 2),
        ("③丙任务", Style.CIRCLED, 3),
        ("问:谁可以申报?", Style.QUESTION, None),
    ],
)
def test_variants(text: str, style: Style, number: int | None) -> None:
    found = label_at(text, 0, len(text))
    assert found is not None
    assert (found.style, found.number) == (style, number)


@pytest.mark.parametrize(
    "text",
    [
        "2.5亿元资金",
        "1.1亿元",
        "2021.3.1成文",
        "一、二、三产业融合",
        "一、二级平台",
        "第一、二、三批分别申报",
        "一要求各单位",
        "3月底前完成",
        "12%以上",
        "7×24小时",
    ],
)
def test_decimals_dates_and_lists_are_no_labels(text: str) -> None:
    assert label_at(text, 0, len(text)) is None


def test_labels_count_only_where_a_heading_can_begin() -> None:
    text = "第2、3季度继续。按照办法(一)执行\n二、做强平台。3.落实"
    assert [label.text for label in scan(text, 0, len(text))] == ["二、", "3."]


def test_numbers_of_labels() -> None:
    assert [number_of(label) for label in ("二十一、", "十、", "(三)", "10.", "⑳", "C.", "——")] == [
        21,
        10,
        3,
        10,
        20,
        3,
        None,
    ]
