"""Takes the outputs that a step's code gives: checks their types and hands them to their IO managers."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from types import GeneratorType

from usercode_sdk.definitions.outputs import OutputDefinition
from usercode_sdk.errors import (
    DagsterExecutionHandleOutputError,
    DagsterInvariantViolationError,
    DagsterStepOutputNotFoundError,
)
from usercode_sdk.events import Event, EventType, HandledOutputData, StepOutputData
from usercode_sdk.execution.step_scope import StepScope
from usercode_sdk.execution.type_checks import check_type, did_not_pass, verdict
from usercode_sdk.execution.user_code import STEP_SIGNALS, UserCode
from usercode_sdk.metadata import EventMetadataEntry
from usercode_sdk.plan import StepOutputHandle
from usercode_sdk.user_events import AssetMaterialization, Output


class StepOutputs:
    """The outputs of one attempt of a step, as they come."""

    __slots__ = ("_scope", "_values", "handles")

    def __init__(self, scope: StepScope) -> None:
        self._scope = scope
        self._values: dict[StepOutputHandle, object] = {}
        self.handles: set[StepOutputHandle] = set()
        """The outputs stored so far."""

    def take(self, output: Output[object]) -> Iterator[Event]:
        """Checks and stores one output; raises DagsterTypeCheckDidNotPass when its value does not fit."""
        scope = self._scope
        definition = self._definition_of(output)
        dagster_type = definition.dagster_type
        check = check_type(dagster_type, scope.context, output.value)
        yield scope.event(
            EventType.STEP_OUTPUT,
            f'Yielded output "{output.output_name}" of type "{dagster_type.display_name}".{verdict(check)}',
            StepOutputData(
                output.output_name,
                dagster_type.display_name,
                check.success,
                check.description,
                (*output.metadata_entries, *check.metadata_entries),
            ),
        )
        if not check.success:
            raise did_not_pass("output", output.output_name, scope.step.key, dagster_type, check)
        yield from self._store(output, definition.io_manager_key)

    def finish(self) -> Iterator[Event]:
        """Optional outputs may stay away, Nothing outputs else come by themselves, others must have come."""
        step = self._scope.step
        if len(self.handles) == len(step.definition.output_defs):
            return
        for definition in step.definition.output_defs:
            if StepOutputHandle(step.key, definition.name) in self.handles:
                continue
            if not definition.is_required:
                self._scope.context.log.info(f"Output {definition.name!r} of step {step.key!r} did not fire")
            elif definition.dagster_type.is_nothing:
                yield from self.take(Output(None, definition.name))
            else:
                raise DagsterStepOutputNotFoundError(
                    f"Step {step.key!r} ended without its required output {definition.name!r}. Yield it, "
                    "or define it with is_required=False.",
                    step.key,
                    definition.name,
                )

    def capture(self) -> None:
        """Gives the values to whoever asked for them; only those of an attempt that succeeded count."""
        captured = self._scope.run.captured_outputs
        if captured is not None:
            captured.update(self._values)

    def _definition_of(self, output: Output[object]) -> OutputDefinition:
        step = self._scope.step
        definition = step.definition.output_dict.get(output.output_name)
        if definition is None:
            known = ", ".join(map(repr, step.definition.output_dict)) or "none"
            raise DagsterInvariantViolationError(
                f"Step {step.key!r} yielded an output named {output.output_name!r}. Its outputs: {known}."
            )
        if StepOutputHandle(step.key, output.output_name) in self.handles:
            raise DagsterInvariantViolationError(
                f"Step {step.key!r} yielded output {output.output_name!r} twice. Yield each output once."
            )
        return definition

    def _store(self, output: Output[object], key: str) -> Iterator[Event]:
        scope = self._scope
        name = output.output_name
        manager = scope.run.io_manager(key)
        context = scope.output_context(scope.step, name, key)
        with UserCode(lambda error: self._not_stored(name, key, error), STEP_SIGNALS):
            told = list(_told(manager.handle_output(context, output.value)))
        entries = []
        for one in told:
            if isinstance(one, AssetMaterialization):
                yield scope.materialization(one)
            elif isinstance(one, EventMetadataEntry):
                entries.append(one)
            else:
                raise DagsterInvariantViolationError(
                    f"IO manager {key!r} gave a value of type {type(one).__name__} from handle_output. "
                    "Give AssetMaterialization or EventMetadataEntry, or nothing."
                )
        handle = StepOutputHandle(scope.step.key, name)
        self.handles.add(handle)
        if scope.run.captured_outputs is not None:
            self._values[handle] = output.value
        yield scope.event(
            EventType.HANDLED_OUTPUT,
            f'Handled output "{name}" using IO manager "{key}"',
            HandledOutputData(name, key, tuple(entries)),
        )

    def _not_stored(self, name: str, key: str, error: BaseException) -> DagsterExecutionHandleOutputError:
        return DagsterExecutionHandleOutputError(
            f"IO manager {key!r} failed to store output {name!r} of step {self._scope.step.key!r}.", error
        )


def _told(answer: object) -> Iterable[object]:
    if answer is None:
        return ()
    if isinstance(answer, (GeneratorType, list, tuple)) and not isinstance(answer, EventMetadataEntry):
        return answer
    return (answer,)
