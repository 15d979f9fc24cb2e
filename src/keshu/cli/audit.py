"""`keshu audit …`: check the trail, keep anchors of it, sign it anew."""

from __future__ import annotations

import json
import sys
from datetime import date, datetime
from pathlib import Path

import click

from keshu.cli.chinese import Group
from keshu.cli.site import load_django


@click.group(cls=Group)
def audit() -> None:
    """核对办理记录，留存锚点。"""


@audit.command()
@click.option(
    "--anchor",
    "files",
    multiple=True,
    metavar="文件",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="保存在别处的锚点（一行或整封邮件），可以写多次。",
)
@click.option("--json", "as_json", is_flag=True, help="输出一个 JSON 对象。")
def verify(files: tuple[Path, ...], as_json: bool) -> None:
    """逐条核对办理记录；有不符时退出码为 1。"""
    load_django()
    from keshu.apps.bureau.queries import trail

    anchors: list[trail.Anchor] = []
    for file in files:
        found = trail.read_anchors(file.read_text(encoding="utf-8", errors="replace"), source=f"文件 {file.name} 中的")
        if not found:
            raise click.ClickException(
                f"{file.name} 中没有锚点。锚点是以 keshu-anchor 开头的一行，由 keshu audit anchor 给出。"
            )
        anchors += found
    result = trail.verify_trail(anchors=anchors)
    if as_json:
        faults = [{"number": fault.number, "message": fault.message} for fault in result.faults]
        told = {"sound": result.is_sound, "entries": result.entries, "anchors": result.anchors, "digest": result.digest}
        click.echo(json.dumps({**told, "faults": faults}, ensure_ascii=False, indent=1))
    else:
        click.echo(result.summary)
        for fault in result.faults[1:]:
            click.echo(f"　另有：{fault.message}")
    if not result.is_sound:
        sys.exit(1)


@audit.command()
@click.option(
    "--date", "day", metavar="日期", type=click.DateTime(["%Y-%m-%d"]), help="给出那一天留存的锚点，不写时留存今天的。"
)
@click.option("--mail", is_flag=True, help="寄给 KESHU_AUDIT_MAIL 中的地址，没有设置时寄给审计监督人员。")
def anchor(day: datetime | None, mail: bool) -> None:
    """留存今天的锚点并输出；把它保存在服务器以外。"""
    load_django()
    from django.utils import timezone

    from keshu.apps.bureau.queries import trail
    from keshu.apps.bureau.services import Unacceptable, anchors

    try:
        today = timezone.localdate()
        wanted: date = day.date() if day else today
        kept = trail.anchor_of(wanted)
        if wanted == today:
            kept = anchors.keep_anchor(by=None, at=timezone.now(), on=today)
        if kept is None:
            raise click.ClickException(f"{wanted:%Y-%m-%d} 没有留存锚点。")
        click.echo(anchors.anchor_text(kept))
        if mail:
            click.echo(f"已寄给 {'、'.join(anchors.mail_anchor(kept))}。")
    except Unacceptable as refusal:
        raise click.ClickException(str(refusal)) from refusal


@audit.command()
@click.option("--why", metavar="原因", prompt="原因", help="为什么重新签名，例如：更换服务器密钥。")
def seal(why: str) -> None:
    """更换密钥后，用新密钥给办理记录重新签名；摘要不符时不签。"""
    load_django()
    from django.utils import timezone

    from keshu.apps.bureau.services import Unacceptable, anchors

    try:
        anchors.seal_again(why=why, at=timezone.now())
    except Unacceptable as refusal:
        raise click.ClickException(str(refusal)) from refusal
    click.echo("已重新签名，原因记入办理记录。")
