"""An author's text as protobuf can carry it."""

from __future__ import annotations

from collections.abc import Mapping

_LIMIT = 100_000


def text(value: object) -> str:
    """The text of a description or message: None is empty, what UTF-8 can't hold is escaped, a huge one cut."""
    if value is None:
        return ""
    string = value if isinstance(value, str) else str(value)
    if len(string) > _LIMIT:
        string = f"{string[:_LIMIT]}... (cut)"
    return valid_utf8(string)


def valid_utf8(string: str) -> str:
    """The whole string, with what UTF-8 can't hold (lone surrogates) escaped."""
    return string if string.isascii() else string.encode("utf-8", "backslashreplace").decode("utf-8")


def valid_tags(tags: Mapping[str, str]) -> dict[str, str]:
    """Tags whose keys and values are valid UTF-8."""
    return {valid_utf8(key): valid_utf8(value) for key, value in tags.items()}
