"""The ticker calls functions until they are removed, and its thread ends with them."""

from __future__ import annotations

import os
import subprocess
import sys
import textwrap
import threading

from usercode_server.ticker import Ticker


def _threads() -> list[threading.Thread]:
    return [thread for thread in threading.enumerate() if thread.name == "ticker"]


def test_functions_are_called_while_they_are_there() -> None:
    ticker = Ticker()
    called = {name: threading.Event() for name in "ab"}
    one, other = called["a"].set, called["b"].set
    before = len(_threads())
    ticker.add(one)
    ticker.add(other)
    assert len(_threads()) == before + 1
    assert called["a"].wait(10)
    assert called["b"].wait(10)
    ticker.remove(one)
    thread = _threads()[-1]
    ticker.remove(other)
    thread.join(10)
    assert not thread.is_alive()


def test_it_starts_again_after_its_end() -> None:
    ticker = Ticker()
    for _ in range(2):
        called = threading.Event()
        function = called.set
        ticker.add(function)
        assert called.wait(10)
        ticker.remove(function)


_FORKER = """
    import os, time
    from usercode_server.ticker import Ticker

    ticker = Ticker()
    ticker.add(lambda: time.sleep(0.5))
    time.sleep(0.3)
    child = os.fork()
    if child == 0:
        again = Ticker()
        called = []
        again.add(lambda: called.append(True))
        while not called:
            time.sleep(0.01)
        os._exit(0)
    print(os.waitpid(child, 0)[1])
"""


def test_a_fork_in_the_middle_of_a_call_does_not_block_its_child() -> None:
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    command = [sys.executable, "-W", "ignore", "-c", textwrap.dedent(_FORKER)]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=60)
    assert done.stdout == "0\n"
