"""A process is named so that it can't be mistaken for a later one with the same id."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from typing import Any

import pytest

from usercode_server.process import ProcessIdentity, describe_exit, process_of


def sleeper() -> subprocess.Popen[bytes]:
    return subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"])


def test_this_process_is_alive_and_survives_as_text() -> None:
    identity = process_of(os.getpid())
    assert identity.is_alive
    assert ProcessIdentity.from_text(identity.to_text()) == identity


def test_a_signal_reaches_the_process_while_it_lives() -> None:
    process = sleeper()
    identity = process_of(process.pid)
    assert identity.send(signal.SIGTERM)
    assert describe_exit(process.wait()) == "signal SIGTERM"
    assert not identity.is_alive
    assert not identity.send(signal.SIGTERM)


def test_a_process_that_ended_and_was_not_waited_for_is_dead() -> None:
    process = sleeper()
    identity = process_of(process.pid)
    process.kill()
    os.waitid(os.P_PID, process.pid, os.WEXITED | os.WNOWAIT)
    assert not identity.is_alive
    process.wait()


@pytest.mark.parametrize("change", [{"started": "1"}, {"place": "elsewhere"}])
def test_another_process_with_the_same_id_gets_no_signal(change: dict[str, Any]) -> None:
    process = sleeper()
    stranger = process_of(process.pid)._replace(**change)
    assert not stranger.is_alive
    assert not stranger.send(signal.SIGTERM)
    assert process.poll() is None
    process.kill()
    process.wait()


@pytest.mark.parametrize("text", ["", "12", "a@b@c", "1@b", "1@b@c@d"])
def test_other_text_names_no_process(text: str) -> None:
    assert ProcessIdentity.from_text(text) is None


@pytest.mark.parametrize(
    ("code", "text"), [(0, "exit code 0"), (3, "exit code 3"), (-9, "signal SIGKILL"), (-99, "signal 99")]
)
def test_an_end_is_described(code: int, text: str) -> None:
    assert describe_exit(code) == text
