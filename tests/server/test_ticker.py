"""The ticker calls functions until they are removed, and its thread ends with them."""

from __future__ import annotations

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
