"""A Word file's parts, taken from its zip without trusting a size it declares."""

from __future__ import annotations

import io
import zipfile
from typing import TYPE_CHECKING

from keshu.engines.plandoc.reading.ooxml import STRICT, TRANSITIONAL
from keshu.engines.plandoc.reading.refusal import refusal

if TYPE_CHECKING:
    from lxml.etree import _Element

_MOST_PARTS = 10_000
_LARGEST_PART = 40 * 1024 * 1024  # 500 pages of text are about 8 MB of XML
_CHUNK = 1 << 20


class Archive:
    """Read-only parts of a zip file; parts are bounded in number, and in size both as declared and as inflated."""

    def __init__(self, data: bytes) -> None:
        self._zip = zipfile.ZipFile(io.BytesIO(data))
        self.names = frozenset(self._zip.namelist())
        if len(self.names) > _MOST_PARTS:
            raise _bomb()

    def part(self, name: str) -> bytes | None:
        """The bytes of a part; None where there is no such part.

        Raises
        ------
        PlanDocumentError
            the part inflates beyond what a document may hold, or is encrypted or packed in an odd way
        """
        if name not in self.names:
            return None
        info = self._zip.getinfo(name)
        if info.file_size > _LARGEST_PART or info.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            raise _bomb()
        if info.flag_bits & 1:
            raise refusal(given="文档内部有加密", why="加密的内容读不出来", remedy="请去掉密码，另存为 .docx 后再上传")
        pieces, size = [], 0
        with self._zip.open(info) as stream:
            while piece := stream.read(_CHUNK):
                size += len(piece)
                if size > _LARGEST_PART:
                    raise _bomb()
                pieces.append(piece)
        return b"".join(pieces)

    def tree(self, name: str) -> _Element | None:
        """A part parsed as XML, without entities, DTDs or network; None where there is no such part.

        The strict variant of the format differs in its namespace only and is read as the usual one.
        """
        data = self.part(name)
        if data is None:
            return None
        from lxml import etree

        parser = etree.XMLParser(
            resolve_entities=False, no_network=True, load_dtd=False, remove_comments=True, remove_pis=True
        )
        return etree.fromstring(data.replace(STRICT, TRANSITIONAL), parser)


def _bomb() -> Exception:
    return refusal(
        given="文档解压后过大",
        why="超过单份文档的上限，可能是异常文件",
        remedy="请用 Word 或 WPS 打开，另存为新的 .docx 后再上传",
    )
