"""Where a table belongs."""

from keshu.engines import plandoc

TEXT = """云澜市2026年科技工作要点
一、主要目标
1.研发投入强度达到2.6%。
2.综合评价进入全省前5位。
表1 主要指标
| 指标 | 单位 | 2026年目标 |
| 技术合同成交额 | 亿元 | 68 |
二、重点任务
（一）培育企业。新增高新技术企业60家。
"""


def test_a_table_behind_goal_lines_belongs_to_their_section() -> None:
    document = plandoc.read_text(TEXT)
    (claim,) = [claim for claim in document.claims if claim.value == 68]
    assert claim.section == ("一、主要目标",)
    assert claim.node is not None
    assert document.nodes[claim.node].heading == "主要目标"
