"""`keshu plan …`: read plan documents on the command line, without a database."""

from __future__ import annotations

import json
import os
import sys
import tempfile
from pathlib import Path

import click

from keshu.cli.chinese import Group
from keshu.engines import plandoc
from keshu.engines.plandoc import Claim, Measure, Op, PlanDocument


@click.group(cls=Group)
def plan() -> None:
    """读工作要点、工作总结等文件。"""


@plan.command()
@click.argument("file", metavar="文件", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="输出一个 JSON 对象。")
@click.option(
    "--xlsx", "workbook", metavar="文件", type=click.Path(dir_okay=False, path_type=Path), help="另存为 Excel 工作簿。"
)
def parse(file: Path, as_json: bool, workbook: Path | None) -> None:
    """读出文件（.docx、.pdf、.html、.txt）中的目标、任务和责任单位。"""
    try:
        document = plandoc.read_plan(file.read_bytes(), name=file.name)
    except plandoc.PlanDocumentError as error:
        click.echo(f"{file.name}：{error}", err=True)
        sys.exit(1)
    if workbook is not None:
        workbook.write_bytes(_as_workbook(document))
        click.echo(f"已保存 {workbook}", err=as_json)
    if as_json:
        click.echo(json.dumps(document.to_dict(), ensure_ascii=False, indent=1))
    elif workbook is None:
        click.echo(_as_text(document))


@plan.command()
@click.argument("folder", metavar="文件夹", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option("--show", is_flag=True, help="列出漏读和多读的条目。")
def score(folder: Path, show: bool) -> None:
    """用文件夹中的人工标注（*.gold.json 和同名文件）检验识别质量。"""
    from keshu.engines.plandoc import scoring

    try:
        score = scoring.score_folder(folder, read=lambda data, name: plandoc.read_plan(data, name=name))
    except scoring.NothingToScore as error:
        raise click.ClickException(str(error)) from error
    click.echo(scoring.render(score))
    if show:
        for document in score.documents:
            for word, quotes in (("漏读", document.missed), ("多读", document.extra)):
                for quote in quotes:
                    click.echo(f"{document.name}{document.format} {word}：{quote}")


def _as_workbook(document: PlanDocument) -> bytes:
    """The workbook. Its writer lives among the apps, which must be loaded first; no query is made and nothing is kept."""
    import django
    from django.conf import settings

    with tempfile.TemporaryDirectory() as folder:
        if not settings.configured:
            os.environ.setdefault("DJANGO_SETTINGS_MODULE", "keshu.site.settings")
            os.environ.setdefault("KESHU_STORAGE", folder)  # else the settings make one where the command is called
            django.setup()
        from keshu.apps.plans.services.document_workbook import document_workbook

        return document_workbook(document)


def _as_text(document: PlanDocument) -> str:
    """The document at a glance: what it is, its tree, its figures."""
    meta = document.meta
    head = [meta.title or "（未见标题）", meta.issuer, meta.doc_number, meta.published]
    lines = ["  ".join(part for part in head if part), ""]
    lines += [f"任务与章节（{len(document.nodes)} 条）"]
    for node in document.nodes:
        owners = "、".join(owner.name for owner in node.owners)
        lines.append("  " * node.level + node.title + (f"　［{owners}］" if owners else ""))
    lines += ["", f"目标与数据（{len(document.claims)} 条）"]
    lines += [f"  {_figure(claim)}" for claim in document.claims]
    lines += [f"  前后不一致：{c.message}" for c in document.contradictions]
    return "\n".join(lines)


TENSES = {"target": "目标", "actual": "完成"}
# How a clerk says what the comparison means; `{}` is the figure with its unit.
SAID = {
    Op.AT_LEAST: "不低于{}",
    Op.MORE_THAN: "高于{}",
    Op.AT_MOST: "不高于{}",
    Op.EQUAL: "{}",
    Op.ABOUT: "约{}",
    Op.BETWEEN: "{}",
    Op.RANK_WITHIN: "第{}以内",
    Op.BREAKTHROUGH: "实现零的突破",
    Op.ALL: "全部（{}）",
}


def _figure(claim: Claim) -> str:
    doubt = f"　存疑：{'；'.join(claim.doubts)}" if claim.doubts else ""
    tier = "力争" if claim.tier == "stretch" else ""
    return f"{TENSES[claim.tense]} {claim.indicator} {tier}{_asked(claim)}　{_when(claim)}{doubt}"


def _asked(claim: Claim) -> str:
    """The figure in words: 不低于12.5%, 第3位以内, 80—100家, 不低于1场/季度, 高于全省平均2个百分点."""
    unit = ("个百分点" if claim.unit == "百分点" else claim.unit or "") + (f"/{claim.per}" if claim.per else "")
    if claim.masked:
        return SAID[claim.op].format(f"（数字被隐去）{unit}")
    if claim.benchmark:
        against = "" if claim.value is None else f"{_number(claim.value)}{unit}"
        return f"{'低于' if claim.op is Op.AT_MOST else '高于' if against else '达到'}{claim.benchmark}{against}"
    if claim.value is None:
        return SAID[Op.BREAKTHROUGH] if claim.op is Op.BREAKTHROUGH else "（未写数字）"
    value = _number(claim.value)
    if claim.value_high is not None:
        value += f"—{_number(claim.value_high)}"
    more = {"位": "提升", "个百分点": "提高"}.get(unit, "新增") if claim.measure is Measure.INCREASE else ""
    return more + SAID[claim.op].format(f"{value}{unit}")


def _number(value: float) -> str:
    """Without an exponent and without zeros behind the point."""
    return f"{value:.6f}".rstrip("0").rstrip(".")


def _when(claim: Claim) -> str:
    return "" if claim.period is None else str(claim.period)
