"""`keshu serve`: the pages and the worker as two child processes, which never outlive the command that started them.

Each child leads a session of its own, so that Ctrl+C on the terminal reaches this process alone and it stops both in order:
first asked (SIGTERM), after `GRACE` seconds made to. Each child also holds the reading end of a pipe whose writing end dies
with this process, whatever ends it; a child that reads the end of that pipe stops by itself.
"""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Sequence

import click

GRACE = 10.0  # seconds a child is given to finish what it is at
LOOK = 0.2


class Household:
    """The children, started together and stopped together."""

    def __init__(self) -> None:
        self._children: list[subprocess.Popen[bytes]] = []
        self._asked = 0
        # The children inherit the reading end; the writing end stays here.
        self._reading, self._writing = os.pipe()

    def start(self, *arguments: str) -> None:
        command = [sys.executable, "-m", "keshu.cli.child", *arguments]
        child = subprocess.Popen(command, stdin=self._reading, start_new_session=True)
        self._children.append(child)

    def stay(self) -> bool:
        """Wait until told to stop (True) or until a child ends by itself (False)."""
        while not self._asked:
            if any(child.poll() is not None for child in self._children):
                return False
            time.sleep(LOOK)
        return True

    def ask(self, *_: object) -> None:
        """Somebody wants an end; asked a second time, nobody is waited for."""
        self._asked += 1

    def stop(self) -> None:
        for child in self._children:
            if child.poll() is None:
                child.terminate()
        last = time.monotonic() + GRACE
        asked_before = self._asked
        while time.monotonic() < last and self._asked == asked_before:
            if all(child.poll() is not None for child in self._children):
                break
            time.sleep(LOOK)
        for child in self._children:
            # What a child has started is in its group, also when the child itself has gone.
            with contextlib.suppress(ProcessLookupError):
                os.killpg(child.pid, signal.SIGKILL)
            child.wait()


def serve(children: Sequence[Sequence[str]], *, ready: Callable[[], None]) -> None:
    """Run the children until Ctrl+C or SIGTERM; ClickException when one of them ends by itself."""
    household = Household()
    for wanted in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(wanted, household.ask)
    try:
        for arguments in children:
            household.start(*arguments)
        ready()
        was_told = household.stay()
    finally:
        household.stop()
    if not was_told:
        raise click.ClickException("网站进程意外停止，其余进程已一并停止。原因见上面的记录。")
    click.echo("科枢已停止。")


def check_port(host: str, port: int) -> None:
    """ClickException when somebody else listens there."""
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise click.ClickException(
                f"不能在 {host}:{port} 上启动网站：端口已被占用，或地址不属于本机。"
                f"请停止占用它的程序，或换一个端口，例如 keshu serve --port {port + 1}。"
            ) from error


def end_with_parent() -> None:
    """For a child: stop when the pipe on standard input ends, which it does only with the process that started us."""

    def wait() -> None:
        with contextlib.suppress(OSError):
            while os.read(0, 1):
                pass
        os.kill(os.getpid(), signal.SIGTERM)
        time.sleep(GRACE)
        os.killpg(0, signal.SIGKILL)

    threading.Thread(target=wait, name="keshu-lifeline", daemon=True).start()
