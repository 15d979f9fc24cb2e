"""WordprocessingML (ECMA-376 part 1) as this engine writes and reads it: names, elements, the order the schema wants."""

from __future__ import annotations

from lxml import etree
from lxml.etree import _Element

NAMESPACES = {
    "w": "http://schemas.openxmlformats.org/wordprocessingml/2006/main",
    "r": "http://schemas.openxmlformats.org/officeDocument/2006/relationships",
    "wp": "http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing",
    "a": "http://schemas.openxmlformats.org/drawingml/2006/main",
    "pic": "http://schemas.openxmlformats.org/drawingml/2006/picture",
    "wps": "http://schemas.microsoft.com/office/word/2010/wordprocessingShape",
    "mc": "http://schemas.openxmlformats.org/markup-compatibility/2006",
    "cp": "http://schemas.openxmlformats.org/package/2006/metadata/core-properties",
    "dc": "http://purl.org/dc/elements/1.1/",
    "xml": "http://www.w3.org/XML/1998/namespace",
}
STRICT = b"http://purl.oclc.org/ooxml/wordprocessingml/main"

# The children of each element in the order of the schema (wml.xsd); elements this engine never meets may be left out.
ORDER: dict[str, tuple[str, ...]] = {
    "pPr": (
        "pStyle", "keepNext", "keepLines", "pageBreakBefore", "framePr", "widowControl", "numPr",
        "suppressLineNumbers", "pBdr", "shd", "tabs", "suppressAutoHyphens", "kinsoku", "wordWrap", "overflowPunct",
        "topLinePunct", "autoSpaceDE", "autoSpaceDN", "bidi", "adjustRightInd", "snapToGrid", "spacing", "ind",
        "contextualSpacing", "mirrorIndents", "suppressOverlap", "jc", "textDirection", "textAlignment",
        "textboxTightWrap", "outlineLvl", "divId", "cnfStyle", "rPr", "sectPr", "pPrChange",
    ),
    "rPr": (
        "rStyle", "rFonts", "b", "bCs", "i", "iCs", "caps", "smallCaps", "strike", "dstrike", "outline", "shadow",
        "emboss", "imprint", "noProof", "snapToGrid", "vanish", "webHidden", "color", "spacing", "w", "kern",
        "position", "sz", "szCs", "highlight", "u", "effect", "bdr", "shd", "fitText", "vertAlign", "rtl", "cs", "em",
        "lang", "eastAsianLayout", "specVanish", "oMath",
    ),
    "tblPr": (
        "tblStyle", "tblpPr", "tblOverlap", "bidiVisual", "tblStyleRowBandSize", "tblStyleColBandSize", "tblW", "jc",
        "tblCellSpacing", "tblInd", "tblBorders", "shd", "tblLayout", "tblCellMar", "tblLook", "tblCaption",
        "tblDescription",
    ),
    "trPr": (
        "cnfStyle", "divId", "gridBefore", "gridAfter", "wBefore", "wAfter", "cantSplit", "trHeight", "tblHeader",
        "tblCellSpacing", "jc", "hidden",
    ),
    "tcPr": (
        "cnfStyle", "tcW", "gridSpan", "hMerge", "vMerge", "tcBorders", "shd", "noWrap", "tcMar", "textDirection",
        "tcFitText", "vAlign", "hideMark",
    ),
    "sectPr": (
        "headerReference", "footerReference", "footnotePr", "endnotePr", "type", "pgSz", "pgMar", "paperSrc",
        "pgBorders", "lnNumType", "pgNumType", "cols", "formProt", "vAlign", "noEndnote", "titlePg", "textDirection",
        "bidi", "rtlGutter", "docGrid",
    ),
    "style": (
        "name", "aliases", "basedOn", "next", "link", "autoRedefine", "hidden", "uiPriority", "semiHidden",
        "unhideWhenUsed", "qFormat", "locked", "personal", "personalCompose", "personalReply", "rsid", "pPr", "rPr",
        "tblPr", "trPr", "tcPr", "tblStylePr",
    ),
    "styles": ("docDefaults", "latentStyles", "style"),
    "lvl": (
        "start", "numFmt", "lvlRestart", "pStyle", "isLgl", "suff", "lvlText", "lvlPicBulletId", "legacy", "lvlJc",
        "pPr", "rPr",
    ),
    "abstractNum": ("nsid", "multiLevelType", "tmpl", "name", "styleLink", "numStyleLink", "lvl"),
    "num": ("abstractNumId", "lvlOverride"),
    "numbering": ("numPicBullet", "abstractNum", "num"),
    "tbl": ("bookmarkStart", "bookmarkEnd", "tblPr", "tblGrid", "tr"),
    "tr": ("tblPrEx", "trPr", "tc"),
    "pBdr": ("top", "left", "bottom", "right", "between", "bar"),
    "tblBorders": ("top", "left", "bottom", "right", "insideH", "insideV"),
    "tcBorders": ("top", "left", "bottom", "right", "insideH", "insideV"),
    "settings": (
        "writeProtection", "view", "zoom", "mirrorMargins", "defaultTabStop", "evenAndOddHeaders",
        "drawingGridHorizontalSpacing", "drawingGridVerticalSpacing", "characterSpacingControl", "footnotePr",
        "endnotePr", "compat", "rsids", "themeFontLang", "clrSchemeMapping", "decimalSymbol", "listSeparator",
    ),
    "footnotePr": ("pos", "numFmt", "numStart", "numRestart", "footnote"),
}  # fmt: skip


def qualified(name: str) -> str:
    """`w:p` as lxml names it."""
    prefix, _, local = name.partition(":")
    return f"{{{NAMESPACES[prefix]}}}{local}"


def make(name: str, /, *children: _Element | None, **attributes: object) -> _Element:
    """An element; attributes are of its own namespace (`val="1"`), None children are left out.

    Children stand in the order given; an attribute whose value is None is left out.
    """
    prefix = name.partition(":")[0]
    own = {qualified(f"{prefix}:{key}"): str(value) for key, value in attributes.items() if value is not None}
    element = etree.Element(qualified(name), own, nsmap={prefix: NAMESPACES[prefix]})
    element.extend([child for child in children if child is not None])
    return element


def plain(name: str, /, *children: _Element | None, **attributes: object) -> _Element:
    """An element whose attributes have no namespace, as in DrawingML and in packages."""
    prefix = name.partition(":")[0]
    element = etree.Element(
        qualified(name), {key: str(value) for key, value in attributes.items()}, nsmap={prefix: NAMESPACES[prefix]}
    )
    element.extend([child for child in children if child is not None])
    return element


def words(name: str, text: str) -> _Element:
    """A text element that keeps its blanks."""
    element = make(name)
    element.text = text
    if text != text.strip():
        element.set(qualified("xml:space"), "preserve")
    return element


def local(element: _Element) -> str:
    """The name without its namespace; empty for comments."""
    return etree.QName(element).localname if isinstance(element.tag, str) else ""


def put(parent: _Element, child: _Element) -> _Element:
    """Set a child where the schema wants it, in place of one of the same name; returns the child."""
    order = ORDER[local(parent)]
    rank = order.index(local(child))
    for old in parent.findall(str(child.tag)):
        parent.remove(old)
    at = next(
        (i for i, other in enumerate(parent) if local(other) in order and order.index(local(other)) > rank), len(parent)
    )
    parent.insert(at, child)
    return child


def misplaced(root: _Element) -> list[str]:
    """Elements whose children are not in the schema's order or not known to it, as `parent: child`; empty in a sound part."""
    found = []
    for element in root.iter():
        name = local(element)
        if name not in ORDER or not str(element.tag).startswith(f"{{{NAMESPACES['w']}}}"):
            continue
        order, last = ORDER[name], 0
        for child in element:
            rank = order.index(local(child)) if local(child) in order else -1
            if rank < last:
                found.append(f"{name}: {local(child)}")
            last = max(rank, last)
    return found


def part(root: _Element) -> bytes:
    """A part of the package, the same bytes for the same tree."""
    used = {prefix: uri for prefix, uri in NAMESPACES.items() if prefix != "xml"}
    # `Requires` names a prefix in its value, which no clean-up sees
    kept = ["wps"] if next(root.iter(qualified("mc:Choice")), None) is not None else []
    etree.cleanup_namespaces(root, top_nsmap=used, keep_ns_prefixes=kept)
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True)
