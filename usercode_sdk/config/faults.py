"""What is wrong with a config value: one :class:`ConfigFault` a fault, found all together.

A place that lacks three entries has three faults, each with a sample of its own, and so has a place with
three unknown ones. Their ``reason`` is the plural constant: that is how solid-era code classes such a place.
"""

from __future__ import annotations

from typing import NamedTuple

MISSING_REQUIRED_FIELD = "MISSING_REQUIRED_FIELD"
MISSING_REQUIRED_FIELDS = "MISSING_REQUIRED_FIELDS"
FIELD_NOT_DEFINED = "FIELD_NOT_DEFINED"
FIELDS_NOT_DEFINED = "FIELDS_NOT_DEFINED"
RUNTIME_TYPE_MISMATCH = "RUNTIME_TYPE_MISMATCH"
SELECTOR_FIELD_ERROR = "SELECTOR_FIELD_ERROR"
FAILED_POST_PROCESSING = "FAILED_POST_PROCESSING"


class ConfigFault(NamedTuple):
    """One fault of a config value."""

    reason: str
    """One of the constants of this module."""
    path: tuple[str, ...]
    """Keys and ``[index]`` entries that lead to the faulty place; empty is the root.
    For a missing or unexpected entry: the place that lacks or holds it."""
    value: object
    """The value found there; for an unexpected entry, that entry's value."""
    expected: str
    """What would have been right, in words."""
    nearest: str | None
    """The valid key or value most like the one given, when one is near."""
    sample: object
    """For a missing entry: a value that would be accepted in its place."""
    message: str
    """All of the above as a sentence for people."""
    entry: str | None = None
    """The key that is missing or unexpected."""

    @property
    def path_text(self) -> str:
        """The path as ``root:solids:x:config``."""
        return ":".join(("root", *self.path))


def nearest_name(name: str, valid: list[str]) -> str | None:
    """The entry of ``valid`` most like ``name``, or None when none is near."""
    from difflib import get_close_matches  # only a fault needs it

    matches = get_close_matches(name, valid, n=1, cutoff=0.6)
    if matches:
        return matches[0]
    folded = name.casefold()
    return next((candidate for candidate in valid if candidate.casefold() == folded), None)
