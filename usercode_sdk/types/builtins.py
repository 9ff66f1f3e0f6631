"""The types that need no definition: Any, the scalars, and Nothing."""

from __future__ import annotations

from usercode_sdk.types.dagster_type import DagsterType, DagsterTypeKind
from usercode_sdk.types.loader import any_loader, scalar_loader
from usercode_sdk.user_events import TypeCheck


class Nothing:
    """The type of inputs and outputs that carry no value, only the order of steps."""


def _check_int(_context: object, value: object) -> bool:
    return isinstance(value, int)


def _check_float(_context: object, value: object) -> bool:
    return isinstance(value, float)


def _check_bool(_context: object, value: object) -> bool:
    return isinstance(value, bool)


def _check_string(_context: object, value: object) -> bool:
    return isinstance(value, str)


def _check_any(_context: object, _value: object) -> bool:
    return True


def _check_nothing(_context: object, value: object) -> TypeCheck:
    if value is None:
        return TypeCheck(True)
    return TypeCheck(False, f"An output of type Nothing carries no value, got {type(value).__name__}.")


ANY = DagsterType(_check_any, name="Any", is_builtin=True, loader=any_loader(), kind=DagsterTypeKind.ANY)
INT = DagsterType(_check_int, name="Int", is_builtin=True, loader=scalar_loader(int), kind=DagsterTypeKind.SCALAR)
FLOAT = DagsterType(
    _check_float, name="Float", is_builtin=True, loader=scalar_loader(float), kind=DagsterTypeKind.SCALAR
)
BOOL = DagsterType(_check_bool, name="Bool", is_builtin=True, loader=scalar_loader(bool), kind=DagsterTypeKind.SCALAR)
STRING = DagsterType(
    _check_string, name="String", is_builtin=True, loader=scalar_loader(str), kind=DagsterTypeKind.SCALAR
)
NOTHING = DagsterType(_check_nothing, name="Nothing", is_builtin=True, kind=DagsterTypeKind.NOTHING)
