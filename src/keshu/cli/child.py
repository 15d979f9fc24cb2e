"""What `keshu serve` runs beside itself: ``python -m keshu.cli.child pages HOST PORT WORKERS`` or ``… worker``."""

from __future__ import annotations

import sys

from keshu.cli import serving
from keshu.cli.site import load_django


def main(role: str, *given: str) -> None:
    serving.end_with_parent()
    if role == "pages":
        host, port, workers = given
        _serve_pages(host=host, port=int(port), workers=int(workers))
    elif role == "worker":
        _work()
    else:
        raise SystemExit(f"no child process {role!r}; known: pages, worker")


def _serve_pages(*, host: str, port: int, workers: int) -> None:
    from granian.constants import Interfaces
    from granian.log import LogLevels
    from granian.server import Server

    Server(
        "keshu.site.wsgi:application",
        address=host,
        port=port,
        interface=Interfaces.WSGI,
        workers=workers,
        blocking_threads=4,
        log_level=LogLevels.warning,
        workers_kill_timeout=int(serving.GRACE / 2),
    ).serve()


def _work() -> None:
    load_django()
    from keshu.apps.bureau.services import jobs

    jobs.run_worker()


if __name__ == "__main__":
    main(*sys.argv[1:])
