"""What a file holds that no rule looks at: said once, so that a clean report is not read as more than it is."""

from __future__ import annotations

from keshu.engines.gongwen.checking.package import Package
from keshu.engines.gongwen.checking.properties import W
from keshu.engines.gongwen.checking.roles import PartRole
from keshu.engines.gongwen.checking.rules import Reading


def unchecked_in(reading: Reading) -> tuple[str, ...]:
    """A sentence for tables and one for text boxes, where the file has them; the imprint's table is checked and not counted."""
    tables = {part.line.table for part in reading.of(PartRole.CELL) if part.line.table and not part.line.is_blank}
    notes = []
    if tables:
        notes.append(
            f"表格内文字未检查：共{len(tables)}个表格，只查其中的半角标点、文号写法、文字颜色和长表的表头；"
            "字体、字号、行距、缩进和数字写法没有检查，也没有改，请人工核对。"
        )
    if _has_boxed_words(reading.package):
        notes.append("文本框内文字未检查：文本框里的字都没有看，也没有改，请人工核对。")
    return tuple(notes)


def _has_boxed_words(package: Package) -> bool:
    root = package.tree(package.main)
    boxes = [] if root is None else root.iter(f"{W}txbxContent")
    return any((text.text or "").strip() for box in boxes for text in box.iter(f"{W}t"))
