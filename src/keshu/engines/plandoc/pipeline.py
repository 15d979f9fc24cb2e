"""The engine's one line of work, from bytes to :class:`PlanDocument`."""

from __future__ import annotations

from keshu.engines.plandoc.document import PlanDocument, PlanDocumentError
from keshu.engines.plandoc.source import Source

#: Two thousand pages of fifty lines.
MOST_LINES = 100_000


def read_plan(data: bytes, *, name: str = "") -> PlanDocument:
    """Read a plan or summary document.

    Parameters
    ----------
    data : the file's bytes: .docx, .pdf with text, .html or .txt (UTF-8, GB18030); scans with the ``ocr`` extra
    name : the file's name; only its suffix counts, and only where the bytes leave the format open

    Raises
    ------
    PlanDocumentError
        the file cannot be read; the message is Chinese and says how to mend it
    """
    from keshu.engines.plandoc.reading import read_source

    return read_document(read_source(data, name=name))


def read_text(text: str) -> PlanDocument:
    """Read a document that is already text; spans count in `text` as given."""
    return read_document(Source(text=text, format="txt"))


def read_document(source: Source) -> PlanDocument:
    """Read an extracted document: clean it, find its structure, then the figures in each place."""
    # The catalogues compile several hundred patterns; a site that never reads a document in this process need not wait for it.
    from keshu.engines.plandoc.claims import find_claims
    from keshu.engines.plandoc.cleaning import clean
    from keshu.engines.plandoc.structure import find_structure

    cleaned = clean(source.text)
    if cleaned.text.count("\n") > MOST_LINES:
        raise PlanDocumentError(
            "文件超过 10 万行：不像工作要点或总结，多半是数据表。请确认文件是否选对；确是工作文件的，请只上传正文部分。"
        )
    structure = find_structure(cleaned, source)
    claims, contradictions = find_claims(cleaned, structure)
    return PlanDocument(
        text=source.text,
        meta=structure.meta,
        nodes=structure.nodes,
        claims=claims,
        contradictions=contradictions,
    )
