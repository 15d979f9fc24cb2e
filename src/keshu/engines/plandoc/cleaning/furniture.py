"""What a web site puts around a document: navigation in front, links, disclaimers and advertisements behind.

Only noise goes. The lines of the document head (索引号, 文号, 发文机关, 发布日期 …) are the structure room's to read.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from keshu.engines.plandoc.cleaning.draft import Draft, Edit, Line, without_line
from keshu.engines.plandoc.cleaning.lines import LABEL, is_row

_NAV_WORDS = (
    "网站首页|首页|政务公开|政府信息公开|信息公开|工作动态|通知公告|互动交流|专题专栏|政民互动|政务服务|办事服务"
    "|新闻中心|机构概况|机构设置|领导之窗|政策法规"
    "|规划计划|规划总结|计划总结|工作总结|工作计划|部门文件|政策文件|法定主动公开内容|公示公告|科技动态|走进\\w{2,4}"
    "|网站地图|设为首页|加入收藏|收藏本站|无障碍阅读|无障碍浏览|无障碍"
    "|长者模式|关怀版|老年版|适老化|简体|繁体|繁體|English|登录|注册|退出|繁体版|简体版|手机版|移动版|微信|微博"
    "|客户端|邮箱|RSS|返回首页|返回顶部|返回列表|返回|搜索|站内搜索|高级搜索|智能问答"
    "|政策库|下载中心|在线访谈|意见征集|数据开放|科技要闻|党建工作|政策解读|图片新闻|市政府|县政府|区政府"
    "|网站支持IPv6|本站支持IPv6"
)
_LONGEST_FIRST = "|".join(sorted(_NAV_WORDS.split("|"), key=len, reverse=True))
# Possessive: entries that begin alike (返回, 返回首页) must not be tried in every combination.
_NAV_LINE = re.compile(rf"(?>(?:{_LONGEST_FIRST})[ \t|>/\\·\-—»›、,]*){{2,}}+\Z")
_CRUMBS = re.compile(
    r"(?:您?(?:的|所在|当前|现在){0,3}的?位置|当前位置|所在位置)(?:是)?[ \t]*[::].{0,80}\Z|(?:网站)?首页[ \t]*(?:>|»"
    r"|›|/|→|-).{0,80}\Z"
)
#: The characters that such lines begin with.
_NAV_FIRST = frozenset(word[0] for word in _NAV_WORDS.split("|"))
_CRUMBS_FIRST = frozenset("您的所当现位网首")

# Whole lines that are never part of a document, wherever they stand.
_NOISE_LINE = re.compile(
    r"(?:"
    r"[【\[(]?(?:打印本页|打印|关闭窗口|关闭本页|关闭|复制链接|收藏本页|我要纠错|纠错|返回顶部|返回列表"
    r"|保存本页)[】\])]?(?:[ \t|/·]*[【\[(]?(?:打印本页|打印|关闭窗口|关闭本页|关闭|复制链接|收藏|分享|返回顶部"
    r"|返回列表|保存)[】\])]?)*"
    r"|分享(?:到|至)?[ \t]*[::]?.{0,30}|(?:扫一扫|扫码|微信扫|长按识别|扫描二维码).{0,40}|(?:上|下)一(?:篇|条|页"
    r"|则)[ \t]*[::]?.{0,80}|没有了"
    r"|【?字[体号](?:大小)?[ \t]*[::】]?[ \t]*[【\[(]?[ \t]*(?:特?大|[A-Z+-]|小).{0,24}|【[ \t]*(?:大|特大)[ \t]*中"
    r"[ \t]*小[ \t]*】.{0,16}|(?:大[ \t]*中[ \t]*小)(?:[ \t]*打印)?"
    r"|(?:浏览|阅读|点击|访问)(?:次数|量|数|人次)?[ \t]*[::][ \t]*\d*[ \t]*次?|(?:本文)?(?:已被?|共)?(?:浏览|阅读)"
    r"[ \t]*\d+[ \t]*次"
    r"|版权所有.{0,120}|Copyright.{0,120}|©.{0,120}|(?:网站)?标识码.{0,60}|主办单位?[::].{0,80}(?:承办|维护|技术支持"
    r"|运维|版权|网站).{0,80}|技术支持[::].{0,40}"
    r"|建议使用.{0,40}(?:浏览|分辨率).{0,20}|今天是.{4,40}|您是第.{0,12}位访(?:客|问者).{0,60}|网站地图.{0,40}"
    r"|联系我们.{0,40}|(?:联系)?(?:地址|邮编|邮政编码|电话|联系电话|传真|邮箱|电子邮箱)[::][^。;]{4,60}(?:"
    r"[ \t,]+(?:地址|邮编|邮政编码|电话|传真|邮箱)[::].{4,40})*"
    r"|(?:本站)?(?:免责声明|免责条款|版权声明|郑重声明|特别声明|声明)[ \t]*[::].{0,300}|(?:本文|文章|内容|资料|信息"
    r"|稿件)?(?:来源|来自)[::]?[ \t]*(?:于)?(?:网络整理|网络|互联网|网友上传|网友投稿|本站整理)"
    r"(?:[ \t,。;](?!.*(?:时间|日期)[ \t]*:).{0,200})?"
    r"|(?:猜你喜欢|热门推荐|推荐阅读|相关推荐|相关阅读|延伸阅读|热门文章|最新文章|相关文章|热点排行|大家都在看"
    r"|本类推荐|精品推荐|您可能(?:还)?(?:感兴趣|喜欢|关注).{0,12})[ \t]*[::]?.{0,60}"
    r"|(?:点击|更多)?(?:查看|阅读|下载|获取)(?:更多|全文|原文|详情|附件).{0,30}|点击(?:查看|下载|进入|这里"
    r"|此处).{0,40}|展开(?:全文|更多|阅读)|收起"
    r"|(?:本文(?:档)?|该文档|文档).{0,8}(?:由.{0,20}(?:整理|上传|分享|提供|收集)|共\d+页).{0,60}|(?:文档|资料)(?:编号"
    r"|格式|大小|页数|分类|标签)[::].{0,40}"
    r"|(?:网络)?编辑[::][ \t]?\S{1,8}|责任?编[辑]?[::][ \t]?\S{1,8}|责编[::][ \t]?\S{1,8}|初审[::].{0,40}|(?:审核"
    r"|校对)[::][ \t]?\S{1,8}(?:[ \t]+\S{1,4}[::]\S{1,8})*|(?:打开|下载).{0,10}(?:APP|客户端).{0,30}"
    r")\Z",
    re.IGNORECASE,
)

_LONGEST_LINE, _LONGEST_DISCLAIMER, _LONGEST_TAIL = 120, 320, 2000
_DISCLAIMERS = ("免责", "版权", "声明", "来源", "本文", "本站", "郑重声明", "特别声明", "文章来源", "内容来源")

# Advertisements: only in short lines that carry no label and end no sentence. Both cases are spelt out: the search then
# jumps from one possible first letter to the next.
_ADVERTISEMENT = re.compile(
    r"[Ii][Cc][Pp]备|公网安备|\.(?i:mp3|jpg|png)\Z|珍藏版|赚钱|加微信|微信号|公众号:|关注(?:我们的)?公众号|会员免费|[Vv][Ii][Pp]"
    r"|付费下载|积分下载|文库币|代写|免费下载|下载(?i:word)|[Ww](?i:ord)版下载|客服(?:电话|热线|(?i:qq))|[Qq][Qq]群?:"
    r"|范文大全|公文网|文秘网|更多范文|范文网|推荐范文|精选范文|[Hh](?i:ttps?)://\S|[Ww](?i:ww)\.\S"
)

# What opens the tail of a page. What follows is dropped only where nothing of a document follows.
_TAIL = re.compile(
    r"[ \t]*(?:[【\[]?(?:相关链接|相关(?:稿件|信息|新闻|报道|附件下载|文档|下载)|猜你喜欢|热门推荐|推荐阅读|相关推荐"
    r"|相关阅读|延伸阅读|热门文章|最新文章|相关文章|友情链接|快速链接|网站导航)[】\]]?[ \t]*[::]?.{0,60}\Z"
    r"|(?:相关解读|政策解读|文件解读|解读链接|图文解读|部门解读)[ \t]*(?:[|::].{0,200})?\Z)"
)
_INLINE_TAIL = re.compile(
    r"(?<=[。!?\])”])[ \t]*(?:(?:政策解读|相关解读|文件解读|图文解读|部门解读|专家解读|媒体解读)[ \t]*"
    r"[|丨](?!.*(?:[一二三四五六七八九十]、)).*"
    r"|(?:(?:本文)?来源[ \t]*[::][ \t]*(?:网络整理|网络|互联网).*|(?:免责声明|版权声明)[ \t]*[::].*)|(?:相关链接"
    r"|上一篇|下一篇|猜你喜欢|扫一扫在手机|分享到)[ \t]*[::]?(?!.*(?:[一二三四五六七八九十]、)).{0,300})\Z"
)
_INLINE_NOISE = re.compile(
    r"[【\[](?:打印本页|打印|关闭窗口|关闭|字体[::]?大中小|大中小|收藏|分享)[】\]]"
    r"|(?:浏览|阅读|点击|访问)(?:次数|量)[ \t]*[::][ \t]*\d*[ \t]*次?"
    r"|(?:责任编辑|编辑|审核|校对|初审|复审|终审|责编)[::][ \t]?[\u4e00-\u9fff]{2,4}(?=[ \t]|\n|\Z)"
    r"|[【\[(]?字[体号][ \t]*[::][ \t]*(?:[【\[(][ \t]*)?(?:特大[ \t]*)?大[ \t]*中[ \t]*小[ \t]*[】\])]?(?:"
    r"[ \t]*打印(?:本页)?)?|(?:点击|展开)(?:查看|阅读)(?:更多|全文|原文)"
)
# One of these stands in all of them; one search for their first letters is quicker than a look for each.
_INLINE_WORDS = re.compile(
    "编辑:|审核:|校对:|初审:|复审:|终审:|责编:|打印|关闭|字体|字号|收藏|分享|次数|阅读|点击|访问量|展开|大中小"
)
_TAIL_WORDS = ("解读", "来源", "声明", "相关链接", "上一篇", "下一篇", "猜你喜欢", "扫一扫", "分享到")
_DOCUMENT = re.compile(
    r"[ \t]*(?:[一二三四五六七八九十]{1,3}、|[(〔][一二三四五六七八九十]{1,3}[)〕]|第[一二三四五六七八九十]+[章节])"
)


def drop_site_furniture(draft: Draft) -> Draft:
    """Navigation, breadcrumbs, share and print buttons, visit counters, links to other pages, disclaimers, advertisements."""
    lines = draft.lines
    last = _tail_start(lines)
    edits: list[Edit] = []
    for index, line in enumerate(lines):
        bare = line.text.strip(" \t\f")
        if not bare:
            continue
        if index >= last or _is_noise(bare):
            edits.append(without_line(draft.text, line))
    draft = draft.edited(edits, artefact="site_furniture")
    if _INLINE_WORDS.search(draft.text):
        draft = draft.edited(list(_inline_noise(draft.text)), artefact="site_furniture")
    return _without_inline_tail(draft)


def _inline_noise(text: str) -> Iterator[Edit]:
    """Buttons, counters and editors' names inside the lines, with the blanks in front of them."""
    done = 0
    for match in _INLINE_NOISE.finditer(text):
        start = match.start()
        while start > done and text[start - 1] in " \t":
            start -= 1
        done = match.end()
        yield start, done, ""


def _is_noise(bare: str) -> bool:
    if len(bare) > _LONGEST_LINE:
        return len(bare) <= _LONGEST_DISCLAIMER and bare.startswith(_DISCLAIMERS) and bool(_NOISE_LINE.match(bare))
    first = bare[0]
    if (first == "|" and is_row(bare)) or bare.isdecimal():
        return False
    if (first in _NAV_FIRST and _NAV_LINE.match(bare)) or (first in _CRUMBS_FIRST and _CRUMBS.match(bare)):
        return True
    if _is_menu(bare) or _NOISE_LINE.match(bare):
        return True
    return len(bare) <= 80 and bare[-1] not in "。;" and not LABEL.match(bare) and bool(_ADVERTISEMENT.search(bare))


_NAV_WORD = re.compile(rf"(?:{_NAV_WORDS})\Z")
_MENU_SIGN = re.compile(r"[ \t|>»›/]")
_MENU_GAP = re.compile(r"[ \t]*[|>»›/][ \t]*|[ \t]+")


def _is_menu(bare: str) -> bool:
    """Three short entries or more, half of them known from site menus."""
    if not _MENU_SIGN.search(bare):
        return False
    entries = [entry for entry in _MENU_GAP.split(bare) if entry]
    known = sum(bool(_NAV_WORD.match(entry)) for entry in entries)
    share = 0.5 if "首页" in bare or "公开" in bare else 0.75
    return len(entries) >= 3 and known >= share * len(entries) and max(map(len, entries)) <= 10


def _tail_start(lines: list[Line]) -> int:
    """Index of the line where the page's tail begins; the count of lines where there is none."""
    last = len(lines)
    for index in range(len(lines) - 1, max(-1, len(lines) - 80), -1):
        text = lines[index].text
        if _DOCUMENT.match(text) or len(text) > 100 or is_row(text):
            break
        if _TAIL.match(text) and index > 0:
            last = index
    return last


def _without_inline_tail(draft: Draft) -> Draft:
    """``…新景象。政策解读|部门解读《…》``: the links under the page, run into the last line of a flattened text."""
    end = len(draft.text.rstrip())
    start = max(draft.text.rfind("\n", 0, end) + 1, end - _LONGEST_TAIL)
    if not any(draft.text.find(word, start) >= 0 for word in _TAIL_WORDS):
        return draft
    match = _INLINE_TAIL.search(draft.text, start, end)
    if match is None:
        return draft
    return draft.edited([(match.start(), end, "")], artefact="interpretation_tail")
