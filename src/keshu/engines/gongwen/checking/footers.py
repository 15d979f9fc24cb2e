"""Page numbers as 7.5 wants them, set into a file that has none or others."""

from __future__ import annotations

from lxml import etree

from keshu.engines.gongwen import standard as gb
from keshu.engines.gongwen.blocks import Orientation
from keshu.engines.gongwen.checking.package import Package
from keshu.engines.gongwen.checking.paper import Paper
from keshu.engines.gongwen.checking.properties import W
from keshu.engines.gongwen.ooxml import make, put, qualified
from keshu.engines.gongwen.writing.pages import footer_part
from keshu.engines.gongwen.writing.styles import fonts

_KIND = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/footer"
_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.footer+xml"


def set_footers(package: Package, paper: Paper) -> None:
    """Footers of the standard in every section, odd and even pages apart; other footers and page numbers in headers go."""
    relations = {}
    for orientation in {
        Orientation.LANDSCAPE if sheet.is_landscape else Orientation.PORTRAIT for sheet in paper.sheets
    }:
        for is_even in (False, True):
            name = f"pageNumber{orientation.value.title()}{'Even' if is_even else 'Odd'}.xml"
            root = _with_direct_look(footer_part(orientation, is_even=is_even))
            relations[orientation, is_even] = package.add(name, root, kind=_KIND, content_type=_TYPE)
    for sheet in paper.sheets:
        lies = Orientation.LANDSCAPE if sheet.is_landscape else Orientation.PORTRAIT
        for old in [*sheet.element.findall(f"{W}footerReference"), *sheet.element.findall(f"{W}titlePg")]:
            sheet.element.remove(old)
        for is_even, kind in ((True, "even"), (False, "default")):
            reference = make("w:footerReference", type=kind)
            reference.set(qualified("r:id"), relations[lies, is_even])
            sheet.element.insert(0, reference)
    for number in paper.page_numbers:
        parent = number.line.element.getparent()
        if not number.is_at_foot and parent is not None and len(parent) > 1:
            parent.remove(number.line.element)
        elif not number.is_at_foot:
            for child in list(number.line.element):
                number.line.element.remove(child)
    if paper.settings is not None and paper.settings.find(f"{W}evenAndOddHeaders") is None:
        put(paper.settings, make("w:evenAndOddHeaders"))


def _with_direct_look(root: etree._Element) -> etree._Element:
    """The look said in the paragraphs, since the file may not know the writer's styles."""
    for paragraph in root.iter(f"{W}p"):
        properties = paragraph.find(f"{W}pPr")
        if properties is None:
            continue
        style = properties.find(f"{W}pStyle")
        name = "" if style is None else style.get(f"{W}val", "")
        if style is not None:
            properties.remove(style)
        if not name.startswith("PageNumber"):
            continue
        side = "left" if name.endswith("Even") else "right"
        width = gb.PAGE_NUMBER_SIZE * 10
        put(properties, make("w:spacing", before=0, after=0, line=gb.PAGE_NUMBER_LINE, lineRule="exact"))
        put(properties, make("w:ind", **{f"{side}Chars": 100, side: width, "firstLineChars": 0, "firstLine": 0}))
        put(properties, make("w:jc", val=side))
        for run in paragraph.findall(f"{W}r"):
            look = make(
                "w:rPr",
                fonts(gb.PAGE_NUMBER_FONT),
                make("w:sz", val=gb.PAGE_NUMBER_SIZE),
                make("w:szCs", val=gb.PAGE_NUMBER_SIZE),
            )
            run.insert(0, look)
    return root
