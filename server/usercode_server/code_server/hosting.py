"""What the server serves now: the listing, the child behind it, and how the latest load went.

A load happens beside what is served and replaces it when it is good. A broken one only leaves its failure beside it.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from threading import Condition, RLock, Thread
from time import monotonic, time
from typing import NamedTuple

from google.protobuf.duration_pb2 import Duration
from google.protobuf.timestamp_pb2 import Timestamp

from usercode_api.v1 import server_info_pb2 as pb
from usercode_api.v1.code_process_pb2 import EvaluationOutcome
from usercode_api.v1.error_info_pb2 import ErrorInfo
from usercode_server.code_server.listing import Listing
from usercode_server.code_server.process import (
    CodeProcess,
    EvaluationTimeoutError,
    ProcessStoppedError,
    UserCodeFailedError,
)
from usercode_server.errors import CallTimeoutError, CodeBrokenError, NotReadyError, error_for_status
from usercode_server.target import CodeTarget


class Load(NamedTuple):
    """The latest load, as far as it got, and what is served after it."""

    number: int = 0
    """How many loads have ended."""
    listing: Listing | None = None
    error: ErrorInfo | None = None
    """Why the latest load failed."""
    time: float = 0.0
    """When the listing was loaded, in seconds of the epoch."""
    seconds: float = 0.0
    """How long that took."""
    started: float = 0.0
    """When the latest load began, in seconds of the epoch."""
    source_files: tuple[str, ...] = ()
    """The files that the latest load read, as far as it got."""


class CodeHost:
    """Loads the code of one target, and keeps it served.

    ``on_load`` is told the outcome of each load, in the thread of that load. Time-outs are in seconds.
    """

    def __init__(
        self,
        target: CodeTarget,
        on_load: Callable[[Load], None],
        *,
        load_timeout: float,
        evaluation_timeout: float,
    ) -> None:
        self.target = target.resolved()
        self._on_load = on_load
        self._load_timeout = load_timeout
        self._evaluation_timeout = evaluation_timeout
        # Reentrant, since a reload may turn out to be a first load.
        self._changed = Condition(RLock())
        self._is_loading = False
        self._load = Load()
        self._process: CodeProcess | None = None
        self._loading: CodeProcess | None = None
        self._again = False
        self._stopping = False
        self._info: tuple[Load | None, pb.ServerInfo] = (None, pb.ServerInfo())
        self._server_id = os.urandom(8).hex()

    def start_loading(self) -> int:
        """Begin a load unless one is under way; answers with the number that it will have."""
        with self._changed:
            if self._stopping:
                raise NotReadyError("The server is stopping.")
            if not self._is_loading:
                self._begin()
            return self._load.number + 1

    def reload(self) -> int:
        """Begin a load that sees the code as it is now; answers with the number that it will have.

        A load under way may have read the code before it was changed, so another follows it.
        """
        with self._changed:
            if not self._is_loading or self._stopping:
                return self.start_loading()
            self._again = True
            return self._load.number + 2

    def _begin(self) -> None:
        """Start the thread of a load; with the lock held."""
        self._is_loading = True
        self._again = False
        Thread(target=self._run_load, name="load", daemon=True).start()

    def wait_for_load(self, number: int, timeout: float | None) -> Load:
        """The outcome of that load or a later one; raises CallTimeoutError or NotReadyError."""
        with self._changed:
            ended = self._changed.wait_for(lambda: self._stopping or self._load.number >= number, timeout)
            if self._stopping:
                raise NotReadyError("The server is stopping.")
            if not ended:
                raise CallTimeoutError("The code was not loaded within the time of this call.")
            return self._load

    @property
    def load(self) -> Load:
        """The latest load that has ended."""
        return self._load

    @property
    def code_version(self) -> str:
        """The version that is served; empty while there is none."""
        return "" if self._load.listing is None else self._load.listing.code_version

    def evaluate(self, method: str, request: bytes) -> EvaluationOutcome:
        """Have the child answer a call.

        Raises UserCodeFailedError when that ends the child, and what the call's status says otherwise.
        """
        try:
            outcome = self._ask(method, request)
        except UserCodeFailedError:
            self.start_loading()
            raise
        except EvaluationTimeoutError as error:
            self.start_loading()
            raise CallTimeoutError(f"{error} It had {self._evaluation_timeout:g} seconds.") from None
        except TimeoutError:
            raise NotReadyError("Other calls keep the author's code busy. Ask again.") from None
        if outcome.status:
            raise error_for_status(outcome.status, outcome.status_message)
        return outcome

    def info(self) -> pb.ServerInfo:
        """What clients are told of the server and its code."""
        load = self._load
        told, message = self._info
        if told is not load:
            message = self._make_info(load)
            self._info = (load, message)
        return message

    def _make_info(self, load: Load) -> pb.ServerInfo:
        from usercode_server import version

        message = pb.ServerInfo(
            server_id=self._server_id,
            load_state=_state(load),
            load_error=load.error,
            target=_target_message(self.target),
            usercode_version=version(),
            python_version=".".join(map(str, sys.version_info[:3])),
            current_image=os.environ.get("DAGSTER_CURRENT_IMAGE"),
        )
        if load.listing is not None:
            message.code_version = load.listing.code_version
            message.load_time.CopyFrom(_timestamp(load.time))
            message.load_duration.CopyFrom(_duration(load.seconds))
            message.repository_count = len(load.listing.repositories)
            message.pipeline_count = load.listing.pipeline_count
        return message

    def refuse_waiting(self) -> None:
        """End all waiting for loads: the server is going to stop."""
        with self._changed:
            self._stopping = True
            self._changed.notify_all()

    def stop(self) -> None:
        """End the children."""
        self.refuse_waiting()
        with self._changed:
            process, loading = self._process, self._loading
        for each in (process, loading):
            if each is not None:
                each.kill()

    def _ask(self, method: str, request: bytes) -> EvaluationOutcome:
        while True:
            process = self._living_process()
            try:
                return process.evaluate(method, request, self._evaluation_timeout)
            except ProcessStoppedError:
                # A reload has put another one in its place meanwhile.
                continue

    def _living_process(self) -> CodeProcess:
        """The child to ask; a dead one is replaced first."""
        for _ in range(2):
            with self._changed:
                process, load = self._process, self._load
            if process is not None and process.is_alive:
                return process
            if process is None and load.error is not None:
                break
            load = self.wait_for_load(self.start_loading(), self._evaluation_timeout)
        reason = load.error.summary if load.error is not None else "It ends by itself."
        raise CodeBrokenError(f"The code can't be loaded, so it can't be asked. {reason}")

    def _run_load(self) -> None:
        previous = self._load
        started, began = time(), monotonic()
        process: CodeProcess | None = None
        try:
            process = self._started_process()
            listing = process.load(self._load_timeout)
        except Exception as failure:
            if process is not None:
                process.kill()
            files = (process.source_files if process is not None else ()) or previous.source_files
            error = _load_error(failure)
            self._publish(
                previous._replace(number=previous.number + 1, error=error, started=started, source_files=files)
            )
        else:
            old = self._process
            load = Load(previous.number + 1, listing, None, time(), monotonic() - began, started, process.source_files)
            self._publish(load, process)
            if old is not None:
                old.stop()

    def _started_process(self) -> CodeProcess:
        with self._changed:
            if self._stopping:
                raise NotReadyError("The server is stopping.")
            self._loading = CodeProcess(self.target)
            return self._loading

    def _publish(self, load: Load, process: CodeProcess | None = None) -> None:
        with self._changed:
            self._load = load
            self._process = process or self._process
            self._loading = None
            self._is_loading = False
            if self._again and not self._stopping:
                self._begin()
            self._changed.notify_all()
        self._on_load(load)


def _load_error(failure: Exception) -> ErrorInfo:
    """What clients are told of a failed load; most often the child has said it."""
    if isinstance(failure, UserCodeFailedError):
        return failure.error
    name = type(failure).__name__
    return ErrorInfo(
        error_type=name,
        message=str(failure),
        summary=f"No process could be started to load the code: {name}: {failure}",
    )


def _state(load: Load) -> pb.LoadState:
    if load.error is not None:
        return pb.LOAD_STATE_FAILED
    return pb.LOAD_STATE_LOADED if load.listing is not None else pb.LOAD_STATE_LOADING


def _target_message(target: CodeTarget) -> pb.CodeTarget:
    return pb.CodeTarget(
        python_file=target.python_file,
        module_name=target.module_name,
        package_name=target.package_name,
        attribute=target.attribute or "",
        working_directory=target.working_directory or "",
    )


def _timestamp(seconds: float) -> Timestamp:
    nanoseconds = int(seconds * 1e9)
    return Timestamp(seconds=nanoseconds // 10**9, nanos=nanoseconds % 10**9)


def _duration(seconds: float) -> Duration:
    nanoseconds = int(seconds * 1e9)
    return Duration(seconds=nanoseconds // 10**9, nanos=nanoseconds % 10**9)
