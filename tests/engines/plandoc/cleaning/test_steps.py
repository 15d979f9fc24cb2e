"""Each kind of noise of the catalogue, undone; and what looks like it, left alone."""

from __future__ import annotations

import pytest

from keshu.engines.plandoc.cleaning import clean
from keshu.engines.plandoc.cleaning.draft import Draft
from keshu.engines.plandoc.cleaning.step import Step
from keshu.engines.plandoc.cleaning.steps import STEPS


@pytest.mark.parametrize("step", STEPS, ids=lambda step: step.noise)
def test_a_step_does_what_its_example_says(step: Step) -> None:
    noisy, mended = step.example
    assert step.repair(Draft.of(noisy)).text == mended


@pytest.mark.parametrize("step", STEPS, ids=lambda step: step.noise)
def test_a_step_runs_where_its_example_occurs(step: Step) -> None:
    noisy, mended = step.example
    assert step(Draft.of(noisy)).text == mended


@pytest.mark.parametrize(
    ("noisy", "mended"),
    [
        ("新增企业1 2 0家,增长3. 5%。", "新增企业120家,增长3.5%。"),
        ("营业收入突破1 500亿元", "营业收入突破1500亿元"),
        ("全年新增高新技术企业共计6\n5家。", "全年新增高新技术企业共计65家。"),
        (
            "l00家、2O家、1O个、2l6家,占l8.4%,提高O.13个百分点,每月l场",
            "100家、20家、10个、216家,占18.4%,提高0.13个百分点,每月1场",
        ),
        ("江科〔2O23〕8号", "江科〔2023〕8号"),
        ("R D经费,R&amp;D人员,Ｒ＆Ｄ投入,r&d活动", "R&D经费,R&D人员,R&D投入,R&D活动"),
        ("區(qū)科技局創(chuàng)新發(fā)展", "区科技局创新发展"),
        ("行動計畫、資訊、最佳化、專案、網路", "行动计划、信息、优化、项目、网络"),
        ("xx綠色環(huán);ぎa(chǎn)業(yè)創(chuàng)新服務(wù)綜合體", "xx绿色环□产业创新服务综合体"),
        ("二○二○年一月,二O二二年,二0二三年", "二〇二〇年一月,二〇二二年,二〇二三年"),
        ("20232025年行动方案,展望二三五年", "2023—2025年行动方案,展望二〇三五年"),
        ("建设主体,,创新、、平台;;", "建设主体,创新、平台;"),
        ("\uf06c新增\uf0d8培育", "新增培育"),
        ("髙新企业,農戶增收", "高新企业,农户增收"),
        ("⼯作要点⾼新⻓期", "工作要点高新长期"),
        ("占 GDP 比重 2.3 %,达到 120 家", "占GDP比重2.3%,达到120家"),
        ("加计扣- 3 -除额,难— 12 —点,统计第 3 页 共 9 页口径", "加计扣除额,难点,统计口径"),
        ("㈠目标⑴高企⒉平台", "(一)目标(1)高企2.平台"),
        ("〔一〕效劳企业,到达30家", "〔一〕服务企业,达到30家"),
        ("局长(签字):某某[标签:介绍]", "局长:某某"),
        ("第１２届，１．９％（含）；：", "第12届,1.9%(含);:"),
    ],
)
def test_noise_is_undone(noisy: str, mended: str) -> None:
    assert clean(noisy).text == mended


@pytest.mark.parametrize(
    "text",
    [
        "研发(R&D)、专利(PCT)、(一)目标(GDP)、甲(A类)",
        "新增xx家以上,占xx.x%,完成***家,20xx年,X-X个,xxxx年",
        "5G应用、PM2.5、CO2、H2O、IPO、R2级",
        "4~6个,5-8家,5—8家,1,286.40万元,2020.3.1",
        "1. 2023年新增8家",
        "围绕“三强四优”——一条主线……展开",
        "比例1:3,每年1次,1-11月",
        "市科技局推进无障碍环境建设。",
        "2.开展科技贷款热线服务,全年接听1000次。",
        "本镇区位置优越。\n首页改版",
        "卡尔.马克思与弗里德里希.恩格斯",
        "一.总体情况\n二.主要做法\n三.下步打算",
    ],
)
def test_what_only_looks_like_noise_stays(text: str) -> None:
    assert clean(text).text == text


def test_head_lines_survive() -> None:
    head = (
        "索 引 号：0123456/2021-00456    主题分类：科技、教育\n文　　号：云科发〔2021〕6号    "
        "发布日期：2021年02月17日\n"
        "各县(市、区)科技局：\n现将要点印发给你们，请认真落实。\n某市科技局  某市财政局\n2021年2月15日\n(此件公开发布)"
    )
    assert clean(head).text == (
        "索引号:0123456/2021-00456 主题分类:科技、教育\n文号:云科发〔2021〕6号 发布日期:2021年02月17日\n"
        "各县(市、区)科技局:\n现将要点印发给你们,请认真落实。\n某市科技局  某市财政局\n2021年2月15日\n(此件公开发布)"
    )


def test_the_script_is_told_from_the_whole_text() -> None:
    assert clean("區科技局對標創新任務,聚力打造科創帶,各項指標穩中有進。").script == "traditional"
    stray = clean("全市科技局对标创新任务,聚力打造科创带,企業各项指标稳中有进,全年新增高新技术企业五十家以上。")
    assert (stray.script, stray.artefacts) == ("simplified", ())
    assert "企业各项" in stray.text


_WRAPPED = (
    "某市２０２４年科技工作要点\n"
    "全市科技工作围绕因地制宜发展新质生产力，聚焦产业焕新，平台增\n"
    "效两条主线。主要目标：研发投入突破６０亿元，占比达到２．３５\n"
    "％；高新技术企业达到６８０家以上，技术合同成交额达到１１\n"
    "- 1 -\n"
    "０亿元；每万人高价值发明专利拥有量达到７．８件，成果转化四百\n"
    "项。\n"
    "一、聚焦产业焕新\n"
    "１．实施重大科技专项。面向新型储能、智能装备，凝练清单５０项\n"
    "，组织实施市级重大专项１２项，单个项目支持额度最高５００万元\n"
    "以上。（高新技术科、资源配置科）\n"
    "深入落实各项政策，让企业敢投、能投、善投。\n"
)


def test_wrapped_lines_are_joined_and_paragraphs_kept() -> None:
    cleaned = clean(_WRAPPED)
    assert cleaned.text.split("\n") == [
        "某市2024年科技工作要点",
        "全市科技工作围绕因地制宜发展新质生产力,聚焦产业焕新,平台增效两条主线。主要目标:研发投入突破60亿元,占比达到2.35%;"
        "高新技术企业达到680家以上,技术合同成交额达到110亿元;每万人高价值发明专利拥有量达到7.8件,成果转化四百项。",
        "一、聚焦产业焕新",
        "1.实施重大科技专项。面向新型储能、智能装备,凝练清单50项,组织实施市级重大专项12项,单个项目支持额度最高500万元以上。(高新技术科、资源配置科)",
        "深入落实各项政策,让企业敢投、能投、善投。",
    ]
    assert {"fullwidth_digits", "page_numbers_inline", "line_wrapped"} <= set(cleaned.artefacts)


def test_paragraphs_of_any_length_are_not_joined() -> None:
    text = "一、目标\n新增8家\n牵头单位:甲局\n完成时限:全年\n二、任务\n推进平台建设\n新建2家\n三、保障\n按月调度"
    assert clean(text).text == text


def test_running_heads_and_bare_page_numbers_at_page_ends() -> None:
    pages = [f"某市科技局文件\n第{n}段说明企业培育情况并列出下一步打算。\n{n}" for n in "123"]
    cleaned = clean("\n\f".join(pages))
    # The first head stays: it could be the title.
    assert cleaned.text.split("\n") == [
        "某市科技局文件",
        *(f"第{n}段说明企业培育情况并列出下一步打算。" for n in "123"),
    ]


def test_running_heads_beside_page_numbers_without_page_marks() -> None:
    text = "某局文件\n甲段落结束。\n- 1 -\n某局文件\n乙段落结束。\n- 2 -\n某局文件\n丙段落结束。"
    assert clean(text).text == "某局文件\n甲段落结束。\n乙段落结束。\n丙段落结束。"


def test_contents_lines_go_and_headings_stay() -> None:
    text = "目  录\n第一章 发展基础........1\n第二章 目标……………3\n第一章 发展基础\n正文一。\n第二章 目标\n正文二。"
    assert clean(text).text == "第一章发展基础\n正文一。\n第二章目标\n正文二。"


def test_numbers_of_chunks_are_taken_out_of_words() -> None:
    filler = "围绕主导产业布局创新平台并推动大型仪器开放共享提高服务能力和水平" * 8
    text = f"{filler}推动高质\n\n3、量发展{filler}进一步深化产\n\n4、学研合作。\n1、完善机制。\n2、加强宣传。"
    assert clean(text).text == f"{filler}推动高质量发展{filler}进一步深化产学研合作。\n1、完善机制。\n2、加强宣传。"


def test_tables_stay_rows_and_flattened_ones_keep_their_gaps() -> None:
    assert clean("|  指标 名称 | 单位|２０２５年 目标 |\n|---|---|---|\n| 高企 | 家 | ≥ 90 |").text == (
        "| 指标名称 | 单位|2025年目标 |\n| 高企 | 家 | ≥90 |"
    )
    flat = "序号   指标名称   单位   目标值\n1   研发投入强度   %   2.0左右\n2   高新技术企业   家   90"
    assert clean(flat).text == "序号 指标名称 单位 目标值\n1 研发投入强度 % 2.0左右\n2 高新技术企业 家 90"


def test_gaps_between_the_cells_of_a_task_list_stay() -> None:
    text = "序号  重点任务  牵头单位\n1  培育高企,复审 12 家  高新科\n2  新建平台  规划科\n三、要求\n各单位 抓好落实。"
    assert clean(text).text == (
        "序号 重点任务 牵头单位\n1 培育高企,复审 12 家 高新科\n2 新建平台 规划科\n三、要求\n各单位抓好落实。"
    )


def test_noise_inside_lines_goes_with_the_blanks_in_front_of_it() -> None:
    assert (
        clean("全市科技工作稳中有进。 浏览次数:387  编辑:王某 审核:李某\n正文。").text
        == "全市科技工作稳中有进。\n正文。"
    )


def test_the_date_beside_a_copied_source_stays() -> None:
    assert clean("云澜市2024年科技工作要点\n来源:网络整理  时间:2024-02-18\n正文。").text.split("\n")[1] == (
        "来源:网络整理  时间:2024-02-18"
    )


def test_a_wrapped_line_of_the_contents_goes() -> None:
    assert clean("新增企业8家,\n……………12\n正文。").text == "新增企业8家,\n正文。"
