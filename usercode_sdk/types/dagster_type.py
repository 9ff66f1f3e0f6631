"""Runtime types of inputs and outputs: a name, a check, and how a value is made from run config."""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum
from typing import Any

from usercode_sdk.errors import DagsterInvalidDefinitionError, DagsterTypeCheckError
from usercode_sdk.types.loader import DagsterTypeLoader
from usercode_sdk.user_events import TypeCheck


class DagsterTypeKind(StrEnum):
    """What a type is, as far as the platform treats types differently."""

    ANY = "ANY"
    SCALAR = "SCALAR"
    NOTHING = "NOTHING"
    LIST = "LIST"
    NULLABLE = "NULLABLE"
    REGULAR = "REGULAR"


class DagsterType:
    """A runtime type: ``type_check_fn(context, value)`` answers with a bool or a :class:`TypeCheck`."""

    def __init__(
        self,
        type_check_fn: Callable[[Any, Any], bool | TypeCheck],
        key: str | None = None,
        name: str | None = None,
        is_builtin: bool = False,
        description: str | None = None,
        loader: DagsterTypeLoader | None = None,
        required_resource_keys: set[str] | frozenset[str] | None = None,
        kind: DagsterTypeKind = DagsterTypeKind.REGULAR,
        typing_type: object = None,
        inner_types: tuple[DagsterType, ...] = (),
    ) -> None:
        if key is None and name is None:
            raise DagsterInvalidDefinitionError("A DagsterType needs a name (or a key).")
        if not callable(type_check_fn):
            raise DagsterInvalidDefinitionError(f"DagsterType {name or key!r} needs a function, not {type_check_fn!r}.")
        self.name = name
        self.key = key if key is not None else str(name)
        self.display_name = str(name if name is not None else key)
        self.type_check_fn = type_check_fn
        self.is_builtin = is_builtin
        self.description = description
        self.loader = loader
        self.required_resource_keys = frozenset(required_resource_keys or ())
        self.kind = kind
        self.typing_type = typing_type
        self.inner_types = inner_types

    @property
    def is_nothing(self) -> bool:
        """Whether values of this type carry no data, only order."""
        return self.kind is DagsterTypeKind.NOTHING

    def type_check(self, context: object, value: object) -> TypeCheck:
        """Whether ``value`` fits; raises DagsterTypeCheckError when the check answers nonsense."""
        answer = self.type_check_fn(context, value)
        if isinstance(answer, TypeCheck):
            return answer
        if isinstance(answer, bool):
            return TypeCheck(answer, None if answer else self._mismatch(value))
        raise DagsterTypeCheckError(
            f"The type check function of {self.display_name!r} returned {type(answer).__name__}. "
            "Return a bool or a TypeCheck."
        )

    def _mismatch(self, value: object) -> str:
        return f"Expected a value of type {self.display_name}, got {type(value).__name__}."

    def __repr__(self) -> str:
        return f"DagsterType({self.display_name})"


class PythonObjectDagsterType(DagsterType):
    """The type of instances of a Python class, or of one of several classes."""

    def __init__(
        self,
        python_type: type | tuple[type, ...],
        key: str | None = None,
        name: str | None = None,
        description: str | None = None,
        loader: DagsterTypeLoader | None = None,
        required_resource_keys: set[str] | frozenset[str] | None = None,
    ) -> None:
        types = python_type if isinstance(python_type, tuple) else (python_type,)
        if not all(isinstance(cls, type) for cls in types):
            raise DagsterInvalidDefinitionError(
                f"PythonObjectDagsterType takes a class or a tuple of classes, not {python_type!r}."
            )
        self.python_type = python_type
        shown = name or " | ".join(cls.__name__ for cls in types)
        super().__init__(
            lambda _context, value: isinstance(value, types),
            key=key,
            name=shown,
            description=description,
            loader=loader,
            required_resource_keys=required_resource_keys,
            typing_type=python_type,
        )
