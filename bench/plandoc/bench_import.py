"""What the plan-document engine costs a process that has not used it yet, each figure from fresh interpreters.

    python bench/plandoc/bench_import.py [--runs 7]

`import` is ``import keshu.engines.plandoc``: the values and the way in, no grammar. `grammar` is the import of the three
rooms that reading needs, which compiles their patterns. `first text` is the first short document after that, and `second
text` the same once more. Medians and the fastest run, in milliseconds of process time.
"""

from __future__ import annotations

import argparse
import json
import statistics
import subprocess
import sys
from pathlib import Path

SRC = Path(__file__).resolve().parents[2] / "src"
CHILD = """
import json, sys, time
sys.path.insert(0, sys.argv[1])
marks = [time.process_time()]
import keshu.engines.plandoc
marks.append(time.process_time())
import keshu.engines.plandoc.cleaning, keshu.engines.plandoc.structure, keshu.engines.plandoc.claims
marks.append(time.process_time())
text = "云禾区2024年科技工作要点\\n一、主要目标\\n新增高新技术企业20家,研发投入强度达到2.6%。\\n"
for _ in range(2):
    assert len(keshu.engines.plandoc.read_text(text).claims) == 2
    marks.append(time.process_time())
print(json.dumps([later - earlier for earlier, later in zip(marks, marks[1:])]))
"""
PARTS = ("import", "grammar", "first text", "second text")


def measure(runs: int) -> list[list[float]]:
    """Seconds of each part, one list a run, each run in an interpreter of its own."""
    found = []
    for _ in range(runs):
        done = subprocess.run([sys.executable, "-c", CHILD, str(SRC)], capture_output=True, text=True, check=False)
        if done.returncode:
            raise SystemExit(done.stderr[-2000:])
        found.append(json.loads(done.stdout))
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--runs", type=int, default=7)
    found = measure(parser.parse_args().runs)
    print(f"{len(found)} interpreters, ms     median  fastest")
    for part, seconds in zip(PARTS, zip(*found, strict=True), strict=True):
        print(f"{part:<23} {statistics.median(seconds) * 1000:>8.1f} {min(seconds) * 1000:>8.1f}")
    whole = [sum(run[:3]) for run in found]
    print(f"{'to the first document':<23} {statistics.median(whole) * 1000:>8.1f} {min(whole) * 1000:>8.1f}")


if __name__ == "__main__":
    main()
