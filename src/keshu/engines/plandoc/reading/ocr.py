"""Scanned pages through RapidOCR; its models lie in its wheel, so nothing is fetched."""

from __future__ import annotations

import importlib.util
from collections.abc import Callable
from functools import cache
from typing import TYPE_CHECKING, Any

from keshu.engines.plandoc.reading.refusal import refusal

if TYPE_CHECKING:
    from pypdfium2 import PdfDocument

_MOST_PAGES = 60
_DOTS_PER_POINT = 2.0  # 144 dpi: 三号 type is then 32 pixels high, what the recogniser was trained on
_LARGEST_SIDE = 2400
_NOTE = "文字由扫描件识别得到，请核对数字"


def is_installed() -> bool:
    """Whether the ``ocr`` extra is there."""
    return all(importlib.util.find_spec(name) is not None for name in ("rapidocr", "onnxruntime", "cv2"))


@cache
def _engine() -> Any:
    import logging

    from rapidocr import RapidOCR

    logging.getLogger("RapidOCR").setLevel(logging.ERROR)
    return RapidOCR(params={"Global.log_level": "error"})


def read_pages(
    document: PdfDocument, *, on_page: Callable[[int, int], None] | None = None
) -> tuple[list[str], tuple[str, ...]]:
    """The recognised lines of every page, and the note that they were recognised; `on_page` hears of each page beforehand.

    Raises
    ------
    PlanDocumentError
        the scan has more pages than can be recognised in reasonable time, or nothing legible
    """
    if len(document) > _MOST_PAGES:
        raise refusal(
            given=f"扫描件有 {len(document)} 页",
            why=f"一次最多识别 {_MOST_PAGES} 页",
            remedy="请拆分后上传，或上传 Word 原文件",
        )
    pages = []
    for number in range(len(document)):
        if on_page is not None:
            on_page(number + 1, len(document))
        pages.append(_page_text(document, number))
    if not "".join(pages).strip():
        raise refusal(
            given="扫描件里没有识别出文字",
            why="图像可能过于模糊",
            remedy="请重新扫描（300 dpi 以上）或上传 Word 原文件",
        )
    return pages, (_NOTE,)


def _page_text(document: PdfDocument, number: int) -> str:
    page = document[number]
    try:
        scale = min(_DOTS_PER_POINT, _LARGEST_SIDE / max(1.0, *page.get_size()))
        image = page.render(scale=scale).to_numpy()
    finally:
        page.close()
    result = _engine()(image[:, :, :3])
    if result.boxes is None or result.txts is None:
        return ""
    found = [_Piece(box, text) for box, text in zip(result.boxes, result.txts, strict=True)]
    return "\n".join(_lines(found))


class _Piece:
    """A recognised stretch: its text, left edge, middle height and height in pixels."""

    def __init__(self, box: Any, text: str) -> None:
        self.text = text
        self.left = float(min(point[0] for point in box))
        top, bottom = float(min(point[1] for point in box)), float(max(point[1] for point in box))
        self.middle, self.height = (top + bottom) / 2, bottom - top


def _lines(pieces: list[_Piece]) -> list[str]:
    """Pieces side by side form one line; lines run from top to bottom."""
    lines: list[list[_Piece]] = []
    for piece in sorted(pieces, key=lambda piece: piece.middle):
        if lines and piece.middle - lines[-1][0].middle < 0.5 * piece.height:
            lines[-1].append(piece)
        else:
            lines.append([piece])
    return [" ".join(piece.text for piece in sorted(line, key=lambda piece: piece.left)) for line in lines]
