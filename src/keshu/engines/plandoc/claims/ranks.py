"""Ranks: which ordinals are ranks, and what is ranked among whom."""

from __future__ import annotations

import re

from keshu.engines.plandoc.claims import naming
from keshu.engines.plandoc.claims.naming import Subject
from keshu.engines.plandoc.claims.quantities import Quantity
from keshu.engines.plandoc.claims.wording import clean_name

_REGION = (
    r"全国|全省|全市|全区|全县|全州|我省|我市|省内|市内|国内|全国同类[\u4e00-\u9fff]{0,4}|同类[\u4e00-\u9fff]{0,5}|"
    r"(?:(?![居列排名位次率占为在比保持进入由从全])[\u4e00-\u9fff]){1,4}[省市区县](?![\u4e00-\u9fff])|各?县区(?:市)?中?|各?县市区中?|地级市中?|各地市中?|全国高新区|"
    r"国家级?高新区|[省市县区州]直(?:部门|机关|单位)|全系统|全行业"
)
_CUE = re.compile(
    rf"(?:居|列|位居|位列|排名|排|名次|位次|名列|稳居|跃居|进入|保持|稳定在|升至|为|并列|获|跻身|迈入|"
    rf"挺进|重返|达到|评价|中|{_REGION})(?:的)?$"
)
_VERB_TAIL = re.compile(
    r"(?:(?:排|升|冲|进|提升|前移|晋升)到|[挤冲闯]进|(?<=评价)跻身|并列|稳居|位居|位列|排名|排在|名列|跃居|跃升至|上升至|升至|上升到|退至|退到|滑落[到至]|下滑[到至]|跌至|后退到|进入|居于|居|列(?!入)|排|"
    r"位|获评?|跻身|迈入|迈进|挺进|重返|保持在?|"
    r"稳定在|力争|争取|确保|达到|为|在|的|由|从|均|都|继续|首次|再次|连续[\u4e00-\u9fff\d]{1,3}年|连续|综合|总体|中)+$"
)
_FIELD = re.compile(r"在?(?:全[省市国区县州])?[\d一二三四五六七八九十百]+[家个](?P<field>[\u4e00-\u9fff]{0,8}?)中?$")
_REGION_TAIL = re.compile(
    rf"(?:在|于|为)?(?P<region>(?:{_REGION}|[xX×*]{{1,4}}|[\u4e00-\u9fff]{{0,6}}(?:县区市|县市区|"
    rf"各县区))(?:同类[\u4e00-\u9fff]{{0,6}}|高新区|地市|县区|县市区|城市|园区)?)(?:中|里|内)?$"
)

#: The most characters that it spans: a search from further left would only waste time.
_LONGEST_REGION = 20
_RANK_VERBS = re.compile(r"^(?:位居|位列|排名|名列|居|列|排|在|为|占)+")


#: 进入全省第一方阵、前15名
_PLACE_WORDS = re.compile(
    r"要?在((?:全[国省市县区州]|省|市)[\u4e00-\u9fff]{0,6}?(?:排名|位次|"
    r"名次))[里中]?(?:再|往)?前?[进移挪]?$"
)
#: 在全国高新区综合评价中位次前移
_PLACES_IN = re.compile(
    r"^在?(全[国省市县区州][\u4e00-\u9fff]{2,10}?)中?(?:的)?(?:位次|名次|排名)(?:再|往)?(?:前[进移挪])?$"
)
#: 研发费用排名前20位的企业占一半: which firms are spoken of.
_SIZED = re.compile(
    r"的(?:规上|工业|重点|骨干|龙头|科技|高新技术|民营|上市)*(?:企业|单位|县区|县市区|乡镇|街道|镇街|园区|项目|机构|平台|高校|部门|科室|股室|团队|产业|行业)"
)
#: 分别列全市第二、第三
_NEXT = re.compile(r"第[\d一二三四五六七八九十]{1,3}[位名]?[、和与及]$")
_COMPANY = re.compile(r"(?:第一|第二)?(?:方阵|梯队|行列)、$")


def is_rank(quantity: Quantity, before: str, after: str) -> bool:
    """Is this ordinal a rank? 第N位 nearly always, a bare 第N only behind 居, 列, 全省 and their like."""
    words = _COMPANY.sub("", before.rstrip('“"'))
    if after.startswith(("的是", "的为", "的依次", "的分别", "的有", "的县", "的单位", "的部门", "的地区")):
        return False
    if quantity.about in ("保", "争"):
        return True
    if _SIZED.match(after):
        return False
    if quantity.about == "?":
        return _CUE.search(words) is not None or ("分别" in words and _NEXT.search(words) is not None)
    if quantity.about == "前":
        return (
            _CUE.search(words) is not None
            or "排名" in words
            or "位次" in words
            or words.endswith(("省", "市", "国", "县", "区", "域", "内"))
        )
    return quantity.text.endswith(("位", "名", "首位", "榜首")) and not after.startswith(("次", "的", "书记", "责任"))


def plain_places(name: str) -> str:
    """高新区要在全国排名里前进 is 高新区全国排名."""
    return _PLACE_WORDS.sub(r"\1", _PLACES_IN.sub(r"\1", name))


def rank_name(before: str, subject: Subject | None) -> tuple[str, str]:
    """The ranked thing with its scope (研发投入强度 + 全省 + 位次), and the thing alone."""
    words = _COMPANY.sub("", before.rstrip('“"'))
    region = ""
    for _ in range(3):
        words = _FIELD.sub("", _VERB_TAIL.sub("", words))
        match = _REGION_TAIL.search(words, max(0, len(words) - _LONGEST_REGION))
        if match and not region:
            region = _RANK_VERBS.sub("", match["region"])
            words = words[: match.end("region") - len(region)]
        elif match is None:
            break
    base = clean_name(re.sub(r"^在(.+?)中?$", r"\1", words) if words.startswith("在") and "," not in words else words)
    base = base.removesuffix("在")
    if "“" in base and re.search(r"列“|居“|为“", base):
        base = re.split(r"[列居为]“", base)[-1].rstrip("”")
    elif re.search(r"(?:位列|入选|荣列)(?=[\u4e00-\u9fff]{4})", base):
        base = re.split(r"位列|入选|荣列", base)[-1]
    if (not base or naming.is_generic(base)) and subject is not None:
        base = naming.of_subject(base, subject, verb_only=False) if base else subject.text
    if re.fullmatch(r"[xX×*]{1,4}|全.", region or "") is None and len(region) > 8:
        region = ""
    scope = region if region and not region.startswith(("x", "×", "*", "X")) else ""
    return (base if base.endswith(("位次", "名次", "排名")) else f"{base}{scope}位次"), base
