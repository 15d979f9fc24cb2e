"""Pages: sections with the standard's margins and grid, and the page number at the outer edge (7.5, 8)."""

from __future__ import annotations

from lxml.etree import _Element

from keshu.engines.gongwen import standard as gb
from keshu.engines.gongwen.blocks import Orientation
from keshu.engines.gongwen.ooxml import make, plain, qualified, words
from keshu.engines.gongwen.writing.text import paragraph

# part name, relationship, orientation, whether for even pages
FOOTERS = (
    ("footer1.xml", "rIdFooter1", Orientation.PORTRAIT, False),
    ("footer2.xml", "rIdFooter2", Orientation.PORTRAIT, True),
    ("footer3.xml", "rIdFooter3", Orientation.LANDSCAPE, False),
    ("footer4.xml", "rIdFooter4", Orientation.LANDSCAPE, True),
)
EMU_PER_TWIP = 635


def section(orientation: Orientation) -> _Element:
    """A section's properties: portrait, or the same sheet turned a quarter so that the head of the table lies to the left (8)."""
    is_portrait = orientation is Orientation.PORTRAIT
    margins = (gb.TOP, gb.RIGHT, gb.BOTTOM, gb.LEFT) if is_portrait else (gb.LEFT, gb.TOP, gb.RIGHT, gb.BOTTOM)
    size: dict[str, object] = {"w": gb.PAPER_WIDTH, "h": gb.PAPER_HEIGHT}
    if not is_portrait:
        size = {"w": gb.PAPER_HEIGHT, "h": gb.PAPER_WIDTH, "orient": "landscape"}
    top, right, bottom, left = margins
    return make(
        "w:sectPr",
        *(_reference(relation, is_even=is_even) for _, relation, of, is_even in FOOTERS if of is orientation),
        make("w:pgSz", **size),
        make(
            "w:pgMar", top=top, right=right, bottom=bottom, left=left, header=851, footer=gb.FOOTER_FROM_EDGE, gutter=0
        ),
        make("w:cols", space=425),
        make("w:docGrid", type="lines", linePitch=gb.LINE),
    )


def _reference(relation: str, *, is_even: bool) -> _Element:
    reference = make("w:footerReference", type="even" if is_even else "default")
    reference.set(qualified("r:id"), relation)
    return reference


def footer_part(orientation: Orientation, *, is_even: bool) -> _Element:
    """A footer: the page number in the outer corner; on a landscape sheet where it would be were the sheet upright."""
    if orientation is Orientation.PORTRAIT:
        return make("w:ftr", _page_number(is_even=is_even))
    return make("w:ftr", paragraph("SectionEnd", make("w:r", _turned_box(_page_number(is_even=is_even)))))


def _page_number(*, is_even: bool) -> _Element:
    """“— 1 —”: the field between two dashes, half-width blanks around it."""
    return paragraph(
        "PageNumberEven" if is_even else "PageNumberOdd",
        make("w:r", words("w:t", "— ")),
        make("w:r", make("w:fldChar", fldCharType="begin")),
        make("w:r", words("w:instrText", " PAGE ")),
        make("w:r", make("w:fldChar", fldCharType="separate")),
        make("w:r", words("w:t", "1")),
        make("w:r", make("w:fldChar", fldCharType="end")),
        make("w:r", words("w:t", " —")),
    )


def _turned_box(number: _Element) -> _Element:
    """A text box along the left edge of a landscape sheet, its words turned: upright sheets have their foot there.

    It lies where the footer of an upright page lies: beside the text area, as high as the sheet's text area is wide.
    """
    line = gb.PAGE_NUMBER_LINE
    across, along = line * EMU_PER_TWIP, gb.TEXT_WIDTH * EMU_PER_TWIP
    place = (gb.FOOTER_FROM_EDGE * EMU_PER_TWIP, gb.LEFT * EMU_PER_TWIP)
    shape = plain(
        "wps:wsp",
        plain("wps:cNvSpPr", txBox=1),
        plain(
            "wps:spPr",
            plain("a:xfrm", plain("a:off", x=0, y=0), plain("a:ext", cx=across, cy=along)),
            plain("a:prstGeom", plain("a:avLst"), prst="rect"),
            plain("a:noFill"),
            plain("a:ln", plain("a:noFill")),
        ),
        plain("wps:txbx", make("w:txbxContent", number)),
        plain(
            "wps:bodyPr",
            plain("a:noAutofit"),
            rot=0,
            vert="vert",
            wrap="square",
            lIns=0,
            tIns=0,
            rIns=0,
            bIns=0,
            anchor="t",
        ),
    )
    graphic = plain(
        "a:graphic",
        plain("a:graphicData", shape, uri="http://schemas.microsoft.com/office/word/2010/wordprocessingShape"),
    )
    anchor = plain(
        "wp:anchor",
        plain("wp:simplePos", x=0, y=0),
        plain("wp:positionH", _offset(place[0]), relativeFrom="page"),
        plain("wp:positionV", _offset(place[1]), relativeFrom="page"),
        plain("wp:extent", cx=across, cy=along),
        plain("wp:effectExtent", l=0, t=0, r=0, b=0),
        plain("wp:wrapNone"),
        plain("wp:docPr", id=9001, name="页码"),
        plain("wp:cNvGraphicFramePr"),
        graphic,
        distT=0, distB=0, distL=0, distR=0, simplePos=0, relativeHeight=2, behindDoc=0, locked=0, layoutInCell=1, allowOverlap=1,
    )  # fmt: skip
    return plain(
        "mc:AlternateContent", plain("mc:Choice", make("w:drawing", anchor), Requires="wps"), plain("mc:Fallback")
    )


def _offset(emu: int) -> _Element:
    element = plain("wp:posOffset")
    element.text = str(emu)
    return element
