"""Issues of the demo city's year, one in every state: raised, in hand, overdue, sent back, waiting for a verdict, closed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import TYPE_CHECKING

from django.core.files.base import ContentFile
from django.utils import timezone

from keshu.apps.plans.services import issues

if TYPE_CHECKING:
    from keshu.apps.bureau.models import Organisation, User
    from keshu.apps.plans.models import Issue, WorkPlan


@dataclass(frozen=True, slots=True)
class Proof:
    """What was filed so many days after the issue was raised, by whom, and what the raiser said; None: nothing yet."""

    after: int
    by: str
    text: str
    file: str
    accepted: bool | None = None
    verdict: str = ""


@dataclass(frozen=True, slots=True)
class Problem:
    """An issue of the story: raised so many days ago, about the first task whose heading holds `about`."""

    days_ago: int
    by: str
    side: str
    title: str
    detail: str
    origin: str
    origin_text: str
    about: str = ""
    owner: str = ""
    measure: str = ""
    due_after: int = 0
    proofs: tuple[Proof, ...] = ()
    cancelled: str = ""


PROBLEMS = (
    Problem(
        150,
        "planner",
        "市科技局",
        "部分县区研发投入数据口径不一致",
        "走访发现三个县区把技术改造支出计入研发投入，季度数据偏高。",
        "visit",
        "赴松坪县、石溪县走访",
        "落实研发激励政策",
        "青岭县",
        "对照统计口径重新核对一季度数据，形成核对说明。",
        20,
        (
            Proof(
                14,
                "county",
                "已核对 42 家企业的研发费用辅助账，调减 3 家。",
                "核对说明.txt",
                accepted=False,
                verdict="没有附企业名单，请补充。",
            ),
            Proof(
                18,
                "county",
                "补充核对企业名单和调整前后对照。",
                "企业名单.txt",
                accepted=True,
                verdict="名单齐全，口径一致。",
            ),
        ),
    ),
    Problem(
        120,
        "clerk",
        "高新处",
        "申报辅导专家对新材料领域覆盖不足",
        "首批专家库 36 人中新材料方向只有 2 人，两场辅导无人主讲。",
        "check_in",
        "月调度填报",
        "实施高新技术企业",
        "高新处",
        "从云澜大学、市科技情报所补充新材料方向专家不少于 6 人。",
        30,
        (Proof(25, "head", "已补充 7 人，并调整后四场辅导安排。", "专家名单.txt", accepted=True),),
    ),
    Problem(
        80,
        "head",
        "高新处",
        "“云科贷”风险补偿资金池余额偏低",
        "",
        "meeting",
        "局办公会",
        "深化科技金融结合",
        cancelled="与市财政局专题会议定事项重复，改由督办单办理。",
    ),
    Problem(
        60,
        "head.chengguo",
        "成果处",
        "中试基地用地指标尚未落实",
        "第二个中试基地选址在云澜高新区，用地预审卡在规划调整环节。",
        "meeting",
        "局办公会",
        "建设中试基地",
        "云澜高新区",
        "会同自然资源部门完成规划调整论证，取得用地预审意见。",
        25,
    ),
    Problem(
        45,
        "planner",
        "市科技局",
        "新型研发机构绩效评价材料报送不齐",
        "应报 9 家，实报 6 家。",
        "typed",
        "",
        "加快新型研发机构建设",
        "平台处",
        "逐家催报，收齐后一周内完成初审。",
        60,
        (
            Proof(
                30,
                "head.pingtai",
                "已收齐 9 家，初审完成 7 家。",
                "初审进度.txt",
                accepted=False,
                verdict="还有 2 家没有初审。",
            ),
        ),
    ),
    Problem(
        30,
        "county",
        "青岭县",
        "县域创新综合体运营团队缺口大",
        "综合体已挂牌，专职运营人员只有 1 人。",
        "typed",
        "",
        "推动区域协同创新",
        "青岭县",
        "公开招聘运营人员 3 人，委托第三方过渡运营。",
        50,
    ),
    Problem(
        20,
        "planner",
        "市科技局",
        "科技创新券兑付周期偏长",
        "企业反映从申请到兑付平均 47 个工作日。",
        "visit",
        "走访星河装备",
        "建设中试基地",
        "成果处",
        "压减审核环节，兑付周期降到 20 个工作日以内。",
        40,
        (Proof(15, "head.chengguo", "已取消纸质复核，近两批兑付平均 18 个工作日。", "兑付台账.txt"),),
    ),
    Problem(
        6,
        "clerk",
        "高新处",
        "到期复审企业中 5 家研发人员占比接近下限",
        "复审年度研发人员占比 10.2%—10.8%，变动风险大。",
        "check_in",
        "月调度填报",
        "实施高新技术企业",
    ),
)


def load_issues(
    plan: WorkPlan, *, bodies: Mapping[str, Organisation], staff: Mapping[str, User], now: datetime
) -> None:
    """Through the services a person's own clicks go through, each at its moment; none before the plan was out."""
    first = plan.released_at or now
    for problem in PROBLEMS:
        at = _moment(first, now, days_ago=problem.days_ago)
        issue = _raise(problem, plan, bodies=bodies, staff=staff, at=at)
        if problem.owner:
            issue = issues.assign_issue(
                issue, owner=bodies[problem.owner], measure=problem.measure, by=staff["planner"],
                due_on=timezone.localtime(at).date() + timedelta(days=problem.due_after), at=at,
            )  # fmt: skip
        for proof in problem.proofs:
            issue = _file(issue, proof, raiser=staff[problem.by], staff=staff, at=at, now=now)
        if problem.cancelled:
            issues.cancel_issue(issue, why=problem.cancelled, by=staff[problem.by], at=at)


def _raise(
    problem: Problem, plan: WorkPlan, *, bodies: Mapping[str, Organisation], staff: Mapping[str, User], at: datetime
) -> Issue:
    nodes = plan.nodes.filter(heading__contains=problem.about) if problem.about else plan.nodes.none()
    return issues.raise_issue(
        title=problem.title, detail=problem.detail, origin=problem.origin, origin_text=problem.origin_text,
        node=nodes.order_by("position", "pk").first(), raised_for=bodies[problem.side], by=staff[problem.by], at=at,
        is_demo=True,
    )  # fmt: skip


def _file(issue: Issue, proof: Proof, *, raiser: User, staff: Mapping[str, User], at: datetime, now: datetime) -> Issue:
    filed = min(now, at + timedelta(days=proof.after))
    file = ContentFile(f"演示数据\n{proof.text}\n".encode(), name=proof.file)
    issue = issues.fulfil_issue(issue, text=proof.text, files=[file], by=staff[proof.by], at=filed)
    if proof.accepted is None:
        return issue
    said = min(now, filed + timedelta(days=1))
    if proof.accepted:
        return issues.confirm_issue(issue, text=proof.verdict, by=raiser, at=said)
    return issues.refuse_issue(issue, why=proof.verdict, by=raiser, at=said)


def _moment(first: datetime, now: datetime, *, days_ago: int) -> datetime:
    day = timezone.localtime(now - timedelta(days=days_ago)).date()
    at = timezone.make_aware(datetime.combine(day, time(9, 30)))
    return min(now, max(at, first))
