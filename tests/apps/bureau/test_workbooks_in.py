"""Workbooks as people send them: what is understood is read, what is not is answered in Chinese, and nothing is half-saved."""

from __future__ import annotations

import io
import subprocess
import zipfile
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook, load_workbook
from tests.apps.bureau.workbooks import (
    add,
    columns,
    edited,
    faults,
    plain,
    put,
    received,
    row_of,
    saved,
    states,
    to_fill,
)
from tests.factories import make

from keshu.apps.bureau.models import Attachment, ImportRun, ImportState, Organisation, User
from keshu.apps.bureau.services import Unacceptable
from keshu.apps.bureau.services.attachments import read_attachment
from keshu.apps.bureau.services.exchange import Field, FieldKind
from keshu.apps.bureau.services.exchange.dates import date_of
from keshu.apps.bureau.services.exchange.values import value_of

pytestmark = pytest.mark.django_db

KEY = "bureau.organisations"
HEADS = ("全称", "简称", "类别", "上级单位")
ROW = ("云澜市科技评估中心", "评估中心", "直属单位", "市科技局")


@pytest.fixture
def planner() -> User:
    return make.site().people["planner"]


def tried(content: bytes, planner: User, *, name: str = "表.xlsx") -> ImportRun:
    return received(content, KEY, planner, name=name)


def refused(content: bytes, planner: User, *, name: str = "表.xlsx") -> str:
    """Why a file is turned away, at once or by its job; no file of it is kept and no row."""
    before, files = Organisation.objects.count(), Attachment.objects.count()
    try:
        run = tried(content, planner, name=name)
    except Unacceptable as refusal:
        message = refusal.message
    else:
        assert (run.state, run.attachment, run.rows.count()) == (ImportState.DISCARDED, None, 0)
        message = run.error
    assert Organisation.objects.count() == before
    assert Attachment.objects.count() == files
    return message


def csv_of(encoding: str, separator: str = ",") -> bytes:
    return "\r\n".join(separator.join(row) for row in (HEADS, ROW)).encode(encoding)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
@pytest.mark.parametrize("separator", [",", "\t", ";"])
def test_csv_in_any_usual_encoding(encoding: str, separator: str, planner: User) -> None:
    assert states(tried(csv_of(encoding, separator), planner, name="表.csv")) == {"new": 1}


def test_a_title_above_reordered_columns_and_trailing_blanks(planner: User) -> None:
    heads, row = (
        ("上级单位 ", "类别*", None, "全  称", "简称（必填）"),
        ("市科技局　", " 直属单位", None, "云澜市科技评估中心\n", None),
    )
    content = plain(heads, [row, (None,) * 5, ("", " ", None, "　", None)], above=[("单位登记表",), ()])
    run = tried(content, planner)
    assert (faults(run), states(run)) == ([], {"new": 1})
    assert run.rows.get().number == 4


def test_several_sheets_of_which_one_is_meant(planner: User) -> None:
    book = Workbook()
    book.active.append(["说明", "请照此填写"])
    page = book.create_sheet("名单")
    page.append(HEADS)
    page.append(ROW)
    assert states(tried(saved(book), planner)) == {"new": 1}
    twin = book.create_sheet("名单 (2)")
    twin.append(HEADS)
    twin.append(ROW)
    assert "有 2 张工作表都像要导入的表：“名单”、“名单 (2)”" in refused(saved(book), planner)


def test_columns_that_are_none_of_ours_are_named_and_misspelt_ones_refused(planner: User) -> None:
    run = tried(plain((*HEADS, "我的备注"), [(*ROW, "待定")]), planner)
    assert states(run) == {"new": 1}
    assert "“我的备注”不是这本台账的栏目" in run.notes[0]
    assert "不认识表头“上级单" in refused(plain(("全称", "简称", "类别", "上级单"), [ROW]), planner)
    assert "表头“简称”出现了两次" in refused(plain((*HEADS, "简称"), [(*ROW, "")]), planner)
    assert "表中没有“全称”这一栏" in refused(plain(HEADS[1:], [ROW[1:]]), planner)
    assert "没有找到“单位”的表头" in refused(plain(("企业", "营业收入"), [("甲", 3)]), planner)
    assert "表头下面没有内容" in refused(plain(HEADS, []), planner)


def test_the_same_row_twice(planner: User) -> None:
    told = faults(tried(plain(HEADS, [ROW, ROW]), planner))
    assert told == ["3 与第 2 行重复，请只留一行。"]


def test_merged_cells_are_pointed_at(planner: User) -> None:
    def edit(page: Any) -> None:
        page.merge_cells("D2:D3")

    content = edited(plain(HEADS, [ROW, ("云澜市科技情报所", "情报所", "直属单位", None)]), edit)
    told = faults(tried(content, planner))
    assert [each.split(" ")[:2] for each in told] == [["2", "上级单位"], ["3", "上级单位"]]
    assert "第 2 行至第 3 行是合并单元格，请取消合并，逐行填写" in told[0]


def test_error_values_and_uncomputed_formulas_are_pointed_at(planner: User) -> None:
    book = Workbook()
    page: Any = book.active
    page.append(HEADS)
    page.append(ROW)
    page["B2"].value, page["B2"].data_type = "#N/A", "e"
    page["D2"].value = "=A2"
    told = faults(tried(saved(book), planner))
    assert "简称 单元格里是错误值 #N/A" in told[0]
    assert "上级单位 公式没有计算结果" in told[1]


def test_a_formula_counts_by_its_result(planner: User) -> None:
    book = Workbook()
    page: Any = book.active
    page.append(HEADS)
    page.append(ROW)
    content = with_part(
        saved(book),
        "xl/worksheets/sheet1.xml",
        '<c r="B2" t="inlineStr">',
        '<c r="B2" t="str"><f>"评"&amp;"估"</f><v>评估</v></c><c r="Z2" t="inlineStr">',
    )
    run = tried(content, planner)
    assert ["简称", "", "评估"] in run.rows.get().differences


def with_part(content: bytes, part: str, old: str, new: str) -> bytes:
    """The workbook with a piece of one of its parts replaced."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as source, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as target:
        for info in source.infolist():
            data = source.read(info)
            if info.filename == part:
                assert old in data.decode()
                data = data.decode().replace(old, new, 1).encode()
            target.writestr(info, data)
    return out.getvalue()


def test_hidden_rows_are_read_and_told_of(planner: User) -> None:
    def edit(page: Any) -> None:
        page.row_dimensions[2].hidden = True

    run = tried(edited(plain(HEADS, [ROW]), edit), planner)
    assert states(run) == {"new": 1}
    assert "有 1 行在表中被隐藏或筛选掉了，也一并读取" in run.notes[-1]


def test_the_workbook_of_another_ledger_plan_site_or_version(planner: User, settings: Any, monkeypatch: Any) -> None:
    make.alias("各县区", group=("county",))
    assert "这是“单位别名”的表，不是“单位”的" in refused(to_fill("bureau.aliases", planner), planner)
    own = to_fill(KEY, planner)
    settings.SECRET_KEY = "another site's key"
    assert "不是本系统导出的" in refused(own, planner)
    from keshu.apps.bureau.services.exchange.declarations import RoundTrip

    older = to_fill(KEY, planner)
    monkeypatch.setattr(RoundTrip, "version", "00000000")
    assert "这份表是旧版" in refused(older, planner)


def test_rows_that_are_no_longer_there_or_not_theirs(planner: User) -> None:
    office = make.office(name="外国专家处")
    content = to_fill(KEY, planner)
    Organisation.objects.filter(pk=office.pk).delete()
    [told] = faults(tried(content, planner))
    assert "这一条已不在您可以修改的范围内" in told


def test_locked_damaged_foreign_and_huge_files(planner: User, settings: Any) -> None:
    locked = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600 + "EncryptedPackage".encode("utf-16-le") + b"\0" * 100
    assert "设了打开密码" in refused(locked, planner)
    word = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600 + "WordDocument".encode("utf-16-le") + b"\0" * 100
    assert "不是 Excel 表格" in refused(word, planner, name="表.doc")
    good = plain(HEADS, [ROW])
    assert "已损坏" in refused(good[: len(good) // 2], planner)
    assert "已损坏" in refused(good.replace(good[400:420], b"x" * 20), planner)
    assert "打不开" in refused(b"\x00\x01\x02 nothing", planner)
    assert "空文件" in refused(b"", planner)
    assert "网页格式" in refused(b"<html><table><tr><td>x</td></tr></table></html>", planner, name="表.xls")
    assert "不是 Excel 表格" in refused(b"%PDF-1.7 ...", planner, name="表.pdf")
    package = io.BytesIO()
    with zipfile.ZipFile(package, "w") as archive:
        archive.writestr("word/document.xml", "<w/>")
    assert "不是 Excel 工作簿" in refused(package.getvalue(), planner)
    settings.UPLOAD_LIMIT = 50 * 1024 * 1024
    assert "超过 50 MB 的上限" in refused(b"PK\x03\x04" + b"\0" * (60 * 1024 * 1024), planner)


def test_a_bomb_is_not_unpacked(planner: User) -> None:
    package = io.BytesIO(plain(HEADS, [ROW]))
    with zipfile.ZipFile(package, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/worksheets/sheet9.xml", b"\0" * (200 * 1024 * 1024))
    assert len(package.getvalue()) < 1_000_000
    assert "展开后超过 150 MB" in refused(package.getvalue(), planner)


def test_a_stray_cell_at_the_end_of_the_sheet_is_no_gigabyte(planner: User) -> None:
    def stray(page: Any) -> None:
        page["XFD1048576"] = "x"

    assert "一直用到第 1048576 行、第 16384 列" in refused(edited(plain(HEADS, [ROW]), stray), planner)


def test_the_returned_copy_is_the_same_workbook_with_its_faults_marked(planner: User) -> None:
    def edit(page: Any) -> None:
        put(page, "高新处", "排序", "第三")
        page.cell(row_of(page, "规划处"), page.max_column + 1).value = "别动我"
        add(page, 全称="新设处", 类别="股室", 上级单位="市科技局")

    content = edited(to_fill(KEY, planner), edit)
    run = tried(content, planner)
    assert run.marked is not None
    assert run.marked.name == "表-标注.xlsx"
    copy = read_attachment(run.marked.pk)
    page: Any = load_workbook(io.BytesIO(copy)).worksheets[0]
    places = columns(page)
    bad = page.cell(row_of(page, "高新处"), places["排序"])
    assert (bad.value, bad.fill.fgColor.rgb) == ("第三", "FFFFC7CE")
    assert "填写的是“第三”，请填数字" in bad.comment.text
    assert "“排序”：填写的是“第三”" in page.cell(bad.row, places["导入意见"]).value
    assert page.cell(row_of(page, "规划处"), places["导入意见"]).value is None
    assert row_of(page, "别动我") == row_of(page, "规划处")
    assert page.cell(row_of(page, "新设处"), places["类别"]).comment is not None

    # The copy itself, put right, is taken; the marks of the first round do not stand in the way.
    def mend(page: Any) -> None:
        put(page, "高新处", "排序", 3)
        put(page, "新设处", "类别", "处室")

    again = tried(edited(copy, mend), planner)
    assert (faults(again), states(again)["new"], states(again)["changed"]) == ([], 1, 1)
    half = tried(edited(copy, lambda page: put(page, "高新处", "排序", 3)), planner)
    page = load_workbook(io.BytesIO(read_attachment(half.marked.pk))).worksheets[0]  # type: ignore[union-attr]
    mended = page.cell(row_of(page, "高新处"), columns(page)["排序"])
    assert (mended.comment, mended.fill.fgColor.rgb == "FFFFC7CE") == (None, False)


def test_a_csv_comes_back_as_a_marked_workbook(planner: User) -> None:
    text = "全称,类别,上级单位\n=新设处,股室,市科技局\n"
    run = tried(text.encode("gb18030"), planner, name="单位.csv")
    page: Any = load_workbook(io.BytesIO(read_attachment(run.marked.pk))).worksheets[0]  # type: ignore[union-attr]
    assert (page["A2"].value, page["A2"].data_type) == ("=新设处", "s")
    assert "请从这些中选一个" in page["B2"].comment.text


@pytest.mark.office
def test_what_was_saved_in_the_old_format_is_known_again(planner: User, tmp_path: Path) -> None:
    new, old = tmp_path / "单位.xlsx", tmp_path / "单位.xls"
    new.write_bytes(edited(to_fill(KEY, planner), lambda page: put(page, "高新处", "简称", "高技术处")))
    office = ["soffice", "--headless", f"-env:UserInstallation=file://{tmp_path}/profile", "--convert-to", "xls"]
    subprocess.run([*office, "--outdir", str(tmp_path), str(new)], check=True, capture_output=True, timeout=300)
    run = tried(old.read_bytes(), planner, name="单位.xls")
    assert (faults(run), states(run)["changed"]) == ([], 1)


@pytest.mark.office
def test_error_values_of_the_old_format_are_told_by_row_and_column(planner: User, tmp_path: Path) -> None:
    """A formula that fails, and an error typed in: calamine gives both as blanks."""
    new, old = tmp_path / "单位.xlsx", tmp_path / "单位.xls"

    def edit(page: Any) -> None:
        page["B2"], page["C3"] = "=NA()", "=1/0"

    new.write_bytes(edited(plain(HEADS, [ROW, ROW]), edit))
    office = ["soffice", "--headless", f"-env:UserInstallation=file://{tmp_path}/profile", "--convert-to", "xls"]
    subprocess.run([*office, "--outdir", str(tmp_path), str(new)], check=True, capture_output=True, timeout=300)
    told = faults(tried(old.read_bytes(), planner, name="单位.xls"))
    assert told[0].startswith(f"2 {HEADS[1]} 单元格里是错误值 #N/A")
    assert any(each.startswith(f"3 {HEADS[2]} 单元格里是错误值 #DIV/0!") for each in told)
    cut = refused(old.read_bytes()[:3000], planner, name="单位.xls")
    assert ".xls" in cut


@pytest.mark.parametrize(
    "typed",
    ["2026年3月5日", "2026.3.5", "2026-03-05", "2026/3/5", "２０２６．３．５", "20260305", "二〇二六年三月五日", 46086.0,
     20260305.0, date(2026, 3, 5), datetime(2026, 3, 5, 9), "2026-03-05 00:00:00", "2026年03月05号"],
)  # fmt: skip
def test_days_as_offices_write_them(typed: Any) -> None:
    assert date_of(typed) == date(2026, 3, 5)


@pytest.mark.parametrize(
    "typed", ["3月5日", "26.3.5", "2026年13月1日", "2026-02-30", "去年", 12.5, "2026年", True, "1026-03-05"]
)
def test_what_is_no_day_is_refused(typed: Any) -> None:
    with pytest.raises(Unacceptable, match="例如 2026-03-05"):
        date_of(typed)


@pytest.mark.parametrize(
    ("typed", "number"),
    [("１２３", 123), ("1,234.50", Decimal("1234.5")), ("1，234", 1234), (320.0, 320), (0.1 + 0.2, Decimal("0.3")),
     (" 12 ", 12), ("-3", -3)],
)  # fmt: skip
def test_numbers_as_people_type_them(typed: Any, number: Any) -> None:
    field = Field("value", "数值", FieldKind.NUMBER, places=6)
    assert value_of(field, typed, names=None) == number  # type: ignore[arg-type]


@pytest.mark.parametrize("typed", ["二百万", "320家", "约3", "1e400", "nan", True, date(2026, 3, 5), "12.5.3", 10**15])
def test_what_is_no_number_is_refused(typed: Any) -> None:
    with pytest.raises(Unacceptable, match="填写的是"):
        value_of(Field("value", "数值", FieldKind.NUMBER, places=6), typed, names=None)  # type: ignore[arg-type]


def test_a_whole_number_is_not_rounded_in_silence() -> None:
    with pytest.raises(Unacceptable, match="请填整数"):
        value_of(Field("position", "排序", FieldKind.NUMBER), 2.4, names=None)  # type: ignore[arg-type]


def test_per_cent_as_people_type_it() -> None:
    """Text with the sign is taken; what Excel keeps as a fraction is told with the number to write."""
    field = Field("percent", "完成进度（%）", FieldKind.NUMBER)
    assert value_of(field, "88%", names=None) == 88  # type: ignore[arg-type]
    with pytest.raises(Unacceptable, match="即88%。这一列以%为单位，请填 88。"):
        value_of(field, 0.88, names=None)  # type: ignore[arg-type]
    with pytest.raises(Unacceptable, match="不带单位"):
        value_of(Field("value", "完成数", FieldKind.NUMBER, places=6), "88%", names=None)  # type: ignore[arg-type]


def test_every_faulty_cell_of_a_row_is_told_at_once(planner: User) -> None:
    def edit(page: Any) -> None:
        seat = {"任职单位": "高新处", "角色": "处室经办"}
        add(page, 用户名="lin2", 姓名="林二", 联系电话="电话", 邮箱="lin2", **seat)
        add(page, 用户名="lin3", 姓名="林三", 联系电话="电话", 任职起="2026-03-05", 任职止="2026-03-01", **seat)
        add(page, 用户名="林四", 姓名="林四", 任职单位="青岭县", 角色="处室经办", 任职起="三月")
        add(page, 用户名="lin5", 姓名="林" * 61, 邮箱="lin5", **seat)

    run = received(edited(to_fill("bureau.people", planner, is_template=True), edit), "bureau.people", planner)
    told = [row[:2] for row in (each.split(" ") for each in faults(run))]
    rows = [row.number for row in run.rows.all()]
    expected = [("联系电话", "邮箱"), ("联系电话", "任职止"), ("任职起", "用户名", "任职单位"), ("姓名", "邮箱")]
    assert told == [[str(row), label] for row, labels in zip(rows, expected, strict=True) for label in labels]
    # What was typed is shown, that which cannot be read as well.
    assert ["任职起", "", "三月"] in run.rows.get(number=rows[2]).differences


def test_two_faulty_cells_of_a_row_that_is_there(planner: User) -> None:
    def edit(page: Any) -> None:
        put(page, "高新处", "全称", "高" * 121)
        put(page, "高新处", "排序", -1)

    run = tried(edited(to_fill(KEY, planner), edit), planner)
    told = [each.split(" ", 2)[1:] for each in faults(run)]
    assert [label for label, _ in told] == ["全称", "排序"]
    assert "有 121 个字" in told[0][1]
    assert "填写的是“-1”" in told[1][1]
    name, position = run.rows.get(state="faulty").differences
    assert (name[1], name[2][:3], position[2]) == ("高新技术处", "高高高", "-1")


def test_what_is_wrong_with_a_row_reddens_the_row(planner: User) -> None:
    content = plain(HEADS, [ROW, ROW])
    copy = read_attachment(tried(content, planner).marked.pk)  # type: ignore[union-attr]
    page: Any = load_workbook(io.BytesIO(copy)).worksheets[0]
    assert [cell.fill.fgColor.rgb[:7] for cell in page[3][:4]] == ["FFFFC7C"] * 4
    assert "与第 2 行重复" in page["A3"].comment.text
    assert page["A2"].fill.fgColor.rgb[:7] != "FFFFC7C"

    # Put right, the row comes back white.
    def mend(page: Any) -> None:
        page["A3"].value, page["C2"].value = "云澜市科技情报所", "股室"

    again = tried(edited(copy, mend), planner)
    page = load_workbook(io.BytesIO(read_attachment(again.marked.pk))).worksheets[0]  # type: ignore[union-attr]
    assert {cell.fill.fgColor.rgb[:7] for cell in page[3][:4]} == {"0000000"}
    assert page["A3"].comment is None


def test_a_workbook_without_its_column_of_keys_is_turned_away_once(planner: User) -> None:
    def cut(page: Any) -> None:
        page.delete_cols(page.max_column)

    told = refused(edited(to_fill(KEY, planner), cut), planner)
    assert "缺少“行标识”列" in told
    assert "重新点【导出可回填的表】" in told
