"""Values of users as JSON text, and back exactly.

Plain JSON values look as they always do. What JSON has no form for is wrapped in an object with
one key that starts with ``$``: tuples (``$tuple``), mappings with other keys than strings or with keys
that start with ``$`` (``$items``), and integers beyond 64 bits (``$int``, hexadecimal, since decimal
digits are limited by the interpreter). NaN and infinities are written as Python's ``json`` does. The
text is ASCII, so lone surrogates survive as escapes.
"""

from __future__ import annotations

from collections.abc import Mapping
from json import JSONDecoder, JSONEncoder

from usercode_server.storage.errors import ValueNotStorableError

_encode = JSONEncoder(separators=(",", ":"), check_circular=False).encode
_decode = JSONDecoder().decode
_INT64 = range(-(2**63), 2**63)


def document_to_text(document: Mapping[str, object]) -> str:
    """A document whose values are wrapped where they need it, as JSON text."""
    return _encode(document)


def document_from_text(text: str) -> dict[str, object]:
    """A document of which the reader unwraps what it wrapped."""
    document = _decode(text)
    assert isinstance(document, dict)
    return document


def wrapped(value: object, owner: str) -> object:
    """``value`` made of what JSON has a form for.

    Raises ValueNotStorableError, naming ``owner``, for values of other types than None, bool, int,
    float, str, list, tuple and mappings.
    """
    if value is None or isinstance(value, (str, bool, float)):
        return value
    if isinstance(value, int):
        return int(value) if value in _INT64 else {"$int": hex(value)}
    if isinstance(value, list):
        return [wrapped(item, owner) for item in value]
    if isinstance(value, tuple):
        return {"$tuple": [wrapped(item, owner) for item in value]}
    if isinstance(value, Mapping):
        if all(isinstance(key, str) and not key.startswith("$") for key in value):
            return {key: wrapped(item, owner) for key, item in value.items()}
        return {"$items": [[wrapped(key, owner), wrapped(item, owner)] for key, item in value.items()]}
    raise ValueNotStorableError(owner, value)


def unwrapped(value: object) -> object:
    """The inverse of :func:`wrapped`."""
    if isinstance(value, list):
        return [unwrapped(item) for item in value]
    if not isinstance(value, dict):
        return value
    if len(value) == 1:
        (key, content), *_ = value.items()
        if key == "$int":
            return int(str(content), 16)
        if key == "$tuple" and isinstance(content, list):
            return tuple(unwrapped(item) for item in content)
        if key == "$items" and isinstance(content, list):
            return {unwrapped(item_key): unwrapped(item) for item_key, item in content}
    return {key: unwrapped(item) for key, item in value.items()}
