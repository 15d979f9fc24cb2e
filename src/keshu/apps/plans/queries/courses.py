"""How a target's figure runs through the year: what adds up from nothing, what stands at a height, what only its end decides.

The measure (口径) speaks first; where it leaves the question open (存量（额）, 累计) the words of the name decide. A base value
of last year is no sign: a year's turnover has one just as a stock has (评价入库 1050家 last year, 1200家 asked).
"""

from __future__ import annotations

import re
from enum import StrEnum
from typing import TYPE_CHECKING

from keshu.apps.plans.models import Measure, Op
from keshu.apps.plans.queries.amounts import base_unit
from keshu.kernel.period import Period

if TYPE_CHECKING:
    from keshu.apps.plans.models import Target

RATES = ("%", "‰", "百分点")

# Amounts of money that are a stock and not a year's turnover; the size of an industry is what it turns over.
_STOCK_MONEY = re.compile(
    "余额|存量|保有|资金池|总资产|市值|净值|原值|估值|(?<!产业|交易|经济|投资|投放|营收|融资|放款|发放|成交)规模"
)
# Names that end so are stocks, whatever was done to them.
_KEPT = re.compile("(?:保有量|拥有量|存量)$")
# Evaluated and registered anew every year: last year's entries lapse.
_ANEW = re.compile("评价.*入库|(?:中小企业|科小).*入库|入库.*(?:中小企业|科小)")
# Said of each year, also in a plan for several.
_EACH_YEAR = re.compile("每年|年均|年(?:服务|培训|新增|引进)")
# How long something takes: less of it is better, and it adds up to nothing.
_DAYS = ("天", "日")
_TAKES = re.compile("(?:时限|周期|用时|平均.*时间)$")
# Deeds and those they reach: done once, they do not stand there next year.
_DEED_UNITS = ("次", "场", "期", "轮", "趟", "篇")
_DEEDS = re.compile(
    "走访|惠及|受益|受惠|带动|举办|召开|征集|发布|申报|申请|授权|受理|签订|签署|签约|达成|推荐|接待|解决|攻克|攻关|"
    "发放|放款|投放|兑现|兑付|立项|(?<!未)(?:验收|结题)|毕业|投诉|参赛|选派|选认|派遣|宣讲|路演|复审|重新认定|通过认定|资助|交付|时长|"
    "发表|获奖|引才|推广|办理|轮训|"
    "登记(?!在册|机构|点|站|处|员)|合同(?:数|项数|份数|数量)?$|对接(?!平台|中心|机制)|培训(?!基地|机构|中心|学校|平台|师)|"
    "(?<!型|业)(?<!科技|技术|信息|专业|中介)服务(?=在孵|企业|农户|群众|基层|项目|用户|单位)|支持(?=.*(?:企业|项目|载体|团队|人才|单位|农户))"
)
_DEEDS_IN_ALL = re.compile("(?:认定|入库|通过|引进)(?:总数|总量)$")
# What came in; 创新建设 and 高新引进 are no 新建 and 新引进.
_NEW = re.compile(
    "净增|(?<![创高更])新(?:增|认定|建|引|培|备案|设|组建|获|签|入库|登记|注册|招|交付|入驻|纳|晋|升|上市|布局|命名|落户|投|开工|收集|选)"
)
_IN_FORCE = re.compile("有效|在孵|在库|在册|在研|持证|现有|培育库|后备库")
# Of a name without a verb in front (省级实验室培育1家) the deed stands at its end.
_MADE = re.compile(
    "(?:引进|引育|培育|培养|育成|认定|备案|创建|建设|组建|落地|落户|遴选|整合|重组|转化|布局|招引)(?:数|数量|家数|人数|个数)?$"
)


class Course(StrEnum):
    """ACCRUES: counted since 1 January (年内累计); STANDS: a stock; SHARE: per cent of something; FLOATS: a growth rate or a
    place in a ranking, which may be better today than at the end."""

    ACCRUES = "accrues"
    STANDS = "stands"
    SHARE = "share"
    FLOATS = "floats"


# How a person is told what the figure is.
COURSE_WORDS = {
    Course.ACCRUES: "年内累计，从1月1日算起",
    Course.STANDS: "按期末数，年初不清零",
    Course.SHARE: "按期末数",
    Course.FLOATS: "按期末数，以年末为准",
}


def course_of(target: Target) -> Course:
    """The course of a target's figure.

    新增 and 完成数 accrue. 累计 and 存量（额） stand (总数, 有效期内, 累计建成), except money that is no balance (a turnover of
    the year), what is registered anew every year (评价入库), deeds (走访, 申报) and what came in (全年累计新增). 累计 over
    several years does not begin anew each January and stands.
    """
    if target.measure in (Measure.RANK, Measure.GROWTH_RATE) or target.op == Op.RANK_WITHIN:
        return Course.FLOATS
    if target.measure == Measure.SHARE or target.op == Op.ALL:
        return Course.SHARE
    if target.unit in RATES or target.per or target.unit == "位":
        return Course.STANDS
    if target.measure not in (Measure.LEVEL, Measure.CUMULATIVE):
        return Course.ACCRUES
    if _EACH_YEAR.search(target.indicator):
        return Course.ACCRUES
    if target.measure == Measure.CUMULATIVE and _runs_for_years(target.period):
        return Course.STANDS
    return Course.ACCRUES if _adds_up(target) else Course.STANDS


def course_words(target: Target) -> str:
    """What its figure is, beside the measure; of so many points or places more (提高0.3个百分点) the measure says enough."""
    course = course_of(target)
    is_more = target.measure == Measure.INCREASE and course == Course.STANDS
    return "" if is_more else COURSE_WORDS[course]


def adds_over_offices(target: Target, course: Course) -> bool:
    """Whether what several counties report adds up to the target's figure."""
    return course in (Course.ACCRUES, Course.STANDS) and target.unit not in RATES and not target.per


def _runs_for_years(period: str) -> bool:
    return "/" in period and Period.parse(period).months > 12


def _adds_up(target: Target) -> bool:
    """Of a level or a total: whether its name says that every year begins from nothing. What speaks first prevails."""
    name = target.indicator
    if base_unit(target.unit)[1].endswith("元"):
        return _STOCK_MONEY.search(name) is None
    if _KEPT.search(name) or _TAKES.search(name) or target.unit.endswith(_DAYS):
        return False
    if target.unit.endswith(_DEED_UNITS) or _ANEW.search(name) or _DEEDS.search(name):
        return True
    if _NEW.search(name):
        return not name.endswith("累计数")
    if _IN_FORCE.search(name):
        return False
    is_made = target.measure == Measure.LEVEL and _MADE.search(name) is not None
    return is_made or _DEEDS_IN_ALL.search(name) is not None
