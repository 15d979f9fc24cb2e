"""Processes killed by SIGKILL in the middle of the year's work: nothing half-saved, nobody told twice, and the next run finishes.

A workbook of check-ins being saved, the escalation of late forms, a sign-off: each is killed after its first statement, half
way, after its last, and before its commit. The processes are forks with connections of their own (``crash_scenes``).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from tests.apps.plans.crash_stage import copies_of


@pytest.fixture(scope="module")
def copies(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[], Any]]:
    with copies_of("begin", folder=tmp_path_factory.mktemp("crash")) as copy:
        yield copy


def points(writes: int) -> list[int | str]:
    """Where to kill: after the first statement, half way, after the last, before the commit."""
    assert writes > 1
    return [*sorted({1, writes // 2, writes}), "commit"]


def test_an_escalation_killed_anywhere_tells_everybody_once(copies: Callable[[], Any]) -> None:
    """Each round is told as a whole or not at all: five notices (clerk, head twice, planning office, leader), one entry."""
    untold, told = [[0], 0, 0, 0], [[4], 5, 5, 1]
    with copies() as play:
        assert play("look_late") == [untold, untold]
        writes = play.writes("escalate")
        assert play("look_late") == [told, told]
    for point in points(writes):
        with copies() as play:
            play.kill_in("escalate", point)
            after = play("look_late")
            # The second round may only come after the first is whole.
            assert after in ([untold, untold], [told, untold]), point
            assert play("escalate") == 2 * (2 - after.count(told))
            assert play("look_late") == [told, told]
            assert play("escalate") == 0
            assert play("look_late") == [told, told]


def test_a_sign_off_killed_anywhere_leaves_the_form_filed(copies: Callable[[], Any]) -> None:
    """Signed with its entry in the trail and its light, or none of them."""
    with copies() as play:
        play("file")
        filed = play("look_signed")
        assert (filed[0], filed[1], filed[3]) == ("filed", False, None)
        writes = play.writes("sign")
        signed = play("look_signed")
        assert (signed[0], signed[1], signed[3]) == ("signed", True, 31)
    with copies() as play:
        play("file")
        for point in points(writes):
            play.kill_in("sign", point)
            assert play("look_signed") == filed, point
        play("sign")
        assert play("look_signed") == signed


def test_an_import_killed_anywhere_is_saved_whole_by_the_next_worker(copies: Callable[[], Any]) -> None:
    """Four forms filed from a workbook: none while the job is broken off, then all, the signer told once of each round."""
    with copies() as play:
        play("bring_in")
        before = play("look_imported")
        assert before[:3] == ["queued", "saving", ["open"] * 4]
        writes = play.writes("work", until_commit=True)
        whole = play("look_imported")
        assert whole[:3] == ["done", "applied", ["filed"] * 4]
        assert all(words.endswith("行的进展") for words in whole[3])
        assert whole[5] == 2
    with copies() as play:
        play("bring_in")
        for point in points(writes):
            play.kill_in("work", point)
            assert play("look_imported") == ["running", *before[1:]], point
            if point != "commit":
                play("queue_again")
        play("work_later")
        assert play("look_imported") == whole
        play("work_later")
        assert play("look_imported") == whole


def test_an_import_killed_after_its_commit_is_not_saved_again(copies: Callable[[], Any]) -> None:
    """The rows are saved, the job has not said so: the next worker finds them and ends the job well."""
    with copies() as play:
        play("bring_in")
        play.kill_in("work", "committed")
        saved = play("look_imported")
        assert (saved[0], saved[1:3]) == ("running", ["applied", ["filed"] * 4])
        play("work_later")
        assert play("look_imported") == ["done", *saved[1:]]
