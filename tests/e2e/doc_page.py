"""A page of the documentation: its files, and its commands with what they print."""

from __future__ import annotations

import re
from pathlib import Path
from typing import NamedTuple

_BLOCK = re.compile(r"^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_FILE_NAME = re.compile(r"# (\w+\.(?:py|yaml))\n")
_MASKS = (
    # Later Pythons mark the place in a line of a traceback; the pages don't.
    (re.compile(r"^ *~*\^+~*\n", re.MULTILINE), ""),
    (re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"), "RUN"),
    (re.compile(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\dZ?"), "DATE"),
    (re.compile(r"\d\d:\d\d:\d\d\.\d{3}"), "TIME"),
    (re.compile(r"\b\d+(\.\d+)? ?(ms|s|seconds)\b"), "DURATION"),
    (re.compile(r"(process|pid:) \d+"), r"\1 PID"),
    (re.compile(r"[ \t]+"), " "),  # columns are as wide as what was masked
    (re.compile(r" +$", re.MULTILINE), ""),
)


class Step(NamedTuple):
    """A file to write, or a command to type."""

    file_name: str | None
    text: str
    """What the file holds, or the command."""
    output: str = ""
    """What the page says that the command prints; ``…`` alone in a line stands for any lines, or else for any text."""


def steps_of(page: Path) -> list[Step]:
    """Every complete file and every command of a page, in its order."""
    steps: list[Step] = []
    for language, body in _BLOCK.findall(page.read_text(encoding="utf-8")):
        if language == "console":
            steps += _commands(body)
        elif name := _FILE_NAME.match(body):
            steps.append(Step(name[1], body))
    return steps


def _commands(body: str) -> list[Step]:
    commands = []
    for part in re.split(r"^\$ ", body, flags=re.MULTILINE)[1:]:
        command, _, output = part.partition("\n")
        commands.append(Step(None, command, output.strip("\n")))
    return commands


def masked(text: str) -> str:
    """``text`` without what differs from run to run: ids, times, durations, process ids, widths of columns."""
    for pattern, name in _MASKS:
        text = pattern.sub(name, text)
    return text


def pattern_of(output: str) -> str:
    """The regular expression of what a page says that a command prints."""
    lines = []
    for line in masked(output).splitlines():
        lines.append(r"(?:.*\n)*?" if line == "…" else re.escape(line).replace("…", ".*") + r"\n")
    return "".join(lines)
