"""The front's handle on one child process: start it, take its listing, have it evaluate, end it.

Whatever the author's code does to that process (exit, crash, hang, close its descriptors) ends here as a
failure with a cause: an exit code or signal, where the code stood, and the last lines it printed.
"""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import subprocess
import sys
from threading import Lock
from time import monotonic, sleep

from usercode_api.v1.code_process_pb2 import CodeProcessMessage, Evaluation, EvaluationOutcome
from usercode_api.v1.error_info_pb2 import ErrorInfo
from usercode_server.code_server.framing import Channel, ChannelClosedError
from usercode_server.code_server.listing import ListedPipeline, ListedRepository, Listing
from usercode_server.code_server.output import ChildOutput
from usercode_server.target import CodeTarget

_START = "from usercode_server.code_server.child import main; main()"
_TIME_TO_END = 2.0


class UserCodeFailedError(Exception):
    """The author's code can't be loaded, or did not survive an evaluation; ``error`` says why."""

    def __init__(self, error: ErrorInfo) -> None:
        self.error = error
        super().__init__(error.summary)


class EvaluationTimeoutError(Exception):
    """An evaluation took longer than allowed; the process was ended."""


class ProcessStoppedError(Exception):
    """The process was stopped on purpose before the evaluation got its turn."""


class CodeProcess:
    """One child process. It runs from construction until ``stop``, or until the author's code ends it."""

    def __init__(self, target: CodeTarget) -> None:
        self.target = target
        self.started = monotonic()
        self._lock = Lock()
        self._end_lock = Lock()
        self._is_stopped = False
        self.source_files: tuple[str, ...] = ()
        """The files that the code was imported from; known when a load has ended."""
        ours, theirs = socket.socketpair()
        lifeline, self._lifeline = os.pipe()
        try:
            self._process = _spawn(target, theirs.fileno(), lifeline)
        finally:
            theirs.close()
            os.close(lifeline)
        self._channel = Channel(ours.detach())
        self._output = ChildOutput(self._process)

    def load(self, timeout: float) -> Listing:
        """What the target defines; waits until it is loaded. Raises UserCodeFailedError."""
        deadline = self.started + timeout
        repositories: dict[str, ListedRepository] = {}
        last: ListedRepository | None = None
        try:
            while True:
                message = self._channel.receive(deadline)
                if message.HasField("load_outcome"):
                    break
                if message.HasField("repository"):
                    header = message.repository
                    last = repositories[header.name] = ListedRepository(header.name, header.description, {})
                elif last is not None:
                    listed = message.pipeline
                    last.pipelines[listed.name] = ListedPipeline.of(listed.name, listed.summary, listed.parts)
        except TimeoutError:
            self._interrupt()
            raise UserCodeFailedError(
                self._failure("LoadTimeout", f"was not loaded within {timeout:g} seconds")
            ) from None
        except ChannelClosedError:
            raise UserCodeFailedError(self._death("while its code was loaded")) from None
        outcome = message.load_outcome
        self.source_files = tuple(outcome.source_files)
        if outcome.HasField("error"):
            raise UserCodeFailedError(outcome.error)
        return Listing(outcome.code_version, repositories)

    def evaluate(self, method: str, request: bytes, timeout: float) -> EvaluationOutcome:
        """The outcome of one call; calls wait for each other.

        Raises UserCodeFailedError when the process does not survive it, EvaluationTimeoutError when it takes
        longer than ``timeout`` seconds, TimeoutError when it did not get its turn in that time, and
        ProcessStoppedError.
        """
        deadline = monotonic() + timeout
        if not self._lock.acquire(timeout=timeout):
            raise TimeoutError
        try:
            if self._is_stopped:
                raise ProcessStoppedError
            message = CodeProcessMessage(evaluation=Evaluation(method=method, request=request))
            self._channel.send(message)
            return self._channel.receive(deadline).evaluation_outcome
        except TimeoutError:
            self._interrupt()
            raise EvaluationTimeoutError(self._failure("EvaluationTimeout", "did not answer").summary) from None
        except ChannelClosedError:
            raise UserCodeFailedError(self._death("while it evaluated a call")) from None
        finally:
            self._lock.release()

    @property
    def is_alive(self) -> bool:
        """Whether the process is running."""
        return not self._has_ended()

    def stop(self) -> None:
        """End the process, after the evaluation that it is at."""
        with self._lock:
            self._is_stopped = True
            self._channel.close()
            self._ends_within(_TIME_TO_END)
            self.kill()

    def kill(self) -> None:
        """End the process and those it started, at once; whoever waits for its answer is told."""
        with self._end_lock:
            if self._lifeline < 0:
                return
            # Before the process is reaped: until then its number, and so its group's, can't be another's.
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self._process.pid, signal.SIGKILL)
            self._process.wait()
            os.close(self._lifeline)
            self._lifeline = -1

    def _interrupt(self) -> None:
        """End a process that hangs, having it say first where it stands."""
        if self.is_alive:
            os.kill(self._process.pid, signal.SIGABRT)
        self._ends_within(_TIME_TO_END)
        self.kill()
        self._channel.close()

    def _has_ended(self) -> bool:
        if self._process.returncode is not None:
            return True
        options = os.WEXITED | os.WNOHANG | os.WNOWAIT
        try:
            return os.waitid(os.P_PID, self._process.pid, options) is not None
        except ChildProcessError:
            # Another thread has just reaped it.
            return True

    def _ends_within(self, seconds: float) -> bool:
        deadline = monotonic() + seconds
        while not self._has_ended():
            if monotonic() > deadline:
                return False
            sleep(0.005)
        return True

    def _death(self, when: str) -> ErrorInfo:
        ended = self._ends_within(_TIME_TO_END)
        self.kill()
        self._channel.close()
        code = self._process.wait()
        if not ended:
            return self._failure("ProcessFailure", f"closed its channel to the server {when}")
        if code < 0:
            name = signal.Signals(-code).name if -code in signal.valid_signals() else f"signal {-code}"
            return self._failure("ProcessCrash", f"was ended by {name} {when}")
        return self._failure("ProcessExit", f"ended with exit code {code} {when}")

    def _failure(self, error_type: str, what: str) -> ErrorInfo:
        message = f"The process that holds the code from {self.target.describe()} {what}."
        printed, stack = self._output.last_words()
        return ErrorInfo(
            summary=message,
            error_type=error_type,
            message=f"{message} Its last output:\n{printed}" if printed else message,
            stack=stack,
        )


def _spawn(target: CodeTarget, channel: int, lifeline: int) -> subprocess.Popen[bytes]:
    # -P keeps the current folder out of sys.path: an author's types.py there must not meet our imports.
    command = [sys.executable, "-P", "-c", _START, str(channel), str(lifeline), *target.to_arguments()]
    return subprocess.Popen(
        command,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        pass_fds=(channel, lifeline),
        start_new_session=True,
    )
