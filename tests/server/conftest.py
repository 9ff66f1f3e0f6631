"""What tests of the server share."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.server.commands import Usercode


@pytest.fixture
def usercode(tmp_path: Path) -> Usercode:
    """The command, on a home folder of the test's own."""
    return Usercode(tmp_path)
