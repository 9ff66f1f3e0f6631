"""A small value for a JSON Schema, as pydantic writes them."""

from __future__ import annotations

from collections.abc import Mapping

Schema = Mapping[str, object]

_MAX_DEPTH = 12
_BY_FORMAT = {
    "date-time": "2024-01-01T00:00:00Z",
    "date": "2024-01-01",
    "time": "00:00:00",
    "duration": "PT1H",
    "uuid": "00000000-0000-4000-8000-000000000000",
    "uuid4": "00000000-0000-4000-8000-000000000000",
    "email": "name@example.com",
    "uri": "https://example.com/",
    "ipv4": "127.0.0.1",
    "ipv6": "::1",
    "json-string": "{}",
    "binary": "...",
}


def schema_sample(schema: Schema, root: Schema | None = None, depth: int = _MAX_DEPTH) -> object:
    """A value that fits ``schema``, whose references point into ``root``; patterns are not followed."""
    root = schema if root is None else root
    schema = resolved(schema, root)
    for given in ("const", "default"):
        if given in schema:
            return schema[given]
    for listed in ("examples", "enum"):
        choices = schema.get(listed)
        if isinstance(choices, list) and choices:
            return choices[0]
    for combined in ("anyOf", "oneOf", "allOf"):
        choices = schema.get(combined)
        if isinstance(choices, list) and choices:
            return schema_sample(choices[0], root, depth - 1) if depth else None
    return _of_type(schema, root, depth)


def resolved(schema: Schema, root: Schema) -> Schema:
    """The schema that a chain of ``$ref`` ends at; ``{}`` when it ends nowhere."""
    for _ in range(_MAX_DEPTH):
        reference = schema.get("$ref")
        if not isinstance(reference, str):
            return schema
        definitions = root.get("$defs")
        target = definitions.get(reference.rpartition("/")[2]) if isinstance(definitions, dict) else None
        schema = target if isinstance(target, dict) else {}
    return {}


def _of_type(schema: Schema, root: Schema, depth: int) -> object:
    match schema.get("type"):
        case "string":
            return _string(schema)
        case "integer":
            return int(_number(schema, 1))
        case "number":
            return _number(schema, 0.5)
        case "boolean":
            return False
        case "null":
            return None
        case "array":
            return _array(schema, root, depth)
        case "object":
            return _object(schema, root, depth)
        case _:
            return {}


def _string(schema: Schema) -> str:
    text = _BY_FORMAT.get(str(schema.get("format")), "...")
    shortest, longest = schema.get("minLength", 0), schema.get("maxLength", len(text))
    assert isinstance(shortest, int) and isinstance(longest, int)
    return text.ljust(shortest, ".")[: max(longest, shortest)]


def _number(schema: Schema, step: float) -> float:
    """The number nearest to 0 within the limits of the schema."""
    low = _limit(schema, "minimum", "exclusiveMinimum", step)
    high = _limit(schema, "maximum", "exclusiveMaximum", -step)
    value: float = 0
    if low is not None and low > value:
        value = low if high is None or low <= high else (low + high) / 2
    elif high is not None and high < value:
        value = high
    return _multiple(schema, value)


def _limit(schema: Schema, inclusive: str, exclusive: str, step: float) -> float | None:
    limit, open_limit = schema.get(inclusive), schema.get(exclusive)
    if isinstance(limit, (int, float)):
        return limit
    return open_limit + step if isinstance(open_limit, (int, float)) else None


def _multiple(schema: Schema, value: float) -> float:
    unit = schema.get("multipleOf")
    return -(-value // unit) * unit if isinstance(unit, (int, float)) and unit else value


def _array(schema: Schema, root: Schema, depth: int) -> list[object]:
    prefix = schema.get("prefixItems")
    if isinstance(prefix, list):
        return [schema_sample(item, root, depth - 1) if depth else None for item in prefix]
    item, count = schema.get("items"), schema.get("minItems", 0)
    assert isinstance(count, int)
    of_item = schema_sample(item, root, depth - 1) if isinstance(item, dict) and depth else None
    return [of_item] * count


def _object(schema: Schema, root: Schema, depth: int) -> dict[str, object]:
    properties, required = schema.get("properties"), schema.get("required")
    if not isinstance(properties, dict) or not isinstance(required, list) or not depth:
        return {}
    return {name: schema_sample(properties.get(name, {}), root, depth - 1) for name in required}
