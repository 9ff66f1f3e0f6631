"""How commands print: results to stdout, messages to stderr, one JSON document with ``--json``."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from typing import TypeVar

import click

F = TypeVar("F", bound=Callable[..., object])


def json_option(function: F) -> F:
    """Add ``--json``; the command gets it as ``as_json``."""
    return click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")(function)


def print_json(document: object) -> None:
    """Write one JSON document to stdout."""
    click.echo(json_text(document))


def json_text(document: object, indent: int | None = 2) -> str:
    """``document`` as JSON that every reader takes and stdout can show.

    NaN and infinities are written as strings.
    """
    from json import dumps

    try:
        text = dumps(document, indent=indent, ensure_ascii=False, allow_nan=False)
    except ValueError:
        document = _finite(document)
        text = dumps(document, indent=indent, ensure_ascii=False)
    try:
        text.encode(sys.stdout.encoding or "ascii")
    except UnicodeEncodeError:
        return dumps(document, indent=indent)
    return text


def _finite(value: object) -> object:
    from math import isfinite

    if isinstance(value, float) and not isfinite(value):
        return str(value)
    if isinstance(value, dict):
        return {key: _finite(item) for key, item in value.items()}
    return [_finite(item) for item in value] if isinstance(value, (list, tuple)) else value


def message(text: str) -> None:
    """Tell the user something that is not a result; it goes to stderr."""
    click.echo(text, err=True)


def table(headings: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """``rows`` as columns, aligned under ``headings``."""
    lines = [list(headings), *(list(row) for row in rows)]
    widths = [max(len(line[column]) for line in lines) for column in range(len(headings))]
    return "\n".join(
        "  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip() for line in lines
    )


def duration(seconds: float) -> str:
    """A length of time for people: ``840 ms``, ``3.2 s``, ``4 min 5 s``, ``2 h 10 min``."""
    if seconds < 0.9995:
        return f"{seconds * 1000:.0f} ms"
    if seconds < 59.95:
        return f"{seconds:.1f} s"
    minutes, rest = divmod(round(seconds), 60)
    if minutes < 60:
        return f"{minutes} min {rest} s"
    hours, minutes = divmod(minutes, 60)
    return f"{hours} h {minutes} min"


def local_time(timestamp: float) -> str:
    """A time in the user's own zone, to the second."""
    from time import localtime, strftime

    return strftime("%Y-%m-%d %H:%M:%S", localtime(timestamp))
