"""`keshu gongwen …`: check Word files against GB/T 9704-2012 on the command line, without a database."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import click

from keshu.cli.chinese import Group
from keshu.engines import gongwen as engine
from keshu.engines.gongwen import Finding

_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.group(cls=Group)
def gongwen() -> None:
    """按 GB/T 9704-2012 检查公文格式。"""


@gongwen.command()
@click.argument("file", metavar="文件", type=_FILE)
@click.option("--json", "as_json", is_flag=True, help="输出一个 JSON 数组。")
def check(file: Path, as_json: bool) -> None:
    """列出 .docx 文件中不符合标准的地方；有问题时退出码为 1。"""
    try:
        findings = engine.check_document(data := file.read_bytes())
        notes = engine.unchecked_parts(data)
    except engine.UnreadableDocument as error:
        click.echo(f"{file.name}：{error}", err=True)
        sys.exit(1)
    click.echo(
        json.dumps([_as_dict(each) for each in findings], ensure_ascii=False, indent=1)
        if as_json
        else "\n".join([_as_text(findings), *notes])
    )
    sys.exit(1 if findings else 0)


@gongwen.command()
@click.argument("file", metavar="文件", type=_FILE)
@click.option(
    "-o",
    "--output",
    "output",
    metavar="文件",
    required=True,
    type=click.Path(dir_okay=False, path_type=Path),
    help="改好的文件存到哪里。",
)
def fix(file: Path, output: Path) -> None:
    """改正格式上的问题，另存为新文件，不改文字内容；还有问题要人工改时退出码为 1。"""
    try:
        fixed = engine.fix_document(data := file.read_bytes())
        notes = engine.unchecked_parts(data)
    except engine.UnreadableDocument as error:
        click.echo(f"{file.name}：{error}", err=True)
        sys.exit(1)
    output.write_bytes(fixed.data)
    click.echo(f"已改正 {len(fixed.mended)} 处，保存到 {output}")
    if fixed.left:
        click.echo(f"还有 {len(fixed.left)} 处要人工改：\n" + _as_text(list(fixed.left)))
    for note in notes:
        click.echo(note)
    sys.exit(1 if fixed.left else 0)


def _as_dict(finding: Finding) -> dict[str, object]:
    return {
        "rule": finding.rule,
        "name": finding.name,
        "citation": finding.citation,
        "place": finding.place,
        "paragraph": finding.paragraph,
        "expected": finding.expected,
        "found": finding.found,
        "is_mechanical": finding.is_mechanical,
    }


def _as_text(findings: list[Finding]) -> str:
    if not findings:
        return "没有发现格式问题"
    mechanical = sum(each.is_mechanical for each in findings)
    head = f"发现 {len(findings)} 处格式问题，其中 {mechanical} 处可以自动改正（keshu gongwen fix）"
    return "\n".join([head, *(f"  {'可改' if each.is_mechanical else '人工'}　{each}" for each in findings)])
