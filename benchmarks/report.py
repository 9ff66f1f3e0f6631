"""The rows of the report and how they are shown: as text, as JSON, as Markdown."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from benchmarks.series import Series

HEADINGS = ("what", "Usercode", "compared with", "ratio", "budget", "met")


class Budget(NamedTuple):
    """A limit that a row is held against: of the value itself, or of its ratio."""

    limit: float
    is_ratio: bool = False
    is_least: bool = False

    def is_met_by(self, row: Row) -> bool:
        """Whether the median is within the limit."""
        figure = (row.ratio if self.is_ratio else row.ours) or row.ours
        return figure.median >= self.limit if self.is_least else figure.median <= self.limit

    def text(self, unit: str) -> str:
        """For people: ``≤ 90 ms``, ``≥ 0.8 x``."""
        return f"{'≥' if self.is_least else '≤'} {number(self.limit)} {'x' if self.is_ratio else unit}".rstrip()


class Row(NamedTuple):
    """One figure, with what it is compared with and what it may be."""

    what: str
    unit: str
    ours: Series
    floor: Series | None = None
    """The same thing done by the least that can do it, in the same runs."""
    floor_name: str = "floor"
    budget: Budget | None = None
    peer: Series | None = None
    """The same thing done by a Dagster, in the same runs."""
    note: str = ""
    """What else there is to say, where nothing is compared."""

    @property
    def ratio(self) -> Series | None:
        return None if self.floor is None else self.ours.over(self.floor)

    @property
    def is_met(self) -> bool | None:
        """Whether the budget is met; None when there is none."""
        return None if self.budget is None else self.budget.is_met_by(self)


def at_most(limit: float) -> Budget:
    """A limit of the value itself."""
    return Budget(limit)


def at_most_times(limit: float) -> Budget:
    """A limit of the ratio to the floor."""
    return Budget(limit, is_ratio=True)


def at_least_times(limit: float) -> Budget:
    """A least ratio to the floor."""
    return Budget(limit, is_ratio=True, is_least=True)


def number(value: float) -> str:
    """With three digits that mean something: ``0.084``, ``8.42``, ``84.2``, ``842``, ``8,420``."""
    if abs(value) >= 100:
        return f"{value:,.0f}"
    places = 1 if abs(value) >= 10 else 2 if abs(value) >= 1 else 3
    text = f"{value:.{places}f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def spread(figure: Series, unit: str) -> str:
    """The median, with the least and the most when there were several runs."""
    text = f"{number(figure.median)} {unit}".rstrip()
    if len(figure.values) == 1:
        return text
    return f"{text} ({number(figure.least)} to {number(figure.most)})"


def cells(row: Row, peer_name: str | None) -> list[str]:
    """The columns of a row as text, one more than HEADINGS when there is a peer."""
    ratio = row.ratio
    texts = [
        row.what,
        spread(row.ours, row.unit),
        row.note if row.floor is None else f"{row.floor_name} {spread(row.floor, row.unit)}",
        "" if ratio is None else spread(ratio, "x"),
        "" if row.budget is None else row.budget.text(row.unit),
        {True: "yes", False: "NO", None: ""}[row.is_met],
    ]
    if peer_name is not None:
        texts.append("" if row.peer is None else _peer_text(row, row.peer))
    return texts


def _peer_text(row: Row, peer: Series) -> str:
    return f"{spread(peer, row.unit)}, {number(peer.median / row.ours.median)} x ours"


def as_text(rows: Sequence[Row], peer_name: str | None) -> str:
    """A table for a terminal."""
    lines = [_headings(peer_name), *(cells(row, peer_name) for row in rows)]
    widths = [max(len(line[column]) for line in lines) for column in range(len(lines[0]))]
    return "\n".join(
        "  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip() for line in lines
    )


def as_markdown(rows: Sequence[Row], peer_name: str | None) -> str:
    """A Markdown table."""
    headings = _headings(peer_name)
    lines = [headings, ["---"] * len(headings), *(cells(row, peer_name) for row in rows)]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def as_document(rows: Sequence[Row], peer_name: str | None) -> list[dict[str, object]]:
    """The rows as plain data, every value of every run in them."""
    return [
        {
            "what": row.what,
            "unit": row.unit,
            "note": row.note,
            "ours": list(row.ours.values),
            "compared_with": None if row.floor is None else {"name": row.floor_name, "values": list(row.floor.values)},
            "ratio": None if row.ratio is None else list(row.ratio.values),
            "budget": None if row.budget is None else row.budget.text(row.unit),
            "is_met": row.is_met,
            "peer": None if row.peer is None else {"name": peer_name, "values": list(row.peer.values)},
        }
        for row in rows
    ]


def _headings(peer_name: str | None) -> list[str]:
    return [*HEADINGS, *([peer_name] if peer_name else [])]
