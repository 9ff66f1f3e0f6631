"""Checking a config value against its type: one walk, all faults, and the processed value.

The walk follows the *type*, which is finite and at most 64 deep, never the value. So a value that contains
itself, or is nested a thousand deep where any value is allowed, costs nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, NamedTuple

from usercode_sdk.config.config_types import NO_DEFAULT, STRING, AnyType, ConfigType, Enum, Scalar
from usercode_sdk.config.containers import Array, Noneable, Permissive, ScalarUnion, Selector, Shape
from usercode_sdk.config.env_source import EnvSource
from usercode_sdk.config.faults import ConfigFault
from usercode_sdk.config.pydantic_model import ModelType
from usercode_sdk.config.walk import MAX_FAULTS, Place, Walk

if TYPE_CHECKING:
    from usercode_sdk.config.field import Field


class ConfigResult(NamedTuple):
    """What a config value became, and what is wrong with it."""

    value: object
    """The processed value: defaults filled in at every depth, sources read, enum names turned into values.
    Meaningful only when there are no faults."""
    faults: tuple[ConfigFault, ...]
    """Every fault, in the order of the schema; of more than 1,000, the first 1,000."""


def validate_config(
    field_or_type: Field | ConfigType,
    value: object,
    path: tuple[str, ...] = (),
    *,
    resolve_sources: bool = True,
) -> ConfigResult:
    """Check and process ``value``; ``path`` says where it stands.

    With ``resolve_sources=False``, ``{"env": NAME}`` is only checked for its form and stays as it is, for
    places where the variables of the run are absent. Never raises for any value.
    """
    config_type = field_or_type if isinstance(field_or_type, ConfigType) else field_or_type.config_type
    walk = Walk(path, resolve_sources)
    processed = _WALKERS[type(config_type)](config_type, value, None, walk)
    return ConfigResult(processed, tuple(walk.faults))


def _any(config_type: AnyType, value: object, place: Place, walk: Walk) -> object:
    return value


def _scalar(config_type: Scalar, value: object, place: Place, walk: Walk) -> object:
    return value if config_type.accepts(value) else walk.wrong(place, value, config_type)


def _enum(config_type: Enum, value: object, place: Place, walk: Walk) -> object:
    if STRING.accepts(value):
        name = str.__str__(value)
        if name in config_type.python_values:
            return config_type.python_values[name]
    # The author may have given the Python value in place of its name.
    choices = config_type.python_values
    meant = next((name for name, python_value in choices.items() if python_value is value), value)
    return walk.wrong(place, value, config_type, walk.nearest(meant, choices))


def _array(config_type: Array, value: object, place: Place, walk: Walk) -> object:
    if issubclass(type(value), list):
        items: Iterator[object] = list.__iter__(value)  # type: ignore[arg-type]  # a list, as just tested
    elif issubclass(type(value), tuple):
        items = tuple.__iter__(value)  # type: ignore[arg-type]  # a tuple, as just tested
    else:
        return walk.wrong(place, value, config_type)
    inner = config_type.inner_type
    check = _WALKERS[type(inner)]
    return [check(inner, item, (place, index), walk) for index, item in enumerate(items)]


def _noneable(config_type: Noneable, value: object, place: Place, walk: Walk) -> object:
    inner = config_type.inner_type
    return None if value is None else _WALKERS[type(inner)](inner, value, place, walk)


def _scalar_union(config_type: ScalarUnion, value: object, place: Place, walk: Walk) -> object:
    if issubclass(type(value), (dict, list, tuple)):
        inner = config_type.non_scalar_type
        return _WALKERS[type(inner)](inner, value, place, walk)
    return value if config_type.scalar_type.accepts(value) else walk.wrong(place, value, config_type)


def _source(config_type: EnvSource, value: object, place: Place, walk: Walk) -> object:
    if not issubclass(type(value), dict):
        return _scalar_union(config_type, value, place, walk)
    variable = dict.get(value, "env")  # type: ignore[call-overload]  # a dict, as just tested
    if not STRING.accepts(variable) or dict.__len__(value) != 1:  # type: ignore[arg-type]  # a dict, as just tested
        return _WALKERS[Selector](config_type.non_scalar_type, value, place, walk)
    if not walk.resolve_sources:
        return value
    try:
        return config_type.read(variable)
    except (LookupError, ValueError) as problem:
        return walk.unprocessed(place, value, config_type, problem.args[0])


def _fields(config_type: Shape | Permissive, value: object, place: Place, walk: Walk) -> object:
    entries = _entries(config_type, value, place, walk)
    if entries is None:
        return value
    fields = config_type.fields
    processed: dict[object, object] = {}
    known = 0
    for name, field in fields.items():
        if name in entries:
            known += 1
            inner = field.config_type
            processed[name] = _WALKERS[type(inner)](inner, entries[name], (place, name), walk)
        elif field.constant_default is not NO_DEFAULT:
            processed[name] = field.constant_default
        elif field.default_provided:
            processed[name] = _default(field, (place, name), walk)
        elif field.is_required:
            walk.missing(place, name, entries, config_type)
    if known != len(entries):
        _others(config_type, entries, processed, place, walk)
    return processed


def _others(
    config_type: Shape | Permissive,
    entries: dict[object, object],
    processed: dict[object, object],
    place: Place,
    walk: Walk,
) -> None:
    """The entries that are not fields: kept by Permissive, refused by Shape."""
    others = [name for name in entries if name not in config_type.fields]
    if isinstance(config_type, Permissive):
        processed.update((name, entries[name]) for name in others)
        return
    for name in others[:MAX_FAULTS]:
        walk.unexpected(place, name, entries[name], config_type, several=len(others) > 1)


def _selector(config_type: Selector, value: object, place: Place, walk: Walk) -> object:
    entries = _entries(config_type, value, place, walk)
    if entries is None:
        return value
    if not entries and config_type.implicit_default() is not NO_DEFAULT:
        name, only = next(iter(config_type.fields.items()))
        return {name: _default(only, (place, name), walk)} if only.default_provided else {}
    if len(entries) != 1:
        return walk.undecided(place, value, entries, config_type)
    chosen, content = next(iter(entries.items()))
    field = config_type.fields.get(chosen)  # type: ignore[call-overload]  # any key may be asked for
    if field is None:
        walk.unexpected(place, chosen, content, config_type, several=False)
        return value
    inner = field.config_type
    return {chosen: _WALKERS[type(inner)](inner, content, (place, chosen), walk)}


def _model(config_type: ModelType, value: object, place: Place, walk: Walk) -> object:
    model, faults = config_type.validate(value, walk.path(place))
    walk.faults.extend(faults[: MAX_FAULTS - len(walk.faults)])
    return model


def _entries(config_type: ConfigType, value: object, place: Place, walk: Walk) -> dict[object, object] | None:
    """The value as a plain dict, None counting as empty; None when it is no dict."""
    kind = type(value)
    if kind is dict:
        return value  # type: ignore[return-value]  # a dict, as just tested
    if value is None:
        return {}
    if issubclass(kind, dict):  # of its own methods, none is called
        return dict(dict.items(value))  # type: ignore[arg-type]  # a dict, as just tested
    walk.wrong(place, value, config_type)
    return None


def _default(field: Field, place: Place, walk: Walk) -> object:
    """The default of an absent entry, processed for this run."""
    if field.constant_default is not NO_DEFAULT:
        return field.constant_default
    inner = field.config_type
    return _WALKERS[type(inner)](inner, field.default_copy(), place, walk)


class _Walkers(dict[type, Callable[..., object]]):
    """The function that checks values of a class of config types; a subclass is checked as its base."""

    def __missing__(self, cls: type) -> Callable[..., object]:
        walker = next(self[base] for base in cls.__mro__[1:] if base in self)
        self[cls] = walker
        return walker


_WALKERS = _Walkers(
    {
        AnyType: _any,
        Scalar: _scalar,
        Enum: _enum,
        Array: _array,
        Noneable: _noneable,
        ScalarUnion: _scalar_union,
        EnvSource: _source,
        Shape: _fields,
        Permissive: _fields,
        Selector: _selector,
        ModelType: _model,
    }
)
