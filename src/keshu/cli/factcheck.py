"""`keshu factcheck …`: check a draft against a ledger on the command line, without a database."""

from __future__ import annotations

import json
import sys
from datetime import UTC, datetime
from pathlib import Path

import click

from keshu.apps.briefings.services.remarks import commented_file
from keshu.apps.briefings.services.statements import draft_of, ledger_of
from keshu.apps.plans.queries.indicator_names import folded_name
from keshu.engines import factcheck as engine
from keshu.engines import gongwen, plandoc
from keshu.engines.factcheck import Ledger, Report, Verdict, VerdictKind
from keshu.engines.plandoc import PlanDocument

_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
_NEW = click.Path(dir_okay=False, path_type=Path)
WORDS = {
    VerdictKind.AGREES: "一致",
    VerdictKind.ROUNDED: "一致",
    VerdictKind.DIFFERS: "不符",
    VerdictKind.UNIT_SLIP: "单位",
    VerdictKind.WRONG_PERIOD: "时期",
    VerdictKind.WRONG_TIER: "档次",
    VerdictKind.WRONG_ORGANISATION: "县区",
    VerdictKind.STALE: "过时",
    VerdictKind.INCONSISTENT: "矛盾",
    VerdictKind.UNCLEAR: "不明",
    VerdictKind.NOT_IN_LEDGER: "台账无",
    VerdictKind.MASKED: "隐去",
}


@click.command()
@click.argument("file", metavar="文件", type=_FILE)
@click.option("--against", metavar="台账", type=_FILE, help="台账：.json，或一份工作要点、总结等文件。")
@click.option("--save-ledger", "save", metavar="文件", type=_NEW, help="把文件中的数据存为台账（.json），供以后核对。")
@click.option("--year", metavar="年", type=click.IntRange(1900, 2999), help="文件没有写明年份时，按哪一年；默认今年。")
@click.option("--json", "as_json", is_flag=True, help="输出一个 JSON 数组。")
@click.option("--all", "show_all", is_flag=True, help="一致的也列出。")
@click.option("--comments", metavar="文件", type=_NEW, help="另存带批注的 Word 文件。")
def factcheck(
    file: Path,
    against: Path | None,
    save: Path | None,
    year: int | None,
    as_json: bool,
    show_all: bool,
    comments: Path | None,
) -> None:
    """核对文稿中的数据；有不符的退出码为 1。"""
    document, year = _read(file), year or datetime.now(UTC).year
    if save is not None:
        save.write_text(engine.to_json(ledger_of(document, year=year)), encoding="utf-8")
        click.echo(f"已保存 {save}", err=as_json)
    if against is None:
        if save is None:
            raise click.UsageError("请用 --against 指定台账，或用 --save-ledger 从文件生成台账。")
        return
    ledger = _ledger(against, year=year)
    report = engine.check(draft_of(document, as_of=ledger.latest), ledger, fold=folded_name)
    click.echo(_as_json(report, document) if as_json else _as_text(report, document, show_all=show_all))
    if comments is not None:
        _save_comments(comments, file, document, report)
    sys.exit(1 if report.errors else 0)


def _read(file: Path) -> PlanDocument:
    try:
        return plandoc.read_plan(file.read_bytes(), name=file.name)
    except plandoc.PlanDocumentError as error:
        raise click.ClickException(f"{file.name}：{error}") from error


def _ledger(file: Path, *, year: int) -> Ledger:
    if file.suffix.lower() != ".json":
        return ledger_of(_read(file), year=year)
    try:
        return engine.from_json(file.read_text(encoding="utf-8"))
    except (engine.LedgerRefused, UnicodeDecodeError) as error:
        raise click.ClickException(f"{file.name}：{error}") from error


def _save_comments(target: Path, file: Path, document: PlanDocument, report: Report) -> None:
    try:
        done = commented_file(
            file.read_bytes(),
            text=document.text,
            title=document.meta.title or "",
            report=report,
            at=datetime.now(UTC),
        )
    except gongwen.UnreadableDocument as error:
        raise click.ClickException(f"{file.name}：{error}") from error
    target.write_bytes(done.data)
    left = f"，{len(done.unplaced)} 条没有找到位置" if done.unplaced else ""
    click.echo(f"已保存 {target}{left}", err=True)


def _as_text(report: Report, document: PlanDocument, *, show_all: bool) -> str:
    sound = sum(each.kind.is_sound for each in report.verdicts)
    unknown = report.counts[VerdictKind.NOT_IN_LEDGER]
    lines = [f"共核对 {len(report.verdicts)} 个数：一致 {sound}，有疑问 {len(report.errors)}，台账中没有 {unknown}"]
    shown = report.verdicts if show_all else [each for each in report.verdicts if not each.kind.is_sound]
    lines += [
        f"  {_line(each, document)}　{WORDS[each.kind]}　{_quote(each, document)}　{each.sentence}" for each in shown
    ]
    return "\n".join(lines)


def _line(verdict: Verdict, document: PlanDocument) -> str:
    return f"第{document.text.count(chr(10), 0, verdict.statement.value_span.start) + 1}行"


def _quote(verdict: Verdict, document: PlanDocument) -> str:
    return verdict.statement.value_span.of(document.text)


def _as_json(report: Report, document: PlanDocument) -> str:
    rows = [
        {
            "start": each.statement.value_span.start,
            "end": each.statement.value_span.end,
            "quote": _quote(each, document),
            "verdict": each.kind.value,
            "sentence": each.sentence,
            "fact": each.fact.id if each.fact is not None else None,
        }
        for each in report.verdicts
    ]
    return json.dumps(rows, ensure_ascii=False, indent=1)
