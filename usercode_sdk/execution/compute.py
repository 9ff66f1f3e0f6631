"""Calls the function of a solid and brings whatever it returns or yields into one form."""

from __future__ import annotations

from collections.abc import Coroutine, Iterator, Mapping
from types import GeneratorType

from usercode_sdk.definitions.solid import SolidDefinition
from usercode_sdk.errors import DagsterExecutionStepExecutionError, DagsterInvariantViolationError
from usercode_sdk.execution.solid_context import SolidExecutionContext
from usercode_sdk.user_events import AssetMaterialization, ExpectationResult, Failure, Output, RetryRequested

UserEvent = Output[object] | AssetMaterialization | ExpectationResult


def user_events(
    definition: SolidDefinition, context: SolidExecutionContext, inputs: Mapping[str, object]
) -> Iterator[UserEvent]:
    """The outputs and other events of one call.

    What the author's code raises comes out as DagsterExecutionStepExecutionError, but for
    Failure and RetryRequested, which mean what they say.
    """
    result = _called(definition, context, inputs)
    if type(result) is not GeneratorType:
        yield from _returned(definition, result)
        return
    try:
        while True:
            try:
                event = next(result)
            except StopIteration:
                return
            except (Failure, RetryRequested):
                raise
            except (Exception, SystemExit) as error:
                raise _failed(context.step_key, error) from error
            yield _checked(definition, event)
    finally:
        result.close()


def _called(definition: SolidDefinition, context: SolidExecutionContext, inputs: Mapping[str, object]) -> object:
    try:
        if definition.takes_inputs_as_dict:
            result = definition.compute_fn(context, inputs)
        elif definition.takes_context:
            result = definition.compute_fn(context, **inputs)
        else:
            result = definition.compute_fn(**inputs)
        return _awaited(result) if isinstance(result, Coroutine) else result
    except (Failure, RetryRequested):
        raise
    except (Exception, SystemExit) as error:
        raise _failed(context.step_key, error) from error


def _awaited(result: Coroutine[object, object, object]) -> object:
    import asyncio

    return asyncio.run(result)


def _failed(step_key: str, error: BaseException) -> DagsterExecutionStepExecutionError:
    return DagsterExecutionStepExecutionError(
        f"The code of step {step_key!r} raised {type(error).__name__}.", error, step_key
    )


def _returned(definition: SolidDefinition, result: object) -> Iterator[UserEvent]:
    if isinstance(result, Output):
        yield result
        return
    if isinstance(result, (AssetMaterialization, ExpectationResult)):
        raise DagsterInvariantViolationError(
            f"Solid {definition.name!r} returned a {type(result).__name__}. "
            "Yield it, and yield an Output for each output."
        )
    outputs = definition.output_defs
    if len(outputs) == 1:
        yield Output(result, outputs[0].name)
    elif result is not None:
        names = ", ".join(repr(one.name) for one in outputs) or "none"
        raise DagsterInvariantViolationError(
            f"Solid {definition.name!r} returned a value, but its outputs are {names}. "
            "With several outputs yield an Output for each; with none return nothing."
        )


def _checked(definition: SolidDefinition, event: object) -> UserEvent:
    if isinstance(event, (Output, AssetMaterialization, ExpectationResult)):
        return event
    raise DagsterInvariantViolationError(
        f"Solid {definition.name!r} yielded a {type(event).__name__}. Yield Output(value, output_name), "
        "AssetMaterialization or ExpectationResult."
    )
