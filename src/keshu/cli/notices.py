"""`keshu notices digest`: send what waits for a digest, by hand or by cron."""

from __future__ import annotations

import os

import click

from keshu.cli.chinese import Command, Group


@click.group(cls=Group)
def notices() -> None:
    """消息与邮件。"""


@notices.command(cls=Command)
def digest() -> None:
    """把各人待发的消息合成每日摘要，马上发出。"""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "keshu.site.settings")
    import django

    django.setup()
    from django.utils import timezone

    from keshu.apps.bureau.services import notices as services

    if not services.is_mail_configured():
        raise click.ClickException("没有配置邮件服务器：请设置 KESHU_MAIL_HOST，见 docs/operate.md。")
    now = timezone.now()
    run = services.queue_digests(before=now, at=now)
    sent = services.send_waiting(clock=timezone.now, at_once=10_000)
    click.echo(f"合成 {run.people} 人的摘要，共 {run.notices} 条消息；发出 {sent} 封邮件。")
