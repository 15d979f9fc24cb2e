"""`keshu serve`, `worker`, `demo`, `check`, `create-operator`: run the site and look after it."""

from __future__ import annotations

import os
import subprocess
import sys

import click


def _django() -> None:
    """Load the settings; every command here needs them, `keshu plan` does not."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "keshu.site.settings")
    import django

    django.setup()


def _migrate() -> None:
    from django.core.management import call_command

    call_command("migrate", interactive=False, verbosity=0)


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="监听地址。")
@click.option("--port", default=8000, show_default=True, envvar="KESHU_PORT", help="监听端口。")
@click.option("--workers", default=2, show_default=True, help="网页进程数。")
@click.option("--worker/--no-worker", default=True, show_default=True, help="是否同时启动后台任务进程。")
def serve(host: str, port: int, workers: int, worker: bool) -> None:
    """准备数据库并启动网站。"""
    _django()
    _migrate()
    background = subprocess.Popen([sys.executable, "-m", "keshu.cli", "worker"]) if worker else None
    click.echo(f"科枢已启动：http://{host}:{port}/  （按 Ctrl+C 停止）")
    try:
        _serve_pages(host=host, port=port, workers=workers)
    finally:
        if background is not None:
            background.terminate()
            background.wait(timeout=30)


def _serve_pages(*, host: str, port: int, workers: int) -> None:
    from granian.constants import Interfaces
    from granian.log import LogLevels
    from granian.server import Server

    Server(
        "keshu.site.wsgi:application",
        address=host,
        port=port,
        interface=Interfaces.WSGI,
        workers=workers,
        blocking_threads=4,
        log_level=LogLevels.warning,
    ).serve()


@click.command()
@click.option("--once", is_flag=True, help="处理完已排队的任务后退出。")
def worker(once: bool) -> None:
    """处理后台任务（读取文件、导出等）。"""
    _django()
    from keshu.apps.bureau.services import jobs

    jobs.run_worker(once=once)


@click.command()
@click.option("--reset", is_flag=True, help="清空数据库后重新载入。只在演示环境使用。")
def demo(reset: bool) -> None:
    """载入演示城市“云澜市”（全部标注为演示数据）。"""
    _django()
    _migrate()
    from keshu.site.demo import loading as city

    try:
        click.echo(city.load(reset=reset))
    except city.NotADemo as error:
        raise click.ClickException(str(error)) from error


@click.command()
def check() -> None:
    """检查设置、数据库、存储目录和可选组件。"""
    _django()
    from keshu.site import diagnosis

    findings = diagnosis.examine()
    for finding in findings:
        click.echo(f"{'正常' if finding.is_ok else '注意' if finding.is_optional else '错误'}　{finding.text}")
    if any(not f.is_ok and not f.is_optional for f in findings):
        sys.exit(1)


@click.command("create-operator")
@click.argument("username")
@click.option("--name", prompt="姓名", help="姓名。")
@click.option("--city", prompt="所在市（县、区）", help="市、县或区的名称，例如：云澜市。")
@click.option("--bureau", prompt="本局全称", help="本局全称，第一次运行时据此建立单位。")
@click.password_option(prompt="密码", confirmation_prompt="再输一次密码")
def create_operator(username: str, name: str, city: str, bureau: str, password: str) -> None:
    """建立第一个系统管理员账号。"""
    _django()
    _migrate()
    from keshu.apps.bureau.services import Unacceptable
    from keshu.site import first_run

    try:
        click.echo(first_run.create_operator(username=username, name=name, city=city, bureau=bureau, password=password))
    except Unacceptable as refusal:
        raise click.ClickException(str(refusal)) from refusal
