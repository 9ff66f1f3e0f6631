"""Runs the test suite: here, or on every other installed Python and on the oldest dependencies.

    python -m scripts.run_tests [pytest options]
    python -m scripts.run_tests --others [pytest options]

The tiers that USERCODE_TEST_TIERS names (see CONTRIBUTING.md) run here only, on the interpreter that runs this.
"""

from __future__ import annotations

import os
import platform
import subprocess
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from scripts.environment import CACHE, ROOT, ensure
from scripts.interpreters import SUPPORTED, installed

TIERS = "USERCODE_TEST_TIERS"


class Environment(NamedTuple):
    """One more place where the suite runs."""

    name: str
    python: Path


def main(arguments: Sequence[str]) -> int:
    """Run the suite with these pytest options and return the exit code."""
    options = [argument for argument in arguments if argument != "--others"]
    if "--others" in arguments:
        return _run_elsewhere(options)
    python = ensure(ROOT / ".venv", ["dev", *_groups_of_tiers()])
    _headline(f"Python {platform.python_version()}")
    return _pytest(python, options, os.environ)


def _groups_of_tiers() -> list[str]:
    """A tier's own Python packages are the dependency group of the same name."""
    return os.environ.get(TIERS, "").replace(",", " ").split()


def _run_elsewhere(options: Sequence[str]) -> int:
    without_tiers = {name: value for name, value in os.environ.items() if name != TIERS}
    outcomes = {}
    for environment in _environments():
        _headline(environment.name)
        outcomes[environment.name] = _pytest(environment.python, options, without_tiers)
    for name, code in outcomes.items():
        print(f"{name}: {'passed' if code == 0 else 'FAILED'}")
    return int(any(outcomes.values()))


def _environments() -> Iterator[Environment]:
    interpreters = installed()
    if not interpreters:
        raise SystemExit(f"No Python of {', '.join(SUPPORTED)} that can make an environment was found.")
    for missing in sorted(set(SUPPORTED) - {interpreter.minor for interpreter in interpreters}):
        print(f"Python {missing} is not installed: not tested.")
    for interpreter in interpreters:
        if interpreter.minor != "{}.{}".format(*sys.version_info):
            python = ensure(CACHE / interpreter.minor, ["test"], python=str(interpreter.path))
            yield Environment(f"Python {interpreter.version}", python)
    oldest = interpreters[0]
    python = ensure(CACHE / "floors", ["test"], python=str(oldest.path), floors=True)
    yield Environment(f"Python {oldest.version} with the oldest dependencies", python)


def _pytest(python: Path, options: Sequence[str], environment: os._Environ[str] | dict[str, str]) -> int:
    return subprocess.run([python, "-m", "pytest", *options], cwd=ROOT, env=dict(environment)).returncode


def _headline(text: str) -> None:
    print(f"==> Tests on {text}", flush=True)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
