"""What Word demands of a file beyond being XML: ISO/IEC 29500-1 (wml.xsd) and OPC, as far as it can be told without Word."""

from __future__ import annotations

import io
import posixpath
import zipfile
from collections import Counter
from collections.abc import Iterator

from lxml import etree
from lxml.etree import _Element

# The children of the elements that this engine writes most, copied from wml.xsd apart from the engine's own table.
SEQUENCES = {
    "pPr": "pStyle keepNext keepLines pageBreakBefore framePr widowControl numPr suppressLineNumbers pBdr shd tabs "
    "suppressAutoHyphens kinsoku wordWrap overflowPunct topLinePunct autoSpaceDE autoSpaceDN bidi adjustRightInd snapToGrid "
    "spacing ind contextualSpacing mirrorIndents suppressOverlap jc textDirection textAlignment textboxTightWrap outlineLvl "
    "divId cnfStyle rPr sectPr pPrChange",
    "rPr": "rStyle rFonts b bCs i iCs caps smallCaps strike dstrike outline shadow emboss imprint noProof snapToGrid vanish "
    "webHidden color spacing w kern position sz szCs highlight u effect bdr shd fitText vertAlign rtl cs em lang "
    "eastAsianLayout specVanish oMath",
    "tblPr": "tblStyle tblpPr tblOverlap bidiVisual tblStyleRowBandSize tblStyleColBandSize tblW jc tblCellSpacing tblInd "
    "tblBorders shd tblLayout tblCellMar tblLook tblCaption tblDescription tblPrChange",
    "tcPr": "cnfStyle tcW gridSpan hMerge vMerge tcBorders shd noWrap tcMar textDirection tcFitText vAlign hideMark",
    "sectPr": "headerReference footerReference footnotePr endnotePr type pgSz pgMar paperSrc pgBorders lnNumType pgNumType "
    "cols formProt vAlign noEndnote titlePg textDirection bidi rtlGutter docGrid printerSettings sectPrChange",
    "tbl": "tblPr tblGrid tr",
    "tr": "tblPrEx trPr tc",
    "pBdr": "top left bottom right between bar",
}
W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
R = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"


def unsound(data: bytes) -> list[str]:
    """What Word would mend or refuse; empty for a sound file."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    trees = {name: etree.fromstring(part) for name, part in parts.items() if name.endswith((".xml", ".rels"))}
    found = [f"{name}: {fault}" for name, tree in trees.items() for fault in _order(tree)]
    found += [f"{name}: {fault}" for name, tree in trees.items() for fault in _tables(tree)]
    return [*found, *_package(parts, trees), *_references(trees)]


def _name(element: _Element) -> str:
    return etree.QName(element).localname if isinstance(element.tag, str) else ""


def _order(root: _Element) -> Iterator[str]:
    for element in root.iter(*(W + name for name in SEQUENCES)):
        names = [_name(child) for child in element]
        order = SEQUENCES[_name(element)].split()
        unknown = [name for name in names if name not in order]
        ranks = [order.index(name) for name in names if name in order]
        if unknown or ranks != sorted(ranks):
            yield f"{_name(element)} holds {names}"
        single = Counter(name for name in names if name not in ("tr", "tc", "headerReference", "footerReference"))
        yield from (f"{_name(element)} holds {name} twice" for name, count in single.items() if count > 1)


def _tables(root: _Element) -> Iterator[str]:
    """Each row fills the grid; each cell ends with a paragraph; a merge that goes on has a beginning above it."""
    for table in root.iter(f"{W}tbl"):
        columns = len(table.findall(f"{W}tblGrid/{W}gridCol"))
        open_columns: set[int] = set()
        for row in table.findall(f"{W}tr"):
            at, now = 0, set()
            for cell in row.findall(f"{W}tc"):
                span = cell.find(f"{W}tcPr/{W}gridSpan")
                merge = cell.find(f"{W}tcPr/{W}vMerge")
                if merge is not None:
                    if merge.get(f"{W}val") != "restart" and at not in open_columns:
                        yield "a merged cell goes on from nothing"
                    now.add(at)
                if _name(cell[-1]) != "p":
                    yield "a cell does not end with a paragraph"
                at += 1 if span is None else int(span.get(f"{W}val", "1"))
            open_columns = now
            if at != columns:
                yield f"a row fills {at} of {columns} columns"
    for body in root.iter(f"{W}body"):
        if _name(body[-1]) != "sectPr":
            yield "the body does not end with its section"


def _package(parts: dict[str, bytes], trees: dict[str, _Element]) -> Iterator[str]:
    """Every part has a type, every relationship a part, every reference to one a relationship."""
    types = trees["[Content_Types].xml"]
    endings = {each.get("Extension") for each in types if _name(each) == "Default"}
    overrides = {each.get("PartName") for each in types if _name(each) == "Override"}
    for name in parts:
        if name != "[Content_Types].xml" and f"/{name}" not in overrides and name.rpartition(".")[2] not in endings:
            yield f"{name} has no type"
    yield from (f"{name} is typed and not there" for name in overrides if str(name).lstrip("/") not in parts)
    for name, tree in trees.items():
        if name.endswith(".rels"):
            folder = posixpath.dirname(posixpath.dirname(name))
            for each in tree:
                target = posixpath.normpath(posixpath.join(folder, each.get("Target", ""))).lstrip("/")
                if each.get("TargetMode") != "External" and target not in parts:
                    yield f"{name}: {target} is not there"
    rels = trees["word/_rels/document.xml.rels"]
    known = {each.get("Id") for each in rels}
    used = {
        value
        for element in trees["word/document.xml"].iter()
        for key, value in element.attrib.items()
        if str(key).startswith(R)
    }
    yield from (f"document: {id} leads nowhere" for id in used - known)


def _references(trees: dict[str, _Element]) -> Iterator[str]:
    """Styles that are used are there; numbers of pictures and bookmarks are given once."""
    styles = {each.get(f"{W}styleId") for each in trees["word/styles.xml"].iter(f"{W}style")}
    document = trees["word/document.xml"]
    used = {each.get(f"{W}val") for name in ("pStyle", "rStyle", "tblStyle") for each in document.iter(W + name)}
    yield from (f"style {name} is not there" for name in used - styles)
    marks = Counter(each.get(f"{W}id") for each in document.iter(f"{W}bookmarkStart"))
    drawn = Counter(each.get("id") for each in document.iter() if _name(each) == "docPr")
    yield from (f"number {id} is given twice" for each in (marks, drawn) for id, count in each.items() if count > 1)
