"""A planner fills in staff in Excel: the first try has a mistake, the second is saved, and the first passwords are handed out."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path

import pytest
from django.urls import reverse
from openpyxl import load_workbook
from playwright.sync_api import Page, expect
from tests.apps.bureau.workbooks import HEAD, add, columns, edited, row_of
from tests.factories import make

from keshu.apps.bureau.models import User
from keshu.apps.bureau.services import jobs

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

PageOf = Callable[[User], Page]


def test_staff_come_in_from_excel(page_of: PageOf, tmp_path: Path) -> None:
    site = make.site()
    page = page_of(site.people["planner"])

    # From the ledger's menu she takes the template.
    page.goto(reverse("bureau:person-list"))
    page.get_by_text("导出、导入").click()
    with page.expect_download() as download:
        page.get_by_role("link", name="下载导入模板").click()
    template = tmp_path / "模板.xlsx"
    download.value.save_as(template)
    head = load_workbook(template).worksheets[0]
    assert list(columns(head))[:3] == ["用户名", "姓名", "联系电话"]
    assert head.cell(HEAD, 1).comment.text.startswith("必填")

    # Two people, one in an office that does not exist.
    def fill(office: str) -> Path:
        def edit(sheet: object) -> None:
            add(sheet, 用户名="shenlan", 姓名="沈岚", 任职单位="高新处", 角色="处室经办")
            add(sheet, 用户名="guhe", 姓名="顾禾", 任职单位=office, 角色="处室经办")

        path = tmp_path / f"人员-{office}.xlsx"
        path.write_bytes(edited(template.read_bytes(), edit))
        return path

    page.get_by_text("导出、导入").click()
    page.get_by_role("link", name="从 Excel 导入").click()
    page.locator('input[type="file"]').set_input_files(fill("规划科"))
    expect(page.locator(".job")).to_be_visible()
    jobs.run_pending()
    expect(page.get_by_text("有 1 行有误，一行也没有保存")).to_be_visible()
    expect(page.locator(".ledger__table")).to_contain_text("没有叫“规划科”的单位")
    assert not User.objects.filter(username="shenlan").exists()
    with page.expect_download() as download:
        page.get_by_role("link", name="下载标注后的表").click()
    marked = tmp_path / "标注.xlsx"
    download.value.save_as(marked)
    sheet = load_workbook(marked).worksheets[0]
    opinion = columns(sheet)["导入意见"]
    assert "没有叫“规划科”的单位" in sheet.cell(row_of(sheet, "guhe"), opinion).value
    assert sheet.cell(row_of(sheet, "shenlan"), opinion).value is None

    # Put right, it is saved, whole.
    page.get_by_role("link", name="传回改好的表").click()
    page.locator('input[type="file"]').set_input_files(fill("规划处"))
    expect(page.locator(".job")).to_be_visible()
    jobs.run_pending()
    expect(page.locator(".figure", has_text="新增")).to_contain_text("2")

    # A slip of the hand does not throw the import away: the page asks first.
    page.get_by_role("button", name="放弃").click()
    expect(page.locator("dialog[open]")).to_contain_text("放弃这次导入？")
    page.keyboard.press("Escape")
    expect(page.locator("dialog[open]")).to_have_count(0)

    page.get_by_role("button", name="确认导入").click()
    expect(page.locator(".job")).to_be_visible()
    jobs.run_pending()
    expect(page.locator(".toast", has_text="已导入：新增 2 行")).to_be_visible()
    assert User.objects.filter(username__in=["shenlan", "guhe"]).count() == 2

    # The first passwords, once.
    with page.expect_download() as download:
        page.get_by_role("button", name="生成初始密码名单").click()
    listed = load_workbook(io.BytesIO(download.value.path().read_bytes())).worksheets[0]
    password = next(row[2].value for row in listed.iter_rows() if row[1].value == "shenlan")
    assert User.objects.get(username="shenlan").check_password(password)
    # The page says so by itself.
    expect(page.get_by_text("名单已下载")).to_be_visible()
    expect(page.get_by_role("button", name="生成初始密码名单")).to_have_count(0)
    page.reload()
    expect(page.get_by_text("还没有初始密码")).to_have_count(0)
