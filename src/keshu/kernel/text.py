"""Text as every database can hold it."""

from __future__ import annotations

NULL = "\0"


def is_sound(text: str) -> bool:
    """Whether the text holds neither the null character nor half a character (a lone surrogate).

    Examples
    --------
    >>> is_sound("云澜市"), is_sound("云\\0澜市"), is_sound("云\\ud800澜市")
    (True, False, False)
    """
    return sound(text) == text


def sound(text: str) -> str:
    """The text without what PostgreSQL refuses: the null character is left out, half a character becomes a question mark.

    Examples
    --------
    >>> sound("云\\0澜市\\ud800")
    '云澜市?'
    """
    return text.encode("utf-8", "replace").decode().replace(NULL, "")
