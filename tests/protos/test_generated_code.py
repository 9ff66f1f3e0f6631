"""The committed code is what the generator makes of protos/."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


@pytest.mark.skipif(sys.version_info >= (3, 13), reason="the generator is too old for this Python; 3.11 compares")
def test_the_generated_code_is_up_to_date() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "scripts.protos", "--check"],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
