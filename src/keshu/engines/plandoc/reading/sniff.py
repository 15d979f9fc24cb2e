"""What kind of file the bytes are, told by their content; the suffix is asked only where the bytes leave it open."""

from __future__ import annotations

import io
import re

from keshu.engines.plandoc.document import PlanDocumentError
from keshu.engines.plandoc.reading.refusal import refusal

LARGEST_FILE = 200 * 1024 * 1024

_SAVE_AS_DOCX = "请用 Word 或 WPS 打开，另存为 .docx 后再上传"
_FOREIGN: tuple[tuple[bytes, int, str, str], ...] = (
    (b"{\\rtf", 0, "这是 RTF 文件", _SAVE_AS_DOCX),
    (b"\x89PNG", 0, "这是一张图片（PNG）", "请上传原文件，或把图片合成 PDF 后上传"),
    (b"\xff\xd8\xff", 0, "这是一张图片（JPEG）", "请上传原文件，或把图片合成 PDF 后上传"),
    (b"GIF8", 0, "这是一张图片（GIF）", "请上传原文件，或把图片合成 PDF 后上传"),
    (b"BM", 0, "这是一张图片（BMP）", "请上传原文件，或把图片合成 PDF 后上传"),
    (b"II*\x00", 0, "这是一张图片（TIFF）", "请上传原文件，或把图片合成 PDF 后上传"),
    (b"MM\x00*", 0, "这是一张图片（TIFF）", "请上传原文件，或把图片合成 PDF 后上传"),
    (b"WEBP", 8, "这是一张图片（WebP）", "请上传原文件，或把图片合成 PDF 后上传"),
    (b"7z\xbc\xaf", 0, "这是压缩包（7z）", "请先解压，再上传里面的文件"),
    (b"Rar!", 0, "这是压缩包（RAR）", "请先解压，再上传里面的文件"),
    (b"\x1f\x8b", 0, "这是压缩包（gz）", "请先解压，再上传里面的文件"),
    (b"MZ", 0, "这是程序文件", "请上传 .docx、.pdf、.html 或 .txt 文档"),
)
_NOT_A_PLAN = "里面没有可以读取的工作要点或总结文字"
_HTML = re.compile(rb"<(?:!doctype\s+html|html|head|body|meta|div|p|table|span|title)[\s>/]", re.IGNORECASE)
_HTML_WIDE = re.compile(r"<(?:!doctype\s+html|html|head|body)[\s>]", re.IGNORECASE)
_WORD_XML = re.compile(rb"progid=\"Word\.Document\"|<pkg:package|<w:wordDocument")


def sniff(data: bytes, *, name: str) -> str:
    """``docx``, ``pdf``, ``html``, ``mht`` or ``txt``.

    Raises
    ------
    PlanDocumentError
        the file is empty, too large, or of a kind that cannot be read
    """
    if not data.strip(b"\x00 \t\r\n\xef\xbb\xbf\xff\xfe"):
        raise refusal(given="文件是空的", why="里面没有任何内容", remedy="请确认上传的是完整的文件")
    if len(data) > LARGEST_FILE:
        size = len(data) // (1024 * 1024)
        raise refusal(
            given=f"文件有 {size} MB", why="超过 200 MB 的上限", remedy="请压缩文件里的图片，或只上传正文部分"
        )
    if b"%PDF-" in data[:1024]:
        return "pdf"
    if data.startswith((b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08")):
        return _kind_of_zip(data, name=name)
    if data.startswith(b"\xd0\xcf\x11\xe0"):
        raise _ole_refusal(data)
    for magic, offset, given, remedy in _FOREIGN:
        if data[offset : offset + len(magic)] == magic and not (magic in (b"BM", b"MZ") and b"\x00" not in data[:200]):
            raise refusal(given=given, why=_NOT_A_PLAN, remedy=remedy)
    return _kind_of_text(data, name=name)


def _kind_of_text(data: bytes, *, name: str) -> str:
    head = data[:4096]
    if _WORD_XML.search(head):
        raise refusal(given="这是 Word 的 XML 文件", why="不是标准的 .docx 文档", remedy=_SAVE_AS_DOCX)
    if (
        re.match(rb"\s*(?:From:|MIME-Version:|Content-Type:\s*multipart/related)", head, re.IGNORECASE)
        and b"boundary=" in head
    ):
        return "mht"
    stripped = head.lstrip(b"\xef\xbb\xbf \t\r\n")
    if re.match(rb"<(?:!doctype\s+html|html|head|body|!--|\?xml)", stripped, re.IGNORECASE) and _HTML.search(
        data[:200_000]
    ):
        return "html"
    if data.startswith((b"\xff\xfe", b"\xfe\xff")) and _HTML_WIDE.search(head.decode("utf-16", "ignore")):
        return "html"
    tags = len(_HTML.findall(head))
    suffix = name.rpartition(".")[2].lower()
    if tags >= 3 or (tags and suffix in ("html", "htm", "shtml", "xhtml", "jsp", "aspx", "php")):
        return "html"
    return "txt"


_COPY_TO_WORD = "请把正文复制到 Word，另存为 .docx 后再上传"
# What a package that cannot be opened was meant to be, by its name; anything else was meant to be a Word document.
_DAMAGED = {
    "xlsx": ("这是 Excel 表格（.xlsx），而且已损坏", "只能读取文字文档", _COPY_TO_WORD),
    "xlsm": ("这是 Excel 表格（.xlsm），而且已损坏", "只能读取文字文档", _COPY_TO_WORD),
    "pptx": ("这是演示文稿（.pptx），而且已损坏", "只能读取文字文档", _COPY_TO_WORD),
    "zip": ("这是压缩包（.zip），而且已损坏", "打不开", "请重新压缩或下载，解压后上传里面的文件"),
}
_DAMAGED_WORD = (
    "文件已损坏",
    "它像 Word 文档（.docx），但打不开",
    "请用 Word 或 WPS 打开原文件，另存为 .docx 后再上传",
)


def _kind_of_zip(data: bytes, *, name: str) -> str:
    import zipfile

    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            names = archive.namelist()
    except Exception as error:
        given, why, remedy = _DAMAGED.get(name.rpartition(".")[2].lower(), _DAMAGED_WORD)
        raise refusal(given=given, why=why, remedy=remedy) from error
    folders = {name.partition("/")[0].lower() for name in names}
    if "word" in folders:
        return "docx"
    for folder, given in (("xl", "这是 Excel 表格"), ("ppt", "这是演示文稿（PPT）"), ("visio", "这是 Visio 图")):
        if folder in folders:
            raise refusal(given=given, why="只能读取文字文档", remedy=_COPY_TO_WORD)
    if "ofd.xml" in folders:
        raise refusal(
            given="这是 OFD 版式文件", why="暂不能直接读取", remedy="请用 OFD 阅读器转成可复制文字的 PDF 后再上传"
        )
    if "mimetype" in folders and "content.xml" in folders:
        raise refusal(given="这是 ODF 文档（.odt 等）", why="暂不能直接读取", remedy=_SAVE_AS_DOCX)
    raise refusal(given="这是压缩包（zip）", why="不是 Word 文档", remedy="请先解压，再上传里面的文件")


def _ole_refusal(data: bytes) -> PlanDocumentError:
    streams = _ole_streams(data)
    if "encryptedpackage" in streams:
        return refusal(
            given="文档设了打开密码", why="加密的内容读不出来",
            remedy="请用 Word 或 WPS 打开，在“文件—信息—保护文档”里去掉密码，另存后再上传",
        )  # fmt: skip
    if "workbook" in streams or "book" in streams:
        return refusal(
            given="这是 Excel 表格（.xls）", why="只能读取文字文档", remedy="请把正文复制到 Word，另存为 .docx 后再上传"
        )
    if "powerpoint document" in streams:
        return refusal(
            given="这是演示文稿（.ppt）", why="只能读取文字文档", remedy="请把正文复制到 Word，另存为 .docx 后再上传"
        )
    return refusal(given="这是旧版 Word 文档（.doc 或 .wps）", why="旧格式不能直接读取", remedy=_SAVE_AS_DOCX)


def _ole_streams(data: bytes) -> frozenset[str]:
    try:
        import olefile

        with olefile.OleFileIO(io.BytesIO(data)) as container:
            return frozenset(entry[0].lower() for entry in container.listdir())
    except Exception:  # a broken container still tells its kind by the names in it
        known = ("EncryptedPackage", "Workbook", "PowerPoint Document")
        return frozenset(name.lower() for name in known if name.encode("utf-16-le") in data)
