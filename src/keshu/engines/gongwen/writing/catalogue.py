"""The styles of an official document: what each part of GB/T 9704-2012 looks like, in the order of the standard.

Most are the same in every document. Some depend on it: how large the red letterhead can be, how far down a title stands, and
how far in organisation and date stand in a signature (7.3.5), which follows from the width of their words.
"""

from __future__ import annotations

from dataclasses import replace

from lxml.etree import _Element

from keshu.engines.gongwen import standard as gb
from keshu.engines.gongwen.blocks import OfficialDocument, Signature, chinese_date
from keshu.engines.gongwen.ooxml import make
from keshu.engines.gongwen.writing.styles import Style, character_style, fonts, paragraph_style

_LINE = gb.LINE
# 7.2.7: 4 mm under the number; 2 mm of them are its line's own
_RULE_BELOW_NUMBER = (gb.RED, 12, 6)

FIXED = (
    Style("Normal", "Normal", gb.BODY_FONT, gb.BODY_SIZE, based_on=None, align="both", line=_LINE, spacing=gb.CHARACTER_SPACE),
    Style("BodyText9704", "公文正文", first=2),
    Style("Addressee", "主送机关", follow="BodyText9704", align="left"),
    *(
        Style(
            f"Heading9704-{level}", f"{'一二三四'[level - 1]}级标题", font, follow="BodyText9704", is_bold=level == 3, first=2,
            keep_next=True, outline=level - 1, level=level - 1,
        )
        for level, font in enumerate(gb.HEADING_FONTS, 1)
    ),
    # 7.3.4: names stand under the first character of the name above
    Style("AttachmentSole", "附件说明", before=_LINE, left=5, hanging=3, align="left"),
    Style("AttachmentFirst", "附件说明首件", before=_LINE, left=6, hanging=4, align="left", keep_next=True),
    Style("AttachmentNext", "附件说明续件", left=6, hanging=1, align="left"),
    Style("Remark", "附注", first=2, align="left"),
    Style("AttachmentLabel", "附件序号", "黑体", align="left", keep_next=True, page_break=True),
    Style("AttachmentTitle", "附件标题", based_on="Title9704", follow="BodyText9704", before=_LINE, after=_LINE),
    # Tables and figures: the standard is silent, so this is the house's.
    Style("TableCaption", "表题", "黑体", gb.SIZES["小4号"], follow="BodyText9704", align="center", line=480,
          before=_LINE // 3, keep_next=True,
          keep_lines=True),
    Style("TableUnit", "表单位", size=gb.SIZES["5号"], align="right", line=360, keep_next=True),
    Style("TableNote", "表注", size=gb.SIZES["5号"], align="left", line=320, after=_LINE // 3),
    Style("TableHead", "表头文字", "黑体", gb.SIZES["小4号"], align="center", line=340, keep_next=True),
    Style("TableText", "表格文字", size=gb.SIZES["小4号"], align="left", line=340),
    Style("TableHeadSmall", "表头小字", "黑体", gb.SIZES["5号"], align="center", line=290, keep_next=True),
    # A row that says what the rows below belong to stays with the first of them.
    Style("TableGroup", "表内分组", size=gb.SIZES["小4号"], align="left", line=340, keep_next=True),
    Style("TableGroupSmall", "表内分组小字", size=gb.SIZES["5号"], align="left", line=290, keep_next=True),
    Style("TableTextSmall", "表格小字", size=gb.SIZES["5号"], align="left", line=290),
    Style("Picture", "图", align="center", line=None, before=_LINE // 3, keep_next=True),
    Style("FigureCaption", "图题", "黑体", gb.SIZES["小4号"], follow="BodyText9704", align="center", line=480,
          after=_LINE // 3, keep_lines=True),
    Style("ImprintCopies", "抄送机关", size=gb.IMPRINT_SIZE, align="left", line=480, left=4, right=1, hanging=3),
    Style("ImprintIssuer", "印发机关", size=gb.IMPRINT_SIZE, align="left", line=480, left=1,
          tabs=(("right", gb.TEXT_WIDTH - gb.IMPRINT_SIZE * 10),)),
    # 7.5: odd pages flush right, one character in; even pages flush left
    Style("PageNumberOdd", "单页码", gb.PAGE_NUMBER_FONT, gb.PAGE_NUMBER_SIZE, align="right", line=gb.PAGE_NUMBER_LINE, right=1),
    Style("PageNumberEven", "双页码", gb.PAGE_NUMBER_FONT, gb.PAGE_NUMBER_SIZE, align="left", line=gb.PAGE_NUMBER_LINE, left=1),
    Style("SectionEnd", "分节", size=2, line=14, is_quick=False),
    Style("FootnoteText", "footnote text", size=gb.SIZES["小5号"], align="left", line=260, is_quick=False),
)  # fmt: skip
# 正文's alignments in tables: one style for each, since alignment is a look too.
TABLE_STYLES = {"left": "", "center": "Centre", "right": "Right"}
_CHINESE_ALIGN = {"Centre": "居中", "Right": "居右"}


def styles_part(document: OfficialDocument) -> _Element:
    """The whole of word/styles.xml for a document."""
    styles = [*FIXED, *_aligned_table_styles(), *_varying(document)]
    ranked = sorted(styles, key=lambda style: (style.id != "Normal", style.based_on != "Normal", style.id))
    sizes = {style.id: style.size or gb.BODY_SIZE for style in styles}
    return make(
        "w:styles",
        _defaults(),
        *(paragraph_style(style, parent_size=sizes.get(style.based_on or "", gb.BODY_SIZE)) for style in ranked),
        *_character_styles(),
        *_table_styles(),
        make(
            "w:style",
            make("w:name", val="No List"),
            make("w:semiHidden"),
            type="numbering",
            default="1",
            styleId="NoList",
        ),
    )


def _aligned_table_styles() -> list[Style]:
    texts = [style for style in FIXED if style.id in ("TableText", "TableTextSmall")]
    return [
        replace(style, id=style.id + suffix, name=style.name + _CHINESE_ALIGN[suffix], based_on=style.id, align=align)
        for style in texts
        for align, suffix in TABLE_STYLES.items()
        if suffix
    ]


def _varying(document: OfficialDocument) -> list[Style]:
    """Styles whose measures follow from the document's words."""
    organisation, day = signature_indents(document.signature) if document.signature else (0.0, 4.0)
    is_sealed = document.signature is None or document.signature.is_sealed
    size = letterhead_size(document.letterhead)
    is_upward = bool(document.signatory)
    return [
        Style("Letterhead", "发文机关标志", gb.TITLE_FONT, size, follow="DocumentNumber", colour=gb.RED, align="center",
              line=size * 12, before=gb.twips(35) - round(size * 1.3), after=_LINE * 2),
        Style("DocumentNumber", "发文字号", align="left" if is_upward else "center",
              tabs=_NUMBER_TABS if is_upward else (),
              rule_below=_RULE_BELOW_NUMBER if document.letterhead else None, after=0 if document.letterhead else _LINE),
        Style("Title9704", "公文标题", gb.TITLE_FONT, gb.TITLE_SIZE, follow="Addressee", align="center", line=gb.TITLE_LINE,
              before=_LINE * 2 if document.letterhead else 0, after=_LINE, keep_next=True, keep_lines=True),
        Style("Signatory", "发文机关署名", follow="SignatureDate", align="right", right=organisation,
              before=_LINE * (2 if is_sealed else 1), keep_next=True),
        Style("SignatureDate", "成文日期", align="right", right=day),
    ]  # fmt: skip


_NUMBER_TABS = (("left", gb.CHARACTER), ("right", gb.TEXT_WIDTH - gb.CHARACTER))


def letterhead_size(letterhead: str) -> int:
    """Half points of the red letterhead: as large as one line bears, at most 62 pt (22 mm, the height usual for such heads)."""
    if not letterhead:
        return 124
    return max(44, min(124, int(gb.TEXT_WIDTH * 0.98 / 10 / gb.width_of(letterhead)) // 2 * 2))


def signature_indents(signature: Signature) -> tuple[float, float]:
    """How many characters in from the right organisation and date stand (7.3.5.1 with a seal, 7.3.5.2 without).

    Examples
    --------
    A name of 8 characters over a date of 6, with a seal: the date 4 in, the name centred over it.

    >>> from datetime import date
    >>> signature_indents(Signature("青岭市科技局办公", date(2026, 3, 5)))
    (3.0, 4.0)

    Without a seal: the name 2 in, the date's first character 2 to the right of the name's.

    >>> signature_indents(Signature("青岭市科技局办公", date(2026, 3, 5), is_sealed=False))
    (2.0, 2.0)
    """
    name, day = gb.width_of(signature.organisation), gb.width_of(chinese_date(signature.date))
    if signature.is_sealed:
        shift = max(0.0, (name - day) / 2 - 4)  # a long name would leave the page: both move to the left together
        return 4 + shift - (name - day) / 2, 4 + shift
    shift = max(0.0, day + 2 - name)  # 如成文日期长于发文机关署名: the date 2 in, the name further
    return 2 + shift, name + shift - day


def _defaults() -> _Element:
    language = make("w:lang", val="en-US", eastAsia="zh-CN", bidi="ar-SA")
    size = (make("w:sz", val=gb.BODY_SIZE), make("w:szCs", val=gb.BODY_SIZE))
    return make(
        "w:docDefaults",
        make("w:rPrDefault", make("w:rPr", fonts(gb.BODY_FONT), *size, language)),
        # no widow control, or pages would fall short of 22 lines
        make("w:pPrDefault", make("w:pPr", make("w:widowControl", val=0))),
    )


def _character_styles() -> list[_Element]:
    default = make(
        "w:style",
        make("w:name", val="Default Paragraph Font"),
        make("w:semiHidden"),
        type="character",
        default="1",
        styleId="DefaultParagraphFont",
    )
    plain_body = (fonts(gb.BODY_FONT), make("w:b", val=0), make("w:bCs", val=0))
    return [
        default,
        character_style("Emphasis9704", name="加粗文字", properties=(make("w:b"), make("w:bCs"))),
        character_style("RunOn", name="续排正文", properties=plain_body),
        character_style("RunOnEmphasis", name="续排加粗", properties=(fonts(gb.BODY_FONT), make("w:b"), make("w:bCs"))),
        character_style("SignatoryName", name="签发人姓名", properties=(fonts("楷体_GB2312"),)),
        character_style(
            "FootnoteReference", name="footnote reference", properties=(make("w:vertAlign", val="superscript"),)
        ),
    ]


def _table_styles() -> list[_Element]:
    sides = ("top", "left", "bottom", "right", "insideH", "insideV")
    lines = make("w:tblBorders", *(make(f"w:{side}", val="single", sz=4, space=0, color="000000") for side in sides))
    thick, thin = ({"val": "single", "sz": size, "space": 0, "color": "000000"} for size in (8, 6))
    # 7.4.1: the first and last line 0.35 mm (1 pt) thick, those between 0.25 mm (0.75 pt)
    band = make("w:tblBorders", make("w:top", **thick), make("w:bottom", **thick), make("w:insideH", **thin))
    return [
        _table_style("TableNormal", name="Normal Table", borders=None, sides=108, is_default=True),
        _table_style("RuledTable", name="公文表格", borders=lines, sides=85),
        _table_style("ImprintTable", name="版记", borders=band, sides=0),
        _table_style("PlainTable", name="无线表格", borders=None, sides=85),
    ]


def _table_style(id: str, *, name: str, borders: _Element | None, sides: int, is_default: bool = False) -> _Element:
    above = 0 if is_default or not sides else 40
    margins = make(
        "w:tblCellMar",
        *(
            make(f"w:{side}", w=width, type="dxa")
            for side, width in (("top", above), ("left", sides), ("bottom", above), ("right", sides))
        ),
    )
    return make(
        "w:style",
        make("w:name", val=name),
        make("w:basedOn", val="TableNormal") if not is_default else None,
        make("w:uiPriority", val=99),
        make("w:semiHidden") if is_default else None,
        make("w:tblPr", make("w:tblInd", w=0, type="dxa"), borders, margins),
        type="table",
        styleId=id,
        default="1" if is_default else None,
        customStyle=None if is_default else "1",
    )
