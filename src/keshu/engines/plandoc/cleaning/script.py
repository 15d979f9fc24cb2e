"""What machine conversion did to the script: pinyin ruby, traditional characters, Taiwan words, mojibake."""

from __future__ import annotations

import re
from dataclasses import replace
from functools import cache
from typing import TYPE_CHECKING

from keshu.engines.plandoc.cleaning.draft import Draft, Edit

if TYPE_CHECKING:
    from opencc import OpenCC

TONES = frozenset("āáǎàōóǒòēéěèīíǐìūúǔùǖǘǚǜńňǹḿế")
_SYLLABLE = f"[a-zêü{''.join(sorted(TONES))}]{{1,7}}"
_RUBY = re.compile(rf"\((?=[a-zêü]*[{''.join(sorted(TONES))}]){_SYLLABLE}\)")


def drop_ruby(draft: Draft) -> Draft:
    """Pinyin in brackets after a character: ``創(chuàng)新``. A tone mark is required, so (R&D) and (PCT) stay."""
    return draft.substituted(_RUBY, "", artefact="pinyin_ruby")


KANA = frozenset(map(chr, range(0x3041, 0x3100))) - {"・", "ー"}
# Bytes lost in conversion: kana, a stray mark before it, perhaps a stray letter behind it that carries the reading of the
# character it was. `chǎn` before 业 can only be 产; what cannot be known becomes a blank square.
_MOJIBAKE = re.compile(rf"[ぁ-ゖァ-ヺ]+(?:[a-zA-Z]?\((?P<reading>{_SYLLABLE})\)(?P<next>.?))?")
_BEFORE_MOJIBAKE = re.compile(rf"[\u4e00-\u9fff](?P<stray>(?:\({_SYLLABLE}\))?[;:,]?)\Z")
_KNOWN_READINGS = {("chǎn", "業"): "産", ("chǎn", "业"): "产"}


def mark_mojibake(draft: Draft) -> Draft:
    """``環(huán);ぎa(chǎn)業``: some bytes are lost for good. The gap is marked ``□``, nothing is invented."""

    edits: list[Edit] = []
    for match in _MOJIBAKE.finditer(draft.text):
        before = _BEFORE_MOJIBAKE.search(draft.text, max(0, match.start() - 11), match.start())
        if before is not None:
            edits.append((before.start("stray"), match.end(), _gap(match)))
    return draft.edited(edits, artefact="mojibake")


def _gap(match: re.Match[str]) -> str:
    """What marks the lost bytes: the character its reading gives away, else a blank square."""
    if not match["reading"]:
        return "□"
    return "□" + _KNOWN_READINGS.get((match["reading"], match["next"]), "□") + match["next"]


_HAN = re.compile("[\u3400-\u9fff]")
_HAN_RUN = re.compile("[\u3400-\u9fff]+")
_TAIWAN_MARKS = re.compile("计画|規畫|规画|资讯|网路|最佳化|软体|硬体|专案|数位|資訊|網路")
_TAIWAN_WORDS = {
    "计画": "计划", "规画": "规划", "资讯": "信息", "网路": "网络", "最佳化": "优化", "专案": "项目", "软体": "软件",
    "硬体": "硬件",
    "数位": "数字", "程式": "程序", "资料库": "数据库", "伺服器": "服务器", "晶片": "芯片", "积体电路": "集成电路",
    "半导体": "半导体",
    "奈米": "纳米", "雷射": "激光", "人工智慧": "人工智能", "智慧财产权": "知识产权", "云端运算": "云计算",
    "行动网际网路": "移动互联网",
    "网际网路": "互联网", "创投": "创投", "高阶": "高端", "资讯化": "信息化", "研究生": "研究生", "影片": "视频",
    "透过": "通过",
    "品质": "质量", "回馈": "反馈", "营运": "运营", "媒合": "对接", "公尺": "米", "公里": "公里", "平方公尺": "平方米",
}  # fmt: skip
_TAIWAN = re.compile("|".join(sorted((w for w, plain in _TAIWAN_WORDS.items() if w != plain), key=len, reverse=True)))


def simplify(draft: Draft) -> Draft:
    """Traditional script to simplified, Taiwan words to those of the mainland; single stray characters too."""
    strays = sorted(filter(_HAN.match, draft.letters))  # the remarkable ones: outside the simplified standard set
    if not strays:
        return draft
    plain = dict(zip(strays, _converter().convert("\n".join(strays)).split("\n"), strict=True))
    traditional = {letter: new for letter, new in plain.items() if new != letter and len(new) == 1}
    if not traditional:
        return draft
    if _is_traditional(draft.text, traditional):
        draft = replace(_converted(draft), script="traditional", letters=draft.letters - traditional.keys()).marked(
            "traditional_script"
        )
    else:
        draft = draft.exchanged(traditional)
    if _TAIWAN_MARKS.search(draft.text):
        draft = draft.substituted(_TAIWAN, lambda match: _TAIWAN_WORDS[match[0]], artefact="taiwan_words")
    return draft


def _is_traditional(text: str, traditional: dict[str, str]) -> bool:
    """More than one character in thirty stands in traditional form: no list of names explains that."""
    sample = text[:20000]
    seen = 0
    for start in range(0, len(sample), 1000):
        seen += sum(map(traditional.__contains__, sample[start : start + 1000]))
        if seen * 30 > len(sample):  # enough even if every character were Chinese: no need to count on
            return True
    return seen * 30 > sum(map(len, _HAN_RUN.findall(sample)))


@cache
def _converter() -> OpenCC:
    from opencc import OpenCC  # loading the dictionaries takes longer than reading a simplified document

    return OpenCC("t2s")


def _converted(draft: Draft) -> Draft:
    """Convert line by line; where the dictionary changes a line's length, character by character, so the map holds."""
    simple = _converter().convert(draft.text)
    if len(simple) != len(draft.text):
        simple = "".join(_one_to_one(line) for line in draft.text.splitlines(keepends=True))
    return replace(draft, text=simple)


def _one_to_one(line: str) -> str:
    simple = _converter().convert(line)
    if len(simple) == len(line):
        return simple
    letters = (_converter().convert(letter) for letter in line)
    return "".join(new if len(new) == 1 else old for old, new in zip(line, letters, strict=True))


_SPUN_MARKS = re.compile(r"效劳|到达(?=\d)|〔[一二三四五六七八九十]〕|(?:高质量|科学|可持续|产业|创新)开展")
_SPUN = re.compile(
    r"效劳|到达(?=[\d一二三四五六七八九十百])|(?<=高质量)开展|(?<=科学)开展|(?<=可持续)开展|(?<=产业)开展"
    r"|(?<=创新)开展(?![了])"
)
_SPUN_WORDS = {"效劳": "服务", "到达": "达到", "开展": "发展"}


def unspin_synonyms(draft: Draft) -> Draft:
    """Re-keyed texts whose words were swapped to look new: 效劳 for 服务, 到达 for 达到, 开展 for 发展. Numbers are intact."""
    if ("效劳" in draft.text) + ("到达" in draft.text) + ("开展" in draft.text) + ("〔一〕" in draft.text) < 2:
        return draft
    if len({match[0][:2] for match in _SPUN_MARKS.finditer(draft.text)}) < 2:
        return draft
    return draft.substituted(_SPUN, lambda match: _SPUN_WORDS[match[0]], artefact="spun_synonyms")
