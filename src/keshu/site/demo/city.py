"""Who there is in 云澜市: invented organisations, the names documents call them by, and people for every role."""

from __future__ import annotations

from dataclasses import dataclass

PASSWORD = "yunlan-keshu-demo"  # printed by `make run`; it opens demo accounts only


@dataclass(frozen=True, slots=True)
class Body:
    """An organisation of the demo city; ``parent`` is the short name of the one above."""

    name: str
    short_name: str
    kind: str
    parent: str
    aliases: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Account:
    """A person who can sign in, with the one role shown on the sign-in page."""

    username: str
    name: str
    role: str
    organisation: str
    is_shown: bool = True


CITY = Body("云澜市", "云澜市", "city", "")
BUREAU = Body("云澜市科学技术局", "市科技局", "bureau", "云澜市")

BODIES = (
    Body("办公室", "办公室", "office", "市科技局", ("局办公室",)),
    Body("规划与资源配置处", "规划处", "office", "市科技局"),
    Body("高新技术处", "高新处", "office", "市科技局"),
    Body("科研平台处", "平台处", "office", "市科技局"),
    Body("成果转化处", "成果处", "office", "市科技局"),
    Body("区域创新处", "区域处", "office", "市科技局"),
    Body("农村与社会发展处", "农社处", "office", "市科技局"),
    Body("政策法规与监督处", "法规处", "office", "市科技局"),
    Body("科技人才与合作处", "人才处", "office", "市科技局"),
    Body("机关党委", "机关党委", "office", "市科技局"),
    Body("云澜市生产力促进中心", "市生产力促进中心", "unit", "市科技局"),
    Body("云澜市科技情报研究所", "市科技情报所", "unit", "市科技局"),
    Body("云澜市财政局", "市财政局", "department", "云澜市"),
    Body("国家税务总局云澜市税务局", "市税务局", "department", "云澜市"),
    Body("中共云澜市委组织部", "市委组织部", "department", "云澜市"),
    Body("云湖区科学技术局", "云湖区", "county", "云澜市"),
    Body("澜江区科学技术局", "澜江区", "county", "云澜市"),
    Body("青岭县科学技术局", "青岭县", "county", "云澜市"),
    Body("松坪县科学技术局", "松坪县", "county", "云澜市"),
    Body("鹭洲县科学技术局", "鹭洲县", "county", "云澜市"),
    Body("石溪县科学技术局", "石溪县", "county", "云澜市"),
    Body("云澜高新技术产业开发区管委会", "云澜高新区", "park", "云澜市", ("云澜高新区管委会",)),
    Body("澜江经济开发区管委会", "澜江经开区", "park", "云澜市"),
    Body("云湖科学城管委会", "云湖科学城", "park", "云湖区"),
    Body("云澜星河装备有限公司", "星河装备", "enterprise", "云澜市"),
    Body("云澜大学", "云澜大学", "institute", "云澜市"),
    Body("云澜银行股份有限公司", "云澜银行", "bank", "云澜市"),
    Body("云澜科创服务有限公司", "科创服务公司", "agency", "云澜市"),
)

ACCOUNTS = (
    Account("leader", "周启明", "leader", "市科技局"),
    Account("planner", "林静", "planner", "市科技局"),
    Account("head", "陈立", "office_head", "高新处"),
    Account("clerk", "吴小芸", "clerk", "高新处"),
    Account("county", "罗敏", "county_clerk", "青岭县"),
    Account("park", "韩冬", "county_clerk", "云澜高新区", is_shown=False),
    Account("enterprise", "邓海", "enterprise", "星河装备"),
    Account("institute", "顾教授", "institute", "云澜大学", is_shown=False),
    Account("expert", "沈专家", "expert", "云澜大学"),
    Account("bank", "何经理", "bank", "云澜银行", is_shown=False),
    Account("auditor", "严正", "auditor", "市科技局"),
    Account("operator", "系统管理员", "operator", "市科技局"),
    Account("planner2", "许诺", "planner", "市科技局", is_shown=False),
    Account("head.chengguo", "方圆", "office_head", "成果处", is_shown=False),
    Account("head.pingtai", "马骏", "office_head", "平台处", is_shown=False),
)
