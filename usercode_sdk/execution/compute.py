"""Calls the function of a solid and brings whatever it returns or yields into one form."""

from __future__ import annotations

from collections.abc import Coroutine, Iterator, Mapping
from types import AsyncGeneratorType, GeneratorType

from usercode_sdk.definitions.solid import SolidDefinition
from usercode_sdk.errors import DagsterExecutionStepExecutionError, DagsterInvariantViolationError
from usercode_sdk.execution.solid_context import SolidExecutionContext
from usercode_sdk.execution.user_code import STEP_SIGNALS, UserCode
from usercode_sdk.user_events import AssetMaterialization, ExpectationResult, Output

UserEvent = Output[object] | AssetMaterialization | ExpectationResult

_END = object()


def user_events(
    definition: SolidDefinition, context: SolidExecutionContext, inputs: Mapping[str, object]
) -> Iterator[UserEvent]:
    """The outputs and other events of one call.

    What the author's code raises comes out as DagsterExecutionStepExecutionError, but for
    Failure and RetryRequested, which mean what they say.
    """
    border = UserCode(lambda error: _failed(context.step_key, error), STEP_SIGNALS)
    with border:
        result = _called(definition, context, inputs)
        if isinstance(result, Coroutine):
            result = _awaited(result)
    if isinstance(result, AsyncGeneratorType):
        result = _in_step(result)
    if type(result) is GeneratorType or (definition.takes_inputs_as_dict and isinstance(result, Iterator)):
        yield from _yielded(definition, result, border)
    else:
        yield from _returned(definition, result)


def _called(definition: SolidDefinition, context: SolidExecutionContext, inputs: Mapping[str, object]) -> object:
    if definition.takes_inputs_as_dict:
        return definition.compute_fn(context, inputs)
    if definition.takes_context:
        return definition.compute_fn(context, **inputs)
    return definition.compute_fn(**inputs)


def _failed(step_key: str, error: BaseException) -> DagsterExecutionStepExecutionError:
    return DagsterExecutionStepExecutionError(
        f"The code of step {step_key!r} raised {type(error).__name__}.", error, step_key
    )


def _awaited(result: Coroutine[object, object, object]) -> object:
    import asyncio

    return asyncio.run(result)


def _in_step(result: AsyncGeneratorType[object, None]) -> Iterator[object]:
    """An asynchronous generator as a plain one, in an event loop of its own."""
    import asyncio

    async def following() -> object:
        return await anext(result, _END)

    with asyncio.Runner() as runner:
        try:
            while (event := runner.run(following())) is not _END:
                yield event
        finally:
            runner.run(result.aclose())


def _yielded(definition: SolidDefinition, result: Iterator[object], border: UserCode) -> Iterator[UserEvent]:
    try:
        while True:
            with border:
                event = next(result, _END)
            if event is _END:
                return
            yield _checked(definition, event)
    finally:
        if isinstance(result, GeneratorType):
            result.close()


def _returned(definition: SolidDefinition, result: object) -> Iterator[UserEvent]:
    outputs = definition.output_defs
    if isinstance(result, Output):
        yield result
    elif isinstance(result, (AssetMaterialization, ExpectationResult)):
        raise DagsterInvariantViolationError(
            f"Solid {definition.name!r} returned {type(result).__name__} by itself. "
            "Yield it, and yield an Output for each output."
        )
    elif len(outputs) == 1:
        yield Output(result, outputs[0].name)
    elif len(outputs) > 1 and isinstance(result, tuple):
        yield from _returned_together(definition, result)
    elif result is not None:
        names = ", ".join(repr(one.name) for one in outputs) or "none"
        raise DagsterInvariantViolationError(
            f"Solid {definition.name!r} returned a value of type {type(result).__name__}, but its outputs are {names}. "
            "With several outputs yield an Output for each, or return a tuple of all; with none return nothing."
        )


def _returned_together(definition: SolidDefinition, values: tuple[object, ...]) -> Iterator[UserEvent]:
    outputs = definition.output_defs
    if len(values) != len(outputs):
        raise DagsterInvariantViolationError(
            f"Solid {definition.name!r} returned a tuple of {len(values)} values for its {len(outputs)} outputs. "
            "Return one value for each, or yield an Output for each that comes."
        )
    for output, value in zip(outputs, values, strict=True):
        yield Output(value, output.name)


def _checked(definition: SolidDefinition, event: object) -> UserEvent:
    if isinstance(event, (Output, AssetMaterialization, ExpectationResult)):
        return event
    raise DagsterInvariantViolationError(
        f"Solid {definition.name!r} yielded a value of type {type(event).__name__}. Yield Output(value, output_name), "
        "AssetMaterialization or ExpectationResult."
    )
