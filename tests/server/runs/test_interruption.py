"""A signal becomes an exception inside the code that executes steps, and nowhere else."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Iterator

import pytest

from tests.server.samples import an_event
from usercode_sdk.errors import DagsterExecutionInterruptedError
from usercode_sdk.events import Event, EventType
from usercode_server.runs.interruption import Interruption
from usercode_server.ticker import Ticker


def events_until_interrupted(seen: list[str]) -> Iterator[Event]:
    """As an executor does: the interruption is reported and then goes on."""
    try:
        yield an_event(EventType.PIPELINE_START)
        seen.append("working")
        time.sleep(30)
        seen.append("not interrupted")
    except DagsterExecutionInterruptedError as error:
        yield an_event(EventType.PIPELINE_CANCELED, message=str(error))
        raise


def test_a_signal_while_a_step_runs_is_raised_there() -> None:
    def events() -> Iterator[Event]:
        try:
            yield an_event(EventType.STEP_START)
            os.kill(os.getpid(), signal.SIGTERM)
            time.sleep(30)
        except DagsterExecutionInterruptedError as error:
            yield an_event(EventType.STEP_FAILURE, message=str(error))

    with Interruption(Ticker()) as interruption:
        found = [event.message for event in interruption.events(events())]
    assert found == ["It happened.", "The process was told to stop by SIGTERM."]


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_while_an_event_is_recorded_waits_for_the_next(number: signal.Signals) -> None:
    seen: list[str] = []
    recorded = []
    with Interruption(Ticker()) as interruption, pytest.raises(DagsterExecutionInterruptedError):
        for event in interruption.events(events_until_interrupted(seen)):
            os.kill(os.getpid(), number)
            time.sleep(0.01)
            recorded.append(event.type)
    assert recorded == [EventType.PIPELINE_START, EventType.PIPELINE_CANCELED]
    assert seen == []
    assert interruption.requested_by == number.name


def test_a_signal_that_no_event_follows_is_sent_again() -> None:
    """The request was remembered an instant before the generator went on."""
    seen: list[str] = []
    with Interruption(Ticker()) as interruption, pytest.raises(DagsterExecutionInterruptedError):
        for event in interruption.events(events_until_interrupted(seen)):
            if event.type is EventType.PIPELINE_START:
                interruption._is_raised = True  # what _next() sees in that instant
                interruption.requested_by = "SIGTERM"
                interruption._ticker.add(lambda: setattr(interruption, "_is_raised", len(seen) == 0))
    assert seen == ["working"]


def test_later_signals_do_not_disturb_the_teardown() -> None:
    def events() -> Iterator[Event]:
        try:
            os.kill(os.getpid(), signal.SIGTERM)
            time.sleep(30)
        except DagsterExecutionInterruptedError:
            os.kill(os.getpid(), signal.SIGTERM)
            os.kill(os.getpid(), signal.SIGINT)
            time.sleep(0.01)
            yield an_event(EventType.PIPELINE_CANCELED)

    with Interruption(Ticker()) as interruption:
        assert [event.type for event in interruption.events(events())] == [EventType.PIPELINE_CANCELED]


def test_a_call_may_be_interrupted_anywhere() -> None:
    def load() -> None:
        os.kill(os.getpid(), signal.SIGTERM)
        time.sleep(30)

    with Interruption(Ticker()) as interruption, pytest.raises(DagsterExecutionInterruptedError, match="SIGTERM"):
        interruption.call(load)


def test_a_signal_before_a_call_is_raised_instead_of_it() -> None:
    called: list[bool] = []
    with Interruption(Ticker()) as interruption:
        os.kill(os.getpid(), signal.SIGTERM)
        with pytest.raises(DagsterExecutionInterruptedError):
            interruption.call(lambda: called.append(True))
    assert called == []


def test_handlers_are_as_before_afterwards() -> None:
    before = [signal.getsignal(number) for number in (signal.SIGTERM, signal.SIGINT)]
    with Interruption(Ticker()):
        assert signal.getsignal(signal.SIGTERM) not in before
    assert [signal.getsignal(number) for number in (signal.SIGTERM, signal.SIGINT)] == before
