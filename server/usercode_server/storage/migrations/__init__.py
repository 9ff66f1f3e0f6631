"""The numbered changes of the stores' tables, one folder a database, one ``NNN_name.sql`` file a change.

A released file is never edited: a later change gets the next number.
"""

from __future__ import annotations

import os
from typing import NamedTuple


class Migration(NamedTuple):
    """One change of the tables."""

    version: int
    name: str
    path: str

    def statements(self) -> list[str]:
        """The SQL statements of the change, in order."""
        with open(self.path, encoding="utf-8") as file:
            lines = [line.partition("--")[0].rstrip() for line in file]
        return [sql for part in "\n".join(lines).split(";") if (sql := part.strip())]


def migrations(database: str) -> list[Migration]:
    """The changes for ``database``, the oldest first. Their numbers are 1, 2, 3, ... without gaps."""
    folder = os.path.join(os.path.dirname(os.path.abspath(__file__)), database)
    found = []
    for file_name in sorted(os.listdir(folder)):
        number, _, name = file_name.removesuffix(".sql").partition("_")
        found.append(Migration(int(number), name, os.path.join(folder, file_name)))
    if [migration.version for migration in found] != list(range(1, len(found) + 1)):
        raise ValueError(f"The migrations of {database} are not numbered 1, 2, 3, ...: {found}.")
    return found


def newest_version(database: str) -> int:
    """The version that the tables have after all changes."""
    return migrations(database)[-1].version
