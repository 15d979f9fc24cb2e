"""A Word file's parts, read without trusting a size it declares, and written again with some of them changed."""

from __future__ import annotations

import io
import zipfile
import zlib

from lxml import etree
from lxml.etree import _Element

from keshu.engines.gongwen.ooxml import NAMESPACES, STRICT
from keshu.engines.gongwen.writing.package import pack

_MOST_PARTS = 10_000
_LARGEST_PART = 40 * 1024 * 1024
_LARGEST_FILE = 200 * 1024 * 1024
_TOO_LARGE = "文件过大，可能是异常文件，请用 Word 或 WPS 另存后再检查。"
_OVERRIDE = "{http://schemas.openxmlformats.org/package/2006/content-types}Override"
_RELATIONS = "{http://schemas.openxmlformats.org/package/2006/relationships}Relationship"


class UnreadableDocument(ValueError):
    """The file cannot be checked; the message says in Chinese why, and what to do."""


class Package:
    """Parts of a .docx; trees that were asked for can be changed and are written back by `bytes`."""

    def __init__(self, data: bytes) -> None:
        self._files = _files(data)
        self._trees: dict[str, _Element | None] = {}
        self.main = self._main_part()
        self.folder = self.main.rpartition("/")[0]

    def _main_part(self) -> str:
        found = self._related("_rels/.rels", "/officeDocument")
        name = found[0][1].lstrip("/") if found else "word/document.xml"
        root = self.tree(name)
        if root is None or etree.QName(root).localname != "document":
            raise UnreadableDocument("文件里没有 Word 正文，请用 Word 或 WPS 另存为 .docx 后再检查。")
        return name

    def tree(self, name: str) -> _Element | None:
        """A part parsed, without entities, DTDs or network; None where there is no such part."""
        if name not in self._trees:
            data = self._files.get(name)
            self._trees[name] = None if data is None else _parsed(data)
        return self._trees[name]

    def sister(self, kind: str) -> _Element | None:
        """The part that the main part names as its styles, numbering, settings or theme."""
        return next((self.tree(name) for _, name in self.related(kind)), None)

    def related(self, kind: str) -> list[tuple[str, str]]:
        """(relationship id, part name) of every part of a kind that the main part refers to."""
        folder, _, name = self.main.rpartition("/")
        found = self._related(f"{folder}/_rels/{name}.rels".lstrip("/"), f"/{kind}")
        return [(id, target.lstrip("/") if target.startswith("/") else f"{folder}/{target}") for id, target in found]

    def _related(self, rels: str, kind: str) -> list[tuple[str, str]]:
        root = self.tree(rels)
        entries = [] if root is None else root.findall(_RELATIONS)
        return [(each.get("Id", ""), each.get("Target", "")) for each in entries if each.get("Type", "").endswith(kind)]

    def add(self, name: str, root: _Element, *, kind: str, content_type: str) -> str:
        """A new part beside the main one, or in place of one added before; returns its relationship's id."""
        path, id = f"{self.folder}/{name}", f"rId{name.removesuffix('.xml')}"
        self._trees[path] = root
        self._files.setdefault(path, b"")
        beside = f"{self.folder}/_rels/{self.main.rpartition('/')[2]}.rels"
        rels = self.tree(beside)
        if rels is None:
            rels = self._trees[beside] = etree.Element(_RELATIONS + "s")
            self._files.setdefault(beside, b"")
        types = self.tree("[Content_Types].xml")
        if all(each.get("Id") != id for each in rels):
            etree.SubElement(rels, _RELATIONS, {"Id": id, "Type": kind, "Target": name})
        if types is not None and all(each.get("PartName") != f"/{path}" for each in types):
            etree.SubElement(types, _OVERRIDE, {"PartName": f"/{path}", "ContentType": content_type})
        return id

    def bytes(self) -> bytes:
        """The file with its trees as they are now; other parts byte for byte."""
        changed = {name: tree for name, tree in self._trees.items() if tree is not None}
        return pack(
            {
                name: etree.tostring(changed[name], xml_declaration=True, encoding="UTF-8", standalone=True)
                if name in changed
                else data
                for name, data in self._files.items()
            }
        )


def _files(data: bytes) -> dict[str, bytes]:
    if data.startswith(b"\xd0\xcf\x11\xe0"):
        raise UnreadableDocument("这是旧版 .doc 文件或加了密码的文件，请用 Word 或 WPS 另存为不加密的 .docx 后再检查。")
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            infos = archive.infolist()
            if len(infos) > _MOST_PARTS or len(data) > _LARGEST_FILE:
                raise UnreadableDocument(_TOO_LARGE)
            parts, total = {}, 0
            for info in infos:
                if not info.is_dir():
                    parts[info.filename] = _part(archive, info)
                    total += len(parts[info.filename])
                if total > _LARGEST_FILE:
                    raise UnreadableDocument(_TOO_LARGE)
            return parts
    except (zipfile.BadZipFile, RuntimeError, NotImplementedError, zlib.error, EOFError, OSError) as error:
        raise UnreadableDocument(
            "这不是完整的 Word 文档（.docx），请用 Word 或 WPS 打开并另存为 .docx 后再检查。"
        ) from error


def _part(archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> bytes:
    with archive.open(info) as stream:
        data = stream.read(_LARGEST_PART + 1)
    if len(data) > _LARGEST_PART:
        raise UnreadableDocument("文件里有过大的部分，可能是异常文件，请用 Word 或 WPS 另存后再检查。")
    return data


def _parsed(data: bytes) -> _Element:
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, remove_comments=True, remove_pis=True
    )
    try:
        return etree.fromstring(data.replace(STRICT, NAMESPACES["w"].encode()), parser)
    except etree.XMLSyntaxError as error:
        raise UnreadableDocument("文档内部有损坏，请用 Word 或 WPS 打开修复、另存后再检查。") from error
