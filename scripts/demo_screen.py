"""What the demo shows: headings, commands, their output, progress. On a terminal in colour, in a log as plain lines."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from io import TextIOWrapper

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.text import Text

_WIDTH_OF_A_LOG = 140


class Screen:
    """Prints to stdout."""

    def __init__(self) -> None:
        if isinstance(sys.stdout, TextIOWrapper):
            sys.stdout.reconfigure(errors="replace")
        is_terminal = sys.stdout.isatty()
        self._console = Console(highlight=False, width=None if is_terminal else _WIDTH_OF_A_LOG)

    def heading(self, text: str) -> None:
        """Start a part of the story."""
        self._console.print()
        self._console.print(Text(text, style="bold"))

    def command(self, text: str) -> None:
        """Show a command that is about to run."""
        self._console.print()
        self._console.print(Text.assemble(("$ ", "green"), (text, "bold cyan")), soft_wrap=True)

    def say(self, text: str, style: str = "") -> None:
        """Tell the reader something; long text is wrapped."""
        self._console.print(Text(text, style=style))

    def line(self, text: str, style: str = "") -> None:
        """Show one line of a command's output, cut at the edge of the terminal."""
        self._console.print(Text(text, style=style), no_wrap=True, overflow="ellipsis", crop=True)

    @contextmanager
    def progress(self, total: int) -> Iterator[Steps]:
        """A bar at the bottom of the terminal while steps end; lines go above it. In a log there is no bar."""
        columns = (TextColumn("[bold]steps"), BarColumn(40), MofNCompleteColumn(), TimeElapsedColumn())
        hidden = not self._console.is_terminal
        with Progress(*columns, console=self._console, transient=True, disable=hidden) as progress:
            yield Steps(self, progress, total)


class Steps:
    """Counts the steps that have ended."""

    def __init__(self, screen: Screen, progress: Progress, total: int) -> None:
        self._screen = screen
        self._progress = progress
        self._total = total
        self._task = progress.add_task("steps", total=total)
        self._ended = 0

    def line(self, text: str, style: str, *, ends_step: bool) -> None:
        """Show one line, behind how many steps have ended by then."""
        if ends_step:
            self._ended += 1
            self._progress.update(self._task, completed=self._ended)
        digits = len(str(self._total))
        self._screen.line(f"[{self._ended:{digits}}/{self._total}] {text}", style)
