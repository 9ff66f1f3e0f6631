"""The named queries of the stores, each written in a ``.sql`` file of this folder.

A query starts with the line ``-- name: <name>``; other comment lines are for the reader.
"""

from __future__ import annotations

import os


def load_queries(file_name: str) -> dict[str, str]:
    """The queries of one file of this folder, by name."""
    with open(f"{_FOLDER}/{file_name}", encoding="utf-8") as file:
        return parse_queries(file.read())


def parse_queries(text: str) -> dict[str, str]:
    """The queries in ``text``, by name, without comment lines and closing semicolons.

    Raises ValueError for a name given twice, a query without a name or a name without a query.
    """
    queries: dict[str, str] = {}
    name, lines = "", list[str]()
    for line in [*text.splitlines(), "-- name: "]:
        if not line.startswith("-- name:"):
            if not line.startswith("--"):
                lines.append(line)
            continue
        sql = "\n".join(lines).strip().removesuffix(";")
        if bool(name) != bool(sql):
            raise ValueError(f"The query {name!r} is empty." if name else f"A query has no name: {sql!r}.")
        if name in queries:
            raise ValueError(f"Two queries are named {name!r}.")
        if name:
            queries[name] = sql
        name, lines = line.removeprefix("-- name:").strip(), []
    return queries


_FOLDER = os.path.dirname(os.path.abspath(__file__))
