"""Any .docx against GB/T 9704-2012: what deviates, where, by which clause; and what is mechanical, mended."""

from __future__ import annotations

from dataclasses import dataclass

from keshu.engines.gongwen.checking.finding import RULES, Finding, Observation, Rule
from keshu.engines.gongwen.checking.package import Package, UnreadableDocument
from keshu.engines.gongwen.checking.reading import read_paper
from keshu.engines.gongwen.checking.roles import read_parts
from keshu.engines.gongwen.checking.rules import CHECKS, Reading
from keshu.engines.gongwen.checking.unchecked import unchecked_in

_ROUNDS = 4  # one mended deviation may uncover another: a size set makes an indent in characters count anew


@dataclass(frozen=True)
class Fixed:
    """A mended file: its bytes, what was found at first and mended, and what is left for the author."""

    data: bytes
    mended: tuple[Finding, ...]
    left: tuple[Finding, ...]


def check_document(data: bytes) -> list[Finding]:
    """Every deviation of a Word file from GB/T 9704-2012, in the order of pages, looks, words, structure.

    Parameters
    ----------
    data : the .docx file's bytes

    Returns
    -------
    The findings; none for a document as the writer of this engine makes it.

    Raises
    ------
    UnreadableDocument : not a .docx, damaged or encrypted; in Chinese, with what to do
    """
    return [each.finding for each in _observations(Package(data))]


def fix_document(data: bytes) -> Fixed:
    """Mend what is mechanical and leave the words alone otherwise.

    Words change only where a rule is about how they are written: half-width marks, brackets and serials of document numbers,
    dates of issue, the list of attachments, labels of headings. Blank paragraphs become room above the next.

    Raises
    ------
    UnreadableDocument : as `check_document`
    """
    found = check_document(data)
    for _ in range(_ROUNDS):
        package = Package(data)
        mends = [each.mend for each in _observations(package) if each.mend is not None]
        if not mends:
            break
        for mend in mends:
            mend()
        data = package.bytes()
    left = check_document(data)
    remaining = [(each.rule, each.is_mechanical) for each in left]
    mended = tuple(each for each in found if each.is_mechanical and (each.rule, True) not in remaining)
    return Fixed(data, mended, tuple(left))


def unchecked_parts(data: bytes) -> tuple[str, ...]:
    """What of a file no rule looks at, each kind once, in Chinese; empty where everything is looked at.

    Raises
    ------
    UnreadableDocument : as `check_document`
    """
    return unchecked_in(_reading(Package(data)))


def _observations(package: Package) -> list[Observation]:
    reading = _reading(package)
    return [each for check in CHECKS for each in check(reading)]


def _reading(package: Package) -> Reading:
    paper = read_paper(package)
    return Reading(paper, read_parts(paper), package)


__all__ = [
    "RULES", "Finding", "Fixed", "Rule", "UnreadableDocument", "check_document", "fix_document", "unchecked_parts",
]  # fmt: skip
