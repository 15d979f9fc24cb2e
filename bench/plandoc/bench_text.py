"""Speed and yield of the plan-document engine beside Microsoft Recognizers-Text (Chinese), on the same texts in one run.

    python bench/plandoc/bench_text.py [FOLDER] [--runs 5] [--peer-python PYTHON] [--json FILE]

FOLDER (default ``tests/corpus``) is searched for ``*.txt``; where ``<stem>.gold.json`` lies beside a text, its labelled
quantities with a value are the yardstick (optional ones aside): a tool finds one when a span of its own overlaps the
labelled number and carries its value, printed (40 of 40亿元) or scaled (4e9). Each tool runs in a process of its own
under its own interpreter, is warmed up, and then times a whole pass over all texts; rounds of the two alternate, so that
a busy machine slows both. Times are medians of process time, memory is the peak of the process.

The peer recognises numbers, percentages and currency; Keshu reads headings, owners, targets, tense and period as well.
"""

from __future__ import annotations

import argparse
import json
import statistics
import subprocess
import sys
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
WORKER = HERE / "text_worker.py"
SCALES = {"万亿": 1e12, "亿": 1e8, "万": 1e4}


@dataclass(frozen=True)
class Labelled:
    """A labelled quantity: where its number stands in the text, and the values that count as found."""

    start: int
    end: int
    values: tuple[float, ...]


@dataclass(frozen=True)
class Outcome:
    """What one tool did: median seconds a pass, seconds to import, peak memory in MB, spans by text."""

    name: str
    seconds: float
    start_seconds: float
    memory_mb: float
    spans: list[list[tuple[int, int, float | None]]]


def load_texts(folder: Path) -> list[Path]:
    """The texts of `folder`, sorted by path."""
    return sorted(folder.rglob("*.txt"))


def load_labels(path: Path) -> list[Labelled]:
    """The labelled quantities that belong to a text; none where nothing lies beside it."""
    gold = path.with_name(f"{path.stem}.gold.json")
    if not gold.exists():
        return []
    targets = json.loads(gold.read_text(encoding="utf-8"))["targets"]
    return [
        Labelled(t["value_start"], t["value_end"], _readings(abs(t["value"]), t.get("unit") or ""))
        for t in targets
        if t.get("value") is not None and t.get("value_start") is not None and not t.get("optional")
    ]


def _readings(value: float, unit: str) -> tuple[float, ...]:
    scale = next((factor for word, factor in SCALES.items() if unit.startswith(word)), 1.0)
    return (value, value * scale)


def run_rounds(interpreter: str, tool: str, texts: Path, runs: int) -> list[dict]:
    """Start one worker and have it make `runs` passes; one JSON line a pass."""
    command = [interpreter, str(WORKER), tool, str(texts), str(runs)]
    done = subprocess.run(command, capture_output=True, text=True, cwd=ROOT, check=False)
    if done.returncode:
        raise SystemExit(f"{tool} failed:\n{done.stderr[-2000:]}")
    return [json.loads(line) for line in done.stdout.splitlines() if line.startswith("{")]


def measure(interpreters: dict[str, str], texts: Path, runs: int) -> list[Outcome]:
    """Alternate rounds of the tools; the first pass of each process is thrown away."""
    passes: dict[str, list[dict]] = {tool: [] for tool in interpreters}
    for _ in range(runs):
        for tool, interpreter in interpreters.items():
            passes[tool].append(run_rounds(interpreter, tool, texts, 2)[-1])
    return [
        Outcome(
            tool,
            statistics.median(one["seconds"] for one in found),
            statistics.median(one["start_seconds"] for one in found),
            max(one["memory_mb"] for one in found),
            found[-1]["spans"],
        )
        for tool, found in passes.items()
    ]


def count_found(spans: Iterable[list[tuple[int, int, float | None]]], labels: list[list[Labelled]]) -> int:
    """How many labelled quantities have a span with their value."""
    found = 0
    for mine, wanted in zip(spans, labels, strict=True):
        for label in wanted:
            found += any(
                start < label.end
                and end > label.start
                and value is not None
                and any(abs(abs(value) - known) <= 1e-6 * max(1.0, known) for known in label.values)
                for start, end, value in mine
            )
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("folder", nargs="?", type=Path, default=ROOT / "tests" / "corpus")
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument(
        "--peer-python", default=str(ROOT / ".venv-bench" / "bin" / "python"), help="interpreter of the peer"
    )
    parser.add_argument("--json", type=Path, help="write the figures here as well")
    options = parser.parse_args()
    paths = load_texts(options.folder)
    if not paths:
        raise SystemExit(f"no .txt under {options.folder}")
    if not Path(options.peer_python).exists():
        raise SystemExit(f"{options.peer_python} is missing: make bench prepares it")
    labels = [load_labels(path) for path in paths]
    characters = sum(len(path.read_text(encoding="utf-8")) for path in paths)
    wanted = sum(map(len, labels))
    outcomes = measure(
        {"keshu": sys.executable, "recognizers": options.peer_python}, options.folder.resolve(), options.runs
    )
    rows = [
        {
            "tool": one.name,
            "seconds": round(one.seconds, 4),
            "documents_per_second": round(len(paths) / one.seconds, 1),
            "characters_per_second": round(characters / one.seconds),
            "start_seconds": round(one.start_seconds, 2),
            "memory_mb": round(one.memory_mb),
            "found": count_found(one.spans, labels),
        }
        for one in outcomes
    ]
    ratio = rows[1]["seconds"] / rows[0]["seconds"]
    print(
        f"{len(paths)} texts, {characters} characters, {wanted} labelled quantities with a value, {options.runs} rounds"
    )
    print("tool          s/pass   docs/s    chars/s  import s  peak MB  quantities found")
    for row in rows:
        print(
            f"{row['tool']:<12} {row['seconds']:>7} {row['documents_per_second']:>8} {row['characters_per_second']:>10} "
            f"{row['start_seconds']:>9} {row['memory_mb']:>8}  {row['found']} of {wanted}"
        )
    print(f"Keshu is {ratio:.1f} times as fast.")
    if options.json:
        report = {
            "texts": len(paths),
            "characters": characters,
            "labelled": wanted,
            "ratio": round(ratio, 1),
            "tools": rows,
        }
        options.json.write_text(json.dumps(report, ensure_ascii=False, indent=1), encoding="utf-8")


if __name__ == "__main__":
    main()
