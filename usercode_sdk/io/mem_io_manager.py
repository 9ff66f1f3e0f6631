"""Keeps outputs in memory, for runs that execute in one process."""

from __future__ import annotations

from usercode_sdk.definitions.io_manager import IOManager, IOManagerDefinition
from usercode_sdk.errors import DagsterInvariantViolationError
from usercode_sdk.execution.io_contexts import InputContext, OutputContext


class InMemoryIOManager(IOManager):
    """Keeps outputs in a dict for as long as the run lives."""

    def __init__(self) -> None:
        self.values: dict[tuple[str, ...], object] = {}

    def handle_output(self, context: OutputContext, obj: object) -> None:
        self.values[tuple(context.get_run_scoped_output_identifier())] = obj

    def load_input(self, context: InputContext) -> object:
        upstream = context.upstream_output
        assert upstream is not None  # only inputs fed by an output are loaded through IO managers
        try:
            return self.values[tuple(upstream.get_run_scoped_output_identifier())]
        except KeyError:
            raise DagsterInvariantViolationError(
                f"Output {upstream.name!r} of step {upstream.step_key!r} is not in the memory of this process. Outputs "
                "that other processes read need an IO manager that stores them, such as fs_io_manager."
            ) from None


mem_io_manager = IOManagerDefinition(
    lambda _context: InMemoryIOManager(),
    config_schema={},
    description="Keeps outputs in the memory of the run's process.",
    keeps_in_memory=True,
)
