"""The machine in general terms, so that a reader knows what the figures are worth."""

from __future__ import annotations

import os
import platform
from importlib.metadata import version


def describe_machine() -> str:
    """One sentence on the processor, the interpreter and the wire library."""
    cores = len(os.sched_getaffinity(0))
    return (
        f"{cores} {'core' if cores == 1 else 'cores'} ({platform.machine()}), {platform.system()}, "
        f"Python {platform.python_version()}, grpcio {version('grpcio')}, protobuf {version('protobuf')}"
    )


def describe_load() -> str:
    """How busy the machine was with other things, and what that means."""
    busy = os.getloadavg()[0]
    return f"load average {busy:.1f}" + (": the machine was not idle" if busy > 0.5 else "")
