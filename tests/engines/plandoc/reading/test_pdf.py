"""PDFs: lines, indents, ruled tables, and what cannot be read."""

from __future__ import annotations

import subprocess
import sys
import zlib

import pytest
from tests.engines.plandoc.reading.files import pdf

from keshu.engines.plandoc.cleaning import clean
from keshu.engines.plandoc.document import PlanDocumentError
from keshu.engines.plandoc.reading import read_source
from keshu.engines.plandoc.reading.ocr import is_installed

_LEFT, _TOP, _STEP = 80, 760, 22
_BODY = (
    "全市科技工作围绕新质生产力布局，新增高新技术企业四十家，总数达到二百家以",
    "上；技术合同成交额突破三十亿元，研发投入强度提高到百分之二点五，规上工业",
    "企业研发机构覆盖率达到六成以上，科技型中小企业评价入库不少于三百家，选派",
    "特派员一百名。",
)


def page(*lines: str, indents: tuple[int, ...] = ()) -> list[tuple[float, float, str]]:
    return [(_LEFT + (28 if index in indents else 0), _TOP - _STEP * index, line) for index, line in enumerate(lines)]


def test_pages_end_in_a_form_feed_and_lines_stay() -> None:
    source = read_source(pdf([page("一、主要目标", "新增８家。"), page("二、重点任务")]))
    assert source.format == "pdf"
    assert source.text == "一、主要目标\n新增８家。\n\f二、重点任务"


def test_a_paragraph_indent_is_kept_as_two_blanks() -> None:
    source = read_source(pdf([page("一、主要目标", *_BODY, indents=(1,))]))
    assert source.text.splitlines()[:3] == ["一、主要目标", "　　" + _BODY[0], _BODY[1]]


def test_wrapped_lines_and_page_numbers_are_mended_across_pages() -> None:
    pages = [page("一、主要目标", *_BODY[:2], "- 1 -"), page(*_BODY[2:], "二、重点任务", *_BODY, "- 2 -")]
    text = clean(read_source(pdf(pages)).text).text
    paragraph = "".join(_BODY).replace("，", ",").replace("；", ";")
    assert text == f"一、主要目标\n{paragraph}\n二、重点任务\n{paragraph}"


def test_a_ruled_table_becomes_rows_in_its_place() -> None:
    columns, rows = (80, 240, 340, 440), (700, 670, 640)
    rules = "".join(f"{columns[0]} {y} m {columns[-1]} {y} l S\n" for y in rows)
    rules += "".join(f"{x} {rows[0]} m {x} {rows[-1]} l S\n" for x in columns)
    cells = [("指标名称", "单位", "目标"), ("高新技术企业", "家", "１２０")]
    lines = [(columns[c] + 6, rows[r] - 20, text) for r, row in enumerate(cells) for c, text in enumerate(row)]
    data = pdf(
        [[(80, 760, "一、主要指标见下表。"), *lines, (80, 600, "二、重点任务如下。")]], rules=["0.5 w\n" + rules]
    )
    assert read_source(data).text.splitlines() == [
        "一、主要指标见下表。",
        "| 指标名称 | 单位 | 目标 |",
        "| 高新技术企业 | 家 | １２０ |",
        "二、重点任务如下。",
    ]


def test_a_broken_pdf_is_refused() -> None:
    with pytest.raises(PlanDocumentError, match="PDF 已损坏"):
        read_source(b"%PDF-1.7\nnothing more")


def test_an_encrypted_pdf_is_refused() -> None:
    data = pdf([page("一、主要目标")])
    lock = b"<</Filter/Standard/V 1/R 2/P -4/O<" + b"41" * 32 + b">/U<" + b"42" * 32 + b">>>"
    locked = data.replace(b"/Root 1 0 R>>", b"/Root 1 0 R/ID[<00><00>]/Encrypt " + lock + b">>")
    with pytest.raises(PlanDocumentError, match="密码"):
        read_source(locked)


def test_a_stream_that_inflates_without_end_is_refused() -> None:
    packer = zlib.compressobj()
    packed = b"".join(packer.compress(bytes(1 << 20)) for _ in range(300)) + packer.flush()
    data = pdf([page("一、主要目标")]).replace(
        b"%%EOF", b"9 0 obj\n<<>>stream\n" + packed + b"\nendstream\nendobj\n%%EOF"
    )
    assert len(data) < 1_000_000
    with pytest.raises(PlanDocumentError, match="解压后过大"):
        read_source(data)


def test_a_scan_without_ocr_says_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    # What Python itself finds of a package that was never installed.
    monkeypatch.setitem(sys.modules, "rapidocr", None)
    with pytest.raises(PlanDocumentError, match="另存为可复制文字的 PDF"):
        read_source(pdf([[]], image=(10, 10, bytes(100))))


@pytest.mark.ocr
@pytest.mark.skipif(not is_installed(), reason="the ocr extra is not installed")
def test_a_scan_is_read_by_ocr() -> None:
    pillow = pytest.importorskip("PIL.Image")
    from PIL import ImageDraw, ImageFont

    try:
        font = ImageFont.truetype("/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc", 34)
    except OSError:
        pytest.skip("no Chinese font")
    picture = pillow.new("L", (1000, 1414), 255)
    pen = ImageDraw.Draw(picture)
    pen.text((120, 120), "一、主要目标", font=font, fill=0)
    pen.text((120, 200), "新增高新技术企业80家", font=font, fill=0)
    told: list[tuple[int, int]] = []
    source = read_source(
        pdf([[]], image=(1000, 1414, picture.tobytes())), on_page=lambda number, count: told.append((number, count))
    )
    assert told == [(1, 1)]
    assert "新增高新技术企业80家" in source.text.replace(" ", "")
    assert source.notes == ("文字由扫描件识别得到，请核对数字",)


class Stop(Exception):
    """Raised by a caller that wants an end."""


@pytest.mark.ocr
@pytest.mark.skipif(not is_installed(), reason="the ocr extra is not installed")
def test_who_is_told_of_a_page_may_end_the_reading() -> None:
    def stop(number: int, count: int) -> None:
        raise Stop

    with pytest.raises(Stop):
        read_source(pdf([[]], image=(10, 10, bytes(100))), on_page=stop)


_MEASURE = """
import re, sys, time
from pathlib import Path
from keshu.engines.plandoc.reading import read_source
data = Path(sys.argv[1]).read_bytes()
begun = time.process_time()
text = read_source(data).text
peak = re.search(r"VmHWM:\\s+(\\d+)", Path("/proc/self/status").read_text())[1]
print(len(text), int(peak) // 1024, time.process_time() - begun)
"""


def test_five_hundred_pages_stay_below_300_megabytes(tmp_path: object) -> None:
    file = tmp_path / "long.pdf"  # type: ignore[operator]
    file.write_bytes(pdf([page(*(_BODY * 7), f"- {number} -") for number in range(1, 501)]))
    run = subprocess.run(
        [sys.executable, "-c", _MEASURE, str(file)],
        capture_output=True,
        text=True,
        check=True,
        env={"PYTHONPATH": ":".join(sys.path)},
    )
    characters, megabytes, _ = run.stdout.split()
    assert int(characters) > 500 * 700
    assert int(megabytes) < 300


def test_characters_printed_out_of_turn_stand_where_they_are_seen() -> None:
    # Word processors take quotation marks from another font and print them after the rest of the line.
    line = [
        (80, 700, "围绕"),
        (164, 700, "十四五"),
        (94 + 28, 700, "“"),
        (164 + 42, 700, "”"),
        (220, 700, "规划落实任务"),
    ]
    rest = [(80, 700 - 22 * n, "持续推进各项重点任务落地见效。") for n in range(1, 5)]
    text = read_source(pdf([[*line, *rest]])).text
    assert clean(text).text.startswith("围绕“十四五”规划落实任务\n")


def test_a_flush_line_continues_its_paragraph_where_paragraphs_are_indented() -> None:
    lines = page(
        "一、主要目标", *_BODY[:2], "其中", "二、重点任务", *_BODY[:2], "（责任科室：甲科）",
        "三、保障措施", *_BODY[:2], "各科室落实。",
        indents=(0, 1, 4, 5, 8, 9),
    )  # fmt: skip
    body = "".join(_BODY[:2]).replace("，", ",").replace("；", ";")
    assert clean(read_source(pdf([lines])).text).text.split("\n") == [
        "一、主要目标",
        body + "其中",
        "二、重点任务",
        body + "(责任科室:甲科)",
        "三、保障措施",
        body + "各科室落实。",
    ]
