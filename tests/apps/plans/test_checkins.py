"""The plain path of check-ins: a rhythm opens its rounds, offices file, heads sign, and each is told what concerns them."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

import pytest
from tests.apps.plans.factories import make_plan
from tests.factories import make

from keshu.apps.bureau.models import AuditEntry, Notice
from keshu.apps.bureau.services import Refused, Unacceptable
from keshu.apps.plans.models import CheckIn, CheckInRound
from keshu.apps.plans.services import checkins
from keshu.apps.plans.services.steps import ChangedMeanwhile
from keshu.apps.plans.signals import check_in_filed, check_in_signed, round_opened

MONTHLY = {
    "cadence": "monthly", "rule": "workday_after", "number": 3, "open_workdays": 5, "from_period": "2026-03",
    "asks_supports": True,
}  # fmt: skip
NOTHING = {"progress": "", "percent": None, "value": None, "problems": "", "help_needed": ""}


def at(day: str, hour: int = 9) -> datetime:
    """A moment of that day in the bureau, as the database keeps it."""
    return datetime.fromisoformat(f"{day}T{hour:02d}:00:00+08:00").astimezone(UTC)


@pytest.fixture
def city(db: None) -> SimpleNamespace:
    """The small city with a published plan. 高新处 leads a task that 规划处 and both counties support."""
    site = make.site()
    site.plan = make_plan.published(organisation=site.bureau, by=site.people["planner"])
    site.planner, site.head, site.clerk = (site.people[role] for role in ("planner", "office_head", "clerk"))
    return site


def start(city: SimpleNamespace, **traits: Any) -> Any:
    return checkins.start_rhythm(city.plan, **{**MONTHLY, **traits}, by=city.planner, at=at("2026-03-05"))


def opened(city: SimpleNamespace, **traits: Any) -> CheckInRound:
    """The round of March, opened."""
    start(city, **traits)
    assert checkins.open_due_rounds(at=at("2026-03-27")) == 1
    return CheckInRound.objects.get(plan=city.plan)


def form(city: SimpleNamespace, organisation: Any = None, indicator: str = "科技型中小企业") -> CheckIn:
    target = make_plan.target(city.plan, indicator)
    return CheckIn.objects.get(target=target, organisation=organisation or city.gaoxin, round__key="2026-03")


def test_the_round_of_march_opens_five_working_days_before_the_third_of_april(city: SimpleNamespace) -> None:
    """April 2026: the 1st to 3rd are worked, so the round is due on the 3rd; five working days before is 27 March."""
    start(city)
    assert checkins.open_due_rounds(at=at("2026-03-26", hour=23)) == 0
    assert checkins.open_due_rounds(at=at("2026-03-27", hour=0)) == 1
    march = CheckInRound.objects.get(plan=city.plan)
    assert (march.key, march.due_on) == ("2026-03", date(2026, 4, 3))
    assert checkins.open_due_rounds(at=at("2026-03-27")) == 0


def test_a_round_asks_targets_and_lowest_tasks_of_those_who_hold_them(city: SimpleNamespace) -> None:
    """Worked out by hand from the plan's text: (一) is led by 高新处 and supported by 规划处, 青岭县 and 云湖区; (二) is
    supported by 云湖区; (三) inherits nobody.
    """
    march = opened(city)
    found = {
        (str(each.target or each.node), each.organisation.short_name, each.part)
        for each in march.checkins.select_related("target", "node", "organisation")
    }
    first = {("高新处", "lead"), ("规划处", "support"), ("青岭县", "support"), ("云湖区", "support")}
    expected = {(what, *who) for what in ("科技型中小企业", "(一)培育科技企业") for who in first}
    expected |= {(what, "云湖区", "support") for what in ("中试基地", "(二)建设创新平台")}
    assert found == expected


def test_supports_are_left_out_where_the_rhythm_says_so(city: SimpleNamespace) -> None:
    march = opened(city, asks_supports=False)
    assert {each.part for each in march.checkins.all()} == {"lead"}
    assert march.checkins.count() == 2


def test_opening_tells_each_office_its_own_number(city: SimpleNamespace) -> None:
    opened(city)
    told = {notice.recipient: notice.text for notice in Notice.objects.filter(kind="plans.round_opened")}
    assert told[city.clerk] == told[city.head] == "本单位 2 项，2026-04-03 前报送。"
    assert told[city.people["county_clerk"]] == "本单位 2 项，2026-04-03 前报送。"
    assert city.people["auditor"] not in told
    assert city.people["enterprise"] not in told


def test_a_form_is_saved_filed_and_signed(city: SimpleNamespace) -> None:
    opened(city)
    heard: list[tuple[str, dict[str, Any]]] = []
    for name, signal in (("filed", check_in_filed), ("signed", check_in_signed)):
        signal.connect(lambda *, n=name, **sent: heard.append((n, sent)), weak=False, dispatch_uid=name)
    row = form(city)
    row = checkins.save_check_in(
        row, version=0, **{**NOTHING, "progress": "起草中"}, by=city.clerk, at=at("2026-03-30")
    )
    assert (row.state, row.version, row.progress) == ("open", 1, "起草中")
    said = {**NOTHING, "progress": "已入库 31 家", "value": Decimal(31)}
    row = checkins.file_check_in(row, version=1, **said, by=city.clerk, at=at("2026-03-31"))
    assert (row.state, row.filed_by, row.filed_at) == ("filed", city.clerk, at("2026-03-31"))
    assert [notice.recipient for notice in Notice.objects.filter(kind="plans.checkin_waiting")] == [city.head]
    row = checkins.sign_check_in(row, by=city.head, at=at("2026-04-01"))
    assert (row.state, row.signed_by, row.value) == ("signed", city.head, Decimal(31))
    for name, signal in (("filed", check_in_filed), ("signed", check_in_signed)):
        signal.disconnect(dispatch_uid=name)
    assert [name for name, _ in heard] == ["filed", "signed"]
    assert heard[1][1]["check_in_id"] == row.pk
    assert heard[1][1]["by_id"] == city.head.pk
    trail = AuditEntry.objects.filter(subject_type="plans.checkin", subject_id=str(row.pk)).order_by("pk")
    assert [(entry.action, entry.by) for entry in trail] == [
        ("update", city.clerk), ("update", city.clerk), ("transition", city.clerk), ("transition", city.head)
    ]  # fmt: skip


def test_round_opened_is_sent_once(city: SimpleNamespace) -> None:
    heard: list[Any] = []
    round_opened.connect(lambda **sent: heard.append(sent["round_id"]), weak=False, dispatch_uid="heard")
    march = opened(city)
    checkins.open_due_rounds(at=at("2026-03-28"))
    round_opened.disconnect(dispatch_uid="heard")
    assert heard == [march.pk]


def test_a_returned_form_goes_round_again(city: SimpleNamespace) -> None:
    opened(city)
    said = {**NOTHING, "progress": "已入库 31 家", "value": Decimal(31)}
    row = checkins.file_check_in(form(city), version=0, **said, by=city.clerk, at=at("2026-03-31"))
    with pytest.raises(Unacceptable, match="请写明退回的理由"):
        checkins.return_check_in(row, why=" ", by=city.head, at=at("2026-04-01"))
    row = checkins.return_check_in(row, why="请附名单", by=city.head, at=at("2026-04-01"))
    assert (row.state, row.remark) == ("returned", "请附名单")
    notice = Notice.objects.get(kind="plans.checkin_returned")
    assert notice.recipient == city.clerk
    assert "请附名单" in notice.text
    row = checkins.file_check_in(row, version=row.version, **said, by=city.clerk, at=at("2026-04-02"))
    assert checkins.sign_check_in(row, by=city.head, at=at("2026-04-02")).remark == ""


def test_two_who_write_at_once_notice(city: SimpleNamespace) -> None:
    opened(city)
    row = form(city)
    checkins.save_check_in(row, version=0, **{**NOTHING, "progress": "甲"}, by=city.clerk, at=at("2026-03-30"))
    with pytest.raises(ChangedMeanwhile):
        checkins.save_check_in(row, version=0, **{**NOTHING, "progress": "乙"}, by=city.head, at=at("2026-03-30"))
    row.refresh_from_db()
    assert row.progress == "甲"


def test_who_does_not_sit_in_the_office_neither_files_nor_signs(city: SimpleNamespace) -> None:
    opened(city)
    row = form(city)
    for stranger in (city.people["county_clerk"], city.people["auditor"], city.people["enterprise"], city.planner):
        with pytest.raises(Refused):
            checkins.file_check_in(row, version=0, **{**NOTHING, "progress": "甲"}, by=stranger, at=at("2026-03-30"))
    row = checkins.file_check_in(row, version=0, **{**NOTHING, "progress": "甲"}, by=city.clerk, at=at("2026-03-30"))
    for stranger in (city.clerk, city.people["county_clerk"], city.people["auditor"], city.planner):
        with pytest.raises(Refused):
            checkins.sign_check_in(row, by=stranger, at=at("2026-03-30"))
