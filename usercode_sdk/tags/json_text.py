"""JSON text that reads back as the value it was made of."""

from __future__ import annotations

import json

from usercode_sdk.tags.excerpt import excerpt, shortened

_encode = json.JSONEncoder(sort_keys=True, allow_nan=False).encode


class NotJsonError(ValueError):
    """A value has no JSON text that reads back as the same value; the message says why, as a clause."""


def json_text(value: object) -> str:
    """The JSON text of the value, keys sorted. Raises :class:`NotJsonError`."""
    try:
        text = _encode(value)
        restored = json.loads(text)
        same = bool(restored == value)
    except RecursionError as error:
        raise NotJsonError("it is nested too deeply for JSON") from error
    except Exception as error:  # the value's own code ran, so anything may come
        raise NotJsonError(f"it has no JSON text ({_reason(error)})") from error
    if not same:
        raise NotJsonError(f"JSON changes it to {excerpt(restored)}")
    return text


def _reason(error: Exception) -> str:
    try:
        return shortened(f"{type(error).__name__}: {error}")
    except Exception:  # the exception may be of the author's too
        return type(error).__name__
