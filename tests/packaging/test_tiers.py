"""Test tiers are off, with a word on how to switch them on, or on and then never skipped."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]


def test_a_tier_that_is_not_named_is_skipped_with_what_to_do() -> None:
    done = _collect_images("")

    assert done.returncode == 0
    assert "run scripts/install-test-servers.sh once as root, then USERCODE_TEST_TIERS=images" in done.stdout
    assert " passed" not in done.stdout


def test_an_unknown_tier_is_refused() -> None:
    done = _collect_images("image")

    assert done.returncode == 4
    assert "USERCODE_TEST_TIERS names image; the tiers are images." in done.stderr


def test_a_named_tier_is_not_skipped_when_what_it_needs_is_missing() -> None:
    done = _collect_images("images", PATH="/nowhere")

    assert done.returncode == 1
    assert "skipped" not in done.stdout


def _collect_images(tiers: str, **environment: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", "-x", "tests/images/test_base_image.py"]
    changed = os.environ | {"USERCODE_TEST_TIERS": tiers} | environment
    return subprocess.run(command, cwd=ROOT, env=changed, capture_output=True, text=True)
