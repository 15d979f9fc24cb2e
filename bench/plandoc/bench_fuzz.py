"""Mutated and generated files of every format through the whole engine, and texts of one unit repeated: does any bound break?

    python bench/plandoc/bench_fuzz.py [--files 300] [--kilobytes 60] [--seed 1]

Each format is read in a process of its own, whose peak memory (ru_maxrss) is that of its worst file. Seconds are process time per
MB of input; a file counts as 100 KB at least, so that fixed costs (loading OCR models for a PDF without
characters) show as they are.
"""

from __future__ import annotations

import argparse
import json
import random
import resource
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
FORMS = ("docx", "pdf", "html", "txt", "gb18030")
LEAST_MB = 0.1
FIGURES = ("30家", "xx家", "×%", "尚差4件", "1)", "5家\n", "2家和9家", "l00家", "12,", "6\n")


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--files", type=int, default=300)
    parser.add_argument("--kilobytes", type=int, default=60)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--worker", choices=(*FORMS, "units"), help=argparse.SUPPRESS)
    options = parser.parse_args()
    sys.path.insert(0, str(ROOT))
    if options.worker == "units":
        print(json.dumps(time_units(options.kilobytes)))
    elif options.worker:
        print(json.dumps(read_all(options.worker, count=options.files, seed=options.seed)))
    else:
        report(options)


def report(options: argparse.Namespace) -> None:
    """Start the workers one after the other and print both tables."""
    sizes = ["--files", options.files, "--kilobytes", options.kilobytes, "--seed", options.seed]
    print("| format | files | read | refused in Chinese | tracebacks | slowest s/MB | peak MB |")
    print("| --- | --- | --- | --- | --- | --- | --- |")
    for form in FORMS:
        found = _worker(form, sizes)
        print(
            f"| {form} | {options.files} | {found['read']} | {found['refused']} | {len(found['errors'])} "
            f"| {found['slowest']:.1f} | {found['peak']:.0f} |",
            flush=True,
        )
        for error in found["errors"][:5]:
            print(error, file=sys.stderr)
    print("\n| text of one unit, repeated | s/MB | figures |")
    print("| --- | --- | --- |")
    for unit, seconds, figures in _worker("units", sizes)[:10]:
        print(f"| `{unit!r}` | {seconds:.1f} | {figures} |")


def _worker(task: str, sizes: list[object]) -> dict:
    command = [sys.executable, __file__, "--worker", task, *map(str, sizes)]
    done = subprocess.run(command, capture_output=True, text=True, cwd=ROOT, check=False)
    if done.returncode:
        raise SystemExit(f"{task} died ({done.returncode}):\n{done.stderr[-2000:]}")
    return json.loads(done.stdout.splitlines()[-1])


def files(form: str, *, count: int, seed: int) -> Iterator[bytes]:
    """By turns a sound file of random text, and that file cut, flipped, spliced and repeated."""
    from tests.engines.plandoc import test_whole_fuzz as suite

    dice = random.Random(seed)
    for turn in range(count):
        text = "".join(dice.choice(suite.ATOMS) for _ in range(dice.choice((8, 60, 400))))
        data = bytearray(suite.FORMS[form](text))
        first, second = sorted(dice.randrange(len(data)) for _ in range(2))
        match turn % 5:
            case 1:
                del data[first:]
            case 2:
                for _ in range(dice.randrange(1, 40)):
                    data[dice.randrange(len(data))] ^= 1 << dice.randrange(8)
            case 3:
                data[first:second] = data[: dice.randrange(400)]
            case 4:
                data[first:first] = data[first:second] * 3
        yield bytes(data)


def read_all(form: str, *, count: int, seed: int) -> dict[str, object]:
    """Read every file of one form; counts, the slowest and the peak of memory."""
    from keshu.engines import plandoc

    plandoc.read_text("一、目标\n新增3家。")
    read, refused, slowest = 0, 0, 0.0
    errors: list[str] = []
    for number, data in enumerate(files(form, count=count, seed=seed)):
        begun = time.process_time()
        try:
            plandoc.read_plan(data, name=f"a.{form}").to_dict()
            read += 1
        except plandoc.PlanDocumentError as refusal:
            refused += str(refusal).endswith("。")
        except Exception as error:  # whatever it is, it is what this measurement looks for
            errors.append(f"{form} {number}: {error!r}")
        slowest = max(slowest, (time.process_time() - begun) / max(LEAST_MB, len(data) / 1e6))
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return {"read": read, "refused": refused, "errors": errors, "slowest": slowest, "peak": peak}


def time_units(kilobytes: int) -> list[tuple[str, float, int]]:
    """Texts of one unit repeated, the slowest first."""
    from tests.engines.plandoc import test_whole_fuzz as suite

    from keshu.engines import plandoc

    plandoc.read_text("一、目标\n新增3家。")
    found = []
    for unit in dict.fromkeys((*suite.ATOMS, *suite.WORST, *FIGURES)):
        text = unit * (kilobytes * 1000 // len(unit.encode()))
        begun = time.process_time()
        figures = len(plandoc.read_text(text).claims)
        found.append((unit, (time.process_time() - begun) / (len(text.encode()) / 1e6), figures))
    return sorted(found, key=lambda row: -row[1])


if __name__ == "__main__":
    main()
