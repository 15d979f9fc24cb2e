"""What `keshu check` looks at: each finding says what is so and, where it is wrong, how to mend it."""

from __future__ import annotations

import importlib.util
import os
import shutil
from collections.abc import Callable
from dataclasses import dataclass

from django.conf import settings
from django.contrib.staticfiles import finders
from django.core import checks
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing examined; an optional one that is not there is a remark, not a fault."""

    text: str
    is_ok: bool
    is_optional: bool = False


def examine() -> list[Finding]:
    """All findings, in the order a person would mend them."""
    parts: list[Callable[[], Finding]] = [_storage, _database, _settings, _assets, _ocr, _office, _hosts, _mail]
    return [part() for part in parts]


def _storage() -> Finding:
    folder = settings.STORAGE
    is_writable = os.access(folder, os.W_OK)
    return Finding(
        f"存储目录 {folder}" + ("" if is_writable else " 不可写，请改目录权限或设置 KESHU_STORAGE"), is_writable
    )


def _database() -> Finding:
    try:
        plan = MigrationExecutor(connection).migration_plan(MigrationExecutor(connection).loader.graph.leaf_nodes())
    except DatabaseError as error:
        return Finding(f"数据库连接不上：{error}。请检查 KESHU_DATABASE_URL", False)
    if plan:
        return Finding(f"数据库有 {len(plan)} 项结构更新未执行，运行一次 keshu serve 即可", False)
    return Finding(f"数据库（{connection.vendor}）结构是最新的", True)


def _settings() -> Finding:
    problems = [m for m in checks.run_checks() if m.level >= checks.ERROR]
    return Finding("设置没有冲突" if not problems else "；".join(str(m.msg) for m in problems), not problems)


def _assets() -> Finding:
    is_there = finders.find("vendor/htmx.min.js") is not None
    return Finding("页面资源已就绪" if is_there else "缺少页面资源，请运行 make assets", is_there)


def _ocr() -> Finding:
    is_there = importlib.util.find_spec("rapidocr") is not None
    return Finding(
        "可识别扫描件" if is_there else "未安装 ocr 组件，扫描件无法识别：运行 make env 安装", is_there, True
    )


def _office() -> Finding:
    is_there = shutil.which("soffice") is not None
    return Finding("已安装 LibreOffice" if is_there else "未安装 LibreOffice，不能转出 PDF", is_there, True)


def _hosts() -> Finding:
    is_local = set(settings.ALLOWED_HOSTS) <= {"localhost", "127.0.0.1", "[::1]"}
    text = (
        "只接受本机访问；对外服务请设置 KESHU_ALLOWED_HOSTS"
        if is_local
        else f"访问域名 {', '.join(settings.ALLOWED_HOSTS)}"
    )
    return Finding(text, not is_local, True)


def _mail() -> Finding:
    if not settings.EMAIL_HOST:
        return Finding("未配置邮件服务器，消息只在站内：发邮件请设置 KESHU_MAIL_HOST", False, True)
    if not settings.SITE_URL:
        return Finding("未设置 KESHU_SITE_URL，邮件里没有链接", False, True)
    return Finding(f"消息邮件经 {settings.EMAIL_HOST} 发出，链接指向 {settings.SITE_URL}", True)
