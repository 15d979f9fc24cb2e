"""A worker killed in the middle of its work: nothing half-saved, the job taken up again, nothing doubled.

The worker is a process of its own, killed with SIGKILL inside the transaction (``crash_scenes``).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from tests.apps.plans.crash_stage import copies_of


@pytest.fixture(scope="module")
def copies(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[], Any]]:
    with copies_of("receive", folder=tmp_path_factory.mktemp("crash")) as copy:
        yield copy


def test_a_worker_killed_while_reading_leaves_nothing_and_the_next_one_finishes(copies: Callable[[], Any]) -> None:
    with copies() as play:
        play.kill_in("read_and_die")
        # The job still counts as running; of the document there is nothing.
        assert play("look_read") == ["running", "1", "0", "0", "0", "0", "0", "0", "0"]
        play("read_later")
        once = ["done", "2", "reviewing", "1", "1", "3", "2", "0", "2", "0"]
        assert play("look_read") == once
        play("read_later")
        assert play("look_read") == once


def test_a_process_killed_while_publishing_leaves_the_draft_as_it_was(copies: Callable[[], Any]) -> None:
    with copies() as play:
        play("read")
        draft = play("look_read")
        assert draft[2] == "reviewing"
        play.kill_in("publish_and_die")
        assert play("look_read") == draft
        play("publish")
        state, attempts, *rest = play("look_read")
        assert (state, attempts, rest) == ("done", "1", ["published", *draft[3:8], "0", "1"])
