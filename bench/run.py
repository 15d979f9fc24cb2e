"""`make bench`: every measurement, one after the other; each prints its own table.

Peers live in `.venv-bench`, made from `requirements/bench.lock`, so that their old dependencies never meet ours.
"""

from __future__ import annotations

import subprocess
import sys
import venv
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PEERS = ROOT / ".venv-bench"
OWN = ROOT / ".venv" / "bin" / "python"


def main() -> int:
    _prepare_peers()
    failed = 0
    for command in (
        [OWN, "bench/plandoc/bench_text.py", "--peer-python", PEERS / "bin" / "python"],
        [OWN, "bench/plandoc/bench_pdf.py"],
        [OWN, "bench/plandoc/bench_import.py"],
        [OWN, "bench/plandoc/bench_fuzz.py"],
        [OWN, "bench/pages.py"],
        [OWN, "bench/pages.py", "--year"],
        [OWN, "bench/gongwen/measure.py"],
        [OWN, "bench/outlook/measure.py", "--print"],
    ):
        print(f"\n=== {command[1]}", flush=True)
        failed += subprocess.run([str(part) for part in command], cwd=ROOT).returncode != 0
    return int(failed > 0)


def _prepare_peers() -> None:
    lock, ready = ROOT / "requirements" / "bench.lock", PEERS / "ready"
    if not ready.exists() or ready.read_text(encoding="utf-8") != lock.read_text(encoding="utf-8"):
        venv.create(PEERS, with_pip=True, clear=True)
        pip = [PEERS / "bin" / "python", "-m", "pip", "install", "-q", "--no-deps", "--require-hashes", "-r", lock]
        subprocess.run(pip, check=True)
        ready.write_text(lock.read_text(encoding="utf-8"), encoding="utf-8")


if __name__ == "__main__":
    sys.exit(main())
