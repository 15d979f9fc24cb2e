"""How many planted errors a check finds, and how often it cries wolf, written into docs/methods/factcheck.md.

    .venv/bin/python bench/factcheck/measure.py                   # print what the document says wrongly, exit 1 if anything
    .venv/bin/python bench/factcheck/measure.py --write           # measure anew and write
    .venv/bin/python bench/factcheck/measure.py --show STYLE …    # list what was missed and what was cried
    .venv/bin/python bench/factcheck/measure.py --ledger          # take the demo city's ledger anew (keshu demo first)

A measured table stands behind a line ``<!-- bench/factcheck/measure.py NAME -->``.
"""

from __future__ import annotations

import os
import re
import sys
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from bench.factcheck.breakers import BREAKERS  # noqa: E402
from bench.factcheck.drafts import Figure, Made, make_drafts  # noqa: E402
from bench.factcheck.finals import FINALS  # noqa: E402
from bench.factcheck.fresh import FRESH  # noqa: E402
from bench.factcheck.last import LAST  # noqa: E402
from bench.factcheck.ordinary import ORDINARY  # noqa: E402
from bench.factcheck.plain import PLAIN  # noqa: E402
from bench.factcheck.sealed import SEALED  # noqa: E402
from bench.factcheck.selves import against_itself  # noqa: E402
from bench.factcheck.styles import CLOSED, TUNED  # noqa: E402
from bench.factcheck.voices import VOICES  # noqa: E402

from keshu.apps.briefings.services.statements import draft_of  # noqa: E402
from keshu.apps.plans.queries.indicator_names import folded_name  # noqa: E402
from keshu.engines import plandoc  # noqa: E402
from keshu.engines.factcheck import Ledger, Verdict, check  # noqa: E402
from keshu.engines.factcheck.exchange import from_json, to_json  # noqa: E402

# Real documents cannot be kept in the repository: they are measured where they exist.
SEEDS = ROOT.parent / "shared" / "seeds"
PAGE = ROOT / "docs" / "methods" / "factcheck.md"
LEDGER = Path(__file__).with_name("ledger.json")
BLOCK = re.compile(r"(<!-- bench/factcheck/measure\.py (?P<name>\w+) -->\n)(?P<table>(?:\|.*\n)+)")
KINDS = {
    "digit": "a digit changed",
    "unit": "another unit (亿元 and 万元, % and 百分点)",
    "period": "another year's figure",
    "tier": "floor and stretch mistaken",
    "county": "another county's figure",
    "stale": "an earlier month's figure",
}
# What the tests play again.
SAMPLE = 1


@dataclass(frozen=True, slots=True)
class Outcome:
    """A figure of a draft and what the check said of it; None where it did not see it."""

    made: Made
    figure: Figure
    verdict: Verdict | None

    @property
    def is_found(self) -> bool:
        """A planted error counts as found only when the figure is said to be wrong, not when it is said to be unknown."""
        return self.verdict is not None and self.verdict.kind.is_error

    @property
    def is_alarm(self) -> bool:
        """A right figure that somebody would have to look at, for whatever reason."""
        return self.is_right and self.verdict is not None and not self.verdict.kind.is_sound

    @property
    def is_right(self) -> bool:
        return not self.figure.planted and not self.figure.is_stranger


@cache
def ledger() -> Ledger:
    return from_json(LEDGER.read_text(encoding="utf-8"))


def outcomes(drafts: Iterable[Made]) -> list[Outcome]:
    found = []
    for made in drafts:
        report = check(draft_of(plandoc.read_text(made.text), as_of=ledger().latest), ledger(), fold=folded_name)
        for figure in made.figures:
            found.append(Outcome(made, figure, _verdict(figure, report.verdicts)))
    return found


def _verdict(figure: Figure, verdicts: Sequence[Verdict]) -> Verdict | None:
    """What is said of the figure: the worst, where two readings touch it."""
    touching = [
        each
        for each in verdicts
        if each.statement.value_span.start < figure.end and figure.start < each.statement.value_span.end
    ]
    return max(touching, key=lambda each: (not each.kind.is_sound, each.kind.is_error), default=None)


GROUPS = {
    "tuned": ("tuned on", TUNED),
    "opened": (
        "opened, then tuned on",
        {**CLOSED, **FRESH, **LAST, **SEALED, **VOICES, **BREAKERS, **FINALS, **ORDINARY, **PLAIN},
    ),
}


@cache
def played(group: str, each: int) -> tuple[Outcome, ...]:
    return tuple(outcomes(make_drafts(ledger(), GROUPS[group][1], each=each)))


def styles_table(each: int = 25) -> str:
    rows = ["| styles |  | drafts | figures | planted | found | right figures | alarms | seen | strangers said wrong |"]
    rows.append("| --- " * 10 + "|")
    for group, (word, _) in GROUPS.items():
        found = played(group, each)
        for style in dict.fromkeys(one.made.style for one in found):
            rows.append(_row(word, style, [one for one in found if one.made.style == style]))
        rows.append(_row(f"**{word}**", "all", found))
    return "\n".join(rows) + "\n"


def _row(word: str, style: str, found: Sequence[Outcome]) -> str:
    planted = [one for one in found if one.figure.planted]
    right = [one for one in found if one.is_right]
    strangers = [one for one in found if one.figure.is_stranger]
    hits, alarms = sum(one.is_found for one in planted), sum(one.is_alarm for one in right)
    seen = sum(one.verdict is not None for one in right)
    drafts = len({id(one.made) for one in found})
    return (
        f"| {word} | {style} | {drafts} | {len(found) - len(strangers)} | {len(planted)} | {hits} ({hits / len(planted):.1%}) | "
        f"{len(right)} | {alarms} ({alarms / len(right):.1%}) | {seen / len(right):.1%} | {_of_strangers(strangers)} |"
    )


def _of_strangers(strangers: Sequence[Outcome]) -> str:
    return f"{sum(one.is_found for one in strangers)} of {len(strangers)}" if strangers else "—"


def kinds_table(each: int = 25) -> str:
    rows = ["| planted error | tuned on: planted | found | opened: planted | found |", "| --- " * 5 + "|"]
    for kind, word in KINDS.items():
        cells = []
        for groups in (("tuned",), ("opened",)):
            planted = [one for group in groups for one in played(group, each) if one.figure.planted == kind]
            cells += [str(len(planted)), str(sum(one.is_found for one in planted))]
        rows.append(f"| {word} | {' | '.join(cells)} |")
    return "\n".join(rows) + "\n"


def selves_table() -> str:
    rows = [
        "| document | figures | of them masked | said to disagree | altered in the ledger | found |",
        "| --- " * 6 + "|",
    ]
    for file in sorted(SEEDS.glob("*.txt")):
        own = against_itself(file)
        found = own.altered - len(own.missed)
        rows.append(f"| {own.name} | {own.figures} | {own.masked} | {len(own.alarms)} | {own.altered} | {found} |")
    return "\n".join(rows) + "\n"


TABLES: dict[str, Callable[[], str]] = {
    "styles": styles_table,
    "kinds": kinds_table,
    "sample": lambda: styles_table(SAMPLE),
    "selves": selves_table,
}


def measured(page: str, *, names: Iterable[str] = tuple(TABLES)) -> str:
    """The page with these tables measured anew."""
    wanted = set(names) - (set() if SEEDS.is_dir() else {"selves"})
    return BLOCK.sub(
        lambda block: block[1] + (TABLES[block["name"]]() if block["name"] in wanted else block["table"]), page
    )


def show(styles: Sequence[str]) -> None:
    """What was missed and what was cried, with the sentence."""
    known = {name: style for _, styles in GROUPS.values() for name, style in styles.items()}
    for style in styles:
        found = outcomes(make_drafts(ledger(), {style: known[style]}))
        print(_row("", style, found), Counter(one.figure.planted for one in found))
        for one in found:
            missed = one.figure.planted and not one.is_found
            accused = one.figure.is_stranger and one.is_found
            if missed or accused or one.is_alarm or (one.verdict is None and not one.figure.is_stranger):
                word = (
                    f"MISSED {one.figure.planted}"
                    if missed
                    else "ACCUSED"
                    if accused
                    else "ALARM"
                    if one.is_alarm
                    else "unseen"
                )
                start = max(0, one.figure.start - 40)
                context = one.made.text[start : one.figure.end + 10].replace("\n", "/")
                figure = one.made.text[one.figure.start : one.figure.end]
                print(f"{word}: {figure} in …{context}")
                if one.verdict is not None:
                    print(f"     {one.verdict.kind.value} [{one.verdict.statement.indicator}] {one.verdict.sentence}")


def take_ledger() -> None:
    """The demo city's ledger as its planner sees it today."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "keshu.site.settings")
    import django

    django.setup()
    from django.utils import timezone

    from keshu.apps.bureau.models import User
    from keshu.apps.plans.queries.known_facts import known_facts

    on = timezone.localdate()
    known = known_facts(User.objects.get(username="planner"), year=on.year, on=on)
    assert known is not None
    LEDGER.write_text(to_json(known), encoding="utf-8")


def main() -> int:
    if "--ledger" in sys.argv:
        take_ledger()
        return 0
    if "--show" in sys.argv:
        show(sys.argv[sys.argv.index("--show") + 1 :])
        return 0
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
