"""Records chained by hash: each holds the hash of the one before and its own, over one canonical way of writing all it says.

``docs/methods/audit.md`` gives the form, so that anybody can check a chain without this code. SM3 is GB/T 32905-2016
(SM3 密码杂凑算法), SHA-256 is FIPS 180-4.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping
from typing import Any

# What stands before the first record.
ROOT = "0" * 64


def canonical(record: Mapping[str, Any]) -> bytes:
    """A record as JSON in UTF-8: keys in the order of their code points, no blanks, nothing escaped that need not be."""
    text = json.dumps(record, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False)
    return text.encode()


def digest(record: Mapping[str, Any], *, algorithm: str) -> str:
    """The hash of a record, in hexadecimal.

    Raises
    ------
    UnknownAlgorithm
        names the algorithm given and those known
    """
    return hash_named(algorithm)(canonical(record))


class UnknownAlgorithm(ValueError):
    """A hash this house does not know."""

    def __init__(self, name: str) -> None:
        super().__init__(f"no hash called {name!r}; known: {', '.join(ALGORITHMS)}")


def hash_named(name: str) -> Callable[[bytes], str]:
    """The function that hashes bytes to hexadecimal digits."""
    if name not in _HASHES:
        raise UnknownAlgorithm(name)
    return _HASHES[name]


def _sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def _sm3(data: bytes) -> str:
    """By the system's OpenSSL; where that was built without SM3, by the one that `cryptography` brings."""
    try:
        return hashlib.new("sm3", data).hexdigest()
    except ValueError:
        from cryptography.hazmat.primitives import hashes

        hasher = hashes.Hash(hashes.SM3())
        hasher.update(data)
        return hasher.finalize().hex()


_HASHES: dict[str, Callable[[bytes], str]] = {"sha256": _sha256, "sm3": _sm3}
ALGORITHMS = tuple(_HASHES)
