"""How well outlook foresees, written into docs/methods/outlook.md.

    .venv/bin/python bench/outlook/measure.py                  # is the small table up to date? exit 1 if not
    .venv/bin/python bench/outlook/measure.py --write          # play every series, beside the peers; some minutes
    .venv/bin/python bench/outlook/measure.py --write --only kinds speed
    .venv/bin/python bench/outlook/measure.py --print --only peers

The peers (AutoETS and AutoTheta of statsforecast) run in `.venv-bench`, which `make bench` prepares, on a fixed seeded sample.
"""

from __future__ import annotations

import argparse
import json
import re
import subprocess
import sys
import time
from collections.abc import Callable, Iterable
from functools import cache
from itertools import pairwise, product
from pathlib import Path

import numpy as np

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / "src"), str(Path(__file__).parent)]

import backtest  # noqa: E402
from backtest import ORIGINS, SEED, SETS, Play, Result, played  # noqa: E402

from keshu.engines import outlook  # noqa: E402
from keshu.engines.outlook import Kind  # noqa: E402

PAGE = ROOT / "docs" / "methods" / "outlook.md"
PLOT = ROOT / "docs" / "images" / "outlook-reliability.png"
BLOCK = re.compile(r"(<!-- bench/outlook/measure\.py (?P<name>\w+) -->\n)(?P<table>(?:\|.*\n)+)")
PEERS = ROOT / ".venv-bench" / "bin" / "python"
SAMPLE = 120
EDGES = (0, 0.05, 0.2, 0.4, 0.6, 0.8, 0.95, 1)
SLOTS = {12: "monthly", 4: "quarterly"}


def measured(page: str, names: Iterable[str]) -> str:
    """The page with the tables of these names measured anew."""
    wanted = set(names)
    return BLOCK.sub(
        lambda block: block[1] + (TABLES[block["name"]]() if block["name"] in wanted else block["table"]), page
    )


@cache
def results(which: str, every: int = 1) -> tuple[Result, ...]:
    """Every question of a set of series, answered."""
    return tuple(map(played, backtest.plays(backtest.series(SETS[which], every=every))))


def sample() -> str:
    """A small part that the tests play again: every 40th series of M1 and M3."""
    rows = []
    for origin in ORIGINS:
        found = [each for each in results("M1 and M3", 40) if each.play.origin == origin]
        rows.append((origin, len(found), _covered(found), _mape(found), _brier(found)))
    return _table(("quarter", "forecasts", "80% interval covers", "MAPE", "Brier"), rows)


def totals() -> str:
    """Coverage and error of the year's total beside the simple ways."""
    rows = []
    for which, (slots, name), origin in product(SETS, SLOTS.items(), ORIGINS):
        found = [each for each in results(which) if each.play.slots == slots and each.play.origin == origin]
        simple = [_mape(found, how) for how in ("straight", "share", "naive")]
        rows.append((which, name, origin, len(found), _covered(found), f"**{_mape(found)}**", *simple))
    head = ("series", "", "quarter", "forecasts", "80% interval covers", "MAPE", "straight line", "last year's share")
    return _table((*head, "seasonal naive"), rows)


def methods() -> str:
    """Each of the engine's methods by itself and their mean, on every fifth series of M1 and M3, where they were chosen."""
    rows = []
    for (slots, name), origin in product(SLOTS.items(), ORIGINS):
        found = [each for each in results("M1 and M3", 5) if each.play.slots == slots and each.play.origin == origin]
        alone = [
            100 * float(np.mean([_off(each.alone[code], each.actual) for each in found])) for code in backtest.ALONE
        ]
        rows.append((name, origin, len(found), *(f"{each:.2f}" for each in alone), f"**{_mape(found)}**"))
    return _table(("", "quarter", "forecasts", "share of year", "recent level", "damped trend", "their mean"), rows)


def peers() -> str:
    """The same sample of questions, answered by all."""
    rows = []
    for which, (slots, name) in product(SETS, SLOTS.items()):
        every = [each for each in backtest.plays(backtest.series(SETS[which])) if each.slots == slots]
        ends = sorted({(each.series, len(each.years)) for each in every})
        chosen = {ends[at] for at in np.random.default_rng(SEED).permutation(len(ends))[:SAMPLE]}
        mine = [played(each) for each in every if (each.series, len(each.years)) in chosen]
        theirs = _by_peers([each.play for each in mine])
        for origin in ORIGINS:
            pairs = [(one, two) for one, two in zip(mine, theirs, strict=True) if one.play.origin == origin]
            pairs = [
                (one, two) for one, two in pairs if one.actual and None not in (two["AutoETS"][0], two["AutoTheta"][0])
            ]
            errors = {peer: [_off(_end(one, two[peer][0]), one.actual) for one, two in pairs] for peer in pairs[0][1]}
            said = [f"{100 * float(np.mean(errors[peer])):.2f}" for peer in ("AutoETS", "AutoTheta")]
            cost = [
                f"{1000 * float(np.mean([two[peer][1] for _, two in pairs])):.0f}" for peer in ("AutoETS", "AutoTheta")
            ]
            rows.append((which, name, origin, len(pairs), f"**{_mape([one for one, _ in pairs])}**", *said, *cost))
    head = (
        "series",
        "",
        "quarter",
        "forecasts",
        "Keshu",
        "AutoETS",
        "AutoTheta",
        "AutoETS, ms each",
        "AutoTheta, ms each",
    )
    return _table(head, rows)


def _by_peers(asked: list[Play]) -> list[dict]:
    tasks = [
        {
            "run": [*each.years[:-1].ravel(), *each.years[-1][: each.done]],
            "slots": each.slots,
            "ahead": each.slots - each.done,
        }
        for each in asked
    ]
    lines = "".join(json.dumps(task) + "\n" for task in tasks)
    worker = [str(OPTIONS.peer_python), str(Path(__file__).with_name("peers.py"))]
    done = subprocess.run(worker, input=lines, stdout=subprocess.PIPE, text=True, check=True)
    return [json.loads(line) for line in done.stdout.splitlines()]


def _end(result: Result, ahead: float) -> float:
    return float(result.play.years[-1][: result.play.done].sum()) + ahead


def goals() -> str:
    """Brier scores of a goal 3% above last year; yes or no by straight line; always the share of goals that were met."""
    rows = []
    for which, origin in product(SETS, ORIGINS):
        found = [each for each in results(which) if each.play.origin == origin]
        met = np.array([each.is_met for each in found], dtype=float)
        line = np.array([each.play.goal.is_met_by(each.straight) for each in found], dtype=float)
        rate = met.mean()
        by_line = f"{np.mean((line - met) ** 2):.3f}"
        rows.append(
            (
                which,
                origin,
                len(found),
                f"{100 * rate:.0f}%",
                f"**{_brier(found)}**",
                by_line,
                f"{rate * (1 - rate):.3f}",
            )
        )
    head = ("series", "quarter", "goals", "were met", "Brier", "straight line, yes or no", "always the share met")
    return _table(head, rows)


def reliability() -> str:
    """What was said beside what came, and the plot of it."""
    rows, curves = [], {which: _reliability(results(which)) for which in SETS}
    for at, (low, high) in enumerate(pairwise(EDGES)):
        cells = [
            cell for curve in curves.values() for cell in (curve[at][0], f"{curve[at][1]:.1%}", f"{curve[at][2]:.1%}")
        ]
        rows.append((f"{low:.0%} to {high:.0%}", *cells))
    _plot(curves)
    head = ["probability"]
    for which in SETS:
        head += [f"{which}: goals", "said on average", "were met"]
    return _table(tuple(head), rows)


def _reliability(found: Iterable[Result]) -> list[tuple[int, float, float]]:
    said = np.array([each.probability for each in found])
    met = np.array([each.is_met for each in found], dtype=float)
    group = np.digitize(said, EDGES[1:-1])
    return [
        (int((group == at).sum()), float(said[group == at].mean()), float(met[group == at].mean()))
        for at in range(len(EDGES) - 1)
    ]


def _plot(curves: dict[str, list[tuple[int, float, float]]]) -> None:
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    figure = Figure(figsize=(4.2, 4.2), dpi=110, layout="tight")
    FigureCanvasAgg(figure)
    axes = figure.add_subplot()
    axes.plot([0, 1], [0, 1], color="#BFBFBF", linewidth=1)
    for (name, points), look in zip(
        curves.items(), ({"marker": "o"}, {"marker": "s", "linestyle": "dashed"}), strict=True
    ):
        axes.plot([each[1] for each in points], [each[2] for each in points], label=name, color="#1F3A5F", **look)
    axes.set(xlabel="probability said", ylabel="share that was met", xlim=(0, 1), ylim=(0, 1))
    axes.legend(frameon=False)
    figure.savefig(PLOT, metadata={"Software": None})


def kinds() -> str:
    """Indicators of the other kinds, made from every tenth series: coverage, and the median error at the year's end."""
    rows = []
    for kind, which in product((Kind.LEVEL, Kind.SHARE, Kind.GROWTH_RATE, Kind.COUNT), SETS):
        rows_of_kind = backtest.as_kind(backtest.series(SETS[which], every=10), kind)
        found = [played(play) for play in backtest.plays(rows_of_kind, kind=kind)]
        for origin in ORIGINS:
            here = [each for each in found if each.play.origin == origin]
            errors = [_median_error(here, how) for how in ("forecast", "naive", "straight")]
            rows.append(
                (
                    f"`{kind.name}`",
                    which,
                    origin,
                    len(here),
                    _covered(here),
                    f"**{errors[0]}**",
                    *errors[1:],
                    _brier(here),
                )
            )
    head = (
        "kind",
        "series",
        "quarter",
        "forecasts",
        "80% interval covers",
        "median error",
        "as it stands",
        "straight line",
        "Brier",
    )
    return _table(head, rows)


def _median_error(found: list[Result], how: str) -> str:
    is_level = found[0].play.kind is Kind.LEVEL
    if is_level:
        return f"{float(np.nanmedian([100 * _off(getattr(each, how), each.actual) for each in found])):.2f}%"
    return f"{float(np.median([abs(getattr(each, how) - each.actual) for each in found])):.2f}"


def speed() -> str:
    """Processor time on this machine: monthly figures of ten years and of five, and five thousand targets."""
    rows = []
    for years in (5, 10):
        run = np.random.default_rng(SEED).lognormal(3, 0.2, (years + 1, 12))
        question = Play("", run, 2, Kind.TOTAL).question()
        rows.append(
            (
                f"one target, {years} years of months",
                f"{1000 * _seconds(lambda asked=question: outlook.foresee(asked), 200) / 200:.1f} ms",
            )
        )
    asked = [
        Play("", np.random.default_rng([SEED, at]).lognormal(3, 0.2, (6, 12)), 2, Kind.TOTAL).question()
        for at in range(5000)
    ]
    rows.append(
        ("5,000 targets, 5 years of months", f"{_seconds(lambda: [outlook.foresee(each) for each in asked], 1):.1f} s")
    )
    return _table(("", "processor time"), rows)


def _seconds(call: Callable[[], object], times: int) -> float:
    start = time.process_time()
    for _ in range(times):
        call()
    return time.process_time() - start


def _off(value: float, actual: float) -> float:
    """The error as a part of what came; nothing can be a part of nothing."""
    return abs(value - actual) / abs(actual) if actual else float("nan" if value == actual else "inf")


def _covered(found: list[Result]) -> str:
    return f"{100 * float(np.mean([each.is_covered for each in found])):.1f}%"


def _mape(found: list[Result], how: str = "forecast") -> str:
    return f"{100 * float(np.mean([_off(getattr(each, how), each.actual) for each in found if each.actual])):.2f}"


def _brier(found: list[Result]) -> str:
    return f"{float(np.mean([(each.probability - each.is_met) ** 2 for each in found])):.3f}"


def _table(head: tuple[str, ...], rows: Iterable[tuple[object, ...]]) -> str:
    lines = [head, ("---",) * len(head), *rows]
    return "".join(f"| {' | '.join(map(str, line))} |\n" for line in lines)


TABLES = {each.__name__: each for each in (sample, totals, methods, peers, goals, reliability, kinds, speed)}
OPTIONS = argparse.Namespace(peer_python=PEERS)


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--write", action="store_true", help="measure anew and write")
    parser.add_argument("--print", action="store_true", help="measure anew and print")
    parser.add_argument("--only", nargs="+", choices=sorted(TABLES), default=sorted(TABLES), help="these tables")
    parser.add_argument("--peer-python", type=Path, default=PEERS, help="interpreter of the peers")
    parser.parse_args(namespace=OPTIONS)
    page = PAGE.read_text(encoding="utf-8")
    if OPTIONS.write:
        PAGE.write_text(measured(page, OPTIONS.only), encoding="utf-8")
    elif OPTIONS.print:
        for name in OPTIONS.only:
            print(f"{name}\n{TABLES[name]()}", flush=True)
    elif measured(page, ["sample"]) != page:
        print(f"{PAGE.relative_to(ROOT)} is out of date: run {Path(__file__).relative_to(ROOT)} --write")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
