"""How well plandoc reads, written into docs/methods/plandoc.md.

    .venv/bin/python bench/quality.py          # print what the document says wrongly, exit 1 if anything
    .venv/bin/python bench/quality.py --write  # measure anew and write

A measured table stands behind a line ``<!-- keshu plan score FOLDER -->``. Folders outside the repository (labelled real
documents cannot be kept in it) are measured where they exist and left alone elsewhere.
"""

from __future__ import annotations

import re
import sys
from pathlib import Path

from keshu.engines import plandoc
from keshu.engines.plandoc import scoring

ROOT = Path(__file__).resolve().parent.parent
PAGE = ROOT / "docs" / "methods" / "plandoc.md"
BLOCK = re.compile(r"(<!-- keshu plan score (?P<folder>\S+) -->\n)(?P<table>(?:\|.*\n)+)")


def measured(page: str) -> str:
    """The page with every table measured anew."""
    return BLOCK.sub(lambda block: block[1] + (_table(ROOT / block["folder"]) or block["table"]), page)


def _table(folder: Path) -> str | None:
    if not folder.is_dir():
        return None
    score = scoring.score_folder(folder, read=lambda data, name: plandoc.read_plan(data, name=name))
    return scoring.render(score).strip() + "\n"


def main() -> int:
    page = PAGE.read_text(encoding="utf-8")
    fresh = measured(page)
    if "--write" in sys.argv:
        PAGE.write_text(fresh, encoding="utf-8")
    elif fresh != page:
        print(f"{PAGE.relative_to(ROOT)} is out of date: run {Path(__file__).name} --write")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
