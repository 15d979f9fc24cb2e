"""Reads tables: indicator tables, performance tables, matrices of regions and indicators, and task lists with prose."""

from __future__ import annotations

import re
from dataclasses import replace

from keshu.engines.plandoc.claims import kinds
from keshu.engines.plandoc.claims.cells import CellValue, operator_in, read_cell
from keshu.engines.plandoc.claims.columns import Column, Role, caption_unit, is_matrix, roles_of, unit_in
from keshu.engines.plandoc.claims.draft import Draft
from keshu.engines.plandoc.claims.measures import measure_of
from keshu.engines.plandoc.claims.passages import read_passage
from keshu.engines.plandoc.claims.quantities import Quantity
from keshu.engines.plandoc.claims.units import implied_unit
from keshu.engines.plandoc.claims.wording import clean_name, leading_verb
from keshu.engines.plandoc.document import Measure, Op, Tense, Tier
from keshu.engines.plandoc.passage import Cell, Passage, Table
from keshu.kernel.period import Period

_INVERSE = re.compile("逆向|越小越好|越低越好|负向")
_PER = re.compile(r"^(?P<unit>.+?)/(?P<per>.+)$")
_PER_NAME = re.compile(r"每(?P<per>万名就业人员|万人|万元|千人|亿元|百万人|亩|家企业|[\u4e00-\u9fff]{1,4})(?:口|人口)?")
_YEAR_COLUMN = re.compile(
    r"^(?:(?:19|20)\d\d年?|年度|全年|上年|当年)?(?:实绩|实际|目标|任务|计划|完成|基数|现状|预期|指标|"
    r"数|值|年底|末|)*$"
)
_CAPTION_FRAME = re.compile(
    r"^(?:附?(?:表|件)\s*(?:[\d一二三四五]{1,2}(?!\d)(?:[-.]\d)?)?[::.、]?)|(?<=年)\d{1,2}[-—]\d{1,2}月|进度(?=表)|(?:19|20)\d\d年(?:度|底)?|(?:[—-](?:19|20)\d\d年)|^附(?:件|"
    r"表)$|各县区|各县(?:\(市\)|市)?区?|(?:培育|发展|工作|任务)?目标(?:任务)?|分解|情况|一?览?表$|表$|统计|\([^)]*\)|"
    r"单位[::]\S+"
)
_GENERIC_COLUMN = re.compile(
    r"(?:同比|实际|累计)?(?:净增|新增|增量|完成率|完成比例|完成进度|达标率|占比|增速|增幅|增长率?|排名|位次|名次|数量|总数|得分|缺口|差距|家数)"
)
#: A rank without a noun ranks the column in front of it; 综合排名 ranks all of them.
_BARE_RANKS = frozenset(["位次", "名次", "排名"])
_GOAL_TAIL = re.compile(r"(?:(?:19|20)\d\d年|年度|全年|年)?(?:目标|任务|计划)(?:任务|数|值|量)?$")
_PART_OF_YEAR = re.compile(
    r"^(?:\d{1,2}[-—~至]\d{1,2}月|(?:截至)?\d{1,2}月(?:底|末)?|[上下]半年|前[二三]季度|[一二三四]季度)"
)
_LEAD_IN = re.compile(
    r"(?:^|[。;:,\n])(?P<about>[^。;:,\n|]{2,30}?)(?:任务)?(?:完成|进展)?(?:情况|目标|任务)?(?:分解|排名|统计)?(?:详?见下表|如下表?|见表\d?|详见下表)[^\n|]{0,6}[\n|\s]*$"
)
_CAPTION_YEAR = re.compile(r"((?:19|20)\d\d)年")
_FLOWS = frozenset({Measure.INCREASE, Measure.COUNT, Measure.GROWTH_RATE, Measure.CUMULATIVE})
_DIGIT = re.compile(r"[\d一二三四五六七八九十xX×*成]|覆盖|突破")


def read_table(text: str, table: Table) -> list[Draft]:
    """The claims of a table: one per value cell, and those of the prose in its cells."""
    table = _dated(table)
    roles = roles_of(table)
    matrix = is_matrix(table, roles)
    default_unit = caption_unit(table)
    drafts: list[Draft] = []
    for number, row in enumerate(table.rows):
        node = table.nodes[number] if number < len(table.nodes) else None
        found = _read_row(text, table, roles, row, node, matrix=matrix, default_unit=default_unit)
        for draft in found if table.owners else ():
            draft.owners = table.owners[number]
        drafts.extend(found)
    return drafts


def _dated(table: Table) -> Table:
    """A single year in the caption (2021年度…自评表) outweighs that of the place."""
    years = set(_CAPTION_YEAR.findall(table.caption))
    period = table.passage.period
    if len(years) != 1 or (period is not None and period.months > 12):
        return table
    year = int(years.pop())
    return (
        table
        if period is not None and period.first // 12 == year
        else replace(table, passage=replace(table.passage, period=Period.year(year), year=year))
    )


def _cell(row: tuple[Cell, ...], roles: list[Role], part: Column) -> Cell | None:
    return next((cell for cell, role in zip(row, roles, strict=False) if role.part is part), None)


def _read_row(
    text: str,
    table: Table,
    roles: list[Role],
    row: tuple[Cell, ...],
    node: int | None,
    *,
    matrix: bool,
    default_unit: str | None,
) -> list[Draft]:
    name_cell = _cell(row, roles, Column.NAME)
    name, name_unit = unit_in(name_cell.text if name_cell else "")
    unit_cell, operator_cell = _cell(row, roles, Column.UNIT), _cell(row, roles, Column.OPERATOR)
    row_unit = unit_cell.text if unit_cell and unit_cell.text not in ("", "—", "-", "/") else name_unit
    row_unit = row_unit or (None if matrix else _unit_beside(row, roles))
    operator = operator_in(operator_cell.text) if operator_cell else None
    inverse = any(_INVERSE.search(cell.text) for cell in row)
    passage = table.passage if node is None else replace(table.passage, node=node)
    drafts: list[Draft] = []
    labels = ("", *(cell.text for cell in row))
    for place, (label, cell, role) in enumerate(zip(labels, row, roles, strict=False)):
        if label.endswith("得分"):  # | 预算执行率 | 96.6% | 执行率得分 | 9.7 |
            continue
        if (
            role.part is Column.NAME
            and len(name) > 12
            and _DIGIT.search(name)
            and not any(r.part in (Column.VALUE, Column.GROWTH) for r in roles)
        ):
            drafts.extend(_read_prose(text, replace(passage, subject=""), cell))
        if (
            role.part in (Column.NAME, Column.UNIT, Column.OPERATOR, Column.SKIP)
            or not cell.text
            or cell.start == cell.end
        ):
            continue
        value = read_cell(cell.text) if role.part is not Column.PROSE else None
        if value is not None and name:
            indicator = _matrix_label(text, table, name, role, roles[:place]) if matrix else name
            unit = (value.unit or role.unit or (None if matrix else row_unit)) or (
                default_unit if role.unit is None else None
            )
            draft = _value_draft(
                table, passage, row, cell, role, value, indicator, unit, operator, inverse=inverse, roles=roles
            )
            drafts.append(draft)
        elif value is None and _DIGIT.search(cell.text):
            tense = role.tense if role.part is Column.VALUE and role.tense is not None else passage.tense
            drafts.extend(_read_prose(text, replace(passage, subject=name or passage.subject, tense=tense), cell))
    return drafts


def _unit_beside(row: tuple[Cell, ...], roles: list[Role]) -> str | None:
    """The unit that another value of the row is printed with (≥12场次 beside a bare 15)."""
    for cell, role in zip(row, roles, strict=False):
        if role.part is Column.VALUE and role.unit is None and (value := read_cell(cell.text)) and value.unit:
            return value.unit
    return None


def _column_noun(label: str) -> str:
    """The indicator in the head of a matrix column; empty where the head only tells year and tense (2024年目标)."""
    return _YEAR_COLUMN.sub("", _PART_OF_YEAR.sub("", label))


def _caption_noun(caption: str) -> str:
    """What a matrix without named columns is about (高新技术企业培育目标分解表)."""
    parts = [_CAPTION_FRAME.sub("", part) for part in caption.split(" ")]
    return next((part for part in reversed(parts) if len(part) >= 2), "")


def _matrix_label(text: str, table: Table, name: str, role: Role, front: list[Role]) -> str:
    """Place and indicator; a column that names none (全年目标, 完成率, 位次) takes it from those in front or the caption."""
    noun = _column_noun(role.label)
    if noun in _BARE_RANKS and front and front[-1].part in (Column.VALUE, Column.GROWTH):
        ranked = _column_noun(front[-1].label)
        if ranked and not _GENERIC_COLUMN.fullmatch(ranked):
            return name + ranked + noun
    if noun and not _GENERIC_COLUMN.fullmatch(noun):
        return name + noun
    told = [word for r in front if (word := _told_goal(r))]
    if told and not table.caption:
        return name + (told[-1] if told[-1].endswith(noun) else told[-1] + noun)
    ahead = [_column_noun(r.label) for r in front if r.part is Column.VALUE]
    named = [word for word in ahead if word and not _GENERIC_COLUMN.fullmatch(word)]
    if noun and named:
        return name + named[-1] + noun.removeprefix("同比")
    about = _caption_noun(table.caption) or _lead_in(text, table)
    return name + (about if noun and about.endswith(noun) else about + noun)


def _told_goal(role: Role) -> str:
    """What the goal in a column's head is of (高新技术企业认定年度目标), which later columns leave out (1—9月完成, 完成率)."""
    noun = _column_noun(role.label) if role.part is Column.VALUE and role.tense is Tense.TARGET else ""
    bare = _GOAL_TAIL.sub("", noun)
    return bare if len(bare) >= 3 and bare != noun else ""


def _lead_in(text: str, table: Table) -> str:
    """What the sentence in front of the table announces (高新技术企业净增情况见下表)."""
    start = min((cell.start for cell in table.head if cell.start < cell.end), default=0)
    match = _LEAD_IN.search(text, max(0, start - 60), start)
    return clean_name(match["about"]) if match else ""


def _read_prose(text: str, passage: Passage, cell: Cell) -> list[Draft]:
    return read_passage(text, replace(passage, start=cell.start, end=cell.end))


def _value_draft(
    table: Table,
    passage: Passage,
    row: tuple[Cell, ...],
    cell: Cell,
    role: Role,
    value: CellValue,
    name: str,
    unit: str | None,
    operator: Op | None,
    *,
    inverse: bool,
    roles: list[Role],
) -> Draft:
    place = table.passage
    doubts: list[str] = []
    growth = (role.part is Column.GROWTH and not value.points) or value.yearly
    unit, per = _unit_and_base(unit, name)
    total = value.points and unit not in (None, "%", "百分点")
    points = value.points and not total and not name.endswith(("增速", "增长率", "增长", "增幅"))
    if points:
        unit = "百分点"
    elif growth:
        unit = value.unit or role.unit or "%"
    if unit is None:
        unit = implied_unit(name.removesuffix("数"))
        doubts.append("表中未写明单位")
    tense = _column_tense(role, roles, place)
    quantity = _cell_quantity(cell, value, name, unit)
    measure = measure_of(
        quantity,
        verb=leading_verb(name),
        name=name,
        growth=growth or (unit == "%" and name.endswith(("增速", "增长率", "增长", "增幅"))),
        total=total,
    )
    yearly = "年均" in name or role.part is Column.GROWTH
    period = _role_period(table, roles, role, measure, tense, total=total or points, yearly=yearly)
    op = _operator(value, operator, tense, measure, inverse=inverse, whole=unit == "%" and value.value == 100)
    return Draft(
        passage=place,
        indicator=_row_indicator(name, role, points=points, growth=growth),
        op=op,
        value=value.value,
        high=value.high,
        unit=unit,
        measure=measure,
        tier=Tier.BASE,
        tense=tense,
        period=period,
        masked=value.masked,
        start=row[0].start,
        end=max(other.end for other in row),
        value_start=quantity.start,
        value_end=quantity.end,
        node=passage.node,
        per=per,
        doubts=doubts,
    )


def _unit_and_base(unit: str | None, name: str) -> tuple[str | None, str | None]:
    """The unit without its base, and the base: of 万元/项, or of 每万人 in the name."""
    if unit and (match := _PER.match(unit)):
        return match["unit"], match["per"]
    match = _PER_NAME.search(name)
    return unit, match["per"] if match else None


def _cell_quantity(cell: Cell, value: CellValue, name: str, unit: str | None) -> Quantity:
    """The number of a cell as a quantity of the text."""
    kind_of = {"百分点": kinds.POINTS, "%": kinds.PERCENT, "位": kinds.NUMBER if name.endswith("提升") else kinds.RANK}
    kind = kind_of.get(unit or "", kinds.NUMBER)
    start, end = cell.start + value.start, cell.start + value.end
    return Quantity(kind, start, end, cell.text, value.value, value.high, unit, value.masked)


def _row_indicator(name: str, role: Role, *, points: bool, growth: bool) -> str:
    """The name of a row's figure: growth columns and [points] say so."""
    if points:
        return f"{name}累计提高"
    if "完成率" in role.label and not name.endswith(("完成率", role.label)):
        return f"{name}完成率"
    if growth and "年均" in role.label:
        return f"{name}年均增速"
    return f"{name}增速" if growth and not name.endswith("增速") else name


def _operator(
    value: CellValue, operator: Op | None, tense: Tense, measure: Measure, *, inverse: bool, whole: bool
) -> Op:
    if measure is Measure.RANK:
        return Op.RANK_WITHIN if tense is Tense.TARGET or value.rank == "前" else Op.EQUAL
    if value.op is not None and (value.op is not Op.EQUAL or operator is None):
        return Op.ALL if whole and value.op is Op.EQUAL else value.op
    if whole and operator in (None, Op.EQUAL, Op.AT_LEAST):
        return Op.ALL
    if tense is Tense.ACTUAL:
        return Op.EQUAL  # A column of operators speaks of the goal, not of what was reached.
    if operator is not None:
        return operator
    return Op.AT_MOST if inverse else Op.AT_LEAST


def _growth_tense(roles: list[Role]) -> Tense | None:
    """A growth column speaks of goals where the table has a target column, else of results."""
    if any(role.tense is Tense.TARGET for role in roles):
        return Tense.TARGET
    return Tense.ACTUAL if any(role.tense is Tense.ACTUAL for role in roles) else None


def _column_tense(role: Role, roles: list[Role], place: Passage) -> Tense:
    if role.part is Column.GROWTH and role.tense is None and "同比" in role.label and place.tense is Tense.ACTUAL:
        return Tense.ACTUAL
    grown = _growth_tense(roles) if role.part is Column.GROWTH else None
    return role.tense or _base_tense(role, place) or grown or place.tense


def _base_tense(role: Role, place: Passage) -> Tense | None:
    """A column headed by no more than a year before the plan's holds actual figures."""
    if role.period is None or place.period is None or role.part is not Column.VALUE:
        return None
    return Tense.ACTUAL if role.period.last < place.period.first else None


def _role_period(
    table: Table, roles: list[Role], role: Role, measure: Measure, tense: Tense, *, total: bool, yearly: bool
) -> Period | None:
    """The period of a column; a head of several years is a span for flows, its last year for levels."""
    place = table.passage.period
    if role.period is None:
        span = _span(roles, place) if role.part is Column.GROWTH else None
        return span or _default_period(place, tense)
    if role.period.months > 12:
        return role.period if total or measure in _FLOWS else Period.year(role.period.last // 12)
    if (
        role.part is Column.VALUE
        and place is not None
        and place.months > 12
        and (total or (yearly and measure in _FLOWS))
    ):
        last = role.period.last // 12
        earlier = [r.period.last // 12 for r in roles if r.period is not None and r.period.last // 12 < last]
        return Period.years(max(earlier) + 1 if earlier else last - 4, last)
    return role.period


def _span(roles: list[Role], period: Period | None) -> Period | None:
    """The years that growth runs over: from the one after the base column to the last target column."""
    years = sorted(role.period.last // 12 for role in roles if role.period is not None)
    if len(years) > 1:
        return Period.years(years[0] + 1, years[-1])
    return period


def _default_period(period: Period | None, tense: Tense) -> Period | None:
    if period is None or tense is Tense.ACTUAL or period.months == 12:
        return period
    return Period.year(period.last // 12)
