"""Runs a command and prints, as its last line, what the command took; exits as the command does.

Started with ``python -I -S``, so that it is small: see ``run_program`` in benchmarks/measure.py.
"""

from __future__ import annotations

import os
import sys
import time


def main() -> int:
    """Entry point: the arguments are the command."""
    command = sys.argv[1:]
    start = time.monotonic()
    process = os.posix_spawnp(command[0], command, os.environ)
    _, status, usage = os.wait4(process, 0)
    wall = time.monotonic() - start
    cpu = usage.ru_utime + usage.ru_stime
    print(f'\n{{"wall_ms": {wall * 1000}, "cpu_ms": {cpu * 1000}, "peak_mb": {usage.ru_maxrss / 1024}}}')
    return os.waitstatus_to_exitcode(status) & 0xFF


if __name__ == "__main__":
    sys.exit(main())
