"""Makes an input's value from its entry in run config."""

from __future__ import annotations

from collections.abc import Callable

from usercode_sdk.config import Field, ScalarUnion, Selector, to_field


class DagsterTypeLoader:
    """A config schema and the function that makes a value from a config that fits it."""

    def __init__(
        self,
        config_schema: object,
        load: Callable[[object, object], object],
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
    return DagsterTypeLoader(ScalarUnion(scalar, _selector(scalar)), _load)


def any_loader() -> DagsterTypeLoader:
    """Accepts ``{value: ...}`` with anything, or the path of a JSON or pickle file."""
    from typing import Any

    return DagsterTypeLoader(_selector(Any), _load)


def _selector(value_schema: object) -> Selector:
    return Selector({"value": value_schema, "json": {"path": str}, "pickle": {"path": str}})


def _load(_context: object, config_value: object) -> object:
    if not isinstance(config_value, dict):
        return config_value
    (key, content), *_ = config_value.items()
    if key == "value":
        return content
    if key == "json":
        import json

        with open(content["path"], encoding="utf-8") as file:
            return json.load(file)
    import pickle

    # The author's own run config names this file, and the author's own process reads it.
    with open(content["path"], "rb") as binary:
        return pickle.load(binary)
