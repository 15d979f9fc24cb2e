"""What people drop on the import page by mistake: each is answered in Chinese at its line, and nothing of it stays."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from docx import Document
from openpyxl import Workbook
from playwright.sync_api import Locator, Page, expect
from tests.factories import make

from keshu.apps.bureau.models import Attachment, Job, StoredFile, User
from keshu.apps.bureau.services import jobs
from keshu.apps.plans.models import PlanState, SourceDocument, WorkPlan

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

PageOf = Callable[[User], Page]
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504)
POINTS = ("云澜市2026年科技创新工作要点", "一、主要目标", "1．有效期内高新技术企业总数达到520家以上。")


def word(*paragraphs: str) -> bytes:
    document, stream = Document(), io.BytesIO()
    for paragraph in paragraphs:
        document.add_paragraph(paragraph)
    document.save(stream)
    return stream.getvalue()


def rezipped(data: bytes, **parts: bytes) -> bytes:
    """The package with parts put in, or put in place of its own."""
    stream = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(data)) as old,
        zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as new,
    ):
        for name in old.namelist():
            if name not in parts:
                new.writestr(name, old.read(name))
        for name, content in parts.items():
            new.writestr(name, content)
    return stream.getvalue()


def sheet() -> bytes:
    stream = io.BytesIO()
    Workbook().save(stream)
    return stream.getvalue()


def bomb() -> bytes:
    body = b"<w:p><w:r><w:t>" + b"0" * (60 * 1024 * 1024) + b"</w:t></w:r></w:p>"
    name = "word/document.xml"
    with zipfile.ZipFile(io.BytesIO(word())) as archive:
        text = archive.read(name)
    return rezipped(word(), **{name: text.replace(b"<w:body>", b"<w:body>" + body)})


# Refused at the door: the file's name, what is in it, and words of the answer (what it is, what to do).
REFUSED: tuple[tuple[str, Callable[[], bytes], str, str], ...] = (
    ("空.docx", lambda: b"", "空文件（0 字节）", "重新导出"),
    ("空白.txt", lambda: b" \r\n", "文件是空的", "完整的文件"),
    ("旧版.doc", lambda: OLE + "WordDocument".encode("utf-16-le"), "旧版 Word 文档", "另存为 .docx"),
    ("加密.docx", lambda: OLE + "EncryptedPackage".encode("utf-16-le"), "设了打开密码", "去掉密码"),
    ("表.xlsx", sheet, "这是 Excel 表格", "另存为 .docx"),
    ("坏表.xlsx", lambda: sheet()[:900], "这是 Excel 表格（.xlsx），而且已损坏", "另存为 .docx"),
    ("照片.png", lambda: b"\x89PNG\r\n\x1a\n" + bytes(100), "这是一张图片（PNG）", "合成 PDF"),
    ("照片.jpg", lambda: b"\xff\xd8\xff\xe0" + bytes(100), "这是一张图片（JPEG）", "合成 PDF"),
    ("其实是图片.docx", lambda: b"\x89PNG\r\n\x1a\n" + bytes(100), "这是一张图片（PNG）", "合成 PDF"),
    ("数据.json", lambda: b'{"a": 520}', "数据文件（.json）", "请上传 .docx"),
    ("截断.docx", lambda: word(*POINTS)[:9000], "文件已损坏", "另存为 .docx"),
)
# Found out in reading: the job says why.
FAILED: tuple[tuple[str, Callable[[], bytes], str, str], ...] = (
    ("炸弹.docx", bomb, "解压后过大", "另存为新的 .docx"),
    ("坏.pdf", lambda: b"%PDF-1.7\nnothing", "PDF 已损坏", "重新导出 PDF"),
    ("二进制.txt", lambda: bytes(range(1, 256)) * 20, "乱码", "另存为"),
)


@pytest.fixture
def desk(page_of: PageOf) -> Page:
    """The import page before a planner."""
    page = page_of(make.site().people["planner"])
    page.goto("/plans/import/")
    return page


def drop(page: Page, name: str, content: bytes) -> Locator:
    """Choose one file; the line that answers for it."""
    lines = page.locator(".uploads > li")
    place = lines.count()
    page.set_input_files("#upload-files", [{"name": name, "mimeType": "", "buffer": content}])
    return lines.nth(place)


def kept() -> list[int]:
    return [model.objects.count() for model in (Attachment, StoredFile, SourceDocument, WorkPlan)]


def test_files_that_are_no_documents_are_refused_at_their_line(desk: Page) -> None:
    for name, content, what, remedy in REFUSED:
        line = drop(desk, name, content())
        expect(line).to_have_attribute("data-failed", "1")
        expect(line).to_contain_text(name)
        expect(line).to_contain_text(what)
        expect(line).to_contain_text(remedy)
    assert kept() == [0, 0, 0, 0]
    assert not Job.objects.exists()


def test_files_that_cannot_be_read_end_in_a_failed_job_and_leave_nothing(desk: Page, settings: Any) -> None:
    for name, content, what, remedy in FAILED:
        line = drop(desk, name, content())
        expect(line.locator(".job")).to_be_visible()
        jobs.run_pending()
        expect(line).to_contain_text("未成功")
        expect(line).to_contain_text(what)
        expect(line).to_contain_text(remedy)
    assert kept() == [0, 0, 0, 0]
    assert not Job.objects.unfinished().exists()
    assert not [path for path in (Path(settings.STORAGE) / "files").rglob("*") if path.is_file()]


def test_a_file_over_the_limit_is_not_sent_and_the_server_refuses_it_too(desk: Page, settings: Any) -> None:
    settings.UPLOAD_LIMIT = 1024 * 1024
    desk.reload()
    sent: list[str] = []
    desk.on("request", lambda request: sent.append(request.url) if request.method == "POST" else None)
    large = bytes(3 * 1024 * 1024)
    expect(drop(desk, "大.docx", large)).to_contain_text("有 3 MB，超过 1 MB 的上限，没有上传")
    assert not sent
    # Without the page's own check the server answers by the declared length, and the browser shows its words.
    desk.evaluate("document.querySelector('form[data-upload]').removeAttribute('data-limit-mb')")
    expect(drop(desk, "大.docx", large)).to_contain_text("超过 1 MB 的上限，没有接收")
    assert sent
    assert kept() == [0, 0, 0, 0]


def test_odd_but_readable_files_are_read(desk: Page) -> None:
    macro = {"word/vbaProject.bin": b"\x00" * 100}
    files = (
        ("宏.docm", rezipped(word(*POINTS, "二、宏"), **macro), "文档带有宏，已忽略宏"),
        ("其实是Word.pdf", word(*POINTS, "二、补充"), "读出 1 条指标"),
        ("国标.txt", "\n".join((*POINTS, "二、国标")).encode("gb18030"), "读出 1 条指标"),
        ("要点.md", "\n\n".join(("# " + POINTS[0], "## " + POINTS[1], POINTS[2])).encode(), "读出 1 条指标"),
    )
    for name, content, said in files:
        line = drop(desk, name, content)
        expect(line.locator(".job")).to_be_visible()
        jobs.run_pending()
        expect(line).to_contain_text("已完成")
        expect(line).to_contain_text(said)
    assert {plan.title for plan in WorkPlan.objects.all()} == {POINTS[0]}


def test_a_text_without_anything_is_amber_and_its_draft_is_deleted_on_the_spot(desk: Page) -> None:
    line = drop(desk, "通知.txt", "各处室：请按时参加会议。".encode())
    expect(line.locator(".job")).to_be_visible()
    jobs.run_pending()
    expect(line.locator(".state--at-risk")).to_contain_text("请核对")
    expect(line).to_contain_text("没有读出指标和任务，请核对文件是否选对")
    line.get_by_role("button", name="删除这份草稿").click()
    expect(line).to_contain_text("草稿已删除")
    assert WorkPlan.objects.get().state == PlanState.DISCARDED
    # The same file may be brought in again, and the draft may come back.
    line.get_by_role("button", name="恢复").click()
    expect(desk).to_have_url(f"{desk.url.split('/plans')[0]}/plans/{WorkPlan.objects.get().pk}/review/")


def test_the_same_document_again_is_recognised_and_becomes_a_revision_when_wanted(desk: Page) -> None:
    content = word(*POINTS)
    first = drop(desk, "要点.docx", content)
    expect(first.locator(".job")).to_be_visible()
    jobs.run_pending()
    expect(first).to_contain_text("已完成")
    again = drop(desk, "改了名.docx", content)
    expect(again).to_contain_text("以前导入过")
    expect(again.get_by_role("link", name="查看已有的")).to_be_visible()
    assert (Attachment.objects.count(), WorkPlan.objects.count()) == (1, 1)
    again.get_by_role("button", name="作为新版导入").click()
    expect(again.locator(".job")).to_be_visible()
    jobs.run_pending()
    expect(again).to_contain_text("已完成")
    assert [plan.revision for plan in WorkPlan.objects.order_by("pk")] == [1, 2]
