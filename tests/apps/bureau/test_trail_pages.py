"""The check of the trail on its page, as a command, and the anchors that are printed and mailed."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from django.core import mail
from django.db import connection
from django.test import Client
from django.urls import reverse
from tests.apps.bureau.test_trail import sql, unguarded, write
from tests.factories import AT, ON, make

from keshu.apps.bureau.models import AuditEntry, TrailAnchor
from keshu.apps.bureau.queries.trail import verify_trail
from keshu.apps.bureau.services import Refused, Unacceptable, anchors, jobs
from keshu.cli import main

pytestmark = pytest.mark.django_db


def signed_in(role: str) -> Client:
    client = Client()
    client.force_login(make.person(role))
    return client


def run(*arguments: str) -> tuple[int, str]:
    result = CliRunner().invoke(main, ["audit", *arguments])
    return result.exit_code, result.output


def test_an_auditor_has_the_trail_read_through() -> None:
    write()
    client = signed_in("auditor")
    answer = client.post(reverse("bureau:trail-verify"))
    assert answer["Location"] == reverse("bureau:trail-check")
    jobs.run_pending()
    page = client.get(reverse("bureau:trail-check")).content.decode()
    assert "共核对 7 条办理记录、0 个锚点，全部相符。" in page  # the six and the sign-in


def test_the_page_names_what_is_wrong() -> None:
    write()
    unguarded()
    sql("DELETE FROM bureau_auditentry WHERE number = 2")
    client = signed_in("operator")
    client.post(reverse("bureau:trail-verify"))
    jobs.run_pending()
    assert "第 2 号记录不见了" in client.get(reverse("bureau:trail-check")).content.decode()


def test_others_are_told_who_checks() -> None:
    client = signed_in("clerk")
    assert client.get(reverse("bureau:trail-check")).status_code == 403
    assert client.post(reverse("bureau:trail-verify")).status_code == 403


def test_the_operator_keeps_an_anchor_and_the_auditor_prints_it() -> None:
    write()
    answer = signed_in("operator").post(reverse("bureau:anchor-create"))
    anchor = TrailAnchor.objects.get()
    assert (anchor.number, anchor.is_signed) == (7, True)
    assert answer["Location"] == reverse("bureau:anchor-detail", args=[anchor.pk])
    auditor = signed_in("auditor")
    assert anchor.line in auditor.get(answer["Location"]).content.decode()
    assert auditor.post(reverse("bureau:anchor-create")).status_code == 403


def test_an_anchor_is_kept_once_while_nothing_happens() -> None:
    write()
    one = anchors.keep_anchor(by=None, at=AT, on=ON)
    assert anchors.keep_anchor(by=None, at=AT, on=ON) == one
    write(1)
    assert anchors.keep_anchor(by=None, at=AT, on=ON).number == 8
    assert verify_trail().anchors == 2


def test_an_empty_trail_has_no_anchor() -> None:
    with pytest.raises(Unacceptable, match="还没有办理记录"):
        anchors.keep_anchor(by=None, at=AT, on=ON)
    with pytest.raises(Refused):
        anchors.keep_anchor(by=make.person("planner"), at=AT, on=ON)


def test_a_forged_anchor_is_named() -> None:
    write()
    anchors.keep_anchor(by=None, at=AT, on=ON)
    with connection.cursor() as cursor:
        cursor.execute("UPDATE bureau_trailanchor SET digest = %s", ["f" * 64])
    messages = [fault.message for fault in verify_trail().faults]
    assert any("锚点签名不符" in message for message in messages)
    assert any("锚点与第 6 号记录不符" in message for message in messages)


def test_the_command_says_yes_and_no() -> None:
    write()
    assert run("verify") == (0, "共核对 6 条办理记录、0 个锚点，全部相符。\n")
    unguarded()
    sql("UPDATE bureau_auditentry SET why = '' WHERE number = 4")
    code, told = run("verify")
    assert code == 1
    assert "第 4 号记录的内容与摘要不符，记录被改过。（修改，事项4，编号" in told
    code, told = run("verify", "--json")
    assert code == 1
    assert json.loads(told)["faults"][0]["number"] == 4


def test_the_command_reads_an_anchor_kept_elsewhere(tmp_path: Path) -> None:
    write()
    code, told = run("anchor")
    assert code == 0
    kept = tmp_path / "锚点.txt"
    kept.write_text(told)
    assert run("verify", "--anchor", str(kept))[0] == 0
    unguarded()
    sql("DELETE FROM bureau_auditentry WHERE number > 3")
    sql("DELETE FROM bureau_trailhead")
    sql("DELETE FROM bureau_trailanchor")
    write(1)
    code, told = run("verify", "--anchor", str(kept))
    assert code == 1
    assert "文件 锚点.txt 中的" in told
    assert "锚点记有 6 条，现在只有 4 条，记录被删过。" in told
    empty = tmp_path / "空.txt"
    empty.write_text("没有")
    assert run("verify", "--anchor", str(empty))[0] == 1


def test_an_anchor_is_mailed_to_the_auditors(settings: Any) -> None:
    write()
    anchor = anchors.keep_anchor(by=None, at=AT, on=ON)
    with pytest.raises(Unacceptable, match="没有设置发信服务器"):
        anchors.mail_anchor(anchor)
    settings.EMAIL_HOST = "mail.example.cn"
    with pytest.raises(Unacceptable, match="没有收件人"):
        anchors.mail_anchor(anchor)
    auditor = make.person("auditor")
    auditor.email = "shenji@example.cn"
    auditor.save()
    assert anchors.mail_anchor(anchor) == ["shenji@example.cn"]
    settings.AUDIT_MAIL = ["jijian@example.cn"]
    assert anchors.mail_anchor(anchor) == ["jijian@example.cn"]
    assert [message.to for message in mail.outbox] == [["shenji@example.cn"], ["jijian@example.cn"]]
    assert anchor.line in str(mail.outbox[0].body)


def test_a_new_key_is_told_and_signed_with_anew(settings: Any) -> None:
    write()
    anchors.keep_anchor(by=None, at=AT, on=ON)
    settings.SECRET_KEY = "another-key"
    code, told = run("verify")
    assert code == 1
    assert "签名不符" in told
    assert run("seal", "--why", "更换服务器密钥")[0] == 0
    assert verify_trail().is_sound
    assert AuditEntry.objects.filter(why="更换服务器密钥").count() == 1


def test_nothing_is_signed_anew_over_a_bent_trail() -> None:
    write()
    unguarded()
    sql("UPDATE bureau_auditentry SET why = '' WHERE number = 4")
    code, told = run("seal", "--why", "试试")
    assert code == 1
    assert "不能重新签名：第 4 号记录" in told
