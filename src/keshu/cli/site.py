"""`keshu serve`, `worker`, `demo`, `check`, `create-operator`: run the site and look after it."""

from __future__ import annotations

import os
import sys

import click

from keshu.cli import serving
from keshu.cli.chinese import Command


def load_django() -> None:
    """Load the settings; every command here needs them, `keshu plan` does not."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "keshu.site.settings")
    from keshu.site.memory import loading

    with loading():
        import django

        django.setup()


def migrate() -> None:
    """Bring the tables to this version; of a database that has all of it nothing is asked but that."""
    from django.core.management import call_command
    from django.db import connection
    from django.db.migrations.executor import MigrationExecutor

    known = MigrationExecutor(connection)
    known.loader.check_consistent_history(connection)
    if known.migration_plan(known.loader.graph.leaf_nodes()):
        call_command("migrate", interactive=False, verbosity=0)


@click.command(cls=Command)
@click.option("--host", default="127.0.0.1", metavar="地址", help="监听地址，不写时为 127.0.0.1，只有本机能访问。")
@click.option(
    "--port",
    default=8000,
    type=click.IntRange(1, 65535),
    metavar="端口",
    envvar="KESHU_PORT",
    help="监听端口，不写时为 8000。",
)
@click.option("--workers", default=2, type=click.IntRange(1, 64), metavar="个数", help="网页进程数，不写时为 2。")
@click.option("--worker/--no-worker", default=True, help="是否同时启动后台任务进程，不写时启动。")
def serve(host: str, port: int, workers: int, worker: bool) -> None:
    """准备数据库并启动网站。"""
    serving.check_port(host, port)
    load_django()
    migrate()
    children: list[tuple[str, ...]] = [("pages", host, str(port), str(workers))]
    if worker:
        children.append(("worker",))
    serving.serve(children, ready=lambda: click.echo(f"科枢已启动：http://{host}:{port}/  （按 Ctrl+C 停止）"))


@click.command(cls=Command)
@click.option("--once", is_flag=True, help="处理完已排队的任务后退出。")
def worker(once: bool) -> None:
    """处理后台任务（读取文件、导出等）。"""
    load_django()
    from keshu.apps.bureau.services import jobs

    jobs.run_worker(once=once)


@click.command(cls=Command)
@click.option("--reset", is_flag=True, help="清空数据库后重新载入。只在演示环境使用。")
def demo(reset: bool) -> None:
    """载入演示城市“云澜市”（全部标注为演示数据）。"""
    load_django()
    migrate()
    from keshu.site.demo import loading as city

    try:
        click.echo(city.load(reset=reset))
    except city.NotADemo as error:
        raise click.ClickException(str(error)) from error


@click.command(cls=Command)
def check() -> None:
    """检查设置、数据库、存储目录和可选组件。"""
    load_django()
    from keshu.site import diagnosis

    findings = diagnosis.examine()
    for finding in findings:
        click.echo(f"{'正常' if finding.is_ok else '注意' if finding.is_optional else '错误'}　{finding.text}")
    if any(not f.is_ok and not f.is_optional for f in findings):
        sys.exit(1)


@click.command("create-operator", cls=Command)
@click.argument("username", metavar="用户名")
@click.option("--name", metavar="姓名", prompt="姓名", help="姓名。")
@click.option("--city", metavar="名称", prompt="所在市（县、区）", help="市、县或区的名称，例如：云澜市。")
@click.option("--bureau", metavar="全称", prompt="本局全称", help="本局全称，第一次运行时据此建立单位。")
@click.password_option(metavar="密码", prompt="密码", confirmation_prompt="再输一次密码")
def create_operator(username: str, name: str, city: str, bureau: str, password: str) -> None:
    """建立第一个系统管理员账号。"""
    load_django()
    migrate()
    from keshu.apps.bureau.services import Unacceptable
    from keshu.site import first_run

    try:
        click.echo(first_run.create_operator(username=username, name=name, city=city, bureau=bureau, password=password))
    except Unacceptable as refusal:
        raise click.ClickException(str(refusal)) from refusal
