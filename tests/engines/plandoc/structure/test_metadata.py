"""The head of a document: labels, notice, title, numbers and dates."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from keshu.engines.plandoc.document import DocumentKind
from keshu.engines.plandoc.structure import Structure
from keshu.engines.plandoc.structure.dates import find_day, find_deadline, part_of_year, year_span
from keshu.engines.plandoc.structure.headblock import Field, read_block

Read = Callable[..., Structure]
BODY = "一、主要目标\n研发强度达到2%。\n"


def test_label_block_and_notice(structure_of: Read) -> None:
    text = (
        "索 引 号:530900/2024-00012    主题分类:科技\n发文机关:云澜市科学技术局    成文日期:2024年02月15日\n"
        "文    号:云科发[2024]6号    发布日期:2024年02月17日\n"
        "云澜市科学技术局关于印发《2024年云澜市科技工作要点》的通知\n各县区科技局:\n"
        "根据省厅部署(省科发〔2023〕9号),现将《2024年云澜市科技工作要点》印发给你们,请抓好落实。\n"
        "云澜市科学技术局\n2024年2月15日\n"
        "2024年云澜市科技工作要点\n" + BODY
    )
    meta = structure_of(text).meta
    assert (meta.title, meta.full_title) == (
        "2024年云澜市科技工作要点",
        "云澜市科学技术局关于印发《2024年云澜市科技工作要点》的通知",
    )
    assert (meta.issuer, meta.region, meta.doc_number) == ("云澜市科学技术局", "云澜市", "云科发〔2024〕6号")
    assert (meta.index_number, meta.published, meta.document_date) == ("530900/2024-00012", "2024-02-17", "2024-02-15")
    assert (meta.plan_year, meta.kind) == (2024, DocumentKind.PLAN)


def test_blank_labels_do_not_swallow_the_next() -> None:
    block = read_block("文号:    有效性:有效\n废止日期:  发布机构:云澜市科技局\n", limit=60)
    assert block.get(Field.DOC_NUMBER) is None
    assert block.get(Field.ISSUER) == "云澜市科技局"


def test_labels_between_pipes_and_in_brackets() -> None:
    block = read_block("| 索引号 | 5301/2024-1 | 发文机关 | 云澜市科技局 |\n[ 文号 ] 云科〔2024〕3号\n", limit=80)
    assert (block.get(Field.INDEX_NUMBER), block.get(Field.ISSUER)) == ("5301/2024-1", "云澜市科技局")
    assert block.get(Field.DOC_NUMBER) == "云科〔2024〕3号"


def test_flattened_head(structure_of: Read) -> None:
    text = (
        "政策文号:云科字〔2024〕11号  发文单位:云澜市科学技术局  公布日期:2024年03月09日  时效:请以"
        "官方为准云澜市科学技术局关于印发"
        "《2024年全市科技工作要点》的通知各县区科技局:《2024年全市科技工作要点》已经研究同意,现印发"
        "给你们。云澜市科学技术局2024年3月7日"
        "2024年全市科技工作要点全市工作要提质。一、建平台(一)实验室。新建5家。"
    )
    meta = structure_of(text).meta
    assert (meta.title, meta.issuer) == ("2024年全市科技工作要点", "云澜市科学技术局")
    assert (meta.doc_number, meta.published, meta.document_date) == ("云科字〔2024〕11号", "2024-03-09", "2024-03-07")


def test_notice_without_title_marks(structure_of: Read) -> None:
    text = (
        "云澜县人民政府办公室关于印发云澜县“十四五”科技创新规划的通知\n云政办发【2021】38号\n"
        "各乡镇人民政府:\n现印发给你们,请认真实施。\n"
        "云澜县人民政府办公室\n2021年11月22日\n云澜县“十四五”科技创新规划\n" + BODY
    )
    meta = structure_of(text).meta
    assert (meta.title, meta.issuer, meta.region) == ("云澜县“十四五”科技创新规划", "云澜县人民政府办公室", "云澜县")
    assert (meta.doc_number, meta.plan_year, meta.published) == ("云政办发〔2021〕38号", 2025, "2021-11-22")


def test_mirror_site_is_no_issuer(structure_of: Read) -> None:
    meta = structure_of("云澜县科学技术局2024年工作计划\n来源:网络整理    日期:二〇二四年一月十四日\n" + BODY).meta
    assert (meta.issuer, meta.region, meta.published) == ("云澜县科学技术局", "云澜县", "2024-01-14")


def test_title_issuer_and_date_of_the_file_fill_gaps(structure_of: Read) -> None:
    found = structure_of(
        "为做好今年工作,制定本要点。\n" + BODY,
        title="云澜区2024年科技工作要点",
        issuer="云澜区科学技术局",
        published="2024-03-18",
    )
    assert (found.meta.title, found.meta.issuer, found.meta.published) == (
        "云澜区2024年科技工作要点",
        "云澜区科学技术局",
        "2024-03-18",
    )


def test_signature_at_the_end(structure_of: Read) -> None:
    text = "关于2024年1-9月科技指标完成情况的通报\n" + BODY + "南屏州科学技术局\n2024年10月16日\n"
    meta = structure_of(text).meta
    assert (meta.issuer, meta.published, meta.kind) == ("南屏州科学技术局", "2024-10-16", DocumentKind.SUMMARY)


def test_document_without_title(structure_of: Read) -> None:
    text = (
        "过去一年,区科技局对标先进,聚力攻坚,各项指标稳中有进,高企达到xx家。\n一、建平台\n1、实验室。"
        "新建xx家。\nxxxx年工作思路\n一是抓企业。新增xx家。\n"
    )
    meta = structure_of(text).meta
    assert (meta.title, meta.issuer, meta.plan_year, meta.kind) == (
        None,
        "区科技局",
        None,
        DocumentKind.SUMMARY_AND_PLAN,
    )


@pytest.mark.parametrize(
    ("title", "kind", "year"),
    [
        ("云澜市科技局2023年工作总结及2024年工作打算", DocumentKind.SUMMARY_AND_PLAN, 2024),
        ("云澜市科技局2023年工作总结", DocumentKind.SUMMARY, 2023),
        ("云澜市2024年科技工作要点", DocumentKind.PLAN, 2024),
        ("云澜市科技企业培育三年行动方案(2023—2025年)", DocumentKind.PLAN, 2025),
        ("云澜市“十三五”科技规划", DocumentKind.PLAN, 2020),
        ("关于2024年一季度科技指标的通报", DocumentKind.SUMMARY, 2024),
    ],
)
def test_kind_and_plan_year_from_the_title(structure_of: Read, title: str, kind: DocumentKind, year: int) -> None:
    meta = structure_of(f"{title}\n{BODY}").meta
    assert (meta.kind, meta.plan_year) == (kind, year)


@pytest.mark.parametrize(
    ("printed", "iso"),
    [
        ("2023年02月17日", "2023-02-17"),
        ("2023.3.23", "2023-03-23"),
        ("2023-12-08 09:30", "2023-12-08"),
        ("二〇二〇年一月十四日", "2020-01-14"),
        ("二○二二年十二月三十一日", "2022-12-31"),
        ("二O二一年十月二十日", "2021-10-20"),
    ],
)
def test_dates(printed: str, iso: str) -> None:
    found = find_day(printed)
    assert found is not None
    assert found[2] == iso


@pytest.mark.parametrize(
    ("printed", "period"),
    [
        ("2021年12月", "2021-12"),
        ("11月底前", "2024-11"),
        ("12月20日前", "2024-12"),
        ("三季度末", "2024-09"),
        ("二季度", "2024-Q2"),
        ("上半年", "2024-H1"),
        ("年底前", "2024-12"),
        ("2025年", "2025"),
        ("每季度末", None),
        ("全年推进", None),
        ("长期坚持", None),
    ],
)
def test_deadlines(printed: str, period: str | None) -> None:
    found = find_deadline(printed, year=2024)
    assert (None if found is None else str(found)) == period


def test_spans_and_parts_of_years() -> None:
    assert [str(year_span(words)) for words in ("(2023—2025年)", "“十四五”规划", "20232025年行动", "2024年要点")] == [
        "2023/2025",
        "2021/2025",
        "2023/2025",
        "None",
    ]
    assert [str(part_of_year(words, year=2024)) for words in ("1—9月", "上半年", "前三季度", "三季度", "全年")] == [
        "2024-01/2024-09",
        "2024-H1",
        "2024-01/2024-09",
        "2024-Q3",
        "None",
    ]


def test_issuer_above_a_bulletin_title_joins_the_full_title(structure_of: Read) -> None:
    meta = structure_of(
        "云澜市科技创新委员会办公室\n关于2024年前三季度科技指标完成情况的通报\n云科创办〔2024〕2号\n一、总体情况\n"
    ).meta
    assert meta.title == "关于2024年前三季度科技指标完成情况的通报"
    assert meta.full_title == "云澜市科技创新委员会办公室关于2024年前三季度科技指标完成情况的通报"


def test_the_year_of_a_form_stands_below_its_title(structure_of: Read) -> None:
    text = "项目支出绩效自评表\n(2023年度)\n填报单位:云澜市科学技术局 填报日期:2024年3月18日\n一、自评结论\n"
    assert structure_of(text).meta.plan_year == 2023
