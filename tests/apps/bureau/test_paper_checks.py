"""公文检查: a clerk uploads a Word file, sees every deviation and takes the mended copy; nobody else sees any of it."""

from __future__ import annotations

import io
import zipfile
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.test import Client
from django.urls import reverse
from docx import Document
from openpyxl import load_workbook
from tests.apps.bureau.papers import paper, sound_paper
from tests.factories import AT, make

from keshu.apps.bureau.models import Attachment, AuditAction, AuditEntry, Job, PaperCheck, Role, StoredFile
from keshu.apps.bureau.services import Refused, Unacceptable, jobs, paper_checks
from keshu.apps.bureau.services.attachments import read_attachment

pytestmark = pytest.mark.django_db


def checked(file: ContentFile[bytes], by: Any) -> PaperCheck:
    check = paper_checks.receive_paper(file, by=by, at=AT)
    jobs.run_pending()
    check.refresh_from_db()
    return check


def test_a_paper_is_checked_and_mended() -> None:
    clerk = make.person("clerk")
    check = checked(paper(), clerk)
    assert (check.state, check.file_name) == ("checked", "通知.docx")
    outcomes = {each["name"]: each["outcome"] for each in check.findings}
    assert outcomes["半角标点"] == outcomes["正文字体"] == outcomes["没有页码"] == "mended"
    assert outcomes["层次序数连续"] == "left"
    assert [each["outcome"] for each in check.findings] == sorted(each["outcome"] for each in check.findings)
    mended = Document(io.BytesIO(read_attachment(check.mended_id)))
    assert [each.text for each in mended.paragraphs][1:3] == ["各县区科技局：", "请于3月底前报送，逾期不候。"]
    assert check.mended.name == "通知-改正.docx"


def test_a_sound_paper_has_no_findings_and_no_copy() -> None:
    check = checked(sound_paper(), make.person("clerk"))
    assert (check.state, check.findings, check.mended) == ("checked", [], None)


def with_table(file: ContentFile[bytes]) -> ContentFile[bytes]:
    document = Document(io.BytesIO(file.read()))
    document.add_table(rows=1, cols=1).rows[0].cells[0].text = "3,5"
    stream = io.BytesIO()
    document.save(stream)
    return ContentFile(stream.getvalue(), name="通知.docx")


def test_a_table_is_said_not_to_be_checked(client: Client) -> None:
    clerk = make.person("clerk")
    check = checked(with_table(paper()), clerk)
    assert [each["outcome"] for each in check.findings][-1] == "unchecked"
    assert check.count("unchecked") == 1
    client.force_login(clerk)
    page = client.get(reverse("bureau:paper-check-detail", args=[check.pk])).content.decode()
    assert "表格内文字未检查：共1个表格" in page
    book = load_workbook(io.BytesIO(client.get(reverse("bureau:paper-check-findings", args=[check.pk])).content))
    assert [cell.value for cell in list(book.active.rows)[-1]][1:3] == ["表格内文字", "未检查"]


def test_a_sound_paper_with_a_table_is_sound_and_says_what_was_not_checked(client: Client) -> None:
    clerk = make.person("clerk")
    check = checked(with_table(sound_paper()), clerk)
    assert [each["outcome"] for each in check.findings] == ["unchecked"]
    client.force_login(clerk)
    page = client.get(reverse("bureau:paper-check-detail", args=[check.pk])).content.decode()
    assert "没有发现格式问题" in page
    assert "表格内文字未检查" in page


def zipped(**parts: bytes) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        for name, data in parts.items():
            archive.writestr(name.replace("__", "/").replace("_xml", ".xml").replace("_bin", ".bin"), data)
    return stream.getvalue()


OLD = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "WordDocument".encode("utf-16-le")


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "0 字节"),
        (OLD, "旧版 .doc"),
        (OLD.replace("WordDocument".encode("utf-16-le"), "EncryptedPackage".encode("utf-16-le")), "打开密码"),
        (zipped(word__document_xml=b"<w/>", word__vbaProject_bin=b"x"), "带宏的文件不接收"),
        (b"%PDF-1.7", "PDF"),
        ("通知".encode(), "不是 Word 文档"),
        (zipped(xl__workbook_xml=b"<x/>"), "不是 Word 文档"),
    ],
)
def test_what_is_no_word_file_is_refused_and_not_kept(content: bytes, words: str) -> None:
    with pytest.raises(Unacceptable, match=words):
        paper_checks.receive_paper(ContentFile(content, name="通知.docx"), by=make.person("clerk"), at=AT)
    assert not PaperCheck.objects.exists()
    assert not Attachment.objects.exists()
    assert not StoredFile.objects.exists()


def test_a_damaged_file_says_so_and_is_not_kept() -> None:
    check = checked(ContentFile(zipped(word__document_xml=b"<w:p"), name="坏.docx"), make.person("clerk"))
    assert check.state == "failed"
    assert "损坏" in check.error
    assert not Attachment.objects.exists()


def test_a_check_called_off_keeps_nothing() -> None:
    clerk = make.person("clerk")
    check = paper_checks.receive_paper(paper(), by=clerk, at=AT)
    jobs.cancel_job(Job.objects.get(), by=clerk, at=AT)
    check.refresh_from_db()
    assert (check.state, check.attachment) == ("failed", None)
    assert not StoredFile.objects.exists()


def test_somebody_without_a_role_is_refused() -> None:
    with pytest.raises(Refused, match="还没有任职"):
        paper_checks.receive_paper(paper(), by=make.person(None), at=AT)


def test_nobody_else_sees_it() -> None:
    office = make.office()
    clerk, colleague = make.person("clerk", office), make.person("office_head", office)
    check = checked(paper(), clerk)
    auditor = make.person("auditor")
    for other in (colleague, auditor, make.person("operator")):
        assert not PaperCheck.objects.visible_to(other).exists()
        assert not Attachment.objects.visible_to(other).exists()
        with pytest.raises(Refused):
            paper_checks.remove_check(check, by=other, at=AT)
    assert not AuditEntry.objects.visible_to(colleague).exists()
    assert AuditEntry.objects.visible_to(auditor).filter(subject_type="bureau.papercheck").exists()
    assert Attachment.objects.visible_to(clerk).count() == 2


def test_the_pages_from_upload_to_removal(client: Client) -> None:
    client.force_login(make.person("clerk"))
    response = client.post(reverse("bureau:paper-check-list"), {"file": paper()})
    jobs.run_pending()
    page = client.get(response["Location"]).content.decode()
    check = PaperCheck.objects.get()
    assert "第3段“请于3月底前报送" in page
    assert "全角“，”" in page
    assert "下载改正后的文件" in page
    assert b"".join(client.get(reverse("bureau:attachment-download", args=[check.mended_id])).streaming_content)
    book = load_workbook(io.BytesIO(client.get(reverse("bureau:paper-check-findings", args=[check.pk])).content))
    assert book.active.max_row >= len(check.findings)
    assert AuditEntry.objects.filter(action=AuditAction.EXPORT, subject_type="bureau.papercheck").count() == 1
    assert AuditEntry.objects.filter(action=AuditAction.DOWNLOAD).count() == 1
    response = client.post(reverse("bureau:paper-check-remove", args=[check.pk]), follow=True)
    assert "已删除" in response.content.decode()
    assert not PaperCheck.objects.exists()
    assert not StoredFile.objects.exists()


@pytest.mark.parametrize("role", Role.values)
def test_every_role_may_check(client: Client, role: str) -> None:
    client.force_login(make.person(role))
    response = client.post(reverse("bureau:paper-check-list"), {"file": sound_paper()}, headers={"X-Upload": "1"})
    assert response.status_code == 200
    assert reverse("bureau:paper-check-list") in client.get(reverse("home"), follow=True).content.decode()


def test_a_refusal_is_said_where_the_file_stands(client: Client) -> None:
    client.force_login(make.person("clerk"))
    upload = {"file": ContentFile(OLD, name="通知.doc")}
    response = client.post(reverse("bureau:paper-check-list"), upload, headers={"X-Upload": "1"})
    assert response.status_code == 422
    assert response.content.decode().startswith("“通知.doc”：这是旧版 .doc 文件。")
