"""Content-addressed names of config types: equal content gives the equal name in every process."""

from __future__ import annotations

from collections.abc import Sequence

_MAX_DEPTH = 32
_ATOMS = (str, int, float, bool, type(None))


def content_key(prefix: str, content: Sequence[object]) -> str:
    """``prefix`` and the SHA-1 of the content."""
    import hashlib  # asked for when a schema is listed, not when it is made
    import json

    text = json.dumps(_stable(content, _MAX_DEPTH), separators=(",", ":"))
    return f"{prefix}.{hashlib.sha1(text.encode(), usedforsecurity=False).hexdigest()}"


def _stable(value: object, depth: int) -> object:
    """The value as JSON data that depends neither on addresses nor on hash seeds."""
    if type(value) in _ATOMS:
        return value
    if depth == 0:
        return {"deep": type(value).__qualname__}
    if isinstance(value, (list, tuple)):
        return [_stable(item, depth - 1) for item in value]
    if isinstance(value, dict):
        # Pairs, since the keys of a JSON object could not tell 1 from "1".
        pairs = [(_stable(key, depth - 1), _stable(entry, depth - 1)) for key, entry in value.items()]
        return {"dict": sorted(pairs, key=repr)}
    return {"object": f"{type(value).__module__}.{type(value).__qualname__}"}
