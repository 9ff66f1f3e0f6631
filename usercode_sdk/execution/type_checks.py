"""Checks values of inputs and outputs against their types."""

from __future__ import annotations

from usercode_sdk.errors import DagsterTypeCheckDidNotPass, DagsterTypeCheckError
from usercode_sdk.execution.user_code import STEP_SIGNALS, UserCode
from usercode_sdk.types import DagsterType
from usercode_sdk.user_events import TypeCheck


def check_type(dagster_type: DagsterType, context: object, value: object) -> TypeCheck:
    """The verdict of the type; raises DagsterTypeCheckError when its function raises or answers nonsense."""
    with UserCode(lambda error: _raised(dagster_type, error), STEP_SIGNALS):
        return dagster_type.type_check(context, value)


def verdict(check: TypeCheck) -> str:
    """The end of an event's message that tells of the check."""
    return " (Type check passed)." if check.success else " (Type check failed)."


def did_not_pass(
    what: str, name: str, step_key: str, dagster_type: DagsterType, check: TypeCheck
) -> DagsterTypeCheckDidNotPass:
    """The error for a value that does not fit; ``what`` is ``"input"`` or ``"output"``."""
    return DagsterTypeCheckDidNotPass(
        f"Type check failed for {what} {name!r} of step {step_key!r}, of type {dagster_type.display_name}. "
        f"{check.description or ''}".rstrip(),
        check.metadata_entries,
        dagster_type,
    )


def _raised(dagster_type: DagsterType, error: BaseException) -> DagsterTypeCheckError:
    return DagsterTypeCheckError(
        f"The type check of type {dagster_type.display_name!r} raised {type(error).__name__}.", error
    )
