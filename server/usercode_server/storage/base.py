"""The interface of a store of runs, and the records that go through it."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import NamedTuple, Protocol

from usercode_sdk.events import Event
from usercode_sdk.pipeline_run import PipelineRun, PipelineRunStatus
from usercode_server.target import CodeTarget


class RunRecord(NamedTuple):
    """A run as the store keeps it. Times are seconds since 1970-01-01 UTC."""

    pipeline_run: PipelineRun
    target: CodeTarget | None = None
    """Where the code is; None for a run that its author's own process executes."""
    repository_name: str | None = None
    image: str | None = None
    """The container image that holds the code, when it has one."""
    created_at: float = 0.0
    updated_at: float = 0.0
    """When the last events arrived."""
    started_at: float | None = None
    ended_at: float | None = None

    @property
    def run_id(self) -> str:
        return self.pipeline_run.run_id

    @property
    def status(self) -> PipelineRunStatus:
        return self.pipeline_run.status


class RunState(NamedTuple):
    """Where a run stands: cheap to ask for again and again."""

    status: PipelineRunStatus
    event_count: int


class StoredEvent(NamedTuple):
    """An event and its number, counted from 1 in each run."""

    number: int
    event: Event


class RunFilter(NamedTuple):
    """Which runs to list; every part that is given must hold."""

    statuses: Collection[PipelineRunStatus] = ()
    pipeline_name: str | None = None
    tags: Mapping[str, str] = {}
    created_before: float | None = None


ALL_RUNS = RunFilter()
FINISHED = tuple(status for status in PipelineRunStatus if status.is_finished)


class Store(Protocol):
    """Keeps runs and their events, for several processes and threads at once.

    Each method is one transaction. Each may raise StorageError when the store can't be reached.
    """

    def create_run(self, record: RunRecord) -> RunRecord:
        """Add a run and return it with its times set.

        Raises RunExistsError when the id is taken, ValueNotStorableError for a run config of other
        than plain values.
        """

    def get_run(self, run_id: str) -> RunRecord | None:
        """The run, or None when there is none with this id."""

    def get_state(self, run_id: str) -> RunState | None:
        """The status of a run and the number of its events, or None when there is no such run."""

    def find_run_ids(self, prefix: str, limit: int = 2) -> list[str]:
        """Ids that start with ``prefix``, at most ``limit``, in alphabetical order."""

    def list_runs(
        self, run_filter: RunFilter = ALL_RUNS, limit: int | None = None, before: str | None = None
    ) -> list[RunRecord]:
        """Runs that pass the filter and are older than the run ``before``, newest first, at most ``limit``.

        A ``before`` that names no run gives an empty list.
        """

    def append_events(self, run_id: str, events: Sequence[Event]) -> PipelineRunStatus:
        """Add events in their order, and return the status that follows from them.

        All are added or none. Raises DagsterRunNotFoundError for an unknown run and RunEndedError
        when any but an ENGINE_EVENT would follow the end of the run.
        """

    def append_if_first(self, event: Event, after: int) -> bool:
        """Add an event of a step, unless that step has events with a greater number than ``after``.

        Returns whether it was added. Raises as :meth:`append_events` does.
        """

    def read_events(self, run_id: str, after: int = 0, limit: int | None = None) -> list[StoredEvent]:
        """Events with a greater number than ``after``, oldest first, at most ``limit``.

        An unknown run has none.
        """

    def delete_run(self, run_id: str) -> bool:
        """Remove a run with its events; whether there was one."""

    def count_runs(self) -> dict[PipelineRunStatus, int]:
        """How many runs there are of each status; statuses without runs are left out."""

    def count_events(self) -> int:
        """How many events there are."""

    @property
    def place(self) -> str:
        """Where the store is, for people; without secrets."""

    @property
    def schema_version(self) -> int:
        """The version of its tables."""

    @property
    def migrated(self) -> list[str]:
        """The names of the changes that opening the store made to its tables."""

    def size(self) -> int:
        """How much space the store takes, in bytes."""

    def compact(self) -> None:
        """Give the space of deleted runs back."""

    def close(self) -> None:
        """Let go of files and connections; the store can't be used afterwards."""
