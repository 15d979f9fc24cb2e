"""How each maker wants a message signed and written, and what its answer means.

Formats as the makers publish them for robots of a group: 企业微信 (群机器人配置说明), 钉钉 (自定义机器人, 加签), 飞书
(自定义机器人使用指南, 签名校验). The plain kind is our own: JSON with X-Keshu-Timestamp and X-Keshu-Signature, explained in
docs/operate.md.
"""

from __future__ import annotations

import hashlib
import hmac
import json
from base64 import b64encode
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import Enum
from typing import Any
from urllib.parse import quote_plus

from keshu.apps.bureau.models import RobotKind
from keshu.apps.bureau.services.robots.wire import Answer


@dataclass(frozen=True, slots=True)
class Post:
    """What is added to the address, the headers and the body."""

    body: bytes
    query: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)


class Outcome(Enum):
    TAKEN = "the group has it"
    REFUSED = "the maker says no"
    TOO_FAST = "the maker says: not so fast"
    UNCLEAR = "the answer cannot be read"


@dataclass(frozen=True, slots=True)
class Verdict:
    outcome: Outcome
    words: str


@dataclass(frozen=True, slots=True)
class Maker:
    """``largest`` is how many bytes of text one message may have; ``pause`` lies between two, by the maker's limit.

    ``takes_events``: it is a program, which is told of each event apart as well.
    """

    largest: int
    pause: timedelta
    write: Callable[..., Post]
    judge: Callable[[Answer], Verdict]
    takes_events: bool = False


# What the makers' codes mean for whoever looks after the robot.
CODES = {
    93000: "地址无效，机器人可能已移出群",
    400101: "地址无效，请重新复制",
    400106: "机器人不在群中",
    400102: "机器人已停用",
    400013: "群已解散",
    300001: "地址无效，请重新复制",
    310000: "安全设置不符：密钥不对，或缺少关键词，或网络地址不在允许范围",
    19001: "地址无效，请重新复制",
    19021: "密钥不对，或服务器时间相差超过 1 小时",
    19022: "本服务器的网络地址不在机器人的允许范围",
    19024: "缺少机器人要求的关键词",
}
TOO_FAST = frozenset({45009, 130101, 410100, 11232, 99991400})
OK, TOO_MANY_REQUESTS, GATEWAY_TIMEOUT = 200, 429, 504


def dingtalk_sign(secret: str, *, timestamp: str) -> str:
    """钉钉: HMAC-SHA256 of timestamp (milliseconds), line break and secret, keyed by the secret; base64, url-encoded."""
    digest = hmac.new(secret.encode(), f"{timestamp}\n{secret}".encode(), hashlib.sha256).digest()
    return quote_plus(b64encode(digest))


def feishu_sign(secret: str, *, timestamp: str) -> str:
    """飞书: HMAC-SHA256 of nothing, keyed by timestamp (seconds), line break and secret; base64."""
    return b64encode(hmac.new(f"{timestamp}\n{secret}".encode(), b"", hashlib.sha256).digest()).decode()


def plain_sign(secret: str, *, timestamp: str, body: bytes) -> str:
    """HMAC-SHA256 of timestamp (seconds), a point and the body, keyed by the secret; hexadecimal."""
    return hmac.new(secret.encode(), f"{timestamp}.".encode() + body, hashlib.sha256).hexdigest()


def _wecom(text: str, secret: str, at: datetime) -> Post:
    return Post(_json({"msgtype": "text", "text": {"content": text}}))


def _dingtalk(text: str, secret: str, at: datetime) -> Post:
    body = _json({"msgtype": "text", "text": {"content": text}, "at": {"isAtAll": False}})
    timestamp = str(int(at.timestamp() * 1000))
    sign = f"&timestamp={timestamp}&sign={dingtalk_sign(secret, timestamp=timestamp)}" if secret else ""
    return Post(body, query=sign)


def _feishu(text: str, secret: str, at: datetime) -> Post:
    timestamp = str(int(at.timestamp()))
    signed = {"timestamp": timestamp, "sign": feishu_sign(secret, timestamp=timestamp)} if secret else {}
    return Post(_json({**signed, "msg_type": "text", "content": {"text": text}}))


def _plain(text: str, secret: str, at: datetime, events: Sequence[Mapping[str, Any]] = ()) -> Post:
    timestamp, body = str(int(at.timestamp())), _json({"text": text, "events": list(events)})
    signature = plain_sign(secret, timestamp=timestamp, body=body)
    return Post(body, headers={"X-Keshu-Timestamp": timestamp, "X-Keshu-Signature": f"sha256={signature}"})


def _judge_json(answer: Answer, *code_names: str) -> Verdict:
    """HTTP 200 alone is no yes: the code within must be 0. What cannot be read leaves it open whether it was taken."""
    found = _read(answer.body)
    code = next((found[name] for name in code_names if type(found.get(name)) is int), None)
    if code in TOO_FAST or answer.status == TOO_MANY_REQUESTS:
        return Verdict(Outcome.TOO_FAST, f"发送太快，对方暂不接受（代码 {code or answer.status}）。")
    if answer.status == GATEWAY_TIMEOUT:
        return Verdict(Outcome.UNCLEAR, "中间的网关没有等到答复，不能确定是否送达。")
    if answer.status != OK or code not in (None, 0):
        told = f"错误代码 {code}" if code not in (None, 0) else f"HTTP {answer.status}"
        hint = f"：{CODES[code]}" if code in CODES else ""
        return Verdict(Outcome.REFUSED, f"对方没有接受（{told}）{hint}。")
    if code is None:
        return Verdict(Outcome.UNCLEAR, "对方的答复读不懂，不能确定是否送达。")
    return Verdict(Outcome.TAKEN, "已接受。")


def _judge_wecom(answer: Answer) -> Verdict:
    return _judge_json(answer, "errcode")


def _judge_feishu(answer: Answer) -> Verdict:
    return _judge_json(answer, "code", "StatusCode")


def _judge_plain(answer: Answer) -> Verdict:
    """Any 2xx is a yes, whatever the body."""
    if answer.status == TOO_MANY_REQUESTS:
        return Verdict(Outcome.TOO_FAST, "发送太快，对方暂不接受（HTTP 429）。")
    is_taken = answer.status // 100 == OK // 100
    return (
        Verdict(Outcome.TAKEN, "已接受。")
        if is_taken
        else Verdict(Outcome.REFUSED, f"对方没有接受（HTTP {answer.status}）。")
    )


def _read(body: bytes) -> dict[str, Any]:
    try:
        found = json.loads(body)
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}


def _json(value: dict[str, Any]) -> bytes:
    return json.dumps(value, ensure_ascii=False).encode()


# 企业微信 and 钉钉 take 20 messages a minute, 飞书 100 a minute and 5 a second.
MAKERS = {
    RobotKind.WECOM.value: Maker(2048, timedelta(seconds=5), _wecom, _judge_wecom),
    RobotKind.DINGTALK.value: Maker(6000, timedelta(seconds=5), _dingtalk, _judge_wecom),
    RobotKind.FEISHU.value: Maker(6000, timedelta(seconds=2), _feishu, _judge_feishu),
    RobotKind.PLAIN.value: Maker(6000, timedelta(seconds=1), _plain, _judge_plain, takes_events=True),
}
