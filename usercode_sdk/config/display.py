"""Values of users in messages: always short, whatever the value is or does."""

from __future__ import annotations

from collections.abc import Callable
from itertools import islice
from typing import Any

VALUE_LIMIT = 80
_MAX_DEPTH = 3
_MAX_ENTRIES = 10
_MAX_INT_BITS = 400


def shorten(value: object, limit: int = VALUE_LIMIT) -> str:
    """``repr(value)`` in at most ``limit`` characters; never raises, and never walks a large value whole."""
    return shorten_text(_bounded_repr(value, _MAX_DEPTH), limit)


def shorten_text(text: str, limit: int = VALUE_LIMIT) -> str:
    """``text``, cut with an ellipsis when it is longer than ``limit`` characters."""
    return text if len(text) <= limit else text[: limit - 3] + "..."


def quote(name: object) -> str:
    """A key or a name in double quotes, with control characters escaped."""
    if issubclass(type(name), str):
        return f'"{shorten_text(_string(name, 0)[1:-1])}"'
    return shorten(name)


def describe(value: object) -> str:
    """A value with its type: ``'x' (str)``."""
    return "None" if value is None else f"{shorten(value)} ({type(value).__name__})"


def _bounded_repr(value: object, depth: int) -> str:
    if type(value) is not bool:
        for base, show in _SHOWN_AS.items():
            if issubclass(type(value), base):
                return show(value, depth)
    try:
        return repr(value)
    except Exception:  # code of the author's; its repr must not hide the fault that we report
        return f"<{type(value).__name__} whose repr fails>"


# What follows may be given values of subclasses: of their own methods, none is called.
def _string(value: Any, depth: int) -> str:
    return repr(str.__getitem__(value, slice(VALUE_LIMIT + 1)))


def _bytes(value: Any, depth: int) -> str:
    return repr(bytes.__getitem__(value, slice(VALUE_LIMIT + 1)))


def _integer(value: Any, depth: int) -> str:
    return "<a very large int>" if int.bit_length(value) > _MAX_INT_BITS else int.__repr__(value)


def _dict(value: Any, depth: int) -> str:
    entries = islice(dict.items(value), _MAX_ENTRIES if depth else 0)
    shown = [f"{_bounded_repr(key, depth - 1)}: {_bounded_repr(entry, depth - 1)}" for key, entry in entries]
    return "{" + _joined(shown, dict.__len__(value)) + "}"


def _list(value: Any, depth: int) -> str:
    items = islice(list.__iter__(value), _MAX_ENTRIES if depth else 0)
    return "[" + _joined([_bounded_repr(item, depth - 1) for item in items], list.__len__(value)) + "]"


def _tuple(value: Any, depth: int) -> str:
    items = islice(tuple.__iter__(value), _MAX_ENTRIES if depth else 0)
    return "(" + _joined([_bounded_repr(item, depth - 1) for item in items], tuple.__len__(value)) + ")"


def _joined(shown: list[str], count: int) -> str:
    return ", ".join([*shown, "..."] if count > len(shown) else shown)


_SHOWN_AS: dict[type, Callable[[Any, int], str]] = {
    str: _string,
    bytes: _bytes,
    int: _integer,
    dict: _dict,
    list: _list,
    tuple: _tuple,
}
