"""Any block model is written, opens, passes the checker and says its words in order."""

from __future__ import annotations

import io
from datetime import date

import docx
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from keshu.engines import gongwen as gw
from keshu.engines.gongwen.blocks import text_of

# Words of an office: Chinese, figures and full-width marks; no sentence end inside, none that reads as a label, a date or a note.
LETTERS = "科技创新平台企业成果转化服务工作推进落实提升能力建设人才项目资金"
WORDS = st.text(LETTERS, min_size=2, max_size=30)
SENTENCES = st.builds(
    lambda a, n, unit, b: f"{a}{n}{unit}，{b}。",
    WORDS,
    st.integers(1, 99999),
    st.sampled_from(["家", "亿元", "%", "个百分点"]),
    WORDS,
)
RUNS = st.lists(
    st.builds(gw.Run, SENTENCES, is_bold=st.booleans(), note=st.sampled_from(["", "来源：统计年报"])),
    min_size=1,
    max_size=4,
)
PARAGRAPHS = st.builds(gw.Paragraph, st.one_of(SENTENCES, RUNS.map(tuple)))


@st.composite
def tables(draw: st.DrawFn) -> gw.Table:
    width = draw(st.integers(1, 7))
    cells = st.lists(
        st.one_of(WORDS, st.just(""), SENTENCES, st.just("第一行\n第二行")), min_size=width, max_size=width
    ).map(tuple)
    columns = tuple(gw.Column(draw(st.floats(0.5, 9)), draw(st.sampled_from(list(gw.Align)))) for _ in range(width))
    return gw.Table(
        columns,
        rows=tuple(draw(st.lists(cells, min_size=1, max_size=20))),
        header=tuple(draw(st.lists(cells, min_size=1, max_size=2))),
        caption=draw(st.one_of(st.just(""), WORDS)),
        orientation=draw(st.sampled_from(list(gw.Orientation))),
        text=draw(st.sampled_from(list(gw.TableText))),
    )


@st.composite
def blocks(draw: st.DrawFn) -> tuple[gw.Heading | gw.Paragraph | gw.Table, ...]:
    found: list[gw.Heading | gw.Paragraph | gw.Table] = [draw(PARAGRAPHS)]
    level = 0
    for kind in draw(st.lists(st.sampled_from(["heading", "run-in", "paragraph", "table"]), max_size=12)):
        if kind in ("heading", "run-in"):
            level = draw(st.integers(1, min(4, level + 1)))
            body = draw(SENTENCES) if kind == "run-in" else ""
            found.append(gw.Heading(level, draw(WORDS) + ("。" if body else ""), body))
        else:
            found.append(draw(PARAGRAPHS if kind == "paragraph" else tables()))
    return tuple(found)


@st.composite
def documents(draw: st.DrawFn) -> gw.OfficialDocument:
    attachments = st.builds(gw.Attachment, WORDS, blocks(), st.sampled_from(list(gw.Orientation)))
    head = draw(st.booleans())
    day = draw(st.dates(date(2000, 1, 1), date(2099, 12, 31)))
    office = draw(st.text("青岭市科学技术局高新处", min_size=3, max_size=26))
    signature = draw(st.one_of(st.none(), st.builds(gw.Signature, st.just(office), st.just(day), st.booleans())))
    return gw.OfficialDocument(
        title="关于" + draw(st.text(LETTERS, min_size=2, max_size=50)) + "的通知",
        blocks=draw(blocks()),
        letterhead="青岭市科学技术局文件" if head else "",
        number=f"青科发〔{day.year}〕{draw(st.integers(1, 999))}号" if head else "",
        signatory=draw(st.sampled_from(["", "张三"])) if head else "",
        # whoever is written to must learn from whom: a letter without a signature is no sound document
        addressee="" if signature is None else draw(st.sampled_from(["", "各县（区）科技局", "市政府"])),
        attachments=tuple(draw(st.lists(attachments, max_size=3))),
        signature=signature,
        remark=draw(st.sampled_from(["", "此件公开发布"])),
        imprint=draw(
            st.one_of(st.none(), st.builds(gw.Imprint, st.just(office), st.just(day), st.just(("市政府办公室",))))
        ),
        orientation=draw(st.sampled_from(list(gw.Orientation))),
    )


def said(document: gw.OfficialDocument) -> list[str]:
    """What the blocks say, in reading order."""
    found = []
    for block in (*document.blocks, *(each for a in document.attachments for each in a.blocks)):
        if isinstance(block, gw.Table):
            rows = [cell for row in (*block.header, *block.rows) for cell in row]
            found += [block.caption, *(str(cell) for cell in rows)]
        elif isinstance(block, gw.Heading):
            found.append(text_of(block.content) + text_of(block.body))
        elif isinstance(block, gw.Paragraph):
            found.append(text_of(block.content))
    return [text.replace("\n", "") for text in found if text]


def written(data: bytes) -> str:
    document = docx.Document(io.BytesIO(data))
    return "".join(document.element.body.xpath("//w:body//w:t/text()"))


@settings(max_examples=60, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(documents())
def test_any_document_is_written_soundly(document: gw.OfficialDocument) -> None:
    data = gw.write_document(document)
    text, at = written(data), 0
    for words in said(document):
        at = text.index(words, at) + len(words)
    assert [str(each) for each in gw.check_document(data)] == []
