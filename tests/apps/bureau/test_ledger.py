"""The ledger: what an address asks for is what is shown and what is exported, and no address can break it."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from typing import Any
from urllib.parse import parse_qs, urlencode

import pytest
from django.db.models import F, Q
from django.http import QueryDict
from django.template.loader import render_to_string
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from tests.factories import make

from keshu.apps.bureau.models import Job, JobState, SavedView, User
from keshu.apps.bureau.queries.ledger import (
    Column,
    ColumnKind,
    DateRange,
    Figure,
    Filter,
    FilterKind,
    Ledger,
    LedgerPage,
    Mark,
    Tone,
    csv_lines,
    export_rows,
    parse_state,
    read_ledger,
    selected_rows,
)

pytestmark = pytest.mark.django_db

START = datetime(2026, 3, 2, 2, 0, tzinfo=UTC)
MARKS = {"done": Mark("已完成", Tone.DONE), "failed": Mark("未成功", Tone.LATE)}
LEDGER = Ledger(
    key="tests.jobs",
    noun="任务",
    columns=(
        Column("title", "事项", sort="title", width=200),
        Column("state", "状态", ColumnKind.STATE, marks=MARKS, sort="state"),
        Column("total", "总数", ColumnKind.NUMBER, sort="total", unit="条"),
        Column("created_at", "发起时间", ColumnKind.DATE, sort="created_at"),
        Column("finished_at", "结束时间", ColumnKind.DATE, sort="finished_at"),
        Column("message", "进展", default=False),
    ),
    filters=(
        Filter("state", "状态", choices=JobState.choices, field="state"),
        Filter("states", "几种状态", FilterKind.MULTI, choices=JobState.choices, field="state"),
        Filter("stopped", "已请求取消", FilterKind.BOOL, field="cancel_requested"),
        Filter("said", "进展含有", FilterKind.TEXT, field="message"),
        Filter("created", "发起日期", FilterKind.DATE_RANGE, field="created_at__date"),
        Filter("big", "规模", choices=(("yes", "很大"),), apply=lambda rows, value: rows.filter(total__gte=1000)),
    ),
    search=("title", "message"),
    order="created_at",
    figures=(
        Figure("全部"),
        Figure("已完成", Q(state="done"), {"state": "done"}, tone=Tone.DONE),
        Figure("未成功", Q(state="failed"), {"state": "failed"}, tone=Tone.LATE),
    ),
    drawer=lambda row: f"/drawer/{row.pk}/",
    page=lambda row: f"/page/{row.pk}/",
    keep=("plan",),
)


@pytest.fixture
def reader() -> User:
    return make.person("planner")


def jobs(by: User) -> list[Job]:
    """Five jobs, a day apart: done 10, failed 1500, done 30, queued 0, failed 20 and to be cancelled."""
    facts = [
        ("读取要点甲", "done", 10, "读出 10 条"),
        ("读取要点乙", "failed", 1500, ""),
        ("读取总结丙", "done", 30, "读出 30 条"),
        ("导出台账丁", "queued", 0, ""),
        ("导出台账戊", "failed", 20, "找不到文件"),
    ]
    return [
        make.job(
            by=by,
            title=title,
            state=state,
            total=total,
            message=message,
            created_at=START + timedelta(days=number),
            finished_at=START + timedelta(days=number, hours=1) if state != "queued" else None,
            cancel_requested=number == 4,
        )
        for number, (title, state, total, message) in enumerate(facts)
    ]


def shown(reader: User, query: str, ledger: Ledger = LEDGER) -> LedgerPage:
    return read_ledger(ledger, Job.objects.visible_to(reader), QueryDict(query), user=reader)


def names(page: LedgerPage) -> list[str]:
    return [row.name[-1] for row in page.rows]


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("", "甲乙丙丁戊"),
        ("q=导出", "丁戊"),
        ("q=读取 30", "丙"),
        ("state=done", "甲丙"),
        ("states=done&states=queued", "甲丙丁"),
        ("states=done,queued", "甲丙丁"),
        ("stopped=1", "戊"),
        ("stopped=0", "甲乙丙丁"),
        ("said=读出", "甲丙"),
        ("created_from=2026-03-04", "丙丁戊"),
        ("created_until=2026-03-03", "甲乙"),
        ("created_from=2026-03-03&created_until=2026-03-04", "乙丙"),
        ("big=yes", "乙"),
        ("state=failed&q=导出", "戊"),
    ],
)
def test_conditions_narrow_the_rows(reader: User, query: str, expected: str) -> None:
    jobs(reader)
    page = shown(reader, query)
    assert "".join(names(page)) == expected
    assert page.total == len(expected)
    assert page.everything == 5


@pytest.mark.parametrize(
    ("sort", "expected"),
    [
        ("total", "丁甲戊丙乙"),
        ("-total", "乙丙戊甲丁"),
        ("-created_at", "戊丁丙乙甲"),
        # The queued job has not finished: empty values come last in both directions.
        ("finished_at", "甲乙丙戊丁"),
        ("-finished_at", "戊丙乙甲丁"),
    ],
)
def test_rows_are_sorted(reader: User, sort: str, expected: str) -> None:
    jobs(reader)
    assert "".join(names(shown(reader, f"sort={sort}"))) == expected


@pytest.mark.parametrize("sort", ["message", "password", "-", "--total", "created_by__password", "total;drop"])
def test_an_unknown_sort_falls_back_to_the_default(reader: User, sort: str) -> None:
    jobs(reader)
    page = shown(reader, urlencode({"sort": sort}))
    assert page.state.sort == "created_at"
    assert "".join(names(page)) == "甲乙丙丁戊"


def test_a_head_sorts_and_turns_the_order_round(reader: User) -> None:
    heads = {h.column.key: h for h in shown(reader, "sort=total&q=a&page=3").headers}
    assert (heads["total"].aria_sort, heads["total"].href) == ("ascending", "?q=a&sort=-total")
    assert (heads["state"].aria_sort, heads["state"].href) == ("none", "?q=a&sort=state")


def test_pages_are_bounded_and_cover_every_row_once(reader: User) -> None:
    for number in range(45):
        make.job(by=reader, title=f"第{number}项", created_at=START)
    first, last, beyond = shown(reader, ""), shown(reader, "page=3"), shown(reader, "page=999999999999")
    assert (first.pages, first.first, first.last) == (3, 1, 20)
    assert (last.first, last.last, len(last.rows)) == (41, 45, 5)
    assert beyond.page == 3
    assert shown(reader, "page=0").page == shown(reader, "page=-4").page == shown(reader, "page=二").page == 1
    seen = [row.pk for page in (1, 2, 3) for row in shown(reader, f"page={page}").rows]
    assert len(seen) == len(set(seen)) == 45
    assert (first.previous_href, first.next_href) == ("", "?page=2")


@pytest.mark.parametrize(("asked", "size"), [("50", 50), ("100", 100), ("1000000", 20), ("0", 20), ("", 20), ("²", 20)])
def test_only_the_offered_page_sizes_are_served(reader: User, asked: str, size: int) -> None:
    assert shown(reader, urlencode({"size": asked})).state.size == size


def test_computed_columns_keep_the_order_and_can_be_sorted_by(reader: User) -> None:
    jobs(reader)
    columns = (Column("title", "事项"), Column("left", "剩余", ColumnKind.NUMBER, sort="left"))
    ledger = Ledger(key="tests.left", columns=columns)
    rows = Job.objects.visible_to(reader).annotate(left=F("total") - F("done")).order_by("-created_at")
    plain = read_ledger(ledger, rows, {}, user=reader)
    assert [(name, row.cells[1].text) for name, row in zip(names(plain), plain.rows, strict=True)] == [
        ("戊", "20"),
        ("丁", "0"),
        ("丙", "30"),
        ("乙", "1,500"),
        ("甲", "10"),
    ]
    assert "".join(names(read_ledger(ledger, rows, {"sort": "-left"}, user=reader))) == "乙丙戊甲丁"


def test_figures_count_before_filters_and_lead_to_what_they_count(reader: User) -> None:
    jobs(reader)
    page = shown(reader, "state=failed&sort=-total&size=50")
    assert [(f.label, f.count, f.active) for f in page.figures] == [
        ("全部", 5, False),
        ("已完成", 2, False),
        ("未成功", 2, True),
    ]
    for figure in page.figures:
        assert shown(reader, figure.href.removeprefix("?")).total == figure.count
    assert page.figures[1].href == "?state=done&sort=-total&size=50"


def test_a_page_of_a_ledger_takes_four_queries_at_most(reader: User, django_assert_max_num_queries: Any) -> None:
    jobs(reader)
    assert reader.scope.roles  # read beforehand, as every page has
    with django_assert_max_num_queries(4):
        page = shown(reader, "state=failed&q=读取")
        render_to_string("components/ledger.html", {"ledger": page})


def test_chips_name_each_condition_and_remove_it_alone(reader: User) -> None:
    page = shown(reader, "q=甲&states=done&states=failed&created_from=2026-03-04&stopped=0")
    assert [(c.label, c.word) for c in page.chips] == [
        ("含有", "甲"),
        ("几种状态", "已完成"),
        ("几种状态", "未成功"),
        ("已请求取消", "否"),
        ("发起日期", "2026-03-04 起"),
    ]
    left = parse_qs(page.chips[1].href.removeprefix("?"))
    assert left == {"q": ["甲"], "states": ["failed"], "stopped": ["0"], "created_from": ["2026-03-04"]}
    assert page.clear_href == "?"


def test_columns_are_chosen_and_the_first_always_stays(reader: User) -> None:
    jobs(reader)
    page = shown(reader, "columns=total,message,nonsense")
    assert [h.column.key for h in page.headers] == ["title", "total", "message"]
    assert [c.value for c in page.columns if c.chosen] == ["title", "total", "message"]
    default = [h.column.key for h in shown(reader, "columns=nonsense").headers]
    assert default == ["title", "state", "total", "created_at", "finished_at"]


def test_cells_are_written_as_the_house_writes_them(reader: User) -> None:
    jobs(reader)
    row = shown(reader, "q=乙").rows[0]
    # 2026-03-03 02:00 UTC is ten in the morning in the bureau.
    assert [c.text for c in row.cells] == ["读取要点乙", "未成功", "1,500", "2026-03-03 10:00", "2026-03-03 11:00"]
    assert row.cells[0].href == row.page
    assert row.cells[1].mark == MARKS["failed"]
    assert shown(reader, "q=丁").rows[0].cells[4].text == "—"


def test_the_export_is_what_is_shown_over_all_pages(reader: User) -> None:
    jobs(reader)
    query = QueryDict("state=failed&sort=-total&columns=title,total,state&page=7&export=xlsx")
    export = export_rows(LEDGER, Job.objects.visible_to(reader), query)
    assert [c.heading for c in export.columns] == ["事项", "状态", "总数（条）"]
    assert list(export.rows) == [("读取要点乙", "未成功", 1500), ("导出台账戊", "未成功", 20)]


def test_csv_opens_in_excel_and_runs_nothing(reader: User) -> None:
    make.job(by=reader, title="=HYPERLINK(1)", total=3, created_at=START)
    lines = list(csv_lines(export_rows(LEDGER, Job.objects.visible_to(reader), {"columns": "title,total,created_at"})))
    assert lines[0].startswith("\ufeff事项")
    assert next(csv.reader(lines[1:])) == ["'=HYPERLINK(1)", "3", "2026-03-02 10:00"]


def test_prepare_adds_to_all_rows_of_a_page_at_once(reader: User) -> None:
    jobs(reader)
    calls: list[int] = []

    def counted(rows: list[Job]) -> list[Job]:
        calls.append(len(rows))
        return rows

    ledger = Ledger(key="tests.prepared", columns=LEDGER.columns, prepare=counted)
    assert len(shown(reader, "", ledger).rows) == 5
    assert len(list(export_rows(ledger, Job.objects.visible_to(reader), {}).rows)) == 5
    assert calls == [5, 5]


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        ({"ids": ["乙", "丁"]}, "乙丁"),
        ({"everything": "1", "query": "state=done"}, "甲丙"),
        ({"everything": "0", "query": "state=done", "ids": []}, ""),
        ({"ids": ["99999999999999999999999", "x", "-1", "²"]}, ""),
    ],
)
def test_bulk_actions_get_the_rows_ticked_or_all_found(reader: User, data: Mapping[str, Any], expected: str) -> None:
    by_name = {job.title[-1]: str(job.pk) for job in jobs(reader)}
    post = {k: [by_name.get(v, v) for v in held] if k == "ids" else held for k, held in data.items()}
    rows = selected_rows(LEDGER, Job.objects.visible_to(reader), post)
    assert "".join(sorted((job.title[-1] for job in rows), key="甲乙丙丁戊".index)) == expected


def test_a_shared_address_gives_the_same_view() -> None:
    query = "q=甲+乙&states=done&states=failed&created_from=2026-03-04&sort=-total&columns=title,total&density=compact"
    state = parse_state(LEDGER, QueryDict(f"{query}&size=50&page=2&plan=7&unknown=1"))
    written = state.query(LEDGER)
    assert parse_state(LEDGER, QueryDict(written)) == state
    assert parse_qs(written)["plan"] == ["7"]
    assert "unknown" not in written
    assert state.filters["created"] == DateRange(date(2026, 3, 4), None)


def test_the_default_view_has_the_plain_address() -> None:
    assert parse_state(LEDGER, {"page": "1", "size": "20", "sort": "created_at", "q": " "}).query(LEDGER) == ""


def test_saved_views_of_this_ledger_are_listed_for_their_owner_and_those_they_are_shared_with(reader: User) -> None:
    colleague, stranger = make.person("planner"), make.person("clerk")
    office = colleague.memberships.get().organisation
    SavedView.objects.create(owner=reader, ledger=LEDGER.key, name="失败的", query="state=failed")
    SavedView.objects.create(owner=colleague, organisation=office, ledger=LEDGER.key, name="共享的", query="state=done")
    SavedView.objects.create(owner=colleague, ledger=LEDGER.key, name="私有的", query="state=done")
    SavedView.objects.create(owner=reader, ledger="tests.other", name="别处的", query="")
    views = shown(reader, "state=failed&page=4").views
    assert [(v.name, v.is_mine, v.is_shared, v.active) for v in views] == [
        ("共享的", False, True, False),
        ("失败的", True, False, True),
    ]
    assert shown(stranger, "").views == ()


def test_a_declaration_that_contradicts_itself_is_refused() -> None:
    with pytest.raises(ValueError, match="reserved"):
        Ledger(key="x", columns=(Column("a", "甲"),), filters=(Filter("page", "页", field="a"),))
    with pytest.raises(ValueError, match="none of its columns"):
        Ledger(key="x", columns=(Column("a", "甲"),), order="-b")
    with pytest.raises(ValueError, match="needs link="):
        Column("a", "甲", ColumnKind.LINK)
    with pytest.raises(ValueError, match="it has"):
        LEDGER.with_choices(office=[])


def test_the_two_empty_ledgers_say_different_things(reader: User) -> None:
    none_yet = render_to_string("components/ledger.html", {"ledger": shown(reader, ""), "empty_title": "还没有任务"})
    jobs(reader)
    not_found = render_to_string("components/ledger.html", {"ledger": shown(reader, "q=没有这样的事")})
    assert "还没有任务" in none_yet
    assert "清除全部条件" not in none_yet
    assert "没有符合条件的任务" in not_found
    assert "清除全部条件" in not_found


OWN_KEYS = ["q", "sort", "columns", "density", "size", "page", "plan", "export", "ids", "unknown"]
FILTER_KEYS = ["state", "states", "stopped", "said", "big", "created_from", "created_until"]
KEYS = st.sampled_from([*OWN_KEYS, *FILTER_KEYS])
VALUES = st.one_of(
    st.text(max_size=40),
    st.sampled_from(
        ["done", "failed", "-total", "title,total", "2026-03-04", "2026-13-40", "1", "0", "compact", "yes"]
    ),
    st.integers().map(str),
)


@hypothesis_settings(
    max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
@given(pairs=st.lists(st.tuples(KEYS, VALUES), max_size=8))
def test_no_address_breaks_a_ledger(reader: User, pairs: list[tuple[str, str]]) -> None:
    if not Job.objects.exists():
        jobs(reader)
    query = QueryDict(mutable=True)
    for key, value in pairs:
        query.appendlist(key, value)
    page = read_ledger(LEDGER, Job.objects.visible_to(reader), query, user=reader)
    assert 1 <= page.page <= page.pages
    assert page.total <= page.everything == 5
    assert len(page.rows) == min(page.state.size, page.total)
    assert render_to_string("components/ledger.html", {"ledger": page})
    # The canonical address leads to the same rows, and the export holds exactly the rows found.
    again = read_ledger(LEDGER, Job.objects.visible_to(reader), QueryDict(page.href()[1:]), user=reader)
    assert [row.pk for row in again.rows] == [row.pk for row in page.rows]
    assert len(list(export_rows(LEDGER, Job.objects.visible_to(reader), query).rows)) == page.total
