"""The names of the files that hold the output of one attempt of a step.

A step key becomes a file name by percent-encoding, so that two keys never share a file. The lines that
belong to no step have a name that no key can have.
"""

from __future__ import annotations

from typing import NamedTuple

_PLAIN = frozenset(b"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-.[]")
_MAX_NAME = 200
_RUN = "%run"


class LogFile(NamedTuple):
    """One of the files of an attempt."""

    step_name: str
    """The step key, as far as it is part of the name."""
    attempt: int
    kind: str
    """``log``, ``out`` or ``err``."""


def log_key(step_key: str | None, attempt: int) -> str:
    """The name, without its ending, of the files of an attempt; of the run itself without a step."""
    return f"{step_name(step_key)}.{attempt}"


def step_name(step_key: str | None) -> str:
    """A step key as part of a file name; a very long one is cut and made unique by its hash."""
    if step_key is None:
        return _RUN
    raw = step_key.encode("utf-8", "surrogatepass")
    name = "".join(chr(byte) if byte in _PLAIN else f"%{byte:02X}" for byte in raw)
    if len(name) <= _MAX_NAME:
        return name
    from hashlib import sha256

    return f"{name[:100]}%-{sha256(raw).hexdigest()}"


def run_name(run_id: str) -> str:
    """A run id as the name of a folder, whatever it holds."""
    name = step_name(run_id)
    return f"%2E{name[1:]}" if name.startswith(".") else name or "%"


def parse_file_name(name: str) -> LogFile | None:
    """What a file of the folder holds; None for one that is not ours."""
    rest, _, kind = name.rpartition(".")
    step, _, attempt = rest.rpartition(".")
    if kind not in ("log", "out", "err") or not step or not attempt.isdecimal():
        return None
    return LogFile(step, int(attempt), kind)


def step_key_of(name: str) -> str | None:
    """The step key that ``name`` was made from; None for the run itself. A cut key stays cut."""
    if name == _RUN:
        return None
    from urllib.parse import unquote_to_bytes

    return unquote_to_bytes(name).decode("utf-8", "replace")
