"""What the columns of a table are for, told from their heads."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

from keshu.engines.plandoc.claims.phrases import Phrase, examples, words
from keshu.engines.plandoc.document import Tense
from keshu.engines.plandoc.passage import Table
from keshu.kernel.period import Period


class Column(StrEnum):
    """The part a column plays."""

    SKIP = "skip"
    NAME = "name"
    UNIT = "unit"
    OPERATOR = "operator"
    VALUE = "value"
    GROWTH = "growth"
    PROSE = "prose"


@dataclass(frozen=True, slots=True)
class Role:
    """A column's part, and for values the ``tense``, ``period`` and ``unit`` that its head gives (None: not said there)."""

    part: Column
    label: str = ""
    tense: Tense | None = None
    period: Period | None = None
    unit: str | None = None


NAME = Phrase("name column", ("指标名称", "三级指标", "考核指标", "项目", "内容"), "the row's indicator", examples())
SKIPPED = Phrase(
    "columns without figures", ("序号", "属性", "责任单位", "完成时限", "联系人"), "never read for figures", examples()
)
ACTUAL = Phrase(
    "base column", ("2020年实际", "基期", "现状值", "完成值"), "actual figures of the year in the head", examples()
)
TARGET = Phrase(
    "target column", ("2025年目标", "指标值", "中期值", "年度任务"), "goals of the year in the head", examples()
)
GROWTH = Phrase(
    "growth column",
    ("年均增速", "累计[ ]"),
    "percent a year over the span; [0.58] is points gained over the span",
    examples(),
)
PHRASES = (NAME, SKIPPED, ACTUAL, TARGET, GROWTH)

_SKIP = re.compile(
    r"^(?:序号|编号|号|属性|指标属性|类型|类别|指标类型|责任.*|牵头.*|配合.*|主管.*|负责.*|联系.*|"
    r"完成时限|时限|完成时间|时间.*|进度要求|权重|"
    r"分值|得分|标准分|(?:未完成|偏差|未达标)?原因.*|偏差.*|自评得?分|一级指标|二级指标|数据来源|来源|依据|评分.*|周期|频次|优先级|方向|"
    r"指标方向|时间节点|实施主体|实施单位|"
    r"性质|指标性质|扣分.*|佐证.*|电话|代码|预警|等次|等级|状态|评价)$"
)
_NAME = re.compile(
    r"三级指标|指标名称|考核指标|主要指标|指标$|绩效指标|评价指标|工作指标|监测指标|指标项|项目名称|"
    r"目标名称|内容$|名称$|项目$|重点任务|任务名称|工作任务"
)
_REGION_HEAD = re.compile(r"县|区|地区|园区|镇|街道|单位$|部门|地市|科室|市州|名称$|区域")
_REGION_CELL = re.compile(
    r"(?:市|县|区|州|园区|开发区|经开区|高新区|镇|乡|街道|合计|总计|全市|全州|全区|全县|小计|平均)$"
)
_UNIT_HEAD = re.compile(r"^(?:计量)?单位$|^(?:度量|量纲)")
_UNIT_CELL = re.compile(
    r"^(?:%|％|‰|[\u4e00-\u9fff]{1,6}(?:/[\u4e00-\u9fff]{1,5})?|[—\-/]|[A-Za-z]{1,6}|百分比|个百分点|台\(套\)|)$"
)
_OFFICE = re.compile(r"(?:科|局|处|室|办|委|中心|部|站|政府|协会)$")
_YEAR = re.compile(r"((?:19|20)\d\d)年?")
_SPAN = re.compile(r"(?P<first>(?:19|20)\d\d)年?[-—–~至到]{1,2}(?P<last>(?:19|20)\d\d)")
_RANK_HEAD = re.compile("排名|位次|名次")
_ACTUAL_HEAD = re.compile(
    r"实际|基期|现状|完成|实绩|实现|现值|基数|上年|上一?年度|当前|达成|已|发生|截至|累计(?!目标)|本期|同期|(?<!\d)1[—-]\d"
)
_TARGET_HEAD = re.compile(r"目标|任务|计划|指标值|预期|中期值|规划|年度值|考核值|标准值|力争|预计")
_GROWTH_HEAD = re.compile(r"增速|增长|增幅|递增|同比|增减|^年均[(\[〔]?(?:累计)?[)\]〕]?$")
_RATE_HEAD = re.compile(r"率|占比|比重|进度|比例|百分比|强度")
_PROSE_HEAD = re.compile(
    r"目标|举措|措施|任务|内容|备注|说明|要求|成效|进展|情况|成果|事项|标志|描述|解释|节点|里程碑|安排"
)
_UNIT_IN_HEAD = re.compile(
    r"\((?P<unit>[^()0-9]{1,8}(?:/[^()]{1,5})?)\)|\[(?P<square>[^\[\]0-9]{1,6})\]|,(?P<comma>%|亿元|万元|家|个|项)$"
)
_CAPTION_UNIT = re.compile(r"单位[::]\s*(?P<unit>[^\s、,;;)）]{1,6})")
_OPERATORS = frozenset(set(words("≥ ≤ > < = ＞ ＜ ＝ >= <= 区间 定性 约 ≈ ~")))


def caption_unit(table: Table) -> str | None:
    """The unit of a ``单位:万元`` remark."""
    match = _CAPTION_UNIT.search(table.caption)
    return match["unit"] if match else None


def unit_in(words: str) -> tuple[str, str | None]:
    """A label without its bracketed unit, and the unit."""
    match = _UNIT_IN_HEAD.search(words)
    if match is None:
        return words, None
    unit = match["unit"] or match["square"] or match["comma"]
    if not _UNIT_CELL.match(unit) or unit in ("预期性", "约束性", "累计", "含", "试行"):
        return words, None
    return (words[: match.start()] + words[match.end() :]).strip(), unit


def roles_of(table: Table) -> list[Role]:
    """The part of each column."""
    heads = [cell.text for cell in table.head]
    columns = [[row[i].text for row in table.rows if i < len(row)] for i in range(len(heads))]
    roles = [_role(head, cells, table) for head, cells in zip(heads, columns, strict=True)]
    if not any(role.part is Column.NAME for role in roles):
        first = next(
            (i for i, role in enumerate(roles) if role.part is Column.PROSE and _mostly_words(columns[i])), None
        )
        if first is None:
            first = next(
                (i for i, cells in enumerate(columns) if _mostly_words(cells) and not _SKIP.match(heads[i])), None
            )
        if first is None and heads and _mostly_words(columns[0]):
            first = 0
        if first is not None:
            roles[first] = Role(Column.NAME, heads[first])
    names = [i for i, role in enumerate(roles) if role.part is Column.NAME]
    for extra in names[:-1] if any("三级" in heads[i] for i in names) else names[1:]:
        roles[extra] = Role(Column.PROSE if "指标" not in heads[extra] else Column.SKIP, heads[extra])
    return roles


def is_matrix(table: Table, roles: list[Role]) -> bool:
    """Are the rows regions or offices and the columns indicators?"""
    index = next((i for i, role in enumerate(roles) if role.part is Column.NAME), None)
    if index is None:
        return False
    cells = [row[index].text for row in table.rows if row[index].text]
    places = sum(1 for text in cells if _REGION_CELL.search(text) and len(text) <= 10)
    return bool(cells) and places * 2 > len(cells)


def _mostly_words(cells: list[str]) -> bool:
    words = [text for text in cells if text]
    return bool(words) and sum(1 for text in words if re.match(r"^[\u4e00-\u9fffA-Za-z“《(]", text)) * 2 > len(words)


#: What stands in a cell that holds nothing.
_VOID = frozenset({"—", "——", "-", "/", "无", "持平"})


def _role(head: str, cells: list[str], table: Table) -> Role:
    filled = [text for text in cells if text]
    if filled and sum(text in _OPERATORS for text in filled) * 2 > len(filled):
        return Role(Column.OPERATOR, head)
    if (
        _UNIT_HEAD.match(head)
        and filled
        and all(_UNIT_CELL.match(text) and not _OFFICE.search(text) for text in filled)
    ):
        if sum(1 for text in filled if _REGION_CELL.search(text)) * 2 <= len(filled):
            return Role(Column.UNIT, head)
        return Role(Column.NAME, head)
    if _SKIP.match(head):
        return Role(Column.SKIP, head)
    filled = [text for text in filled if text not in _VOID] or filled
    numeric = sum(1 for text in filled if re.match(r"^[≥≤><=＞＜约\[〔]*\s*[\dxX×*]", text) and len(text) <= 16)
    if not filled or numeric * 2 <= len(filled):
        if (_REGION_HEAD.search(head) and not _PROSE_HEAD.search(head)) or _NAME.search(head):
            return Role(Column.NAME, head)
        return Role(Column.PROSE, head)
    return _value_role(head, table)


def _value_role(head: str, table: Table) -> Role:
    label, unit = unit_in(head)
    year, span = _YEAR.search(label), _SPAN.search(label)
    period = Period.year(int(year[1])) if year else None
    if span is not None and int(span["first"]) < int(span["last"]):
        period = Period.years(int(span["first"]), int(span["last"]))
    if _RANK_HEAD.search(label):
        return Role(Column.VALUE, label, None, period, "位")
    tense = None
    if _TARGET_HEAD.search(label) and not re.search("完成", label):
        tense = Tense.TARGET
    elif _ACTUAL_HEAD.search(label):
        tense = Tense.ACTUAL
    if label.endswith("预计") and period is not None and table.passage.period is not None:
        tense = Tense.ACTUAL if period.last < table.passage.period.first else tense  # An estimate of the base year.
    if _GROWTH_HEAD.search(label):
        return Role(Column.GROWTH, label, tense if tense is Tense.TARGET else None, period, unit)
    if unit is None and _RATE_HEAD.search(label):
        unit = "%"
    return Role(Column.VALUE, label, tense, period, unit)
