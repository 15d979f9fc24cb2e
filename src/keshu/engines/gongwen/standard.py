"""Measures and typefaces of GB/T 9704-2012 (党政机关公文格式), in the units of WordprocessingML.

Lengths in twips (1/20 pt), font sizes in half points, as the file format counts them. Where the standard is silent (tables,
captions, the height of a title's line) the choice is this house's and says so.
"""

from __future__ import annotations

MM_PER_INCH = 25.4


def twips(mm: float) -> int:
    """Millimetres as twips.

    Examples
    --------
    >>> twips(37), twips(35), twips(28), twips(26)
    (2098, 1984, 1587, 1474)
    """
    return round(mm / MM_PER_INCH * 1440)


# 5.1 幅面尺寸: A4
PAPER_WIDTH, PAPER_HEIGHT = 11906, 16838
# 5.2.1 页边与版心尺寸: 天头 37, 订口 28, 版心 156 x 225 mm; so 35 below and 26 on the right. Each may be off by 1 mm.
TOP, BOTTOM, LEFT, RIGHT = twips(37), twips(35), twips(28), twips(26)
TOLERANCE = twips(1)
TEXT_WIDTH, TEXT_HEIGHT = PAPER_WIDTH - LEFT - RIGHT, PAPER_HEIGHT - TOP - BOTTOM
# 5.2.3 行数和字数: 22 lines of 28 characters fill the text area
LINES, CHARACTERS = 22, 28
LINE = 579  # 22 x 579 = 12738 of 12756; one more and the 22nd line would not stand
BODY_SIZE = 32  # 3号, 16 pt
# 28 characters of 16 pt are 448 pt, the text area is 442.2: each gives up a quarter of a point, and justification fills the
# line. Not a grid of characters: LibreOffice gives a character that is wider than the grid two places of it.
CHARACTER_SPACE = -5
CHARACTER = 316

# 字号 in half points
SIZES = {
    "初号": 84, "小初": 72, "1号": 52, "小1号": 48, "2号": 44, "小2号": 36, "3号": 32, "小3号": 30, "4号": 28, "小4号": 24,
    "5号": 21, "小5号": 18, "6号": 15, "小6号": 13, "7号": 11, "8号": 10,
}  # fmt: skip
TITLE_SIZE = SIZES["2号"]
PAGE_NUMBER_SIZE = SIZES["4号"]
IMPRINT_SIZE = SIZES["4号"]
TITLE_LINE = 720  # house: 36 pt, by 3.2 a line is the type's height and 7/8 of a 3号 character

BODY_FONT = "仿宋_GB2312"
TITLE_FONT = "方正小标宋简体"
HEADING_FONTS = ("黑体", "楷体_GB2312", "仿宋_GB2312", "仿宋_GB2312")
PAGE_NUMBER_FONT = "宋体"
RED = "FF0000"

# 7.5 页码: the dash is 7 mm below the text area, 2 pt above the middle of its line of 16 pt; what is left to the paper's edge:
PAGE_NUMBER_LINE = 320
FOOTER_FROM_EDGE = BOTTOM - twips(7) - PAGE_NUMBER_LINE // 2 - 40

# Typefaces that are one for the reader, under the names that machines know them by.
FAMILIES: dict[str, tuple[str, ...]] = {
    "仿宋": ("仿宋_GB2312", "仿宋", "FangSong", "FangSong_GB2312", "华文仿宋", "STFangsong", "方正仿宋_GBK", "方正仿宋简体",
             "方正仿宋_GB2312", "方正仿宋_GB18030", "FZFangSong-Z02"),
    "楷体": ("楷体_GB2312", "楷体", "KaiTi", "KaiTi_GB2312", "华文楷体", "STKaiti", "方正楷体_GBK", "方正楷体简体",
             "方正楷体_GB2312", "FZKai-Z03"),
    "黑体": ("黑体", "SimHei", "华文黑体", "STHeiti", "方正黑体_GBK", "方正黑体简体", "FZHei-B01"),
    "小标宋": ("方正小标宋简体", "方正小标宋_GBK", "小标宋体", "小标宋", "方正小标宋", "方正小标宋_GB18030", "华文中宋",
               "STZhongsong", "FZXiaoBiaoSong-B05S", "FZXiaoBiaoSong-B05"),
    "宋体": ("宋体", "SimSun", "新宋体", "NSimSun", "华文宋体", "STSong", "宋体-简", "方正书宋_GBK", "方正书宋简体", "Songti SC"),
}  # fmt: skip
_FAMILY_OF = {name.lower(): family for family, names in FAMILIES.items() for name in names}


def family_of(font: str) -> str:
    """The family a typeface belongs to (仿宋, 楷体, 黑体, 小标宋, 宋体); another typeface is its own."""
    return _FAMILY_OF.get(font.strip().lower(), font.strip())


def size_name(half_points: int) -> str:
    """A font size as an office says it: 3号, or points where it has no name."""
    for name, size in SIZES.items():
        if size == half_points:
            return name
    return f"{half_points / 2:g}磅"


def width_of(text: str) -> float:
    """Width of a line in characters (字): half for ASCII, one for the rest.

    Examples
    --------
    >>> width_of("2026年3月5日")
    6.0
    """
    return sum(0.5 if character.isascii() else 1.0 for character in text)
