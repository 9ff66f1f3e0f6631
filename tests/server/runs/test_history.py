"""The events of a run, summed up step by step."""

from __future__ import annotations

from tests.server.samples import a_run, an_event, step_events
from usercode_sdk.error_info import ErrorInfo
from usercode_sdk.events import EventType, StepFailureData, StepRetryData, StepSkippedData
from usercode_sdk.pipeline_run import PipelineRunStatus
from usercode_server.engine_events import PROCESS_LABEL, engine_event, run_failure
from usercode_server.process import ProcessIdentity, process_of
from usercode_server.runs.history import RunHistory, StepHistory, run_history, worker_is_gone

ERROR = ErrorInfo("ValueError", "boom", ())


def test_steps_end_in_their_several_ways() -> None:
    def step(event_type: EventType, key: str, at: float, attempt: int = 1, data: object = None) -> object:
        return an_event(event_type, step_key=key, attempt=attempt, timestamp=at, data=data)  # type: ignore[arg-type]  # any of the data classes

    events = [
        *[event._replace(timestamp=1.0) for event in step_events("good")],
        step(EventType.STEP_START, "bad", 2.0),
        step(EventType.STEP_FAILURE, "bad", 2.5, data=StepFailureData(ERROR)),
        step(EventType.STEP_SKIPPED, "skipped", 3.0, 0, StepSkippedData(("x",))),
        step(EventType.STEP_START, "retried", 4.0),
        step(EventType.STEP_UP_FOR_RETRY, "retried", 4.5, data=StepRetryData(ERROR, 1.0)),
        step(EventType.STEP_RESTARTED, "retried", 5.5, 2),
        step(EventType.STEP_SUCCESS, "retried", 6.0, 2),
        step(EventType.STEP_START, "waiting", 7.0),
        step(EventType.STEP_UP_FOR_RETRY, "waiting", 7.5, data=StepRetryData(ERROR, 1.0)),
        step(EventType.STEP_START, "running", 8.0),
    ]
    assert run_history(events) == RunHistory(  # type: ignore[arg-type]  # built above
        (
            StepHistory("good", "SUCCESS", 1, 1.0, 1.0),
            StepHistory("bad", "FAILURE", 1, 2.0, 2.5, ERROR),
            StepHistory("skipped", "SKIPPED", 0, None, 3.0),
            StepHistory("retried", "SUCCESS", 2, 4.0, 6.0),
            StepHistory("waiting", "UP_FOR_RETRY", 1, 7.0, 7.5, ERROR),
            StepHistory("running", "RUNNING", 1, 8.0, None),
        ),
        None,
        (),
    )


def test_a_failure_of_the_run_itself_and_its_workers_are_told() -> None:
    worker = ProcessIdentity(12, "machine", "100")
    started = engine_event(a_run(), "started", {PROCESS_LABEL: worker.to_text(), "pid": 12})
    history = run_history([started, run_failure(a_run(), "failed", ERROR)])
    assert history == RunHistory((), ERROR, (worker,))


def test_engine_events_of_a_step_begin_no_step() -> None:
    assert run_history([engine_event(a_run(), "resources", step_key="a")]).steps == ()


def test_a_worker_is_gone_only_for_certain() -> None:
    import os

    here = process_of(os.getpid())
    dead, elsewhere = here._replace(started="1"), here._replace(place="elsewhere")

    def gone(status: PipelineRunStatus, *workers: ProcessIdentity) -> bool:
        return worker_is_gone(status, workers)

    started = PipelineRunStatus.STARTED
    assert [gone(started, dead), gone(started, dead, dead)] == [True, True]
    assert [
        gone(started),
        gone(started, here),
        gone(started, dead, here),
        gone(started, dead, elsewhere),
        gone(PipelineRunStatus.SUCCESS, dead),
    ] == [False] * 5
