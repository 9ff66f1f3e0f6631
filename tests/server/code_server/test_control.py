"""What wakes the server's main thread."""

from __future__ import annotations

import subprocess
import sys

from usercode_server.code_server.control import Control

# The main thread refuses the signal, so the kernel gives it to the other one.
SIGNAL_ON_ANOTHER_THREAD = """
import os, signal, sys, threading, time
from usercode_server.code_server.control import Control

def send():
    time.sleep(0.2)
    os.kill(os.getpid(), getattr(signal, sys.argv[1]))
    time.sleep(60)

control = Control()
control.take_signals()
threading.Thread(target=send, daemon=True).start()
signal.pthread_sigmask(signal.SIG_BLOCK, signal.valid_signals())
print(control.next())
"""


def test_a_signal_that_another_thread_gets_wakes_the_main_thread() -> None:
    told = {name: _told_on(name) for name in ("SIGTERM", "SIGINT", "SIGHUP")}
    assert told == {"SIGTERM": "stop", "SIGINT": "stop", "SIGHUP": "reload"}


def test_events_come_in_order() -> None:
    control = Control()
    control.put("reload")
    control.request_stop()
    assert [control.next(), control.next_within(0), control.next_within(0.01)] == ["reload", "stop", None]


def test_more_events_than_the_pipe_holds() -> None:
    control = Control()
    for _ in range(100_000):
        control.put("reload")
    assert {control.next_within(0) for _ in range(100_000)} == {"reload"}
    assert control.next_within(0.01) is None


def _told_on(name: str) -> str:
    done = subprocess.run(
        [sys.executable, "-c", SIGNAL_ON_ANOTHER_THREAD, name],
        env={"PYTHONPATH": ":".join(sys.path)},
        capture_output=True,
        text=True,
        timeout=30,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()
