"""Makes an input's value from its entry in run config.

Files named there hold the value as ``{"value": ...}`` in JSON, or by itself in a pickle.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from usercode_sdk.config import Array, Field, Permissive, ScalarUnion, Selector, to_field


class DagsterTypeLoader:
    """A config schema and the function that makes a value from a config that fits it."""

    def __init__(
        self,
        config_schema: object,
        load: Callable[[Any, Any], object],
        required_resource_keys: set[str] | frozenset[str] | None = None,
    ) -> None:
        self.config_field: Field = to_field(config_schema)
        self.load = load
        self.required_resource_keys = frozenset(required_resource_keys or ())

    def construct_from_config_value(self, context: object, config_value: object) -> object:
        """The value for ``config_value``, which was already validated."""
        return self.load(context, config_value)


def scalar_loader(scalar: type) -> DagsterTypeLoader:
    """Accepts the scalar itself, ``{value: ...}``, or the path of a JSON or pickle file that holds it."""
    return DagsterTypeLoader(ScalarUnion(scalar, _selector(scalar)), _load_float if scalar is float else _load)


def any_loader() -> DagsterTypeLoader:
    """Accepts ``{value: ...}`` with anything, or the path of a JSON or pickle file."""
    return DagsterTypeLoader(_selector(Any), _load)


def dict_loader() -> DagsterTypeLoader:
    """Accepts any dict."""
    return DagsterTypeLoader(Permissive({}), lambda _context, value: value)


def tuple_loader() -> DagsterTypeLoader:
    """Accepts any list."""
    return DagsterTypeLoader(Array(Any), lambda _context, value: tuple(_as_list(value)))


def list_loader(element: DagsterTypeLoader, made: type[list[object]] | type[set[object]]) -> DagsterTypeLoader:
    """Accepts a list of what ``element`` accepts, and makes a list or a set of it."""
    return DagsterTypeLoader(
        Array(element.config_field.config_type),
        lambda context, value: made(element.load(context, item) for item in _as_list(value)),
    )


def _as_list(value: object) -> list[object]:
    assert isinstance(value, list)  # what an Array makes of a config
    return value


def _selector(value_schema: object) -> Selector:
    return Selector({"value": value_schema, "json": {"path": str}, "pickle": {"path": str}})


def _load_float(context: object, config_value: object) -> object:
    value = _load(context, config_value)
    return float(value) if type(value) is int else value


def _load(_context: object, config_value: object) -> object:
    if not isinstance(config_value, dict):
        return config_value
    (key, content), *_ = config_value.items()
    if key == "value":
        return content
    if key == "json":
        import json

        with open(content["path"], encoding="utf-8") as file:
            return json.load(file)["value"]
    import pickle

    # The author's own run config names this file, and the author's own process reads it.
    with open(content["path"], "rb") as binary:
        return pickle.load(binary)
