"""The Dockerfile as a text."""

from __future__ import annotations

import subprocess
import sysconfig
from pathlib import Path

import pytest

pytestmark = pytest.mark.images

DOCKERFILE = Path(__file__).parents[2] / "Dockerfile"


def test_hadolint_has_nothing_to_say() -> None:
    hadolint = Path(sysconfig.get_path("scripts")) / "hadolint"
    done = subprocess.run([hadolint, "--no-color", DOCKERFILE], capture_output=True, text=True)

    assert (done.returncode, done.stdout) == (0, "")
