"""Pydantic's validation errors as config faults, with the path into the config the author wrote."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, NamedTuple

from usercode_sdk.config import complaints
from usercode_sdk.config.display import shorten_text
from usercode_sdk.config.faults import ConfigFault, nearest_name
from usercode_sdk.config.schema_sample import Schema, resolved, schema_sample

if TYPE_CHECKING:
    from pydantic_core import ErrorDetails

    from usercode_sdk.config.pydantic_model import ModelType

_MAX_FAULTS = 1000
_MAX_SUGGESTIONS = 50
_MESSAGE_LIMIT = 400
_MISSING = ("missing", "missing_argument")


def model_faults(model_type: ModelType, value: object, error: Exception, path: tuple[str, ...]) -> list[ConfigFault]:
    """The faults that made a model refuse ``value``; an error of any other kind is one fault."""
    from pydantic import ValidationError

    if not isinstance(error, ValidationError):
        problem = f"The checks of {model_type.type_name} raised {type(error).__name__}: {_text_of(error)}"
        return [complaints.failed_processing(path, value, f"a value that {model_type.type_name} accepts", problem)]
    schema = model_type.own_schema()
    found = [_locate(detail, value, schema) for detail in error.errors(include_url=False)[:_MAX_FAULTS]]
    counts = Counter((located.detail["type"], located.path) for located in found)
    return [
        _fault(model_type, value, located, path, rank, several=counts[located.detail["type"], located.path] > 1)
        for rank, located in enumerate(found)
    ]


class _Located(NamedTuple):
    """A pydantic error with the place it speaks of."""

    detail: ErrorDetails
    path: tuple[str | int, ...]
    """Keys and indexes that are really in the value: pydantic's own names of union members are left out."""
    parent: object
    schemas: list[Schema]
    """The JSON Schemas that may describe ``parent``."""
    root: Schema

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(f"[{name}]" if isinstance(name, int) else name for name in self.path)


def _locate(detail: ErrorDetails, value: object, schema: Schema) -> _Located:
    about_entry = detail["type"] in (*_MISSING, "extra_forbidden")
    steps = detail["loc"][:-1] if about_entry else detail["loc"]
    path: list[str | int] = []
    schemas = list(_alternatives(schema, schema))
    for step in steps:
        if isinstance(value, dict) and step in value:
            value = value[step]
        elif isinstance(value, (list, tuple)) and isinstance(step, int) and step < len(value):
            value = value[step]
        else:
            continue
        path.append(step)
        schemas = [found for known in schemas for found in _below(known, step, schema)]
    return _Located(detail, tuple(path), value, schemas, schema)


def _alternatives(schema: object, root: Schema, depth: int = 8) -> Iterator[Schema]:
    """The schema, or those it combines, with references followed."""
    if not isinstance(schema, dict) or not depth:
        return
    plain = resolved(schema, root)
    yield plain
    for combined in ("anyOf", "oneOf", "allOf"):
        members = plain.get(combined)
        for member in members if isinstance(members, list) else ():
            yield from _alternatives(member, root, depth - 1)


def _below(schema: Schema, step: str | int, root: Schema) -> Iterator[Schema]:
    """The schemas of the entry or item ``step`` of a value of ``schema``."""
    properties, prefix = schema.get("properties"), schema.get("prefixItems")
    if isinstance(step, int):
        fixed = prefix if isinstance(prefix, list) else []
        yield from _alternatives(fixed[step] if step < len(fixed) else schema.get("items"), root)
    elif isinstance(properties, dict) and step in properties:
        yield from _alternatives(properties[step], root)
    else:
        yield from _alternatives(schema.get("additionalProperties"), root)


def _fault(
    model_type: ModelType,
    value: object,
    located: _Located,
    base: tuple[str, ...],
    rank: int,
    *,
    several: bool,
) -> ConfigFault:
    detail, path = located.detail, (*base, *located.names)
    entry = str(detail["loc"][-1]) if detail["loc"] else ""
    suggest = rank < _MAX_SUGGESTIONS
    if detail["type"] in _MISSING:
        wanted = next((known for known in _entry_schemas(located, entry)), {})
        sample = _holding_sample(model_type, value, located, entry, wanted) if suggest else None
        return complaints.missing_entry(path, entry, located.parent, _expected(wanted), sample, several=several)
    names = _known_names(located.schemas)
    if detail["type"] == "extra_forbidden":
        nearest = nearest_name(entry, names) if suggest else None
        return complaints.unexpected_entry(path, entry, detail["input"], names, nearest, several=several)
    return complaints.wrong_value(path, detail["input"], _wanted(detail), _nearest_choice(located) if suggest else None)


def _entry_schemas(located: _Located, entry: str) -> Iterator[Schema]:
    for schema in located.schemas:
        properties = schema.get("properties")
        if isinstance(properties, dict) and isinstance(properties.get(entry), dict):
            yield properties[entry]


def _known_names(schemas: Sequence[Schema]) -> list[str]:
    names: dict[str, None] = {}
    for schema in schemas:
        properties = schema.get("properties")
        names.update(dict.fromkeys(properties if isinstance(properties, dict) else ()))
    return list(names)


def _nearest_choice(located: _Located) -> str | None:
    """For an enum or a Literal: the value most like the one given."""
    given = located.detail["input"]
    if not isinstance(given, str):
        return None
    choices = [schema.get("enum") or [schema.get("const")] for schema in located.schemas]
    names = [name for listed in choices if isinstance(listed, list) for name in listed if isinstance(name, str)]
    return nearest_name(given, names)


def _expected(schema: Schema) -> str:
    """What the JSON Schema asks for, in words."""
    reference, kind, members = schema.get("$ref"), schema.get("type"), schema.get("anyOf")
    if isinstance(reference, str):
        return reference.rpartition("/")[2]
    if isinstance(members, list):
        return " or ".join(_expected(member) for member in members if isinstance(member, dict))
    choices = schema.get("enum")
    if isinstance(choices, list):
        return f"one of {', '.join(map(str, choices))}"
    return kind if isinstance(kind, str) else "a value"


def _wanted(detail: ErrorDetails) -> str:
    """What pydantic says it wanted, to follow the word "Expected"."""
    message = shorten_text(detail["msg"], _MESSAGE_LIMIT)
    for opening in ("Input should be ", "Input should ", "Value error, ", "Assertion failed, "):
        if message.startswith(opening):
            wanted = message[len(opening) :]
            return f"a value {wanted}" if wanted.startswith(("greater than ", "less than ")) else wanted
    return message


def _holding_sample(model_type: ModelType, value: object, located: _Located, entry: str, wanted: Schema) -> object:
    """A sample for a missing entry that the model itself accepts there, or None."""
    sample = schema_sample(wanted, located.root)
    place = (*located.path, entry)
    try:
        model_type.model.model_validate(_with_entry(value, place, sample))
    except Exception as error:  # a validator is code of the author's and may raise anything
        return sample if _refused_elsewhere(error, place) else None
    return sample


def _with_entry(value: object, place: Sequence[str | int], entry: object) -> object:
    """``value`` with ``entry`` at ``place``; only what leads there is copied."""
    if not place:
        return entry
    step, *rest = place
    if isinstance(value, dict):
        return {**value, step: _with_entry(value.get(step), rest, entry)}
    if isinstance(value, (list, tuple)) and isinstance(step, int):
        return [_with_entry(item, rest, entry) if index == step else item for index, item in enumerate(value)]
    return value


def _refused_elsewhere(error: Exception, place: tuple[str | int, ...]) -> bool:
    from pydantic import ValidationError

    if not isinstance(error, ValidationError):
        return False
    details = error.errors(include_url=False, include_input=False)
    return not any(_leads_through(detail["loc"], place) for detail in details)


def _leads_through(location: tuple[str | int, ...], place: tuple[str | int, ...]) -> bool:
    """Whether ``place`` lies on the way to ``location``, which has names of union members in between."""
    steps = iter(location)
    return all(step in steps for step in place)


def _text_of(error: Exception) -> str:
    try:
        return shorten_text(str(error), _MESSAGE_LIMIT)
    except Exception:  # code of the author's; its text must not hide that it raised
        return "(its text can't be read)"
