"""How well the checker of official documents checks, written into docs/methods/gongwen.md.

    .venv/bin/python bench/gongwen/measure.py          # print whether the page is up to date, exit 1 if not
    .venv/bin/python bench/gongwen/measure.py --write  # measure anew and write

Sound documents and documents with one planted fault each are those of the tests (`tests/engines/gongwen/planted.py`).
"""

from __future__ import annotations

import re
import sys
from collections import Counter
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT), str(ROOT / "src")]

from tests.engines.gongwen.planted import PLANTS, SOUND  # noqa: E402

from keshu.engines import gongwen as gw  # noqa: E402

PAGE = ROOT / "docs" / "methods" / "gongwen.md"
BLOCK = re.compile(r"(<!-- bench/gongwen/measure\.py (?P<name>\w+) -->\n)(?P<table>(?:\|.*\n)+)")


def measured(page: str) -> str:
    """The page with every table measured anew."""
    tables = {"figures": figures, "rules": rules}
    return BLOCK.sub(lambda block: block[1] + tables[block["name"]](), page)


def figures() -> str:
    """Found, found besides, mended."""
    found = sum([each.rule for each in gw.check_document(plant.document())] == [plant.rule] for plant in PLANTS)
    besides = sum(len(gw.check_document(plant.document())) - 1 for plant in PLANTS)
    alarms = sum(len(gw.check_document(make().bytes())) for make in SOUND.values())
    mechanical = [plant for plant in PLANTS if plant.is_mended]
    mended = sum(not plant.fixed().left for plant in mechanical)
    rows = (
        ("sound documents", len(SOUND)),
        ("findings in them (false alarms)", alarms),
        ("documents with one planted fault", len(PLANTS)),
        ("fault found by its rule, and nothing else", f"{found}/{len(PLANTS)}"),
        ("findings beside the planted ones", besides),
        ("mechanical faults mended without rest", f"{mended}/{len(mechanical)}"),
    )
    return "| | |\n| --- | --- |\n" + "".join(f"| {name} | {value} |\n" for name, value in rows)


def rules() -> str:
    """Every rule with its clause and how often it was planted."""
    planted = Counter(plant.rule for plant in PLANTS)
    lines = [
        f"| `{rule.id}` | {rule.name} | {rule.clause or '—'} | {'yes' if rule.is_mechanical else 'no'} | {planted[rule.id]} |\n"
        for rule in gw.RULES.values()
    ]
    return "| rule | 中文 | clause | mended | planted |\n| --- | --- | --- | --- | --- |\n" + "".join(lines)


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
