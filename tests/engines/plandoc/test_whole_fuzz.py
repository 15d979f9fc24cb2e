"""The whole engine on texts nobody wrote: places hold, nothing but a refusal is raised, site furniture changes no figure."""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from html import escape

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.engines.plandoc.reading.files import pdf, repacked, word

from keshu.engines import plandoc
from keshu.engines.plandoc.document import PlanDocument, PlanDocumentError

ATOMS = (
    *(
        "一、主要目标\n",
        "二、重点任务\n",
        "(一)培育主体。",
        "1.实施行动。",
        "一是抓好落实。",
        "第一章 总则\n",
        "2026年工作打算\n",
    ),
    *(
        "2025年工作总结\n",
        "新增",
        "高新技术企业",
        "达到",
        "确保",
        "力争",
        "突破",
        "不少于",
        "以上",
        "左右",
        "近",
        "其中",
        "分别",
    ),
    *(
        "同比增长",
        "占",
        "比重",
        "全省第",
        "前",
        "位",
        "30家",
        "2.5%",
        "1.2亿元",
        "三成",
        "三分之一",
        "一百二十项",
        "xx家",
        "×%",
    ),
    *(
        "零的突破",
        "全覆盖",
        "翻一番",
        "5—8家",
        "10至12个",
        "每季度1场",
        "国家级、省级",
        "平台",
        "2家和9家",
        "、",
        "，",
        "。",
        "；",
    ),
    *(
        "(",
        ")",
        "（",
        "“",
        "”",
        "\n",
        "\n\n",
        "\t",
        " ",
        "　",
        "责任单位:规划处、各县区\n",
        "(高新处牵头,各县区配合)",
        "8月底前",
    ),
    *(
        "牵头单位:高新处;配合单位:市财政局\n",
        "完成时限:6月底\n",
        "2021—2025年",
        "“十四五”",
        "到2027年",
        "上半年",
        "截至10月底",
    ),
    *(
        "| 指标 | 单位 | 2025年 | 责任单位 |\n",
        "| 高企 | 家 | 520 | 高新处 |\n",
        "| --- | --- | --- | --- |\n",
        "【问】哪些?",
    ),
    *(
        "由12家增至30家",
        "较上年提高0.3个百分点",
        "尚差4件",
        "是2020年的2倍",
        "1:3",
        "\f",
        "１２",
        "l00家",
        "區(qū)",
        "創新",
        "附件:",
    ),
    *(
        "云科发〔2026〕6号",
        "索引号:",
        "关于印发《",
        "》的通知",
        "抄送:",
        "A.",
        "①",
        "%",
        "十",
        "〇",
        "—",
        "~",
        "≥",
        "|",
        "[",
        "0",
        "第",
    ),
)
_TEXTS = st.lists(st.sampled_from(ATOMS), min_size=3, max_size=60).map("".join)
_PLAN = (
    "某市科学技术局2026年工作要点",
    "一、主要目标",
    "力争新增高新技术企业30家以上，技术合同成交额突破12亿元，研发投入强度达到2.6%。",
    "二、重点任务",
    "1.培育企业。到2027年科技型中小企业达到500家，同比增长8%。(高新处牵头，各县区配合)",
    "2.建设平台。8月底前建成市级平台5个、省级平台2个。",
)
WORST = (
    *(
        "\n",
        "\r\n",
        " \n",
        "\n\t",
        "　",
        " ",
        "\t",
        "\f\n",
        "....",
        "…",
        "·",
        "_",
        ". ",
        "- ",
        "- 1 -\n",
        "| ",
        "|\n",
        "| a |\n",
    ),
    *(
        "一",
        "十",
        "1",
        "2.",
        "xx",
        "、",
        "，",
        "(",
        "（）",
        "“",
        "《",
        "〔",
        "市",
        "科、",
        "国家级、",
        "的",
        "a",
        "第",
        "目录\n",
        "首页>",
    ),
    *(
        "打印 ",
        "索引号:",
        "来源:",
        "关于",
        "附件\n",
        "责任单位:甲局、",
        "(甲局)",
        "一、目标\n",
        "(一)任务。\n",
        "比",
        "甲、乙等",
        "与",
    ),
    *(
        "科技型中小企业新增",
        "2026年",
        "效劳",
        "R D",
        "&amp;",
        "ぎ",
        "創",
        "二○",
        "甲\n" + " " * 60,
        "甲" + " " * 60,
        "(" * 30 + "甲",
    ),
)


def sound(document: PlanDocument) -> PlanDocument:
    """The document, once every place in it is found to hold."""
    text = document.text
    last = 0
    for claim in document.claims:
        assert 0 <= claim.span.start <= claim.value_span.start <= claim.value_span.end <= claim.span.end <= len(text)
        assert claim.span.start < claim.span.end
        assert claim.value_span.start >= last
        last = claim.value_span.start
        assert document.quote(claim) == text[claim.span.start : claim.span.end]
        assert claim.node is None or 0 <= claim.node < len(document.nodes)
        assert all(owner.span.of(text) for owner in claim.owners)
    for index, node in enumerate(document.nodes):
        assert node.index == index
        assert node.parent is None or node.parent < index
        assert 0 <= node.span.start < node.span.end <= len(text)
        assert all(owner.span.of(text) for owner in node.owners)
    return document


def outcome(data: bytes, *, name: str) -> PlanDocument | None:
    """The document; None where the file is refused in Chinese."""
    refused = ""
    try:
        return sound(plandoc.read_plan(data, name=name))
    except PlanDocumentError as refusal:
        refused = str(refusal)
    assert refused.endswith("。")
    assert any("\u4e00" <= letter <= "\u9fff" for letter in refused)
    return None


def as_word(text: str) -> bytes:
    return word(*(line.replace("\f", " ") for line in text.split("\n")))


def as_page(text: str) -> bytes:
    lines = "".join(f"<p>{escape(line)}</p>" for line in text.split("\n"))
    return f'<html><head><meta charset="utf-8"></head><body><div id="zoom">{lines}</div></body></html>'.encode()


def as_print(text: str) -> bytes:
    lines = [line.translate({9: " ", 12: " "}) for line in text.split("\n") if line.strip()][:30]
    return pdf([[(60.0, 780.0 - 24 * index, line) for index, line in enumerate(lines)]])


FORMS: dict[str, Callable[[str], bytes]] = {
    "docx": as_word,
    "html": as_page,
    "pdf": as_print,
    "txt": str.encode,
    "gb18030": lambda text: text.encode("gb18030"),
}


@given(_TEXTS)
@settings(max_examples=60, deadline=None, derandomize=True)
def test_places_hold_in_any_text(text: str) -> None:
    document = sound(plandoc.read_text(text))
    assert document.text == text
    assert plandoc.read_text(text).to_dict() == document.to_dict()


@pytest.mark.parametrize("form", ["docx", "html", "pdf"])
@given(text=_TEXTS)
@settings(max_examples=12, deadline=None, derandomize=True)
def test_places_hold_in_any_file(form: str, text: str) -> None:
    data = FORMS[form](text)
    first, second = outcome(data, name=f"a.{form}"), outcome(data, name=f"a.{form}")
    assert (first and first.to_dict()) == (second and second.to_dict())


@pytest.mark.parametrize("form", list(FORMS))
def test_mutated_files(form: str) -> None:
    dice = random.Random(17)
    whole = FORMS[form]("\n".join(_PLAN))
    assert outcome(whole, name=f"a.{form}") is not None
    # A PDF without characters goes to the OCR reader, whose models take seconds to load: few turns for that form.
    for turn in range(5 if form == "pdf" else 24):
        first, second = sorted(dice.randrange(len(whole)) for _ in range(2))
        data = bytearray(whole)
        if turn % 4 == 0:
            del data[first:]
        elif turn % 4 == 1:
            for _ in range(turn):
                data[dice.randrange(len(data))] ^= 1 << dice.randrange(8)
        elif turn % 4 == 2:
            data[first:second] = whole[: dice.randrange(200)]
        else:
            data[first:first] = whole[first:second] * 3
        outcome(bytes(data), name=f"a.{form}")


_FRONT = {
    "navigation": "网站首页 政务公开 通知公告 互动交流",
    "breadcrumb": "当前位置:首页 > 政务公开 > 规划计划",
    "share bar": "分享到:",
    "counter": "浏览次数:1024次",
}
_BEHIND = {
    "next page": "上一篇:某县召开工作会议\n下一篇:某县科技活动周方案",
    "copyright": "版权所有:某县人民政府 技术支持:某某公司",
    "print": "打印本页 关闭窗口",
    "related": "相关阅读\n某市2024年科技工作情况",
}


def figures(document: PlanDocument) -> list[tuple[object, ...]]:
    return [(c.indicator, c.op, c.value, c.unit, c.tier, c.tense, c.period) for c in document.claims]


@pytest.mark.parametrize("behind", _BEHIND.values(), ids=_BEHIND)
@pytest.mark.parametrize("front", _FRONT.values(), ids=_FRONT)
def test_furniture_changes_no_figure(front: str, behind: str) -> None:
    text = "\n".join(_PLAN)
    bare = figures(plandoc.read_text(text))
    assert len(bare) == 7
    assert figures(plandoc.read_text(f"{front}\n{text}\n{behind}\n")) == bare
    page = outcome(as_page(f"{front}\n{text}\n{behind}"), name="a.html")
    assert page is not None
    assert figures(page) == bare


def test_the_notice_around_a_plan_changes_no_figure() -> None:
    text = "\n".join(_PLAN)
    notice = "关于印发《某市科学技术局2026年工作要点》的通知\n各县区科技局：\n现将工作要点印发给你们，请认真贯彻落实。"
    signed = "某市科学技术局\n2026年2月1日"
    assert figures(plandoc.read_text(f"{notice}\n{signed}\n{text}")) == figures(plandoc.read_text(text))


def hostile_word(body: str) -> bytes:
    space = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
    document = f'<w:document xmlns:w="{space}"><w:body>{body}</w:body></w:document>'
    return repacked(word(""), {"word/document.xml": document.encode()})


def test_boxes_inside_boxes_are_read_once() -> None:
    """Each box once: read from every paragraph around it, 40 of them would come to a million million."""
    box, end = "<w:p><w:r><w:pict><w:txbxContent>", "</w:txbxContent></w:pict></w:r></w:p>"
    document = outcome(
        hostile_word(box * 40 + "<w:p><w:r><w:t>新增平台3个</w:t></w:r></w:p>" + end * 40), name="a.docx"
    )
    assert document is not None
    assert document.text.count("新增平台3个") == 1


def test_merged_cells_repeat_no_more_than_a_document_holds() -> None:
    top = '<w:tcPr><w:gridSpan w:val="60"/><w:vMerge w:val="restart"/></w:tcPr>'
    below = '<w:tcPr><w:gridSpan w:val="60"/><w:vMerge/></w:tcPr>'
    first = f"<w:tr><w:tc>{top}<w:p><w:r><w:t>{'甲' * 9000}</w:t></w:r></w:p></w:tc><w:tc><w:p/></w:tc></w:tr>"
    rows = f"<w:tr><w:tc>{below}<w:p/></w:tc><w:tc><w:p/></w:tc></w:tr>" * 50
    with pytest.raises(PlanDocumentError, match="500 万字"):
        plandoc.read_plan(hostile_word(f"<w:tbl>{first}{rows}</w:tbl>"), name="a.docx")
    cells = "<tr><td rowspan=9999 colspan=60>3家</td><td rowspan=9999 colspan=60>2家</td></tr>" * 400
    with pytest.raises(PlanDocumentError, match="500 万字"):
        plandoc.read_plan(
            f'<html><body><div id="zoom"><table>{cells}</table></div></body></html>'.encode(), name="a.html"
        )


def test_graph_paper_is_no_table() -> None:
    grid = "".join(f"{40 + 6 * i} 90 m {40 + 6 * i} 700 l S 40 {90 + 7 * i} m 550 {90 + 7 * i} l S " for i in range(80))
    begun = time.process_time()
    document = outcome(pdf([[(60.0, 780.0, "新增平台3个。")]], rules=[grid]), name="a.pdf")
    assert document is not None
    assert time.process_time() - begun < 10


def seconds(text: str) -> float:
    """The least of three readings: collecting what other tests left in the process is not the engine's work."""
    spent = []
    for _ in range(3):
        begun = time.process_time()
        sound(plandoc.read_text(text))
        spent.append(time.process_time() - begun)
    return min(spent)


@pytest.mark.parametrize("unit", WORST)
def test_work_grows_with_length_and_not_with_its_square(unit: str) -> None:
    few = max(1, 3_000 // len(unit))
    short, long = seconds(unit * few), seconds(unit * few * 4)
    # A quadratic step would make it sixteen times; one pause of the machine is no growth.
    assert long < 8 * short + 0.15, f"{short:.3f} s for {few}, {long:.3f} s for {4 * few} of {unit!r}"
