"""What can go wrong with the storage of runs."""

from __future__ import annotations

from usercode_sdk.errors import DagsterInvariantViolationError
from usercode_sdk.pipeline_run import PipelineRunStatus
from usercode_server.errors import UserCodeError


class StorageError(UserCodeError):
    """The store can't be opened, read or written."""


class StorageSchemaError(StorageError):
    """The store's tables are not those that this version of Usercode works with."""


class RunExistsError(StorageError, DagsterInvariantViolationError):
    """A run with this id is in the store already."""

    def __init__(self, run_id: str) -> None:
        self.run_id = run_id
        super().__init__(f"A run with the id {run_id!r} exists already. Leave the id out to have a new one made.")


class RunStartedTwiceError(StorageError):
    """Two workers try to execute the same run."""

    def __init__(self, run_id: str) -> None:
        self.run_id = run_id
        super().__init__(f"The run {run_id!r} has been started by another worker; this one leaves it alone.")


class RunEndedError(StorageError):
    """Something was reported of a run after its end."""

    def __init__(self, run_id: str, status: PipelineRunStatus, event_type: str) -> None:
        self.run_id = run_id
        self.status = status
        self.event_type = event_type
        super().__init__(
            f"The run {run_id!r} has ended with the status {status.value}; {event_type} can't follow. "
            "Only ENGINE_EVENT is kept after the end of a run."
        )


class ValueNotStorableError(StorageError):
    """A value can't be written as JSON."""

    def __init__(self, owner: str, value: object, fault: str | None = None) -> None:
        fault = fault or f"holds a {type(value).__name__}"
        super().__init__(
            f"{owner} {fault}, which can't be stored. Give plain dicts, lists, strings, numbers, booleans and None."
        )
