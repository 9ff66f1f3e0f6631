"""Every exception the SDK raises, in one tree.

The names are those that solid-era code catches. An author's mistake in a definition raises
:class:`DagsterInvalidDefinitionError` where it was written; a bad run config raises
:class:`DagsterInvalidConfigError` and carries every fault found, not just the first.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from usercode_sdk.config.faults import ConfigFault

ExceptionT = TypeVar("ExceptionT", bound=Exception)


class DagsterError(Exception):
    """Base of all exceptions raised by the SDK and the platform."""

    def __reduce__(self) -> tuple[object, ...]:
        return rebuilt, (type(self), self.args, self.__dict__)


def rebuilt(cls: type[ExceptionT], args: tuple[object, ...], state: dict[str, object]) -> ExceptionT:
    """An exception as it was before it was pickled, whatever its constructor takes."""
    error = cls.__new__(cls)
    error.args = args
    error.__dict__.update(state)
    return error


class DagsterInvalidDefinitionError(DagsterError):
    """A solid, pipeline, repository or one of their parts is defined wrongly."""


class DagsterInvariantViolationError(DagsterError):
    """The API was used in a way that it does not allow."""


class DagsterInvalidConfigDefinitionError(DagsterError):
    """A config schema is not made of the forms that the config language knows."""

    def __init__(self, message: str, path: Sequence[str] = (), value: object = None) -> None:
        self.path = tuple(path)
        self.value = value
        super().__init__(message)


class DagsterInvalidConfigError(DagsterError):
    """A run config, a resource config or a tag does not fit its schema.

    ``errors`` holds every fault, in the order of the schema.
    """

    def __init__(self, preamble: str, errors: Sequence[ConfigFault], config_value: object) -> None:
        self.preamble = preamble
        self.errors = list(errors)
        self.config_value = config_value
        lines = [preamble]
        lines += [f"    Error {number}: {fault.message}" for number, fault in enumerate(errors, 1)]
        super().__init__("\n".join(lines))


class DagsterConfigMappingFunctionError(DagsterError):
    """A config mapping function (``configured`` or a composite's ``config_fn``) raised."""


class DagsterUserCodeExecutionError(DagsterError):
    """Code of the author's raised; the original exception is ``__cause__`` and ``user_exception``."""

    def __init__(self, message: str, user_exception: BaseException | None = None) -> None:
        self.user_exception = user_exception
        super().__init__(message)


class DagsterExecutionStepExecutionError(DagsterUserCodeExecutionError):
    """The compute function of a solid raised."""

    def __init__(self, message: str, user_exception: BaseException | None, step_key: str) -> None:
        self.step_key = step_key
        super().__init__(message, user_exception)


class DagsterExecutionLoadInputError(DagsterUserCodeExecutionError):
    """An IO manager raised while it loaded an input."""


class DagsterExecutionHandleOutputError(DagsterUserCodeExecutionError):
    """An IO manager raised while it stored an output."""


class DagsterResourceFunctionError(DagsterUserCodeExecutionError):
    """A resource function raised."""


class DagsterTypeLoadingError(DagsterUserCodeExecutionError):
    """A type loader raised while it made an input from run config."""


class DagsterTypeCheckError(DagsterUserCodeExecutionError):
    """A type check function raised, or did not return a bool or a TypeCheck."""


class DagsterTypeCheckDidNotPass(DagsterError):
    """A value does not pass the type check of its input or output."""

    def __init__(self, description: str, metadata_entries: Sequence[object] = (), dagster_type: object = None) -> None:
        self.description = description
        self.metadata_entries = list(metadata_entries)
        self.dagster_type = dagster_type
        super().__init__(description)


class DagsterStepOutputNotFoundError(DagsterError):
    """A step ended without a required output."""

    def __init__(self, message: str, step_key: str, output_name: str) -> None:
        self.step_key = step_key
        self.output_name = output_name
        super().__init__(message)


class DagsterExecutionStepNotFoundError(DagsterError):
    """A step key names no step of the plan."""

    def __init__(self, message: str, step_keys: Sequence[str]) -> None:
        self.step_keys = list(step_keys)
        super().__init__(message)


class DagsterUnknownResourceError(DagsterError, AttributeError):
    """A resource was asked for that the solid does not require."""

    def __init__(self, resource_name: str) -> None:
        self.resource_name = resource_name
        super().__init__(
            f"Unknown resource {resource_name!r}. Name it in required_resource_keys of the definition "
            "that asks for it, and give it in resource_defs of the mode."
        )


class DagsterUnmetExecutorRequirementsError(DagsterError):
    """The chosen executor can't run this pipeline, for example because values stay in memory."""


class DagsterRunNotFoundError(DagsterError):
    """No run has this id."""

    def __init__(self, run_id: str) -> None:
        self.run_id = run_id
        super().__init__(f"No run has the id {run_id!r}. See `usercode run list`.")


class DagsterExecutionInterruptedError(BaseException):
    """The run was asked to stop while a step was running."""
