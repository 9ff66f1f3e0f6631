"""Makes the resources of a run, in the order they need each other, and tears them down in reverse."""

from __future__ import annotations

from collections.abc import Callable, Collection, Generator, Iterable, Mapping
from contextlib import AbstractContextManager
from types import GeneratorType
from typing import Any

from usercode_sdk.definitions.resource import ResourceDefinition
from usercode_sdk.definitions.signature import read_signature
from usercode_sdk.errors import (
    DagsterInvariantViolationError,
    DagsterResourceFunctionError,
    DagsterUnknownResourceError,
)
from usercode_sdk.execution.user_code import UserCode


class Resources:
    """Resources as attributes, limited to those that were asked for."""

    __slots__ = ("_values",)

    def __init__(self, values: Mapping[str, object]) -> None:
        self._values = values

    def __getattr__(self, name: str) -> Any:
        try:
            return self._values[name]
        except KeyError:
            raise DagsterUnknownResourceError(name) from None

    def __contains__(self, name: object) -> bool:
        return name in self._values

    def _asdict(self) -> dict[str, object]:
        return dict(self._values)

    def __repr__(self) -> str:
        return f"Resources({', '.join(sorted(self._values))})"


_NOTHING = object()

NO_RESOURCES = Resources({})

MakeContext = Callable[[str, ResourceDefinition, Resources], object]


class ResourceStack:
    """The resources made so far, and what must be done to tear them down."""

    def __init__(self, definitions: Mapping[str, ResourceDefinition]) -> None:
        self._definitions = definitions
        self._teardowns: list[tuple[str, Callable[[], None]]] = []
        self.values: dict[str, object] = {}

    def make(self, keys: Iterable[str], make_context: MakeContext) -> None:
        """Makes these resources, given in an order in which each comes after those it needs.

        Raises DagsterResourceFunctionError when a resource function raises.
        """
        for key in keys:
            if key not in self.values:
                self.values[key] = self._made(key, make_context)

    def only(self, keys: Collection[str]) -> Resources:
        """These resources as attributes; keys that were not made are left out."""
        if not keys:
            return NO_RESOURCES
        return Resources({key: self.values[key] for key in keys if key in self.values})

    def tear_down(self) -> list[tuple[str, BaseException]]:
        """Tears down in reverse order, to the end; gives the key and exception of each failure."""
        failures: list[tuple[str, BaseException]] = []
        while self._teardowns:
            key, teardown = self._teardowns.pop()
            try:
                teardown()
            except BaseException as error:  # whatever one raises, the others hold locks and connections too
                failures.append((key, error))
        self.values.clear()
        return failures

    def _made(self, key: str, make_context: MakeContext) -> object:
        definition = self._definitions[key]
        context = make_context(key, definition, self.only(definition.required_resource_keys))
        with UserCode(lambda error: DagsterResourceFunctionError(f"Making resource {key!r} failed.", error)):
            result = _call(definition.resource_fn, context)
            if isinstance(result, GeneratorType):
                return self._first_of(key, result)
            if isinstance(result, AbstractContextManager) and hasattr(result, "gen"):
                self._teardowns.append((key, lambda: _leave(result)))
                return result.__enter__()
            return result

    def _first_of(self, key: str, generator: Generator[object, None, None]) -> object:
        value = next(generator, _NOTHING)
        if value is _NOTHING:
            raise DagsterInvariantViolationError(
                f"The generator that makes resource {key!r} yielded nothing. Yield the resource once."
            )
        self._teardowns.append((key, lambda: _exhaust(key, generator)))
        return value


def _leave(manager: AbstractContextManager[object]) -> None:
    manager.__exit__(None, None, None)


def _exhaust(key: str, generator: Generator[object, None, None]) -> None:
    for _ in generator:
        generator.close()
        raise DagsterInvariantViolationError(
            f"The generator that makes resource {key!r} yielded twice. Yield the resource once; "
            "what follows the yield tears it down."
        )


def _call(function: Callable[..., object], context: object) -> object:
    signature = read_signature(function)
    if not signature.names and not signature.takes_any_positional:
        return function()
    return function(context)


def needed_first(keys: Iterable[str], definitions: Mapping[str, ResourceDefinition]) -> list[str]:
    """``keys`` and the resources that they need, each after those it needs; keys without a definition are left out."""
    ordered: dict[str, None] = {}

    def visit(key: str) -> None:
        if key in ordered or key not in definitions:
            return
        for needed in sorted(definitions[key].required_resource_keys):
            visit(needed)
        ordered[key] = None

    for key in sorted(keys):
        visit(key)
    return list(ordered)
