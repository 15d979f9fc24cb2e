"""Drafts checked against the ledger for whoever brings them (核对稿件): received, checked by a job, judged finding by finding,
handed out as a Word file with comments and as Excel, checked again when the ledger has moved on. Seen by nobody else."""

from keshu.apps.briefings.services.fact_checks.checking import CHECK, check_draft, settle_check
from keshu.apps.briefings.services.fact_checks.files import commented_copy, findings_workbook
from keshu.apps.briefings.services.fact_checks.judging import judge_finding
from keshu.apps.briefings.services.fact_checks.receiving import check_again, receive_draft, remove_check

__all__ = [
    "CHECK", "check_again", "check_draft", "commented_copy", "findings_workbook", "judge_finding", "receive_draft",
    "remove_check", "settle_check",
]  # fmt: skip
