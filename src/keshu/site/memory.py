"""How the programs of the site look for garbage: not while they load, and seldom in what they load."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager

# Objects made since the last look. Python looks after 700, which is a dozen times in building one page.
THRESHOLDS = (50_000, 20, 50)


@contextmanager
def loading() -> Iterator[None]:
    """What is loaded within stays as long as the program: no look for garbage meanwhile, and none in it afterwards."""
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()
        gc.set_threshold(*THRESHOLDS)
        gc.enable()
