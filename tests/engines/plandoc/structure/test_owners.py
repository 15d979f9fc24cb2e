"""Owners in every form the catalogue lists, and brackets that are none."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from keshu.engines.plandoc.document import Node
from keshu.engines.plandoc.structure import Structure

Read = Callable[..., Structure]
HEAD = "云澜市2024年科技工作要点\n一、重点任务\n"


def owners(node: Node) -> list[tuple[str, str]]:
    return [(owner.name, owner.role.value) for owner in node.owners]


@pytest.mark.parametrize(
    ("printed", "expected"),
    [
        (
            "(高新科、规划科,各县区、园区)",
            [("高新科", "responsible"), ("规划科", "responsible"), ("各县区", "responsible"), ("园区", "responsible")],
        ),
        ("(高新科牵头,各县区配合)", [("高新科", "lead"), ("各县区", "support")]),
        ((
            "(由市科技局牵头,市财政局、市税务局按职责分工负责)"
        ), [("市科技局", "lead"), ("市财政局", "responsible"), ("市税务局", "responsible")]),
        ((
            "(牵头单位:县科技局;责任单位:县农业农村局、县经信局)"
        ), [("县科技局", "lead"), ("县农业农村局", "responsible"), ("县经信局", "responsible")]),
        ("(责任人:王某某,责任股室:工业股)", [("工业股", "responsible"), ("王某某", "person")]),
        ("(各县(市、区)科技局)", [("各县(市、区)科技局", "responsible")]),
        ("(高新科牵头,各县〔市、区〕政府配合)", [("高新科", "lead"), ("各县〔市、区〕政府", "support")]),
        ("(市科技局、知识产权局(科技局))", [("市科技局", "responsible"), ("知识产权局(科技局)", "responsible")]),
        ("(市科技局等)", [("市科技局", "responsible")]),
        ("(市科技局、各有关部门)", [("市科技局", "responsible"), ("各有关部门", "responsible")]),
        ("(牵头区领导:张某某,牵头单位:区科技局)", [("区科技局", "lead"), ("张某某", "person")]),
        ("(区科技局区教育局)", [("区科技局", "responsible"), ("区教育局", "responsible")]),
        ("(规划科和成果科)", [("规划科", "responsible"), ("成果科", "responsible")]),
        ("[责任单位:市科技局]", [("市科技局", "responsible")]),
    ],
)  # fmt: skip
def test_brackets_at_the_end_of_an_item(structure_of: Read, printed: str, expected: list[tuple[str, str]]) -> None:
    text = f"{HEAD}1.建好平台。新建市级平台3家。{printed}\n2.壮大企业。新增高企30家。\n"
    found = structure_of(text)
    assert owners(found.nodes[1]) == expected
    assert [text[p.start : p.end] for p in found.passages if p.node == 1] == ["新建市级平台3家。"]


@pytest.mark.parametrize(
    "bracket",
    [
        "(含10万元)",
        "(省级5家)",
        "(试行)",
        "(A类)",
        "(部区会商)",
        "(2024年3月)",
        "(国家级1家,省级4家)",
        "(下同)",
        "(详见附件)",
    ],
)
def test_brackets_that_are_no_owners(structure_of: Read, bracket: str) -> None:
    text = f"{HEAD}1.建好平台。新建市级平台3家{bracket}。\n2.壮大企业。制定培育办法。{bracket}\n"
    found = structure_of(text)
    assert [owners(node) for node in found.nodes] == [[], [], []]


def test_a_bracket_inside_a_sentence_is_text(structure_of: Read) -> None:
    text = f"{HEAD}1.建好平台。新建孵化器(众创空间)5家以上,布局科创(人才)平台10家。\n"
    found = structure_of(text)
    assert owners(found.nodes[1]) == []
    assert text[found.passages[0].start : found.passages[0].end].endswith("10家。")


def test_label_lines_of_their_own(structure_of: Read) -> None:
    text = (
        f"{HEAD}1.建好平台。新建市级平台3家。\n牵头单位:市科技局;配合单位:市统计局、各街道(乡镇)\n"
        f"完成时限:2024年11月底前\n"
        "2.壮大企业。新增高企30家。\n责任领导:周某某\n责任单位:高新科\n完成时限:长期坚持\n"
    )
    found = structure_of(text)
    assert owners(found.nodes[1]) == [("市科技局", "lead"), ("市统计局", "support"), ("各街道(乡镇)", "support")]
    assert (str(found.nodes[1].due), found.nodes[1].due_text) == ("2024-11", "2024年11月底前")
    assert owners(found.nodes[2]) == [("高新科", "responsible"), ("周某某", "person")]
    assert (found.nodes[2].due, found.nodes[2].due_text) == (None, "长期坚持")
    assert [text[p.start : p.end] for p in found.passages] == ["新建市级平台3家。", "新增高企30家。"]


def test_label_inside_the_paragraph(structure_of: Read) -> None:
    text = (
        f"{HEAD}1.建好平台。新建市级平台3家。责任单位:市科技局、市财政局。完成时限:6月底前。\n"
        f"2.壮大企业。新增高企30家。\n"
    )
    found = structure_of(text)
    assert owners(found.nodes[1]) == [("市科技局", "responsible"), ("市财政局", "responsible")]
    assert str(found.nodes[1].due) == "2024-06"
    assert [text[p.start : p.end] for p in found.passages if p.node == 1] == ["新建市级平台3家。"]


def test_bracket_behind_the_last_step_belongs_to_the_item(structure_of: Read) -> None:
    text = (
        f"{HEAD}(一)壮大企业。一是抓源头。摸排企业。二是抓辅导。开展培训。(高新科)\n(二)建好平台。新建3家。(平台科)\n"
    )
    assert {node.label: owners(node) for node in structure_of(text).nodes if node.owners} == {
        "(一)": [("高新科", "responsible")],
        "(二)": [("平台科", "responsible")],
    }


def test_one_line_behind_several_items_belongs_to_the_node_above(structure_of: Read) -> None:
    text = (
        f"{HEAD}(一)壮大企业\n1.抓源头。摸排企业。\n2.抓辅导。开展培训。\n责任单位:高新科、规划科\n"
        f"(二)建好平台\n1.实验室。新建3家。\n"
    )
    assert {node.label: owners(node) for node in structure_of(text).nodes if node.owners} == {
        "(一)": [("高新科", "responsible"), ("规划科", "responsible")]
    }


def test_owner_bracket_on_the_heading_line(structure_of: Read) -> None:
    text = f"{HEAD}(一)建好平台(平台科、规划科)\n新建市级平台3家。\n"
    node = structure_of(text).nodes[1]
    assert (node.heading, owners(node)) == ("建好平台", [("平台科", "responsible"), ("规划科", "responsible")])


def test_owners_in_flattened_text(structure_of: Read) -> None:
    text = (
        "云澜市2024年科技工作要点\n一、重点任务1.建好平台。新建3家。(平台科)2.壮大企业。新增30家。"
        "(高新科,各县区)二、保障措施1.强化督查。按月调度。(办公室)"
    )
    assert [owners(node) for node in structure_of(text).nodes if node.owners] == [
        [("平台科", "responsible")],
        [("高新科", "responsible"), ("各县区", "responsible")],
        [("办公室", "responsible")],
    ]


def test_addressees_and_signature_are_no_owners(structure_of: Read) -> None:
    text = (
        "云澜市科学技术局关于印发《2024年科技工作要点》的通知\n各县(市、区)科技局,局机关各科室:\n"
        "现将《2024年科技工作要点》印发给你们,请抓好落实。\n"
        "云澜市科学技术局\n2024年3月1日\n(此件公开发布)\n2024年科技工作要点\n一、任务\n1.建好平台。"
        "新建3家。\n抄送:市政府办公室\n共印60份\n"
    )
    found = structure_of(text)
    assert [node.owners for node in found.nodes] == [(), ()]
    assert [text[p.start : p.end] for p in found.passages] == ["新建3家。"]


def test_owner_spans_cover_the_printed_name(structure_of: Read) -> None:
    text = f"{HEAD}1.建好平台。新建3家。(平台科牵头,各县(市、区)科技局配合)\n"
    assert [owner.span.of(text) for owner in structure_of(text).nodes[1].owners] == ["平台科", "各县(市、区)科技局"]


def test_a_line_behind_the_last_item_is_its_own_where_items_have_lines(structure_of: Read) -> None:
    text = (
        f"{HEAD}第一节 建好平台\n新建3家。\n责任单位:平台科\n第二节 做强园区\n入驻30家。\n责任单位:高新科\n"
        "二、保障措施\n第一节 强化领导\n定期会商。\n第二节 加大投入\n安排经费。\n责任单位:规划科\n"
    )
    found = {node.heading: owners(node) for node in structure_of(text).nodes if node.owners}
    assert found["加大投入"] == [("规划科", "responsible")]
    assert "保障措施" not in found


def test_who_came_to_the_meeting_is_no_owner(structure_of: Read) -> None:
    text = f"{HEAD}1.建好平台。新建3家。(平台科)\n出席:陈某某(市统计局)\n列席:各县科技局局长(市科技局)\n"
    assert [owners(node) for node in structure_of(text).nodes if node.owners] == [[("平台科", "responsible")]]


def test_names_on_the_line_behind_a_label_in_brackets(structure_of: Read) -> None:
    text = f"{HEAD}1.建好平台。新建3家。(责任科室:\n平台科、规划科)\n2.做强园区。入驻30家。(责任科室:高新科)\n"
    assert owners(structure_of(text).nodes[1]) == [("平台科", "responsible"), ("规划科", "responsible")]
