"""How well the engine reads labelled documents (``keshu plan score DIR``).

A folder holds ``<stem>.gold.json`` beside ``<stem>.txt`` and, for some, the same document as .docx, .html or .pdf. Every
format present is read and compared with the one label file. A claim counts as right in value and unit when a reading of the
same place has both; as fully right when op, tier, tense and indicator (character bigrams, F1 >= 0.6) agree too. Optional
labels neither gain nor lose.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from keshu.engines.plandoc.document import PlanDocument
from keshu.engines.plandoc.scoring.counts import Counts, Ratio
from keshu.engines.plandoc.scoring.folding import Entry, folded, without_ruby
from keshu.engines.plandoc.scoring.matching import (
    ATTRIBUTES,
    Pair,
    attribute_right,
    match_claims,
    match_nodes,
    quote_spans,
)

__all__ = ["Counts", "DocumentScore", "NothingToScore", "Ratio", "Score", "render", "score_folder", "score_reading"]

FORMATS = (".txt", ".docx", ".html", ".htm", ".pdf")
_META = ("title", "issuer", "region", "doc_number", "index_number", "published", "plan_year", "kind", "script")

Reader = Callable[[bytes, str], PlanDocument]


class NothingToScore(Exception):
    """The folder holds no label file with a document beside it. The message is Chinese."""


@dataclass(frozen=True, slots=True)
class DocumentScore:
    """One document in one format. ``missed`` and ``extra`` are the quotes of claims not found and of readings too many."""

    name: str
    format: str
    counts: Counts
    missed: tuple[str, ...]
    extra: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Score:
    """All documents of a folder and their sum."""

    documents: tuple[DocumentScore, ...]

    @property
    def total(self) -> Counts:
        total = Counts()
        for document in self.documents:
            total += document.counts
        return total


def score_folder(folder: Path, *, read: Reader) -> Score:
    """Read every labelled document of `folder` in every format present.

    Parameters
    ----------
    folder : holds ``<stem>.gold.json`` files and the documents
    read : bytes and file name to a document, as :func:`keshu.engines.plandoc.pipeline.read_plan` does

    Raises
    ------
    NothingToScore
        no label file in `folder` has a document beside it
    """
    documents: list[DocumentScore] = []
    for label_file in sorted(folder.glob("*.gold.json")):
        gold = json.loads(label_file.read_text(encoding="utf-8"))
        stem = label_file.name.removesuffix(".gold.json")
        plain = folder / str(gold.get("doc") or f"{stem}.txt")
        text = plain.read_bytes().decode("utf-8") if plain.is_file() else None
        for suffix in FORMATS:
            file = folder / f"{stem}{suffix}"
            if file.is_file():
                reading = read(file.read_bytes(), file.name).to_dict()
                documents.append(score_reading(gold, reading, text=text, name=stem, format=suffix[1:]))
    if not documents:
        raise NothingToScore(
            f"{folder} 中没有带标注(*.gold.json)的文档。请把标注文件与同名的 .txt、.docx、.html 或 .pdf 放在一起。"
        )
    return Score(tuple(documents))


def score_reading(
    gold: Mapping[str, Any], reading: Mapping[str, Any], *, text: str | None, name: str = "", format: str = "txt"
) -> DocumentScore:
    """Compare one reading (the JSON form of a document) with its label; `text` is the text the label counts in."""
    claims: Sequence[Entry] = [entry for entry in reading.get("targets") or [] if isinstance(entry, Mapping)]
    nodes: Sequence[Entry] = [entry for entry in reading.get("nodes") or [] if isinstance(entry, Mapping)]
    pairs = match_claims(gold["targets"], claims, text)
    missed, extra = _left_over(gold["targets"], claims, pairs)
    counts = (
        _claim_counts(gold, claims, pairs, extra, text)
        + _node_counts(gold, nodes, reading)
        + _meta_counts(gold["meta"], reading.get("meta") or {})
    )
    return DocumentScore(
        name,
        format,
        counts,
        tuple(str(entry.get("quote_clean", entry["quote"])) for entry in missed),
        tuple(str(entry.get("quote") or "") for entry in extra),
    )


def _left_over(
    gold: Sequence[Entry], claims: Sequence[Entry], pairs: Sequence[Pair]
) -> tuple[list[Entry], list[Entry]]:
    """(labels that have no right reading, readings that are not right), optional ones on neither list."""
    right_gold = {i for i, _, right in pairs if right}
    right_read = {j for _, j, right in pairs if right}
    neutral = {j for i, j, _ in pairs if gold[i].get("optional")}
    missed = [entry for i, entry in enumerate(gold) if not entry.get("optional") and i not in right_gold]
    extra = [entry for j, entry in enumerate(claims) if j not in right_read and j not in neutral]
    return missed, extra


def _claim_counts(
    gold: Mapping[str, Any], claims: Sequence[Entry], pairs: Sequence[Pair], extra: Sequence[Entry], text: str | None
) -> Counts:
    labels: Sequence[Entry] = gold["targets"]
    core = {i for i, entry in enumerate(labels) if not entry.get("optional")}
    counted = [(labels[i], claims[j], right) for i, j, right in pairs if i in core]
    attributes = {name: sum(attribute_right(g, c, name) for g, c, _ in counted) for name in ATTRIBUTES}
    essential = ("op", "tier", "tense", "indicator")
    right = {i for i, _, is_right in pairs if is_right}
    targets = {i for i in core if labels[i]["tense"] == "target"}
    actuals = {i for i in core if labels[i]["tense"] == "actual"}
    neutral = len({j for i, j, _ in pairs if i not in core})
    return Counts(
        labelled=len(core),
        read=len(claims) - neutral,
        neutral=neutral,
        matched=len(counted),
        value_unit=sum(is_right for *_, is_right in counted),
        full=sum(ok and all(attribute_right(g, c, name) for name in essential) for g, c, ok in counted),
        traps=sum(_is_trap(entry, gold.get("non_targets", []), text) for entry in extra),
        labelled_targets=len(targets),
        right_targets=len(targets & right),
        labelled_actuals=len(actuals),
        right_actuals=len(actuals & right),
        attributes=attributes,
    )


def _is_trap(entry: Entry, look_alikes: Sequence[Entry], text: str | None) -> bool:
    """Whether a reading too many stands on something labelled as no target."""
    spans = quote_spans(entry, text) or []
    words = folded(without_ruby(entry.get("quote")))
    return any(
        any(min(end, trap["end"]) > max(start, trap["start"]) for start, end in spans)
        or (not spans and words and folded(trap.get("quote_clean", trap["quote"])) in words)
        for trap in look_alikes
    )


def _node_counts(gold: Mapping[str, Any], nodes: Sequence[Entry], reading: Mapping[str, Any]) -> Counts:
    labels: Sequence[Entry] = gold["nodes"]
    pairs = match_nodes(labels, nodes)
    counted = [(labels[i], nodes[j]) for i, j in pairs if not labels[i].get("optional")]
    right, read, labelled = _owner_pairs(gold, labels, nodes, {j: i for i, j in pairs})
    alias = gold.get("owners_alias", {})
    known = {_owner_key(name, alias) for name in gold.get("owners_vocabulary", [])}
    printed = reading.get("owners_vocabulary") or [name for node in nodes for name in node.get("owners") or []]
    found = {_owner_key(name, alias) for name in printed}
    return Counts(
        nodes_labelled=sum(not node.get("optional") for node in labels),
        nodes_read=len(nodes) - (len(pairs) - len(counted)),
        nodes_right=len(counted),
        levels_right=sum(label["level"] == node.get("level") for label, node in counted),
        kinds_right=sum(label["kind"] == node.get("kind") for label, node in counted),
        owners_labelled=labelled,
        owners_read=read,
        owners_right=right,
        names_labelled=len(known),
        names_read=len(found),
        names_right=len(known & found),
    )


def _owner_key(name: str, alias: Mapping[str, Sequence[str]]) -> str:
    key = folded(name)
    for canonical_name, forms in alias.items():
        if key == folded(canonical_name) or key in [folded(form) for form in forms]:
            return folded(canonical_name)
    return key


def _owner_pairs(
    gold: Mapping[str, Any], labels: Sequence[Entry], nodes: Sequence[Entry], matched: Mapping[int, int]
) -> tuple[int, int, int]:
    """(right, read, labelled) pairs of node and office; owners inherited from a node above are neutral."""
    alias = gold.get("owners_alias", {})

    def offices(node: Entry) -> set[str]:
        return {_owner_key(name, alias) for name in node.get("owners") or [] if folded(name)}

    right = wrong = 0
    for j, node in enumerate(nodes):
        found = offices(node)
        if not found:
            continue
        own: set[str] = set()
        inherited: set[str] = set()
        if j in matched:
            own = offices(labels[matched[j]])
            level = labels[matched[j]]["level"]
            for above in range(matched[j] - 1, -1, -1):
                if labels[above]["level"] < level:
                    inherited |= offices(labels[above])
                    level = labels[above]["level"]
        right += len(found & own)
        wrong += len(found - own - inherited)
    return right, right + wrong, sum(len(offices(label)) for label in labels)


def _meta_counts(gold: Mapping[str, Any], meta: Mapping[str, Any]) -> Counts:
    scored = [name for name in _META if name + "_evidence" not in gold]
    right = sum(
        folded(meta.get(name)) == folded(gold.get(name))
        or (
            name == "title"
            and meta.get(name) is not None
            and folded(meta[name]) == folded(gold.get("full_title", "\0"))
        )
        for name in scored
    )
    return Counts(meta_fields=len(scored), meta_right=right)


_HEADERS = (
    "文档",
    "格式",
    "标注",
    "读出",
    "值和单位 P/R/F1",
    "全对 P/R/F1",
    "标题 P/R/F1",
    "单位 P/R/F1",
    "陷阱",
    "元数据",
)


def render(score: Score) -> str:
    """The table of a score as Markdown, one row per document and format, the sum last."""
    rows = [_row(document.name, document.format, document.counts) for document in score.documents]
    rows.append(_row("合计", "", score.total))
    lines = ["| " + " | ".join(_HEADERS) + " |", "|" + " --- |" * len(_HEADERS)]
    return "\n".join([*lines, *("| " + " | ".join(row) + " |" for row in rows)]) + "\n"


def _row(name: str, format: str, counts: Counts) -> tuple[str, ...]:
    return (
        name,
        format,
        str(counts.labelled),
        str(counts.read),
        *(_ratio(ratio) for ratio in (counts.value_and_unit, counts.fully_right, counts.nodes, counts.owners)),
        f"{counts.traps}",
        f"{counts.meta_right}/{counts.meta_fields}",
    )


def _ratio(ratio: Ratio) -> str:
    if not ratio.read and not ratio.labelled:
        return "—"
    return f"{ratio.precision:.3f} {ratio.recall:.3f} {ratio.f1:.3f}"
