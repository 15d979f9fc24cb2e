"""A draft against the ledger: every figure resolved to the fact it speaks of, and judged; see README.md."""

from keshu.engines.factcheck.checking import check
from keshu.engines.factcheck.exchange import LedgerRefused, from_json, to_json
from keshu.engines.factcheck.values import (
    Draft,
    Fact,
    FactKind,
    Family,
    Ledger,
    Organisation,
    Report,
    Statement,
    Tense,
    Verdict,
    VerdictKind,
)

__all__ = [
    "Draft", "Fact", "FactKind", "Family", "Ledger", "LedgerRefused", "Organisation", "Report", "Statement", "Tense", "Verdict",
    "VerdictKind", "check", "from_json", "to_json",
]  # fmt: skip
