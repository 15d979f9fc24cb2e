"""The label block at the head of a published document: 索引号, 文号, 发布机构, 成文日期 and their like.

Values are split on the known vocabulary of labels, never on blanks: a blank label must not swallow the next one, and two
labels may share a line.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from itertools import zip_longest
from typing import NamedTuple


class Field(StrEnum):
    """What a label of the head block names. `OTHER` labels end a value and say nothing we keep."""

    INDEX_NUMBER = "index_number"
    DOC_NUMBER = "doc_number"
    ISSUER = "issuer"
    SOURCE = "source"
    FILLER = "filler"
    PUBLISHED = "published"
    DOCUMENT_DATE = "document_date"
    DATE = "date"
    FILLED = "filled"
    TITLE = "title"
    OTHER = "other"


# Longest spelling first within the whole vocabulary (sorted below), so 信息来源 is not read as 来源.
LABELS: dict[Field, str] = {
    Field.INDEX_NUMBER: "索引号 信息索引号 信息索引 索引编号 公开索引号",
    Field.DOC_NUMBER: "文号 发文字号 政策文号 字号 文件编号 发文文号 文件号 发文号 文件文号",
    Field.ISSUER: (
        "发布机构 发文机关 发文单位 发布部门 发布单位 制定机关 制发机关 发文机构 发布机关 公开主体 "
        "责任部门 发文部门 制定单位 印发机关 印发单位 颁布单位"
    ),
    Field.SOURCE: "来源 信息来源 文章来源 稿件来源 信息提供",
    Field.FILLER: "填报单位 编报单位 申报单位 填报部门 制表单位 编制单位 汇报单位 报送单位",
    Field.PUBLISHED: "发布日期 发布时间 公布日期 公开日期 公布时间 公开时间 上传时间 更新时间 发稿时间",
    Field.DOCUMENT_DATE: "成文日期 发文日期 印发日期 生成日期 成文时间 发文时间 签发日期 制发日期 印发时间",
    Field.DATE: "日期 时间",
    Field.FILLED: "填报日期 报送日期 填表日期 制表日期",
    Field.TITLE: "名称 标题 文件名称 信息名称",
    Field.OTHER: (
        "主题分类 体裁分类 组配分类 公开方式 公开形式 公开范围 公开属性 公开程序 有效性 效力状态 是否有效 "
        "时效 时效性 有效期 废止日期 失效日期 失效时间 生效日期 实施日期 主题词 关键词 分类 作者 编辑 责任编辑 "
        "审核 浏览次数 阅读次数 点击数 点击率 浏览量 字体 字号大小 服务对象 发布层级 载体类型 文件类型 公文种类 "
        "文种 统一编号 规范性文件登记号 登记号 内容概述 信息类别 所属栏目 栏目 打印 分享"
    ),
}
_FIELD_OF = {label: field for field, labels in LABELS.items() for label in labels.split()}
_LONGEST = max(map(len, _FIELD_OF))
# What closes a label: a colon, a pipe, or the bracket it stands in.
_MARK = re.compile(r"[\]】〕][ \t]*[:|]?[ \t|]*|[:|][ \t|]*")
_EMPTY = {"", "无", "-", "—", "--", "/", "暂无"}


@dataclass(frozen=True, slots=True)
class HeadBlock:
    """The values found, by field (first printed wins), and where the block's last line ends (0: there is none)."""

    values: dict[Field, str]
    end: int

    def get(self, field: Field) -> str | None:
        return self.values.get(field)


def read_block(text: str, *, limit: int) -> HeadBlock:
    """Read the labels printed before `limit`.

    Examples
    --------
    >>> block = read_block("索引号:53/2023-1  主题分类:  文号:云科发〔2023〕6号", limit=60)
    >>> block.get(Field.INDEX_NUMBER), block.get(Field.DOC_NUMBER)
    ('53/2023-1', '云科发〔2023〕6号')
    """
    found = list(_labels(text, limit))
    values: dict[Field, str] = {}
    end = 0
    for label, after in zip_longest(found, found[1:]):
        line_end = text.find("\n", label.end)
        line_end = len(text) if line_end < 0 else line_end
        stop = min(line_end, after.start if after is not None else line_end)
        value = text[label.end : stop].strip(" |\t\u3000[]【】")
        if value not in _EMPTY:
            values.setdefault(label.field, value)
        if line_end - label.start < 160:
            end = max(end, line_end)
    return HeadBlock(values, end)


class _Label(NamedTuple):
    """A label with its mark: `start` to `end` (exclusive)."""

    start: int
    end: int
    field: Field


def _labels(text: str, limit: int) -> Iterator[_Label]:
    """The labels printed before `limit`. One inside a sentence (…来源:) is none: the short ones must stand free."""
    for mark in _MARK.finditer(text, 0, limit):
        start, words = _label_before(text, mark.start())
        if words and (len(words) >= 4 or not start or not "\u4e00" <= text[start - 1] <= "\u9fff"):
            yield _Label(start, mark.end(), _FIELD_OF[words])


def _label_before(text: str, at: int) -> tuple[int, str]:
    """Where the longest known label that ends at `at` starts, and the label without its inner blanks; ``""`` for none."""
    found = (at, "")
    words = ""
    while at and len(words) < _LONGEST:
        at -= 1
        letter = text[at]
        if letter in " \t\u3000" or (letter.isspace() and not words):
            continue
        words = letter + words
        if words in _FIELD_OF:
            found = (at, words)
        if not "\u4e00" <= letter <= "\u9fff":
            break
    return found
