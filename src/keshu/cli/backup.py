"""`keshu backup` and `keshu restore`: the whole site in one archive, and back."""

from __future__ import annotations

import time
from datetime import datetime
from pathlib import Path

import click

from keshu.cli.chinese import Command
from keshu.cli.site import load_django, migrate


@click.command(cls=Command)
@click.argument("file", metavar="文件", type=click.Path(dir_okay=False, path_type=Path))
@click.option("--force", is_flag=True, help="文件已存在时覆盖它。")
@click.option("--skip-missing", is_flag=True, help="存储目录里缺文件时仍然备份，备份会写明缺了哪些。")
def backup(file: Path, force: bool, skip_missing: bool) -> None:
    """把数据库和全部附件备份成一个文件；网站可以继续运行。"""
    if file.exists() and not force:
        raise click.ClickException(f"{file} 已存在。请换一个文件名，或加 --force 覆盖它。")
    if not file.parent.is_dir():
        raise click.ClickException(f"没有 {file.parent} 这个文件夹，请先建立它。")
    load_django()
    from django.utils import timezone

    from keshu.site import backup as site_backup

    started = time.monotonic()
    try:
        made = site_backup.save(file, at=timezone.now(), skip_missing=skip_missing)
    except site_backup.NotABackup as refusal:
        raise click.ClickException(str(refusal)) from refusal
    except OSError as error:
        raise click.ClickException(f"备份没有写成：{error.strerror}（{file}）。请检查磁盘空间和权限。") from error
    seconds = time.monotonic() - started
    click.echo(
        f"备份完成：{made.tables} 张表 {made.rows} 行，{made.files} 个附件，{made.size / 1024**2:.1f} MB，"
        f"用时 {seconds:.1f} 秒。"
    )
    for path in made.missing:
        click.echo(f"注意：缺少附件 {path}，备份中没有它。", err=True)
    click.echo(f"SHA-256 {made.sha256}")


@click.command(cls=Command)
@click.argument("file", metavar="文件", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--force", is_flag=True, help="系统里已有数据时，用备份替换全部数据。")
def restore(file: Path, force: bool) -> None:
    """用备份恢复数据库和全部附件；请先停止网站和后台任务进程。"""
    load_django()
    migrate()
    from django.utils import timezone

    from keshu.site import backup as site_backup

    started = time.monotonic()
    try:
        back = site_backup.restore(file, force=force)
    except site_backup.NotABackup as refusal:
        raise click.ClickException(str(refusal)) from refusal
    except OSError as error:
        raise click.ClickException(f"没有恢复成：{error.strerror}。请检查磁盘空间和权限；数据库没有改动。") from error
    seconds = time.monotonic() - started
    made_at = timezone.localtime(datetime.fromisoformat(back.made_at))
    click.echo(
        f"恢复完成：{made_at:%Y-%m-%d %H:%M} 做的备份，{back.rows} 行，{back.files} 个附件，用时 {seconds:.1f} 秒。"
        "所有人须重新登录。"
    )
    for path in back.missing:
        click.echo(f"注意：做备份时就缺少附件 {path}。", err=True)
    click.echo(f"{'办理记录' if back.is_sound else '注意：办理记录'}校验：{back.trail}")
