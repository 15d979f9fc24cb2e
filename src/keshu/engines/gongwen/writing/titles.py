"""Long titles parted into balanced lines (7.3.1: 词意完整, 排列对称, 长短适宜)."""

from __future__ import annotations

import math

from keshu.engines.gongwen.standard import TEXT_WIDTH, TITLE_SIZE, width_of

WIDEST = TEXT_WIDTH // (TITLE_SIZE * 10) - 1  # characters of a title's line, one left free so that no machine wraps it
# A line may well end after these, and well begin with these; in between words would be torn.
_END = (
    "的",
    "和",
    "与",
    "及",
    "、",
    "》",
    "”",
    "）",
    "年",
    "年度",
    "关于",
    "局",
    "厅",
    "委",
    "市",
    "省",
    "县",
    "区",
    "：",
    "——",
    "暨",
)
_BEGIN = (
    "关于", "印发", "转发", "开展", "推进", "加强", "加快", "做好", "组织", "实施", "《", "（", "“", "工作", "方案", "通知",
    "情况", "任务", "科技", "创新", "企业", "项目", "管理", "办法", "责任", "重点", "目标", "考核", "建设", "发展",
    "高质量", "年度",
)  # fmt: skip
_NEVER_BEGINS = "的、，。》”）：；年月日和与及"
_NEVER_ENDS = "《“（"


def title_lines(title: str) -> list[str]:
    """The lines of a title: those the author parted, each parted again where it is wider than a line.

    Examples
    --------
    >>> title_lines("关于印发2026年科技工作要点任务分解表的通知")
    ['关于印发2026年科技', '工作要点任务分解表的通知']
    """
    return [line for given in title.split("\n") if given.strip() for line in _balanced(given.strip())]


def _balanced(line: str) -> list[str]:
    """A line in as few lines as can hold it, parted where the sense and the balance bear it best."""
    count = math.ceil(width_of(line) / WIDEST)
    lines = []
    for left in range(count, 1, -1):
        cut = min(range(1, len(line)), key=lambda at: _strain(line, at=at, lines=left), default=0)
        lines.append(line[:cut])
        line = line[cut:]
    return [each for each in [*lines, line] if each]


def _strain(line: str, *, at: int, lines: int) -> float:
    """How badly a break at `at` suits, the smaller the better; the break must leave room for the other lines."""
    ahead, behind = line[:at], line[at:]
    strain = abs(width_of(ahead) - width_of(line) / lines)
    if width_of(ahead) > WIDEST or width_of(behind) > WIDEST * (lines - 1):
        strain += 100
    if behind[0] in _NEVER_BEGINS or ahead[-1] in _NEVER_ENDS or (ahead[-1].isascii() and behind[0].isascii()):
        strain += 50
    if not (ahead.endswith(_END) or behind.startswith(_BEGIN)):
        strain += 4
    return strain
