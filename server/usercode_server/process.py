"""Which process executes a run, so surely that a signal can be sent to it later.

A process id alone may belong to another process by now. With the time the process started, the boot
of the machine and the process id namespace it names one process for ever.
"""

from __future__ import annotations

import os
import signal
from typing import NamedTuple


class ProcessIdentity(NamedTuple):
    """One process of one machine."""

    pid: int
    place: str
    """The machine and the namespace that the id belongs to."""
    started: str
    """When the process started, in a form that only this machine compares."""

    def to_text(self) -> str:
        """The identity as one word."""
        return f"{self.pid}@{self.place}@{self.started}"

    @staticmethod
    def from_text(text: str) -> ProcessIdentity | None:
        """The identity that :meth:`to_text` wrote; None for other text."""
        pid, *rest = text.split("@")
        return ProcessIdentity(int(pid), *rest) if len(rest) == 2 and pid.isdecimal() else None

    @property
    def is_here(self) -> bool:
        """Whether the process was started where this process can see it."""
        return self.place == _place()

    @property
    def is_alive(self) -> bool:
        """Whether the process runs, here; a process elsewhere counts as dead."""
        return self.is_here and _start_of(self.pid) == self.started

    def send(self, number: signal.Signals) -> bool:
        """Send a signal; whether the process was there to take it."""
        if not self.is_alive:
            return False
        try:
            os.kill(self.pid, number)
        except ProcessLookupError:
            return False
        return True


def process_of(pid: int) -> ProcessIdentity:
    """The identity of a process of this machine: the calling one, or a child not waited for yet."""
    return ProcessIdentity(pid, _place(), _start_of(pid) or "gone")


def describe_exit(code: int) -> str:
    """How a child ended, from the code that ``subprocess`` gives: ``exit code 1``, ``signal SIGKILL``."""
    if code >= 0:
        return f"exit code {code}"
    try:
        return f"signal {signal.Signals(-code).name}"
    except ValueError:
        return f"signal {-code}"


def _place() -> str:
    try:
        with open("/proc/sys/kernel/random/boot_id", encoding="ascii") as file:
            return f"{file.read().strip()}:{os.stat('/proc/self/ns/pid').st_ino}"
    except OSError:
        from socket import gethostname

        return gethostname().replace("@", "-")


def _start_of(pid: int) -> str | None:
    """When a process started; None when there is none, or only what is left of one."""
    try:
        with open(f"/proc/{pid}/stat", encoding="utf-8", errors="replace") as file:
            fields = file.read().rpartition(")")[2].split()
    except OSError:
        return None if os.path.isdir("/proc/self") else _start_by_ps(pid)
    return None if fields[0] in ("Z", "X") else fields[19]


def _start_by_ps(pid: int) -> str | None:
    from subprocess import run

    found = run(["ps", "-o", "lstart=", "-p", str(pid)], capture_output=True, text=True, check=False)
    return found.stdout.strip().replace("@", "-") or None
