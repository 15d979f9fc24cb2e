"""`keshu notices digest` sends what waits, or says what is missing."""

from __future__ import annotations

from typing import Any

import pytest
from click.testing import CliRunner
from django.core import mail
from tests.factories import AT, make

from keshu.apps.bureau.services import notices
from keshu.apps.bureau.services.notices import Wanted, Ways
from keshu.cli import main

pytestmark = pytest.mark.django_db


def test_the_digest_is_sent_now(settings: Any) -> None:
    settings.EMAIL_HOST = "mail.example"
    lin = make.person("clerk", email="lin@example.cn")
    kind = "bureau.role_changed"
    notices.choose_ways([Wanted(kind, Ways(digest=True))], by=lin, at=AT)
    notices.notify(kind=kind, recipients=[lin.pk], title="有一件事", text="", link="/", key="1", at=AT)
    told = CliRunner().invoke(main, ["notices", "digest"])
    assert told.output == "合成 1 人的摘要，共 1 条消息；发出 1 封邮件。\n"
    assert "有一件事" in mail.outbox[0].body
    assert "合成 0 人" in CliRunner().invoke(main, ["notices", "digest"]).output


def test_without_a_mail_server_it_says_what_to_set(settings: Any) -> None:
    settings.EMAIL_HOST = ""
    told = CliRunner().invoke(main, ["notices", "digest"])
    assert told.exit_code == 1
    assert "KESHU_MAIL_HOST" in told.output
