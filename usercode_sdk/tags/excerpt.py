"""Values of authors in messages: never long, and never an error of their own."""

from __future__ import annotations

from reprlib import Repr

LONGEST = 160

_SHORT = Repr()
_SHORT.maxlevel = 3
_SHORT.maxstring = _SHORT.maxother = 80


def excerpt(value: object) -> str:
    """The value's ``repr``, cut to ``LONGEST`` characters; a stand-in when its ``repr`` raises."""
    try:
        return shortened(_SHORT.repr(value))
    except Exception:  # the value's own code ran, so anything may come
        return "a value that has no repr"


def shortened(text: str, longest: int = LONGEST) -> str:
    """The text, or its beginning and an ellipsis."""
    return text if len(text) <= longest else text[: longest - 3] + "..."
