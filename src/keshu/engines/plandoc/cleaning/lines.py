"""What a line is: label, label line, table row."""

from __future__ import annotations

import re

_NUMERALS = "一二三四五六七八九十百"
LABEL = re.compile(
    rf"[ \t]*(?:第[{_NUMERALS}\d]+[章节篇条]|[{_NUMERALS}]{{1,4}}、|[(〔][{_NUMERALS}]{{1,4}}[)〕]|[(]?\d{{1,2}}[)]"
    rf"|\d{{1,2}}[、]"
    rf"|\d{{1,2}}\.(?![\d ]*\d)|[①-⑳]|[{_NUMERALS}]{{1,2}}[是要](?=[\u4e00-\u9fff])|第[{_NUMERALS}],|——?|[【\[][问答]"
    rf"|[A-Z][.、]|[•●◆■★▪])"
)
LABELLED = re.compile(
    r"[ \t]*[(]?(?:(?:牵头|责任|配合|协助|主办|承办|主管|分管|联系|参与|实施)(?:责任)?(?:单位|部门|科室|处室|领导|人"
    r"|股室)|完成(?:时限|时间|期限)|时间节点|进度安排"
    r"|工作目标|目标任务|附件|抄送|主送|索 ?引 ?号|文 ?号|发文(?:机关|单位|字号)|(?:发布|成文|印发|生成|公布)(?:日期"
    r"|时间|机构|部门)|来源|作者|单位(?=[ \t]*[::][ \t]*(?:[万亿千]?元|家|人|个|%|项)))[ \t]*[::]"
)


def is_row(text: str) -> bool:
    """A table row ``| a | b |``."""
    if "|" not in text:
        return False
    stripped = text.strip()
    return len(stripped) > 1 and stripped[0] == "|" and stripped[-1] == "|"
