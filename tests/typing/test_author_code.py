"""What authors write type-checks under ``mypy --strict``, and their mistakes do not."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
FILES = sorted(Path(__file__).parent.glob("*/*.py"))

_ERROR = re.compile(r"(?P<file>[^:]+):(?P<line>\d+): error: .*\[(?P<code>[\w-]+)\]$")
_EXPECTED = re.compile(r"  # refused: (?P<code>[\w-]+)$")

Mistake = tuple[str, int, str]
"""File, line, and mypy's code of an error."""


def _expected() -> set[Mistake]:
    return {
        (str(path.relative_to(ROOT)), number, found["code"])
        for path in FILES
        for number, line in enumerate(path.read_text().splitlines(), 1)
        if (found := _EXPECTED.search(line))
    }


def _reported() -> set[Mistake]:
    # A refused decorator is untyped; saying so once more for the function below it would only be noise.
    options = [
        "--strict",
        "--allow-untyped-decorators",
        "--follow-imports=silent",
        "--cache-dir=.cache/mypy-author-code",
        "--no-error-summary",
    ]
    done = subprocess.run(
        [sys.executable, "-m", "mypy", *options, *(str(path.relative_to(ROOT)) for path in FILES)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    errors = [line for line in done.stdout.splitlines() if ": error: " in line]
    found = [_ERROR.match(line) for line in errors]
    assert done.stderr == ""
    assert [line for line, match in zip(errors, found, strict=True) if match is None] == []
    return {(match["file"], int(match["line"]), match["code"]) for match in found if match is not None}


def test_mypy_tells_of_the_mistakes_marked_and_of_nothing_else() -> None:
    expected = _expected()
    assert len(expected) > 40  # the marks are found
    reported = _reported()
    assert (sorted(reported - expected), sorted(expected - reported)) == ([], [])
