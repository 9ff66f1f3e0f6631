"""Draws a graph of solids as text: a line for each solid, below all that feed it, with rails for the edges.

● load
├─● clean          table ← load
│ ├─● count        table ← clean
╰─┴─● report       raw ← load, table ← clean
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from heapq import heapify, heappop, heappush
from typing import NamedTuple, TypeAlias

_MOST_RAILS = 30
_WIDEST = 60

Row: TypeAlias = tuple[str, str]
"""A line of the drawing, and the note behind it."""


class Vertex(NamedTuple):
    """One solid of the graph: what feeds it, in names of other vertices, and what is written beside and below it."""

    sources: Sequence[str]
    label: str
    note: str = ""
    """Written behind the label, in line with the notes of the others."""
    below: Sequence[str] = ()
    """Lines that belong to it, such as the drawing of a composite's inside."""


def draw(vertices: Mapping[str, Vertex]) -> list[str]:
    """The lines of the drawing. A graph with more than 30 open edges at a time is drawn without rails."""
    order = in_order(vertices)
    try:
        rows = list(_with_rails(vertices, order))
    except _TooManyRailsError:
        rows = [row for name in order for row in _without_rails(vertices[name])]
    width = max((len(text) for text, note in rows if note), default=0)
    return [f"{text:<{min(width, _WIDEST)}}   {note}" if note else text for text, note in rows]


def in_order(vertices: Mapping[str, Vertex]) -> list[str]:
    """The names so that each comes after all that feed it, otherwise as they are given."""
    places = {name: place for place, name in enumerate(vertices)}
    names = list(vertices)
    waiting = {name: len(set(vertex.sources)) for name, vertex in vertices.items()}
    fed = _consumers(vertices)
    ready = [places[name] for name, count in waiting.items() if count == 0]
    heapify(ready)
    order = []
    while ready:
        name = names[heappop(ready)]
        order.append(name)
        for consumer in fed[name]:
            waiting[consumer] -= 1
            if waiting[consumer] == 0:
                heappush(ready, places[consumer])
    return order


def _consumers(vertices: Mapping[str, Vertex]) -> dict[str, set[str]]:
    fed: dict[str, set[str]] = {name: set() for name in vertices}
    for name, vertex in vertices.items():
        for source in vertex.sources:
            fed[source].add(name)
    return fed


class _TooManyRailsError(Exception):
    """The drawing would be wider than a terminal."""


def _without_rails(vertex: Vertex) -> Iterator[Row]:
    yield f"● {vertex.label}", vertex.note
    yield from ((f"    {line}", "") for line in vertex.below)


def _with_rails(vertices: Mapping[str, Vertex], order: Sequence[str]) -> Iterator[Row]:
    """The rows; raises _TooManyRailsError."""
    open_edges = _consumers(vertices)
    # What each column carries downwards: the name of the vertex that its edges come from.
    rails: list[str | None] = []
    for name in order:
        vertex = vertices[name]
        for source in vertex.sources:
            open_edges[source].discard(name)
        incoming = {place for place, rail in enumerate(rails) if rail is not None and rail in vertex.sources}
        ending = {place for place in incoming if not open_edges[str(rails[place])]}
        column = _column(rails, incoming, ending)
        if column >= _MOST_RAILS:
            raise _TooManyRailsError
        if column in incoming:
            yield _rails_alone(rails), ""
        yield _row(rails, incoming, ending, column, vertex.label), vertex.note
        for place in ending:
            rails[place] = None
        rails[column] = name if open_edges[name] else None
        while rails and rails[-1] is None:
            rails.pop()
        yield from ((f"{_rails_alone(rails):<{2 * column + 1}}   {line}", "") for line in vertex.below)


def _rails_alone(rails: Sequence[str | None]) -> str:
    return " ".join("│" if rail is not None else " " for rail in rails)


def _column(rails: list[str | None], incoming: set[int], ending: set[int]) -> int:
    """Where the vertex goes: under its only source when that ends there, else right of its sources."""
    if len(incoming) == 1 and ending == incoming:
        return next(iter(incoming))
    first = max(incoming, default=-1) + 1
    column = next((place for place in range(first, len(rails)) if rails[place] is None), len(rails))
    if column == len(rails):
        rails.append(None)
    return column


def _row(rails: Sequence[str | None], incoming: set[int], ending: set[int], column: int, label: str) -> str:
    first = min(incoming, default=column)
    cells = []
    for place, rail in enumerate(rails):
        if place == column:
            cell = "●"
        elif place in incoming:
            corner = place == first
            cell = ("╰" if corner else "┴") if place in ending else ("├" if corner else "┼")
        elif rail is not None:
            cell = "│"
        else:
            cell = "─" if first < place < column else " "
        cells.append(cell + ("─" if first <= place < column else " "))
    return f"{''.join(cells).rstrip()} {label}"
