"""A draft checked against the ledger: read by plandoc, held against what the person may see of the year."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING

from keshu.apps.briefings.services.remarks import commented_file
from keshu.apps.briefings.services.statements import draft_of
from keshu.apps.bureau.services.refusals import Unacceptable
from keshu.apps.plans.queries.indicator_names import folded_name
from keshu.apps.plans.queries.known_facts import known_facts
from keshu.engines import plandoc
from keshu.engines.factcheck import Ledger, Report, Verdict, check
from keshu.engines.gongwen import Commented, UnreadableDocument
from keshu.kernel.period import Period

if TYPE_CHECKING:
    from keshu.apps.bureau.models import User
    from keshu.engines.plandoc import PlanDocument

NO_LEDGER = "您能看到的范围内还没有已发布的工作要点，没有可核对的台账。请先在“工作要点”中导入并发布。"


@dataclass(frozen=True, slots=True)
class CheckedDraft:
    """A draft with the verdict on each of its figures, in the order of the text. Spans count in ``text``."""

    title: str
    text: str
    report: Report
    year: int
    ledger: Ledger
    as_of: Period | None

    @property
    def fact_count(self) -> int:
        return len(self.ledger.facts)

    @property
    def verdicts(self) -> tuple[Verdict, ...]:
        return self.report.verdicts


def check_file(data: bytes, *, name: str, year: int, by: User, on: date, as_of: Period | None = None) -> CheckedDraft:
    """Check a file (.docx, .pdf, .html, .txt) against the year's ledger as `by` may see it.

    Unacceptable: the file cannot be read, or nothing is published to check against. Nothing is stored.
    """
    try:
        document = plandoc.read_plan(data, name=name)
    except plandoc.PlanDocumentError as error:
        raise Unacceptable(str(error)) from error
    return _checked(document, year=year, by=by, on=on, as_of=as_of)


def check_text(text: str, *, year: int, by: User, on: date, as_of: Period | None = None) -> CheckedDraft:
    """Check pasted text likewise."""
    if not text.strip():
        raise Unacceptable("请粘贴要核对的文字。", field="text")
    return _checked(plandoc.read_text(text), year=year, by=by, on=on, as_of=as_of)


def _checked(document: PlanDocument, *, year: int, by: User, on: date, as_of: Period | None) -> CheckedDraft:
    ledger = known_facts(by, year=year, on=on)
    if ledger is None:
        raise Unacceptable(NO_LEDGER)
    when = as_of or ledger.latest
    draft = draft_of(document, as_of=when, writer=_writer(by))
    report = check(draft, ledger, fold=folded_name)
    return CheckedDraft(document.meta.title or "", document.text, report, year, ledger, when)


def _writer(by: User) -> str:
    """Whose paper it most likely is: that of the only organisation that the person belongs to."""
    own = by.scope.organisation_ids
    return str(next(iter(own))) if len(own) == 1 else ""


def commented_draft(data: bytes, checked: CheckedDraft, *, at: datetime) -> Commented:
    """The uploaded file with the verdicts as Word comments; pasted text (`data` empty) as a new Word file with them.

    Unacceptable: the Word file cannot be opened.
    """
    try:
        return commented_file(data, text=checked.text, title=checked.title, report=checked.report, at=at)
    except UnreadableDocument as error:
        raise Unacceptable(str(error)) from error
