"""The .docx package: parts, their types and relations, in a zip that is the same for the same document."""

from __future__ import annotations

import io
import zipfile
from typing import Any

from lxml import etree

from keshu.engines.gongwen import standard as gb
from keshu.engines.gongwen.blocks import OfficialDocument, UnfitDocument, faults
from keshu.engines.gongwen.ooxml import NAMESPACES, make, part, plain
from keshu.engines.gongwen.writing.body import document_part
from keshu.engines.gongwen.writing.catalogue import styles_part
from keshu.engines.gongwen.writing.pages import FOOTERS, footer_part
from keshu.engines.gongwen.writing.resources import Resources, footnotes_part, numbering_part

_TYPES = "http://schemas.openxmlformats.org/package/2006/content-types"
_RELATIONS = "http://schemas.openxmlformats.org/package/2006/relationships"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/"
_WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml."
_CORE = "application/vnd.openxmlformats-package.core-properties+xml"
_EPOCH = (1980, 1, 1, 0, 0, 0)


def write_document(document: OfficialDocument) -> bytes:
    """An official document as .docx bytes in the layout of GB/T 9704-2012.

    Parameters
    ----------
    document : what it says

    Returns
    -------
    The file; the same document gives the same bytes, whenever and wherever it is written.

    Raises
    ------
    UnfitDocument : in Chinese, every reason why the document cannot be written (levels left out, cells that do not fit …)
    """
    if found := faults(document):
        raise UnfitDocument("\n".join(found))
    resources = Resources()
    body = document_part(document, resources)
    parts = {
        "document": body,
        "styles": styles_part(document),
        "numbering": numbering_part(resources),
        "settings": _settings(),
        "fontTable": _font_table(),
        "footnotes": footnotes_part(resources),
    }
    files = {f"word/{name}.xml": part(root) for name, root in parts.items()}
    files |= {f"word/{name}": part(footer_part(lies, is_even=even)) for name, _, lies, even in FOOTERS}
    files |= {f"word/media/image{index}.png": png for index, png in enumerate(resources.pictures, 1)}
    files["docProps/core.xml"] = part(_core(document))
    files["word/_rels/document.xml.rels"] = _relations(
        _document_relations(list(parts), pictures=len(resources.pictures))
    )
    files["_rels/.rels"] = _relations(
        [
            ("rId1", _OFFICE + "officeDocument", "word/document.xml"),
            (
                "rId2",
                "http://schemas.openxmlformats.org/package/2006/relationships/metadata/core-properties",
                "docProps/core.xml",
            ),
        ]
    )
    return pack({"[Content_Types].xml": _types(list(parts)), **files})


def pack(files: dict[str, bytes]) -> bytes:
    """A zip of the files in the order given, without a clock."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            info = zipfile.ZipInfo(name, _EPOCH)
            info.compress_type = zipfile.ZIP_DEFLATED
            info.create_system = 0
            archive.writestr(info, data)
    return out.getvalue()


def _document_relations(parts: list[str], *, pictures: int) -> list[tuple[str, str, str]]:
    found = [
        (f"rIdPart{index}", _OFFICE + name, f"{name}.xml") for index, name in enumerate(parts) if name != "document"
    ]
    found += [(relation, _OFFICE + "footer", name) for name, relation, _, _ in FOOTERS]
    return found + [(f"rIdPicture{i}", _OFFICE + "image", f"media/image{i}.png") for i in range(1, pictures + 1)]


def _relations(entries: list[tuple[str, str, str]]) -> bytes:
    root = etree.Element(f"{{{_RELATIONS}}}Relationships", nsmap={None: _RELATIONS})
    for id, kind, target in entries:
        etree.SubElement(root, f"{{{_RELATIONS}}}Relationship", {"Id": id, "Type": kind, "Target": target})
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True)


def _types(parts: list[str]) -> bytes:
    root = etree.Element(f"{{{_TYPES}}}Types", nsmap={None: _TYPES})
    defaults = (
        ("png", "image/png"),
        ("rels", "application/vnd.openxmlformats-package.relationships+xml"),
        ("xml", "application/xml"),
    )
    for extension, kind in defaults:
        etree.SubElement(root, f"{{{_TYPES}}}Default", {"Extension": extension, "ContentType": kind})
    kinds = {f"/word/{name}.xml": f"{_WORD}{'document.main' if name == 'document' else name}+xml" for name in parts}
    kinds |= {f"/word/{name}": f"{_WORD}footer+xml" for name, *_ in FOOTERS} | {"/docProps/core.xml": _CORE}
    for name, kind in kinds.items():
        etree.SubElement(root, f"{{{_TYPES}}}Override", {"PartName": name, "ContentType": kind})
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True)


def _settings() -> Any:
    """Odd and even pages differ; characters keep their width; layout as Word 2013 and later do it."""
    modern = {"name": "compatibilityMode", "uri": "http://schemas.microsoft.com/office/word", "val": 15}
    return make(
        "w:settings",
        make("w:zoom", percent=100),
        make("w:defaultTabStop", val=420),
        make("w:evenAndOddHeaders"),
        make("w:drawingGridVerticalSpacing", val=gb.LINE // 2),
        make("w:characterSpacingControl", val="doNotCompress"),
        make("w:footnotePr", make("w:footnote", id=-1), make("w:footnote", id=0)),
        make(
            "w:compat",
            make("w:balanceSingleByteDoubleByteWidth"),
            make("w:doNotLeaveBackslashAlone"),
            make("w:ulTrailSpace"),
            make("w:useFELayout"),
            make("w:compatSetting", **modern),
        ),
        make("w:themeFontLang", val="en-US", eastAsia="zh-CN"),
        make("w:decimalSymbol", val="."),
        make("w:listSeparator", val=","),
    )


def _font_table() -> Any:
    """What may stand in where a typeface is not installed."""
    others = {
        "仿宋_GB2312": "仿宋",
        "楷体_GB2312": "楷体",
        "方正小标宋简体": "华文中宋",
        "黑体": "SimHei",
        "宋体": "SimSun",
    }
    return make(
        "w:fonts",
        *(
            make("w:font", make("w:altName", val=other), make("w:charset", val="86"), name=name)
            for name, other in others.items()
        ),
    )


def _core(document: OfficialDocument) -> Any:
    root = etree.Element(
        f"{{{NAMESPACES['cp']}}}coreProperties", nsmap={"cp": NAMESPACES["cp"], "dc": NAMESPACES["dc"]}
    )
    title = plain("dc:title")
    title.text = document.title.replace("\n", "")
    creator = plain("dc:creator")
    creator.text = document.signature.organisation if document.signature else ""
    root.extend([title, creator])
    return root
