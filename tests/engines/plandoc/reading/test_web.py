"""Web pages: main text whole, furniture out, tables as rows, and what the page declares."""

from __future__ import annotations

import contextlib

import pytest

from keshu.engines.plandoc.document import PlanDocumentError
from keshu.engines.plandoc.reading import read_source

_BODY = [
    "为做好全年科技工作，结合本县实际，制定本要点，坚持企业主体、项目载体、园区阵地一体推进。",
    "一、年度目标",
    "新增高新技术企业8家，总数达到40家；技术合同成交额同比增长12%以上，投入强度力争达到1.6%。",
    "二、重点工作",
    "1.实施培育计划。上半年完成摸排，建立50家企业的培育库，分三批组织申报。",
    "牵头单位：县科技局；配合单位：县税务局",
    "完成时限：2021年9月",
]
_TEXT = "\n".join(_BODY) + "\n"


def page(inner: str, *, head: str = "") -> bytes:
    return (
        f'<!DOCTYPE html><html><head><meta charset="utf-8">{head}<style>p{{color:red}}</style></head><body>'
        '<div class="top"><a>设为首页</a> | <a>加入收藏</a></div>'
        '<ul class="nav"><li><a>首页</a></li><li><a>政务公开</a></li></ul>'
        f"<div class='wrap'>{inner}<div class='share'>分享到：<a>微信</a></div></div>"
        '<div class="side"><h3>相关链接</h3><ul><li><a>我市新增高新技术企业99家</a></li></ul></div>'
        '<div class="foot">版权所有：某县政府 备案号：ICP备1号</div></body></html>'
    ).encode()


def _paragraphs(tag: str = "p") -> str:
    return "".join(f"<{tag} style='text-indent:2em'><span>{text}</span></{tag}>\n" for text in _BODY)


@pytest.mark.parametrize(
    "container", ['id="zoom"', 'class="TRS_Editor"', 'id="UCAP-CONTENT"', 'class="article"', 'class="unheard-of"']
)
@pytest.mark.parametrize("tag", ["p", "div"])
def test_the_main_text_whole_and_nothing_else(container: str, tag: str) -> None:
    assert read_source(page(f"<div {container}>{_paragraphs(tag)}</div>")).text == _TEXT


def test_lines_parted_by_breaks_only() -> None:
    assert read_source(page(f'<div id="zoom">{"<br/>".join(_BODY)}</div>')).text == _TEXT


def test_what_the_page_declares() -> None:
    head = (
        '<meta name="ArticleTitle" content="某县2021年科技工作要点">'
        '<meta name="ContentSource" content="某县科技局"><meta name="PubDate" content="2021-03-18 09:00">'
    )
    source = read_source(page(f'<div id="zoom">{_paragraphs()}</div>', head=head))
    assert (source.title, source.issuer, source.published) == ("某县2021年科技工作要点", "某县科技局", "2021-03-18")


def test_what_the_page_says_in_its_information_line() -> None:
    line = "来源：某县科技局&nbsp;&nbsp;发布时间：2021年3月8日 浏览次数：387次"
    info = f'<h1>某县2021年科技工作要点</h1><div class="info">{line}</div>'
    source = read_source(
        page(f'{info}<div id="zoom">{_paragraphs()}</div>', head="<title>某县2021年科技工作要点-某县人民政府网</title>")
    )
    assert (source.title, source.issuer, source.published) == ("某县2021年科技工作要点", "某县科技局", "2021-03-08")
    assert source.text == _TEXT


def test_the_head_table_comes_along() -> None:
    first = "<tr><td>索引号：</td><td>0123/2021-00018</td><td>发文机关：</td><td>某县科技局</td></tr>"
    second = "<tr><td>文号：</td><td>某科〔2021〕3号</td><td>发布日期：</td><td>2021-03-18</td></tr>"
    head = f"<table>{first}{second}</table>"
    text = read_source(page(f'{head}<div id="zoom">{_paragraphs()}</div>')).text
    assert (
        text
        == "| 索引号： | 0123/2021-00018 | 发文机关： | 某县科技局 |\n| 文号： | 某科〔2021〕3号 | 发布日期： | 2021-03-18 |\n"
        + _TEXT
    )


def test_tables_become_rows_and_spans_are_filled() -> None:
    table = (
        "<table><tr><th>任务</th><th>指标</th><th>目标</th></tr><tr><td rowspan='2'>育企</td><td>高企</td>"
        "<td>9<br>家</td></tr><tr><td>小巨人</td><td>2家</td></tr></table>"
    )
    text = read_source(page(f'<div id="zoom">{_paragraphs()}{table}</div>')).text
    assert text == _TEXT + "| 任务 | 指标 | 目标 |\n| 育企 | 高企 | 9  家 |\n| 育企 | 小巨人 | 2家 |\n"


def test_a_table_that_only_places_text_is_no_table() -> None:
    layout = f"<table><tr><td><table><tr><td>{_paragraphs()}</td></tr></table></td></tr></table>"
    assert read_source(page(f'<div id="zoom">{layout}</div>')).text == _TEXT


def test_headings_and_hidden_text() -> None:
    inner = f'<h2>一、年度目标</h2><p style="display:none">新增99家</p>{_paragraphs()}'
    source = read_source(page(f'<div id="zoom">{inner}</div>'))
    assert source.text == "一、年度目标\n" + _TEXT
    assert source.outline == {0: 2}


def test_encodings() -> None:
    declared = page(f'<div id="zoom">{_paragraphs()}</div>').decode().replace('charset="utf-8"', 'charset="gb2312"')
    assert read_source(declared.encode("gb18030")).text == _TEXT
    silent = declared.replace('<meta charset="gb2312">', "")
    assert read_source(silent.encode("gb18030")).text == _TEXT


def test_a_saved_archive() -> None:
    inner = page(f'<div id="zoom">{_paragraphs()}</div>').decode()
    head = 'MIME-Version: 1.0\r\nContent-Type: multipart/related; boundary="B"\r\n\r\n'
    data = f'{head}--B\r\nContent-Type: text/html; charset="utf-8"\r\n\r\n{inner}\r\n--B--\r\n'
    assert read_source(data.encode(), name="要点.mht").text == _TEXT


def test_a_page_without_text_is_refused() -> None:
    with pytest.raises(PlanDocumentError, match="没有文字"):
        read_source(b"<!DOCTYPE html><html><body><script>var a=1</script></body></html>")


def test_deep_nesting_ends() -> None:
    data = b"<html><body>" + b"<div>" * 50_000 + "新增8家。".encode()
    with contextlib.suppress(PlanDocumentError):
        assert "新增8家" in read_source(data).text
