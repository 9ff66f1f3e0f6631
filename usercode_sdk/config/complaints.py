"""How each fault of a config value is told: one function a kind of fault."""

from __future__ import annotations

from collections.abc import Collection
from itertools import islice

from usercode_sdk.config.display import describe, quote, shorten, shorten_text
from usercode_sdk.config.faults import (
    FAILED_POST_PROCESSING,
    FIELD_NOT_DEFINED,
    FIELDS_NOT_DEFINED,
    MISSING_REQUIRED_FIELD,
    MISSING_REQUIRED_FIELDS,
    RUNTIME_TYPE_MISMATCH,
    SELECTOR_FIELD_ERROR,
    ConfigFault,
)

_TEXT_LIMIT = 200
_MAX_NAMES = 10

Path = tuple[str, ...]


def missing_entry(
    path: Path, entry: str, parent: object, expected: str, sample: object, *, several: bool
) -> ConfigFault:
    """A required entry is not there; a ``sample`` of None is not shown."""
    shown = "" if sample is None else f" Sample: {shorten({entry: sample})}"
    return ConfigFault(
        reason=MISSING_REQUIRED_FIELDS if several else MISSING_REQUIRED_FIELD,
        path=path,
        value=parent,
        expected=expected,
        nearest=None,
        sample=sample,
        message=f"Missing required entry {quote(entry)} at {_place(path)}. Expected {_cut(expected)}.{shown}",
        entry=entry,
    )


def unexpected_entry(
    path: Path, entry: object, value: object, accepted: Collection[str], nearest: str | None, *, several: bool
) -> ConfigFault:
    """An entry is not one of those that the schema defines."""
    names = _names(accepted)
    expected = f"one of the entries {names}" if names else "no entries"
    closing = f"Accepted: {names}." if names else "No entries are accepted there."
    return ConfigFault(
        reason=FIELDS_NOT_DEFINED if several else FIELD_NOT_DEFINED,
        path=path,
        value=value,
        expected=expected,
        nearest=nearest,
        sample=None,
        message=f"Unexpected entry {quote(entry)} at {_place(path)}.{_suggestion(nearest)} {closing}",
        entry=entry if isinstance(entry, str) else shorten(entry),
    )


def wrong_value(path: Path, value: object, expected: str, nearest: str | None = None) -> ConfigFault:
    """A value is not of its type; one that was checked by itself is at no place worth telling."""
    where = f" at {_place(path)}" if path else ""
    return ConfigFault(
        reason=RUNTIME_TYPE_MISMATCH,
        path=path,
        value=value,
        expected=expected,
        nearest=nearest,
        sample=None,
        message=f"Invalid value {describe(value)}{where}. Expected {_cut(expected)}.{_suggestion(nearest)}",
    )


def wrong_choice(path: Path, value: object, entries: Collection[object], expected: str, sample: object) -> ConfigFault:
    """A selector has no entry, or more than one."""
    found = f"the entries {_names(entries)}" if entries else "no entry"
    return ConfigFault(
        reason=SELECTOR_FIELD_ERROR,
        path=path,
        value=value,
        expected=f"exactly {expected}",
        nearest=None,
        sample=sample,
        message=f"Found {found} at {_place(path)}. Expected exactly {_cut(expected)}. Sample: {shorten(sample)}",
    )


def failed_processing(path: Path, value: object, expected: str, problem: str) -> ConfigFault:
    """A value of the right form that could not be turned into what it stands for."""
    return ConfigFault(
        reason=FAILED_POST_PROCESSING,
        path=path,
        value=value,
        expected=expected,
        nearest=None,
        sample=None,
        message=f"{problem}. It is named at {_place(path)}. Expected {_cut(expected)}.",
    )


def _place(path: Path) -> str:
    if not path:
        return "the root"
    return shorten_text(":".join(("root", *(quote(name)[1:-1] for name in path))), _TEXT_LIMIT)


def _names(names: Collection[object]) -> str:
    more = [f"... ({len(names) - _MAX_NAMES} more)"] if len(names) > _MAX_NAMES else []
    return ", ".join([*(quote(name) for name in islice(names, _MAX_NAMES)), *more])


def _suggestion(nearest: str | None) -> str:
    return "" if nearest is None else f" Did you mean {quote(nearest)}?"


def _cut(expected: str) -> str:
    return shorten_text(expected, _TEXT_LIMIT)
