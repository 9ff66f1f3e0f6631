"""A store of each kind, for the one test suite over all of them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from usercode_server.storage.base import Store
from usercode_server.storage.sqlite import SQLiteStore


@pytest.fixture(params=["sqlite"])
def store(tmp_path: Path) -> Iterator[Store]:
    opened = SQLiteStore(str(tmp_path / "runs.db"))
    yield opened
    opened.close()
