"""The house's ledgers out to Excel and back: what comes back changed is saved, all or nothing, by the ledger's services."""

from __future__ import annotations

import io
from types import SimpleNamespace
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.test import Client
from django.urls import reverse
from openpyxl import load_workbook
from tests.apps.bureau.workbooks import (
    HEAD,
    add,
    columns,
    confirmed,
    differences,
    edited,
    faults,
    plain,
    put,
    received,
    row_of,
    states,
    to_fill,
)
from tests.factories import AT, ON, make

from keshu.apps.bureau.models import (
    AuditEntry,
    ImportRow,
    ImportRun,
    ImportState,
    Job,
    Membership,
    Organisation,
    OwnerAlias,
    User,
)
from keshu.apps.bureau.queries.import_pages import FIRST, row_mark
from keshu.apps.bureau.queries.job_progress import stop_file, with_progress
from keshu.apps.bureau.queries.ledger import Tone
from keshu.apps.bureau.services import Refused, Unacceptable, jobs, organisations
from keshu.apps.bureau.services.exchange import filling, running
from keshu.apps.bureau.services.jobs import aside
from keshu.apps.bureau.services.jobs import running as job_running
from keshu.apps.bureau.services.round_trips import aliases

pytestmark = pytest.mark.django_db

ORGANISATIONS, PEOPLE, ALIASES = "bureau.organisations", "bureau.people", "bureau.aliases"


@pytest.fixture
def site() -> SimpleNamespace:
    return make.site()


@pytest.fixture
def planner(site: SimpleNamespace) -> User:
    return site.people["planner"]


@pytest.mark.parametrize("key", [ORGANISATIONS, PEOPLE, ALIASES])
def test_what_went_out_untouched_changes_nothing(key: str, site: SimpleNamespace, planner: User) -> None:
    make.alias("各县区", group=("county",))
    make.alias("外专办", site.gaoxin)
    run = received(to_fill(key, planner), key, planner)
    assert (run.state, faults(run)) == (ImportState.CHECKED, [])
    assert list(states(run)) == ["unchanged"]


def test_a_short_name_changed_in_excel_is_changed_here(site: SimpleNamespace, planner: User) -> None:
    content = edited(to_fill(ORGANISATIONS, planner), lambda page: put(page, "高新处", "简称", "高技术处"))
    run = received(content, ORGANISATIONS, planner)
    assert states(run) == {"unchanged": Organisation.objects.count() - 1, "changed": 1}
    assert list(differences(run).values()) == [[["简称", "高新处", "高技术处"]]]
    site.gaoxin.refresh_from_db()
    assert site.gaoxin.short_name == "高新处"  # the dry run saves nothing
    run = confirmed(run)
    site.gaoxin.refresh_from_db()
    assert (run.state, site.gaoxin.short_name) == (ImportState.APPLIED, "高技术处")
    entry = AuditEntry.objects.about("bureau.organisation", site.gaoxin.pk).get()
    assert (entry.by, entry.before, entry.after) == (planner, {"short_name": "高新处"}, {"short_name": "高技术处"})
    assert AuditEntry.objects.about("bureau.importrun", run.pk).filter(action="transition").count() == 1


def test_the_same_workbook_a_second_time_changes_nothing(site: SimpleNamespace, planner: User) -> None:
    def edit(page: Any) -> None:
        put(page, "高新处", "简称", "高技术处")
        add(page, 全称="云澜市科技评估中心", 类别="直属单位", 上级单位="市科技局")

    content = edited(to_fill(ORGANISATIONS, planner), edit)
    first = confirmed(received(content, ORGANISATIONS, planner))
    entries = AuditEntry.objects.exclude(subject_type__contains="importrun").count()
    again = received(content, ORGANISATIONS, planner)
    assert states(first)["new"] == 1
    assert list(states(again)) == ["unchanged"]
    assert AuditEntry.objects.exclude(subject_type__contains="importrun").count() == entries + 1  # the second upload


def test_new_organisations_may_stand_beneath_new_ones(site: SimpleNamespace, planner: User) -> None:
    def edit(page: Any) -> None:
        add(page, 全称="临江县科学技术局", 简称="临江县", 类别="县区", 上级单位="云澜市")
        add(page, 全称="综合股", 类别="处室", 上级单位="临江县科学技术局")
        add(page, 全称="综合股", 类别="处室", 上级单位="青岭县")

    run = confirmed(received(edited(to_fill(ORGANISATIONS, planner, is_template=True), edit), ORGANISATIONS, planner))
    assert run.state == ImportState.APPLIED, (run.error, faults(run))
    county = Organisation.objects.get(name="临江县科学技术局")
    office = Organisation.objects.get(name="综合股", parent=county)
    assert office.path == f"{site.city.path}{county.pk}/{office.pk}/"
    assert (county.short_name, office.short_name) == ("临江县", "综合股")
    assert Organisation.objects.filter(name="综合股", parent=site.qingling).exists()
    assert AuditEntry.objects.about("bureau.organisation", office.pk).get().action == "create"


def test_a_move_takes_all_beneath_along_and_none_beneath_itself(site: SimpleNamespace, planner: User) -> None:
    office = make.organisation("office", name="产业科", parent=site.park)
    content = to_fill(ORGANISATIONS, planner)
    run = confirmed(
        received(edited(content, lambda page: put(page, "云澜高新区", "上级单位", "青岭县")), ORGANISATIONS, planner)
    )
    office.refresh_from_db()
    assert run.state == ImportState.APPLIED
    assert office.path.startswith(site.qingling.path)


def test_one_bad_row_and_nothing_is_saved(site: SimpleNamespace, planner: User) -> None:
    def edit(page: Any) -> None:
        put(page, "高新处", "简称", "高技术处")
        put(page, "规划处", "排序", "第三")
        add(page, 全称="云澜市财政局", 类别="市直部门", 上级单位="云澜市")

    run = received(edited(to_fill(ORGANISATIONS, planner), edit), ORGANISATIONS, planner)
    told = faults(run)
    assert any("排序 填写的是“第三”，请填数字" in each for each in told)
    with pytest.raises(Unacceptable, match="还有 2 行有误"):
        running.confirm_run(run, why="", by=planner, at=AT)
    site.gaoxin.refresh_from_db()
    assert site.gaoxin.short_name == "高新处"


def test_a_cell_somebody_else_changed_meanwhile_is_a_conflict(site: SimpleNamespace, planner: User) -> None:
    content = to_fill(ORGANISATIONS, planner)
    organisations.rename_organisation(site.gaoxin, name="高新技术处", short_name="高新", by=planner, at=AT)
    organisations.rename_organisation(site.guihua, name="规划与资源配置处", short_name="规划", by=planner, at=AT)
    untouched = received(content, ORGANISATIONS, planner)
    assert list(states(untouched)) == ["unchanged"]  # an old workbook does not undo what others did
    run = received(edited(content, lambda page: put(page, "高新处", "简称", "高技术处")), ORGANISATIONS, planner)
    assert len(faults(run)) == 1
    assert "导出以后这一格已由他人改为“高新”，您填的是“高技术处”" in faults(run)[0]
    other_cell = edited(content, lambda page: put(page, "规划处", "排序", 7))
    run = confirmed(received(other_cell, ORGANISATIONS, planner))
    site.guihua.refresh_from_db()
    assert (site.guihua.short_name, site.guihua.position) == ("规划", 7)


def test_a_change_between_dry_run_and_confirmation_stops_it(site: SimpleNamespace, planner: User) -> None:
    content = edited(to_fill(ORGANISATIONS, planner), lambda page: put(page, "高新处", "简称", "高技术处"))
    run = received(content, ORGANISATIONS, planner)
    organisations.rename_organisation(site.gaoxin, name="高新技术处", short_name="高新", by=planner, at=AT)
    run = confirmed(run)
    assert run.state == ImportState.CHECKED
    assert "没有保存" in run.error
    site.gaoxin.refresh_from_db()
    assert site.gaoxin.short_name == "高新"


def test_what_is_fixed_or_only_shown_cannot_be_changed(site: SimpleNamespace, planner: User) -> None:
    def edit(page: Any) -> None:
        put(page, "高新处", "类别", "县区")
        put(page, "规划处", "状态", "撤并")

    told = faults(received(edited(to_fill(ORGANISATIONS, planner), edit), ORGANISATIONS, planner))
    assert any("类别 已有的行不能改这一栏。填写的是“县区”，原值是“处室”" in each for each in told)
    assert any("状态 这一栏只供查看" in each for each in told)


def test_a_row_copied_in_excel_is_a_new_row(site: SimpleNamespace, planner: User) -> None:
    """The hidden key is copied along; the copy is told by its name."""

    def edit(page: Any) -> None:
        source = row_of(page, "高新处")
        last = page.max_row + 1
        for cell in page[source]:
            page.cell(last, cell.column).value = cell.value
        page.cell(last, columns(page)["全称"]).value = "基础研究处"
        page.cell(last, columns(page)["简称"]).value = "基础处"
        page.cell(last, columns(page)["排序"]).value = None

    run = received(edited(to_fill(ORGANISATIONS, planner), edit), ORGANISATIONS, planner)
    assert (faults(run), states(run).get("new")) == ([], 1)


def test_rows_that_are_not_in_the_workbook_stay(site: SimpleNamespace, planner: User) -> None:
    before = Organisation.objects.count()
    content = edited(to_fill(ORGANISATIONS, planner), lambda page: page.delete_rows(row_of(page, "高新处")))
    run = received(content, ORGANISATIONS, planner)
    assert states(run) == {"unchanged": before - 1}


def test_staff_are_imported_with_their_roles(site: SimpleNamespace, planner: User) -> None:
    def edit(page: Any) -> None:
        add(
            page,
            用户名="shenlan",
            姓名="沈岚",
            联系电话=13800001111,
            任职单位="高新处",
            角色="处室经办",
            任职起="2026年3月1日",
        )
        add(page, 用户名="shenlan", 姓名="沈岚", 任职单位="规划处", 角色="处室经办", 任职起="2026.3")

    run = received(edited(to_fill(PEOPLE, planner, is_template=True), edit), PEOPLE, planner)
    assert (faults(run), states(run)) == ([], {"new": 2})
    assert not User.objects.filter(username="shenlan").exists()
    confirmed(run)
    person = User.objects.get(username="shenlan")
    assert (person.name, person.phone, person.has_usable_password()) == ("沈岚", "13800001111", False)
    held = [(m.organisation, m.role, m.from_on.isoformat()) for m in person.memberships.order_by("pk")]
    assert held == [(site.gaoxin, "clerk", "2026-03-01"), (site.guihua, "clerk", "2026-03-01")]
    again = received(edited(to_fill(PEOPLE, planner, is_template=True), edit), PEOPLE, planner)
    assert states(again) == {"unchanged": 2}


def test_a_role_ends_and_cannot_be_moved(site: SimpleNamespace, planner: User) -> None:
    clerk = site.people["clerk"]

    def end(page: Any) -> None:
        put(page, clerk.username, "任职止", "2026-04-01")

    content = edited(to_fill(PEOPLE, planner), end)
    run = confirmed(received(content, PEOPLE, planner))
    assert run.state == ImportState.APPLIED
    assert clerk.memberships.get().until_on.isoformat() == "2026-04-01"
    assert list(states(received(content, PEOPLE, planner))) == ["unchanged"]
    moved = edited(to_fill(PEOPLE, planner), lambda page: put(page, clerk.username, "任职单位", "规划处"))
    assert "换岗位：在这一行填“任职止”" in faults(received(moved, PEOPLE, planner))[0]


def test_roles_that_only_the_operator_gives_are_refused(site: SimpleNamespace, planner: User) -> None:
    def edit(page: Any) -> None:
        add(page, 用户名="xinren", 姓名="新人", 任职单位="市科技局", 角色="局领导")

    content = edited(to_fill(PEOPLE, planner, is_template=True), edit)
    assert "只能由系统管理员授予" in faults(received(content, PEOPLE, planner))[0]
    operator = site.people["operator"]
    content = edited(to_fill(PEOPLE, operator, is_template=True), edit)
    assert faults(received(content, PEOPLE, operator)) == []


def test_people_refused_by_the_services_are_named_by_cell(site: SimpleNamespace, planner: User) -> None:
    def edit(page: Any) -> None:
        add(page, 用户名="新人", 姓名="新人", 任职单位="高新处", 角色="处室经办")
        add(page, 用户名="lin2", 姓名="林二", 任职单位="青岭县", 角色="处室经办")
        add(page, 用户名="lin3", 姓名="林三", 联系电话="电话", 任职单位="高新处", 角色="处室经办")
        add(page, 用户名="lin4", 姓名="林四", 任职单位="不存在处", 角色="处室经办")
        add(page, 用户名="lin5", 姓名="林五", 任职单位="高新处", 角色="处长")
        add(page, 用户名="lin6", 姓名="林六", 任职单位="高新处", 角色="处室经办", 任职起="2026年13月1日")
        add(page, 用户名="lin7", 任职单位="高新处", 角色="处室经办")

    run = received(edited(to_fill(PEOPLE, planner, is_template=True), edit), PEOPLE, planner)
    told = faults(run)
    assert [each.split(" ")[1] for each in told] == [
        "用户名",
        "任职单位",
        "联系电话",
        "任职单位",
        "角色",
        "任职起",
        "姓名",
    ]
    assert "应在处室、直属单位任职" in told[1]
    assert "没有叫“不存在处”的单位" in told[3]
    assert "没有这一天" in told[5]


def test_aliases_are_set_and_deleted_by_the_action_column_only(site: SimpleNamespace, planner: User) -> None:
    make.alias("各县区", group=("county",))
    make.alias("外专办", site.gaoxin)

    def edit(page: Any) -> None:
        put(page, "外专办", "操作", "删除")
        put(page, "各县区", "对应类别", "县区、园区")
        add(page, 文件中的写法="高企办", 对应单位="高新处")

    content = edited(to_fill(ALIASES, planner), edit)
    run = confirmed(received(content, ALIASES, planner))
    assert states(run) == {"new": 1, "changed": 1, "removed": 1}
    found = {alias.text: (alias.organisation, alias.group) for alias in OwnerAlias.objects.all()}
    assert found == {"各县区": (None, ["county", "park"]), "高企办": (site.gaoxin, [])}
    assert list(states(received(content, ALIASES, planner))) == ["unchanged"]


def test_an_alias_means_one_thing(site: SimpleNamespace, planner: User) -> None:
    def edit(page: Any) -> None:
        add(page, 文件中的写法="高企办", 对应单位="高新处", 对应类别="处室")

    assert (
        "二者选一" in faults(received(edited(to_fill(ALIASES, planner, is_template=True), edit), ALIASES, planner))[0]
    )


@pytest.mark.parametrize("role", ["leader", "clerk", "county_clerk", "auditor", "enterprise", "expert"])
def test_who_may_not_keep_the_register_may_not_import_it(role: str, site: SimpleNamespace) -> None:
    person = site.people[role]
    for key in (ORGANISATIONS, PEOPLE):
        with pytest.raises(Refused):
            to_fill(key, person)
        with pytest.raises(Refused):
            received(plain(["全称", "用户名"], [["甲", "jia"]]), key, person)


def test_somebody_elses_run_is_not_theirs_to_confirm(site: SimpleNamespace, planner: User) -> None:
    content = edited(to_fill(ORGANISATIONS, planner), lambda page: put(page, "高新处", "简称", "高技术处"))
    run = received(content, ORGANISATIONS, planner)
    with pytest.raises(Refused):
        running.confirm_run(run, why="", by=site.people["operator"], at=AT)


def test_first_passwords_are_given_once(site: SimpleNamespace, planner: User) -> None:
    from keshu.apps.bureau.services.people import give_first_passwords
    from keshu.apps.bureau.services.round_trips.people import people_without_password

    def edit(page: Any) -> None:
        add(page, 用户名="shenlan", 姓名="沈岚", 任职单位="高新处", 角色="处室经办")

    run = confirmed(received(edited(to_fill(PEOPLE, planner, is_template=True), edit), PEOPLE, planner))
    [(person, password)] = give_first_passwords(people_without_password(run, planner), by=planner, at=AT)
    person = User.objects.get(pk=person.pk)
    assert person.check_password(password)
    assert person.must_change_password
    assert people_without_password(run, planner) == []
    assert password not in str(list(AuditEntry.objects.values_list("before", "after")))


def test_a_discarded_run_leaves_no_file(site: SimpleNamespace, planner: User) -> None:
    run = received(to_fill(ORGANISATIONS, planner), ORGANISATIONS, planner)
    running.discard_run(run, by=planner, at=AT)
    run.refresh_from_db()
    assert (run.state, run.attachment, run.rows.count()) == (ImportState.DISCARDED, None, 0)


def test_membership_dates_are_compared_as_days(site: SimpleNamespace, planner: User) -> None:
    """A date typed as text in the Chinese form is the same day."""
    clerk = site.people["clerk"]
    assert Membership.objects.get(user=clerk).from_on.isoformat() == "2020-01-01"
    content = edited(to_fill(PEOPLE, planner), lambda page: put(page, clerk.username, "任职起", "2020年1月1日"))
    assert list(states(received(content, PEOPLE, planner))) == ["unchanged"]
    assert ON.year == 2026


def test_a_cancelled_check_leaves_nothing_and_a_cancelled_saving_saves_nothing(
    site: SimpleNamespace, planner: User
) -> None:
    content = edited(to_fill(ORGANISATIONS, planner), lambda page: put(page, "高新处", "简称", "高技术处"))
    file = ContentFile(content, name="单位.xlsx")
    run = running.receive_workbook(file, key=ORGANISATIONS, params={}, by=planner, at=AT)
    assert run.job is not None
    jobs.cancel_job(run.job, by=planner, at=AT)
    jobs.run_pending()
    run.refresh_from_db()
    assert (run.state, run.attachment) == (ImportState.DISCARDED, None)

    run = received(content, ORGANISATIONS, planner)
    running.confirm_run(run, why="", by=planner, at=AT)

    def asked_to_stop(
        done: int, total: int, message: str = "", *, at_once: bool = False, is_aside: bool = False
    ) -> None:
        if "正在保存" in message:
            raise jobs.JobCancelled

    with pytest.raises(jobs.JobCancelled):
        running.save_run(run.pk, progress=asked_to_stop, by=planner, at=AT)
    running.settle_run(running.SAVE, run.pk, at=AT)
    run.refresh_from_db()
    site.gaoxin.refresh_from_db()
    assert (run.state, site.gaoxin.short_name) == (ImportState.CHECKED, "高新处")


def test_an_import_is_saved_once(site: SimpleNamespace, planner: User) -> None:
    content = edited(to_fill(ORGANISATIONS, planner), lambda page: put(page, "高新处", "简称", "高技术处"))
    run = confirmed(received(content, ORGANISATIONS, planner))
    with pytest.raises(Unacceptable, match="已导入"):
        running.confirm_run(run, why="", by=planner, at=AT)
    # A job taken up again after its worker died with the rows saved finds nothing to do, and says that all is well.
    entries = AuditEntry.objects.count()
    assert running.save_run(run.pk, progress=lambda *_, **__: None, by=planner, at=AT).state == ImportState.APPLIED
    assert AuditEntry.objects.count() == entries


def test_pages_of_an_import(site: SimpleNamespace, planner: User, client: Client) -> None:
    client.force_login(planner)
    page = client.get(reverse("bureau:exchange-import", args=[PEOPLE])).content.decode()
    assert "从 Excel 导入人员" in page
    content = edited(to_fill(ORGANISATIONS, planner), lambda page: put(page, "高新处", "排序", "第三"))
    address = reverse("bureau:exchange-import", args=[ORGANISATIONS])
    answer = client.post(address, {"file": ContentFile(content, name="单位.xlsx")})
    jobs.run_pending()
    run = ImportRun.objects.get()
    assert answer["Location"] == reverse("bureau:import-detail", args=[run.pk])
    page = client.get(answer["Location"]).content.decode()
    assert "有 1 行有误，一行也没有保存" in page
    assert "下载标注后的表" in page
    assert "确认导入" not in page
    row = run.rows.get(state="faulty")
    assert "请填数字" in client.get(reverse("bureau:import-row", args=[row.pk])).content.decode()
    progress = client.get(reverse("bureau:import-progress", args=[run.pk]))
    assert progress["HX-Redirect"] == answer["Location"]
    refused = client.post(address, {"file": ContentFile(b"%PDF-", name="单位.pdf")}, headers={"X-Upload": "1"})
    assert (refused.status_code, "不是 Excel 表格" in refused.content.decode()) == (422, True)
    assert client.post(reverse("bureau:import-confirm", args=[run.pk])).status_code == 422
    assert client.get(reverse("bureau:exchange-import", args=["nothing"])).status_code == 404
    running.discard_run(run, by=planner, at=AT)
    assert client.get(reverse("bureau:import-progress", args=[run.pk])).status_code == 286
    client.force_login(site.people["county_clerk"])
    assert client.get(address).status_code == 403
    assert client.get(reverse("bureau:import-detail", args=[run.pk])).status_code == 404
    assert "从 Excel 导入" not in client.get(reverse("bureau:organisation-list")).content.decode()


def test_two_organisations_swap_their_names(site: SimpleNamespace, planner: User) -> None:
    gaoxin, guihua = site.gaoxin.name, site.guihua.name

    def edit(page: Any) -> None:
        first, second, place = row_of(page, "高新处"), row_of(page, "规划处"), columns(page)["全称"]
        page.cell(first, place).value, page.cell(second, place).value = guihua, gaoxin

    run = received(edited(to_fill(ORGANISATIONS, planner), edit), ORGANISATIONS, planner)
    assert (faults(run), states(run)["changed"]) == ([], 2)
    assert confirmed(run).state == ImportState.APPLIED
    site.gaoxin.refresh_from_db()
    site.guihua.refresh_from_db()
    assert (site.gaoxin.name, site.guihua.name) == (guihua, gaoxin)
    entry = AuditEntry.objects.about("bureau.organisation", site.gaoxin.pk).get()
    assert (entry.before, entry.after) == ({"name": gaoxin}, {"name": guihua})


def test_a_name_given_up_is_free_for_a_new_organisation_and_for_one_that_moves(
    site: SimpleNamespace, planner: User
) -> None:
    """The office gives its name to a new one; and two of one name change places between two parents."""
    here = make.organisation("office", name="综合股", parent=site.park)
    there = make.organisation("office", name="综合股", parent=site.qingling)
    given_up = site.gaoxin.name

    def edit(page: Any) -> None:
        place, above, short = (columns(page)[label] for label in ("全称", "上级单位", "简称"))
        rows = [cell.row for row in page.iter_rows() for cell in row if cell.column == place and cell.value == "综合股"]
        first, second = (page.cell(row, above) for row in rows)
        first.value, second.value = second.value, first.value
        source = row_of(page, "高新处")
        page.cell(source, place).value, page.cell(source, short).value = "高技术与产业化处", "高技术处"
        add(page, 全称=given_up, 简称="新高新处", 类别="处室", 上级单位="市科技局")

    run = received(edited(to_fill(ORGANISATIONS, planner), edit), ORGANISATIONS, planner)
    assert (faults(run), states(run)["changed"], states(run)["new"]) == ([], 3, 1)
    assert confirmed(run).state == ImportState.APPLIED
    for row in (site.gaoxin, here, there):
        row.refresh_from_db()
    assert (here.name, here.parent, there.name, there.parent) == ("综合股", site.qingling, "综合股", site.park)
    assert (here.path, there.path) == (f"{site.qingling.path}{here.pk}/", f"{site.park.path}{there.pk}/")
    assert site.gaoxin.name == "高技术与产业化处"
    assert Organisation.objects.get(name=given_up).short_name == "新高新处"


def test_user_names_and_spellings_are_swapped_too(site: SimpleNamespace, planner: User) -> None:
    clerk, head = site.people["clerk"], site.people["office_head"]
    before = clerk.username, head.username
    first, second = make.alias("高企办", site.gaoxin), make.alias("规划办", site.guihua)

    def swapped(label: str, one: str, other: str) -> Any:
        def edit(page: Any) -> None:
            place = columns(page)[label]
            rows = {word: row_of(page, word) for word in (one, other)}
            page.cell(rows[one], place).value, page.cell(rows[other], place).value = other, one

        return edit

    content = edited(to_fill(PEOPLE, planner), swapped("用户名", *before))
    run = confirmed(received(content, PEOPLE, planner))
    assert (faults(run), run.state, states(run)["changed"]) == ([], ImportState.APPLIED, 2)
    names = dict(User.objects.filter(pk__in=[clerk.pk, head.pk]).values_list("pk", "username"))
    assert names == {clerk.pk: before[1], head.pk: before[0]}
    content = edited(to_fill(ALIASES, planner), swapped("文件中的写法", "高企办", "规划办"))
    assert confirmed(received(content, ALIASES, planner)).state == ImportState.APPLIED
    texts = dict(OwnerAlias.objects.values_list("pk", "text"))
    assert (texts[first.pk], texts[second.pk]) == ("规划办", "高企办")


def test_a_name_that_stays_taken_is_refused(site: SimpleNamespace, planner: User) -> None:
    content = edited(to_fill(ORGANISATIONS, planner), lambda page: put(page, "高新处", "全称", site.guihua.name))
    assert f"已有“{site.guihua.name}”" in faults(received(content, ORGANISATIONS, planner))[0]


@pytest.mark.django_db(transaction=True)
def test_saving_is_called_off_in_the_midst_and_nothing_stays(monkeypatch: pytest.MonkeyPatch) -> None:
    """The wish to stop comes while the ledger's transaction holds the database; until then it tells how far it is."""
    site = make.site()
    planner = site.people["planner"]
    for number in range(30):
        make.alias(f"写法{number}", site.gaoxin)

    def edit(page: Any) -> None:
        place = columns(page)["对应单位"]
        for row in range(row_of(page, "写法0"), page.max_row + 1):
            page.cell(row, place).value = "规划处"

    run = received(edited(to_fill(ALIASES, planner), edit), ALIASES, planner)
    assert states(run) == {"changed": 30}
    seen: list[str] = []
    change = aliases.change_alias

    def stopped(*args: Any, **more: Any) -> Any:
        """After a few rows the person clicks 取消."""
        job = with_progress(Job.objects.get(pk=ImportRun.objects.get(pk=run.pk).job_id))
        seen.append(job.message)
        if len(seen) == 5:
            aside.ask_to_stop(job.pk)
        return change(*args, **more)

    monkeypatch.setattr(aliases, "change_alias", stopped)
    monkeypatch.setattr(job_running, "PROGRESS_EVERY", 0)
    run = confirmed(run)
    assert "正在保存第 1 项改动，共 30 项" in seen[0]
    assert len(seen) == 20
    assert (run.state, run.error, run.job.state) == (ImportState.CHECKED, "", "cancelled")
    assert not OwnerAlias.objects.filter(organisation=site.guihua).exists()
    assert not AuditEntry.objects.filter(subject_type="bureau.owneralias", action="update").exists()
    assert not stop_file(run.job.pk).exists()
    monkeypatch.setattr(aliases, "change_alias", change)
    assert confirmed(run).state == ImportState.APPLIED


def test_a_large_ledger_is_exported_by_a_job(
    site: SimpleNamespace, planner: User, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(filling, "AT_ONCE", 3)
    client.force_login(planner)
    address = reverse("bureau:exchange-workbook", args=[ORGANISATIONS])
    answer = client.get(address)
    assert client.get(address)["Location"] == answer["Location"]  # one job, however often it is asked for
    jobs.run_pending()
    page = client.get(answer["Location"]).content.decode()
    assert ("可回填的表已备好" in page, "下载" in page) == (True, True)
    job = Job.objects.get(kind=filling.FILL)
    file = client.get(job.result_url)
    run = received(b"".join(file.streaming_content), ORGANISATIONS, planner)  # type: ignore[attr-defined]
    assert list(states(run)) == ["unchanged"]
    assert AuditEntry.objects.filter(action="export", by=planner).count() == 1
    template = client.get(reverse("bureau:exchange-template", args=[ORGANISATIONS]))
    assert template["Content-Disposition"].startswith("attachment")


def test_how_an_import_stands_is_said_in_its_own_words(site: SimpleNamespace, planner: User, client: Client) -> None:
    client.force_login(planner)

    def page_of(run: ImportRun) -> str:
        return client.get(reverse("bureau:import-detail", args=[run.pk])).content.decode()

    same = received(to_fill(ORGANISATIONS, planner), ORGANISATIONS, planner)
    wrong = edited(to_fill(ORGANISATIONS, planner), lambda page: put(page, "高新处", "排序", "第三"))
    faulty = received(wrong, ORGANISATIONS, planner)
    pages = page_of(same), page_of(faulty)
    assert ("无改动" in pages[0], "待确认" in pages[0], "放弃" in pages[0]) == (True, False, False)
    assert ("有错误" in pages[1], "待确认" in pages[1]) == (True, False)
    listed = client.get(reverse("bureau:exchange-import", args=[ORGANISATIONS])).content.decode()
    assert ("无改动" in listed, "有错误" in listed, "待确认" in listed) == (True, True, False)
    # What is wrong or changes stands first, whatever its line.
    rows = faulty.rows.order_by(FIRST, "number")
    assert rows[0].state == "faulty"
    assert rows[0].number > min(row.number for row in faulty.rows.all())
    assert pages[1].index("第三") < pages[1].index("不变</span>", pages[1].index("ledger__table"))


def test_a_row_that_asks_for_something_says_what(planner: User) -> None:
    marks = [
        row_mark(ImportRow(state="removed", differences=[["操作", "", word]]))
        for word in ("通过", "剔除", "删除", "报送")
    ]
    assert [(str(mark), mark.tone) for mark in marks] == [
        ("通过", Tone.ON_TRACK),
        ("剔除", Tone.AT_RISK),
        ("删除", Tone.AT_RISK),
        ("报送", Tone.ON_TRACK),
    ]


def test_a_template_offers_the_kinds_that_an_alias_may_stand_for(planner: User) -> None:
    page: Any = load_workbook(io.BytesIO(to_fill(ALIASES, planner, is_template=True))).worksheets[0]
    letter = page.cell(HEAD, columns(page)["对应类别"]).column_letter
    offered = [each for each in page.data_validations.dataValidation if str(each.sqref).startswith(letter)]
    assert len(offered) == 1
    assert "县区" in offered[0].formula1
    assert not offered[0].showErrorMessage  # several may be typed: 县区、园区
