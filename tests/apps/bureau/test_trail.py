"""The chain of the trail: who bends it straight in the database is found out, and where."""

from __future__ import annotations

from datetime import date
from threading import Barrier, Thread
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction
from tests.factories import AT, make

from keshu.apps.bureau.models import AuditAction, AuditEntry, TrailHead
from keshu.apps.bureau.models.trail import HEAD
from keshu.apps.bureau.queries.trail import Anchor, Verification, read_anchors, verify_trail
from keshu.apps.bureau.services import audit, trail
from keshu.kernel import chain

pytestmark = pytest.mark.django_db

TABLE = "bureau_auditentry"


def write(count: int = 6) -> list[AuditEntry]:
    """So many entries about 事项1, 事项2 …"""
    log = audit.Recorder(by=None, at=AT, why="年初梳理")
    for number in range(1, count + 1):
        log.note(action=AuditAction.UPDATE, subject=None, subject_name=f"事项{number}", after={"数": number})
    return list(AuditEntry.objects.order_by("number"))


def sql(statement: str, *values: Any) -> None:
    """Straight in the database, as somebody with its password does, the guard taken off first."""
    with connection.cursor() as cursor:
        cursor.execute(statement, values)


class Halted(Exception):
    """Work that breaks off after it has written."""


def halt(_written: object) -> None:
    raise Halted


def first(verification: Verification) -> str:
    assert verification.faults, "nothing was found"
    return verification.faults[0].message


def rehash(entry: AuditEntry) -> None:
    """What somebody does who knows how the hash is made."""
    fresh = AuditEntry.objects.get(pk=entry.pk)
    digest = chain.digest(fresh.record(), algorithm=fresh.algorithm)
    sql(f"UPDATE {TABLE} SET digest = %s WHERE id = %s", digest, entry.pk)


def test_entries_are_numbered_without_gaps_and_linked() -> None:
    entries = write(3)
    assert [entry.number for entry in entries] == [1, 2, 3]
    assert entries[0].previous == "0" * 64
    assert [entry.previous for entry in entries[1:]] == [entry.digest for entry in entries[:2]]
    head = TrailHead.objects.get()
    assert (head.number, head.digest, head.is_signed) == (3, entries[2].digest, True)
    assert verify_trail().is_sound


def test_an_untouched_trail_is_sound() -> None:
    write()
    found = verify_trail()
    assert (found.entries, found.anchors, found.faults) == (6, 0, ())
    assert found.summary == "共核对 6 条办理记录、0 个锚点，全部相符。"


def test_what_is_undone_leaves_no_gap() -> None:
    write(2)
    with pytest.raises(Halted), transaction.atomic():
        halt(write(2))
    write(1)
    assert list(AuditEntry.objects.order_by("number").values_list("number", flat=True)) == [1, 2, 3]
    assert verify_trail().is_sound


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("subject_name", "别的事"), ("why", ""), ("action", "delete"), ("after", '{"数": 9}'), ("subject_id", "7"),
        ("at", "2026-01-01 00:00:00+00:00"), ("previous", "f" * 64), ("digest", "f" * 64), ("algorithm", "sm3"),
    ],
)  # fmt: skip
def test_an_edited_entry_is_named(column: str, value: str) -> None:
    entry = write()[2]
    unguarded()
    sql(f"UPDATE {TABLE} SET {column} = %s WHERE id = %s", value, entry.pk)
    found = verify_trail()
    assert found.faults[0].number == 3
    assert first(found).startswith("第 3 号记录")


def test_an_edit_that_is_hashed_anew_is_seen_at_the_next_entry() -> None:
    entry = write()[2]
    unguarded()
    sql(f"UPDATE {TABLE} SET why = 'x' WHERE id = %s", entry.pk)
    rehash(entry)
    found = verify_trail()
    assert found.faults[0].number == 4
    assert first(found).startswith("第 4 号记录与第 3 号接不上")


def test_a_deleted_entry_is_named() -> None:
    entry = write()[2]
    unguarded()
    sql(f"DELETE FROM {TABLE} WHERE id = %s", entry.pk)
    assert first(verify_trail()) == "第 3 号记录不见了：第 2 号之后就是第 4 号。"


def test_a_gap_that_is_closed_by_numbering_anew_is_seen() -> None:
    entries = write()
    unguarded()
    sql(f"DELETE FROM {TABLE} WHERE id = %s", entries[2].pk)
    for entry in entries[3:]:
        sql(f"UPDATE {TABLE} SET number = number - 1 WHERE id = %s", entry.pk)
    found = verify_trail()
    assert found.faults[0].number == 3
    assert any(fault.number == 6 and "不见了" in fault.message for fault in found.faults)


def test_the_newest_entries_cut_off_are_missed_by_the_head() -> None:
    entries = write()
    unguarded()
    sql(f"DELETE FROM {TABLE} WHERE number > %s", 4)
    assert first(verify_trail()) == "末尾的第 5 至 6 号记录不见了：链头记到第 6 号，现有记录到第 4 号。"
    sql("UPDATE bureau_trailhead SET number = %s, digest = %s", 4, entries[3].digest)
    assert first(verify_trail()).startswith("链头的签名不符")


def test_an_inserted_entry_is_named() -> None:
    entry = write()[5]
    entry.pk, entry.number, entry.subject_name = None, 7, "补上的"
    entry.previous = entry.digest
    entry.digest = chain.digest(entry.record(), algorithm=entry.algorithm)
    entry.save(force_insert=True)
    assert first(verify_trail()) == "第 7 号起的记录不是本系统写入的：链头只到第 6 号。"


def test_entries_that_changed_places_are_named() -> None:
    entries = write()
    unguarded()
    for number, entry in ((99, entries[1]), (2, entries[2]), (3, entries[1])):
        sql(f"UPDATE {TABLE} SET number = %s WHERE id = %s", number, entry.pk)
    found = verify_trail()
    assert found.faults[0].number == 2
    assert first(found).startswith("第 2 号记录与第 1 号接不上")


def test_a_chain_hashed_anew_to_its_end_lacks_the_signature() -> None:
    """Who has the database only cannot sign the head; an anchor kept elsewhere also finds who has the key."""
    entries = write()
    known = Anchor(date(2026, 3, 5), 4, entries[3].algorithm, entries[3].digest, "文件中")
    unguarded()
    sql(f"UPDATE {TABLE} SET why = 'x' WHERE number = 2")
    previous = entries[0].digest
    for entry in entries[1:]:
        sql(f"UPDATE {TABLE} SET previous = %s WHERE id = %s", previous, entry.pk)
        rehash(entry)
        previous = AuditEntry.objects.get(pk=entry.pk).digest
    sql("UPDATE bureau_trailhead SET digest = %s", previous)
    assert first(verify_trail()).startswith("链头的签名不符")
    head = TrailHead.objects.get()
    head.sign()
    head.save()
    assert verify_trail().is_sound
    found = verify_trail(anchors=[known])
    assert first(found) == "文件中 2026-03-05 锚点与第 4 号记录不符，这一天及以前的记录被改过。"


def test_an_anchor_beyond_the_end_says_that_entries_are_gone() -> None:
    entries = write()
    anchor = Anchor(date(2026, 3, 5), 6, entries[5].algorithm, entries[5].digest, "文件中")
    unguarded()
    sql(f"DELETE FROM {TABLE} WHERE number > 3")
    head = TrailHead.objects.get()
    head.number, head.digest = 3, entries[2].digest
    head.sign()
    head.save()
    assert verify_trail().is_sound
    found = verify_trail(anchors=[anchor])
    assert first(found) == "文件中 2026-03-05 锚点记有 6 条，现在只有 3 条，记录被删过。"


def test_a_head_that_was_taken_away_is_begun_anew_and_told() -> None:
    write(4)
    unguarded()
    sql("DELETE FROM bureau_trailhead")
    assert first(verify_trail()) == "记录的链头不见了，末尾的记录可能被删过。"
    write(1)
    assert [entry.number for entry in AuditEntry.objects.order_by("number")] == [1, 2, 3, 4, 5]
    found = verify_trail()
    assert [fault.number for fault in found.faults] == [4]
    assert "链头曾在第 4 号记录处丢失" in first(found)


def test_a_forged_head_is_not_signed_by_the_next_writer() -> None:
    entries = write(4)
    unguarded()
    sql(f"DELETE FROM {TABLE} WHERE number > 2")
    sql("UPDATE bureau_trailhead SET number = 2, digest = %s", entries[1].digest)
    write(1)
    assert "链头曾在第 2 号记录处丢失或失去签名" in first(verify_trail())


def test_the_setting_may_change_and_old_entries_still_verify(settings: Any) -> None:
    write(2)
    settings.AUDIT_HASH = "sm3"
    entries = write(2)
    assert [entry.algorithm for entry in entries] == ["sha256", "sha256", "sm3", "sm3"]
    assert verify_trail().is_sound


def test_sm3_is_the_published_one() -> None:
    """GB/T 32905-2016, annex A.1."""
    assert chain.hash_named("sm3")(b"abc") == "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0"
    with pytest.raises(chain.UnknownAlgorithm, match="known: sha256, sm3"):
        chain.hash_named("md5")


def test_the_canonical_form_is_as_documented() -> None:
    assert chain.canonical({"b": 1, "a": {"数": [True, None, 0.5]}}) == '{"a":{"数":[true,null,0.5]},"b":1}'.encode()


def test_values_are_kept_as_every_database_gives_them_back() -> None:
    audit.Recorder(by=None, at=AT, why="空\x00字").note(
        action=AuditAction.UPDATE,
        subject=None,
        subject_name="半个\ud83d字",
        after={"a": 2.0, "b": 1e22, "c": [0.1, float("nan")], "d": {"e\x00": "\x00f"}},
    )
    entry = AuditEntry.objects.get()
    assert (entry.why, entry.subject_name) == ("空字", "半个?字")
    assert entry.after == {"a": 2, "b": "1e+22", "c": [0.1, "NaN"], "d": {"e": "f"}}
    assert verify_trail().is_sound


def test_a_batch_is_written_at_its_end_and_chained() -> None:
    write(1)
    with trail.batch():
        log = audit.Recorder(by=None, at=AT)
        for name in "甲乙丙":
            log.update(make.office(name=f"{name}处"), name=f"{name}一处")
        with pytest.raises(Halted), transaction.atomic():
            halt(log.update(make.office(name="丁处"), name="丁一处"))
        assert AuditEntry.objects.count() == 1
    names = list(AuditEntry.objects.order_by("number").values_list("subject_name", flat=True))
    assert names == ["事项1", "甲处", "乙处", "丙处"]
    assert verify_trail().is_sound


def test_a_batch_that_fails_leaves_nothing() -> None:
    with pytest.raises(Halted), trail.batch():
        halt(write(3))
    assert not AuditEntry.objects.exists()
    write(1)
    assert verify_trail().is_sound


def test_anchor_lines_are_read_out_of_any_text() -> None:
    digest = "ab" * 32
    text = f"各位：\n> keshu-anchor 2026-03-05 12 sm3 {digest}\n此致\nkeshu-anchor 2026-03-06 x sm3 {digest}"
    assert read_anchors(text, source="甲.txt") == (Anchor(date(2026, 3, 5), 12, "sm3", digest, "甲.txt"),)


def test_the_database_itself_refuses_to_change_an_entry() -> None:
    entry = write(1)[0]
    with pytest.raises(DatabaseError, match="never changed"), transaction.atomic():
        sql(f"UPDATE {TABLE} SET why = 'x' WHERE id = %s", entry.pk)
    if connection.vendor == "postgresql":
        with pytest.raises(DatabaseError, match="never changed"), transaction.atomic():
            sql(f"DELETE FROM {TABLE} WHERE id = %s", entry.pk)
    assert verify_trail().is_sound


def unguarded() -> None:
    """Take the guard off, as somebody may who owns the database."""
    if connection.vendor == "postgresql":
        sql("SET CONSTRAINTS ALL IMMEDIATE")
        sql(f"ALTER TABLE {TABLE} DISABLE TRIGGER USER")
    else:
        sql("DROP TRIGGER IF EXISTS trail_entry_stays")


@pytest.mark.django_db(transaction=True)
@pytest.mark.postgres
def test_writers_in_the_same_moment_do_not_fork_the_chain() -> None:
    start, failed = Barrier(4), []

    def work(name: str) -> None:
        try:
            start.wait(timeout=60)
            for number in range(15):
                audit.Recorder(by=None, at=AT).note(
                    action=AuditAction.UPDATE, subject=None, subject_name=f"{name}{number}"
                )
        except Exception as error:
            failed.append(error)
        finally:
            connection.close()

    threads = [Thread(target=work, args=(name,)) for name in "甲乙丙丁"]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=120)
    assert failed == []
    found = verify_trail()
    assert (found.entries, found.faults) == (60, ())
    assert TrailHead.objects.get(pk=HEAD).number == 60
