"""Whether the trail is as it was written: every entry's hash, the chain, its signed head, and the anchors kept elsewhere.

What each of these can and cannot show is said in ``docs/methods/audit.md``.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date

from keshu.apps.bureau.models import AuditEntry, TrailAnchor, TrailHead
from keshu.apps.bureau.models.trail import HEAD, signed
from keshu.kernel import chain

CHUNK = 2000
# So many faults are told; where one stone is loose the rest need not be counted.
MOST = 20
_LINE = re.compile(r"keshu-anchor\s+(\d{4}-\d{2}-\d{2})\s+(\d+)\s+(\w+)\s+([0-9a-f]{64})")

Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Anchor:
    """A point the trail once had: so many entries, the last with this hash. ``source`` says where it was kept."""

    on: date
    number: int
    algorithm: str
    digest: str
    source: str


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong, in Chinese, and the number of the entry at which it shows (0: the trail as a whole).

    ``is_signature``: the hashes agree, only the site's signature does not.
    """

    number: int
    message: str
    is_signature: bool = False


@dataclass(frozen=True, slots=True)
class Verification:
    """``entries`` is how many were read, ``anchors`` how many anchors were compared, ``faults`` the first ones found."""

    entries: int
    digest: str
    anchors: int
    faults: tuple[Fault, ...]

    @property
    def is_sound(self) -> bool:
        return not self.faults

    @property
    def summary(self) -> str:
        if self.is_sound:
            return f"共核对 {self.entries} 条办理记录、{self.anchors} 个锚点，全部相符。"
        return f"共核对 {self.entries} 条办理记录、{self.anchors} 个锚点，发现问题：{self.faults[0].message}"


def read_anchors(text: str, *, source: str) -> tuple[Anchor, ...]:
    """The anchor lines in a text: what ``keshu audit anchor`` printed, or a mail that holds it."""
    found = _LINE.findall(text)
    return tuple(Anchor(date.fromisoformat(on), int(n), name, digest, source) for on, n, name, digest in found)


def anchor_of(on: date) -> TrailAnchor | None:
    """The last anchor kept on that day."""
    return TrailAnchor.objects.filter(on=on).first()


def head_facts() -> dict[str, object]:
    """How far the trail goes, for the record of a backup."""
    head = TrailHead.objects.filter(pk=HEAD).first()
    return {} if head is None else {"number": head.number, "algorithm": head.algorithm, "digest": head.digest}


def key_mark() -> str:
    """What tells one site's key from another's without telling the key."""
    return signed("key")[:16]


def verify_trail(*, anchors: Iterable[Anchor] = (), progress: Progress | None = None) -> Verification:
    """Read the whole trail and compare; nobody is kept from writing meanwhile."""
    walk = _Walk(progress or _silent)
    stored = list(TrailAnchor.objects.all())
    for anchor in stored:
        if not anchor.is_signed:
            walk.fault(
                anchor.number,
                f"留存在系统中的 {anchor.on:%Y-%m-%d} 锚点签名不符，锚点被改过，或由另一密钥签名。",
                is_signature=True,
            )
    wanted = [Anchor(each.on, each.number, each.algorithm, each.digest, "系统中留存的") for each in stored]
    wanted += anchors
    walk.expect(wanted)
    head = walk.to_the_end()
    _check_head(walk, head)
    _check_short(walk, wanted)
    faults = sorted(walk.faults, key=lambda fault: (fault.is_signature, fault.number))[:MOST]
    return Verification(walk.count, walk.digest, len(wanted), tuple(faults))


@dataclass
class _Walk:
    """The way through the trail: the entry before, and what was found so far."""

    progress: Progress
    number: int = 0
    digest: str = chain.ROOT
    algorithm: str = ""
    count: int = 0
    total: int = 0
    faults: list[Fault] = field(default_factory=list)
    anchors: dict[int, list[Anchor]] = field(default_factory=lambda: defaultdict(list))

    def fault(self, number: int, message: str, *, is_signature: bool = False) -> None:
        self.faults.append(Fault(number, message, is_signature))

    def expect(self, anchors: Iterable[Anchor]) -> None:
        for anchor in anchors:
            self.anchors[anchor.number].append(anchor)

    def to_the_end(self) -> TrailHead | None:
        """Read entries until none follow and the head, read after them, names no later one."""
        head = TrailHead.objects.filter(pk=HEAD).first()
        self.total = 0 if head is None else head.number
        is_first = True
        while True:
            read = self._read_on()
            head = TrailHead.objects.filter(pk=HEAD).first()
            if head is None or head.number <= self.number or not (read or is_first):
                return head
            is_first = False

    def _read_on(self) -> int:
        before = self.count
        rows = AuditEntry.objects.order_by("number")
        while entries := list(rows.filter(number__gt=self.number)[:CHUNK]):
            for entry in entries:
                self._pass(entry)
            self.progress(self.count, max(self.total, self.count))
        return self.count - before

    def _pass(self, entry: AuditEntry) -> None:
        if sum(not fault.is_signature for fault in self.faults) < MOST:
            self._compare(entry)
        self.count += 1
        self.number, self.digest, self.algorithm = entry.number, entry.digest, entry.algorithm

    def _compare(self, entry: AuditEntry) -> None:
        number, before = entry.number, self.number
        if number != before + 1:
            gone = f"第 {before + 1} 号" if number == before + 2 else f"第 {before + 1} 至 {number - 1} 号"
            self.fault(before + 1, f"{gone}记录不见了：第 {before} 号之后就是第 {number} 号。")
        elif entry.previous != self.digest:
            earlier = f"第 {before} 号" if before else "开头"
            self.fault(
                number, f"第 {number} 号记录与{earlier}接不上：两处之一被改过，或其间有增删、调换。{_told(entry)}"
            )
        if entry.algorithm not in chain.ALGORITHMS:
            self.fault(number, f"第 {number} 号记录写的摘要算法“{entry.algorithm}”不存在，记录被改过。{_told(entry)}")
        elif chain.digest(entry.record(), algorithm=entry.algorithm) != entry.digest:
            self.fault(number, f"第 {number} 号记录的内容与摘要不符，记录被改过。{_told(entry)}")
        for anchor in self.anchors.get(number, ()):
            if (anchor.algorithm, anchor.digest) != (entry.algorithm, entry.digest):
                told = f"{anchor.source} {anchor.on:%Y-%m-%d} 锚点与第 {number} 号记录不符，这一天及以前的记录被改过。"
                self.fault(number, told)


def _check_head(walk: _Walk, head: TrailHead | None) -> None:
    """The head is kept apart from the entries and signed: it shows what was cut off or put on at the end."""
    if head is None:
        return walk.fault(walk.number, "记录的链头不见了，末尾的记录可能被删过。")
    if not head.is_signed:
        walk.fault(
            head.number,
            "链头的签名不符：链头被改过、全部摘要被重新算过，或更换过密钥而没有运行 keshu audit seal。",
            is_signature=True,
        )
    if head.number > walk.number:
        first, last = walk.number + 1, head.number
        gone = f"第 {last} 号" if first == last else f"第 {first} 至 {last} 号"
        walk.fault(first, f"末尾的{gone}记录不见了：链头记到第 {last} 号，现有记录到第 {walk.number} 号。")
    elif head.number < walk.number:
        walk.fault(head.number + 1, f"第 {head.number + 1} 号起的记录不是本系统写入的：链头只到第 {head.number} 号。")
    elif head.digest != walk.digest:
        walk.fault(walk.number, f"第 {walk.number} 号记录与链头的摘要不符，末尾的记录被改过或换过。")
    if head.unsigned_until:
        at = head.unsigned_until
        told = f"链头曾在第 {at} 号记录处丢失或失去签名，此前末尾是否少了记录，须用保存在别处的锚点核对。"
        walk.fault(at, told, is_signature=True)
    return None


def _check_short(walk: _Walk, anchors: Iterable[Anchor]) -> None:
    """An anchor beyond the last entry says that entries are gone."""
    for anchor in anchors:
        if anchor.number > walk.number:
            told = f"{anchor.source} {anchor.on:%Y-%m-%d} 锚点记有 {anchor.number} 条，现在只有 {walk.number} 条，记录被删过。"
            walk.fault(walk.number + 1, told)


def _told(entry: AuditEntry) -> str:
    return f"（{entry.get_action_display()}，{entry.subject_name or '无对象'}，编号 {entry.pk}）"


def _silent(done: int, total: int) -> None:
    """Nobody watches."""
