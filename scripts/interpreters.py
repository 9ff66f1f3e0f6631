"""Finds the installed CPython interpreters that this project supports."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

SUPPORTED = ("3.11", "3.12", "3.13")

# An interpreter is of use only when it can make an environment with pip in it.
_PROBE = (
    "import sys, venv, ensurepip; "
    "print(sys.implementation.name, '.'.join(map(str, sys.version_info[:3])), sys.executable, sep='\\n')"
)


class Interpreter(NamedTuple):
    """One installed Python: `minor` is "3.12", `version` is "3.12.1"."""

    minor: str
    version: str
    path: Path


def installed() -> list[Interpreter]:
    """One interpreter for each supported minor version that is installed, oldest first."""
    found = (_first_working(minor) for minor in SUPPORTED)
    return [interpreter for interpreter in found if interpreter is not None]


def _first_working(minor: str) -> Interpreter | None:
    for candidate in _candidates(minor):
        interpreter = _probe(candidate)
        if interpreter is not None and interpreter.minor == minor:
            return interpreter
    return None


def _candidates(minor: str) -> Iterator[Path]:
    """Where a Python of this minor version usually is: on PATH, then what pyenv and uv installed."""
    for directory in os.get_exec_path():
        yield Path(directory) / f"python{minor}"
    pyenv = Path(os.environ.get("PYENV_ROOT", Path.home() / ".pyenv"))
    yield from sorted(pyenv.glob(f"versions/{minor}.*/bin/python{minor}"), reverse=True)
    uv = shutil.which("uv")
    if uv is not None:
        command = [uv, "python", "find", "--no-python-downloads", minor]
        answer = subprocess.run(command, capture_output=True, text=True)
        if answer.returncode == 0:
            yield Path(answer.stdout.strip())


def _probe(candidate: Path) -> Interpreter | None:
    try:
        answer = subprocess.run([candidate, "-c", _PROBE], capture_output=True, text=True)
    except OSError:
        return None
    if answer.returncode != 0:
        return None
    implementation, version, path = answer.stdout.splitlines()
    if implementation != "cpython":
        return None
    return Interpreter(version.rpartition(".")[0], version, Path(path))
