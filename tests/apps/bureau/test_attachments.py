"""Uploads: what is kept, what is refused, what each kind of file is, and how it is handed out."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from tests.factories import AT, make

from keshu.apps.bureau.models import Attachment, AuditEntry, StoredFile
from keshu.apps.bureau.services import Refused, Unacceptable
from keshu.apps.bureau.services.attachments import clean_name, discard_upload, read_attachment, store_upload
from keshu.apps.bureau.services.media_types import sniff

pytestmark = pytest.mark.django_db

# sha256 of "abc", from FIPS 180-2, appendix B.1
ABC = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"


def upload(content: bytes, name: str = "要点.txt", **people: Any) -> Attachment:
    bureau = make.bureau()
    by = people.get("by") or make.person("planner", bureau)
    return store_upload(
        file=io.BytesIO(content), name=name, organisation=people.get("organisation", bureau), by=by, at=AT
    )


def test_bytes_are_kept_under_their_hash(settings: Any) -> None:
    attachment = upload(b"abc")
    assert (attachment.file.sha256, attachment.file.size, attachment.file.path) == (ABC, 3, f"ba/78/{ABC}")
    assert (Path(settings.STORAGE) / "files" / "ba" / "78" / ABC).read_bytes() == b"abc"
    assert read_attachment(attachment.pk) == b"abc"
    assert not list((Path(settings.STORAGE) / "files" / "incoming").iterdir())
    entry = AuditEntry.objects.get(subject_type="bureau.attachment")
    assert entry.after["name"] == "要点.txt"


def test_the_same_bytes_are_stored_once() -> None:
    first, second = upload(b"abc", "甲.txt"), upload(b"abc", "乙.txt")
    assert first.file == second.file
    assert StoredFile.objects.count() == 1
    assert [a.name for a in Attachment.objects.order_by("pk")] == ["甲.txt", "乙.txt"]


def test_an_empty_file_is_refused(settings: Any) -> None:
    with pytest.raises(Unacceptable, match="0 字节"):
        upload(b"")
    assert not list((Path(settings.STORAGE) / "files").rglob("*.*"))


def test_a_file_over_the_limit_is_refused_and_nothing_stays(settings: Any) -> None:
    settings.UPLOAD_LIMIT = 2 * 1024 * 1024
    with pytest.raises(Unacceptable, match="超过 2 MB 的上限"):
        upload(b"x" * (2 * 1024 * 1024 + 1))
    assert not [path for path in (Path(settings.STORAGE) / "files").rglob("*") if path.is_file()]
    assert upload(b"x" * (2 * 1024 * 1024)).file.size == 2097152


def test_who_may_upload_for_whom() -> None:
    county, other = make.county(), make.county()
    clerk = make.person("county_clerk", county)
    assert upload(b"abc", by=clerk, organisation=county).organisation == county
    with pytest.raises(Refused, match="只能为本单位"):
        upload(b"abc", by=clerk, organisation=other)
    with pytest.raises(Refused, match="只能查看"):
        upload(b"abc", by=make.person("auditor"))
    with pytest.raises(Refused, match="没有任职"):
        upload(b"abc", by=make.person(None))


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("C:\\文件\\要点.docx", "要点.docx"),
        ("../../etc/passwd", "passwd"),
        ("要\x00点\r\n.docx", "要点.docx"),
        ("长" * 300 + ".docx", "长" * 195 + ".docx"),
    ],
)
def test_names_are_made_safe(given: str, kept: str) -> None:
    assert clean_name(given) == kept


def packed(*names: str) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name in names:
            archive.writestr(name, "x")
    return out.getvalue()


WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
KINDS = {
    "docx": (packed("[Content_Types].xml", "word/document.xml"), WORD),
    "docx-with-macros": (
        packed("word/document.xml", "word/vbaProject.bin"),
        "application/vnd.ms-word.document.macroEnabled.12",
    ),
    "xlsx": (packed("xl/workbook.xml"), "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    "zip": (packed("照片.jpg"), "application/zip"),
    "broken-zip": (b"PK\x03\x04nothing", "application/octet-stream"),
    "pdf": (b"%PDF-1.7\n...", "application/pdf"),
    "doc": (
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 64 + "WordDocument".encode("utf-16-le"),
        "application/msword",
    ),
    "encrypted": (
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 64 + "EncryptedPackage".encode("utf-16-le"),
        "application/x-ole-encrypted",
    ),
    "html": ("<!-- 存档 --><!DOCTYPE html><html><body>要点</body></html>".encode(), "text/html"),
    "utf-8": ("2026年科技工作要点".encode(), "text/plain"),
    "gb18030": ("2026年科技工作要点".encode("gb18030"), "text/plain"),
    "utf-16": ("2026年科技工作要点".encode("utf-16"), "text/plain"),
    "png": (b"\x89PNG\r\n\x1a\n....", "image/png"),
    "jpeg": (b"\xff\xd8\xff\xe0....", "image/jpeg"),
    "webp": (b"RIFF\x00\x00\x00\x00WEBPVP8 ", "image/webp"),
    "noise": (b"\x00\x01\x02\x03\x04", "application/octet-stream"),
}


@pytest.mark.parametrize(("content", "media_type"), KINDS.values(), ids=KINDS)
def test_a_file_is_what_it_holds_whatever_its_name(tmp_path: Path, content: bytes, media_type: str) -> None:
    path = tmp_path / "upload"
    path.write_bytes(content)
    assert sniff(path, name="要点.docx") == media_type


def test_a_download_is_never_shown_as_a_page(client: Client) -> None:
    attachment = upload(b"<html><script>alert(1)</script>", "会议“纪要”;1.html")
    client.force_login(attachment.uploaded_by)
    response = client.get(reverse("bureau:attachment-download", args=[attachment.pk]))
    assert b"".join(response.streaming_content) == b"<html><script>alert(1)</script>"  # type: ignore[attr-defined]
    assert response["Content-Disposition"].startswith("attachment; filename*=utf-8''%E4%BC%9A%E8%AE%AE")
    assert response["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in response["Content-Security-Policy"]


def test_a_file_of_another_county_is_not_found(client: Client) -> None:
    mine, other = make.county(), make.county()
    attachment = make.attachment(organisation=other)
    client.force_login(make.person("county_clerk", mine))
    address = reverse("bureau:attachment-download", args=[attachment.pk])
    assert client.get(address).status_code == 404
    client.force_login(make.person("auditor"))
    assert client.get(address).status_code == 200


def test_a_lost_file_is_not_found(client: Client, settings: Any) -> None:
    attachment = upload(b"abc")
    (Path(settings.STORAGE) / "files" / attachment.file.path).unlink()
    client.force_login(attachment.uploaded_by)
    assert client.get(reverse("bureau:attachment-download", args=[attachment.pk])).status_code == 404


def test_an_upload_taken_back_takes_its_bytes_unless_another_shares_them(settings: Any) -> None:
    first, second = upload(b"abc", "甲.txt"), upload(b"abc", "乙.txt")
    kept = Path(settings.STORAGE) / "files" / "ba" / "78" / ABC
    discard_upload(first, why="没有识别成功", by=first.uploaded_by, at=AT)
    assert kept.read_bytes() == b"abc"
    discard_upload(second, why="没有识别成功", by=second.uploaded_by, at=AT)
    assert not kept.exists()
    assert (Attachment.objects.count(), StoredFile.objects.count()) == (0, 0)
    entries = AuditEntry.objects.filter(action="delete", subject_type="bureau.attachment").order_by("pk")
    assert [(entry.before["name"], entry.why) for entry in entries] == [
        ("甲.txt", "没有识别成功"),
        ("乙.txt", "没有识别成功"),
    ]
    assert upload(b"abc").file.sha256 == ABC
