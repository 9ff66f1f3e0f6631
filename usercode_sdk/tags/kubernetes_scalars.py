"""The values of the Kubernetes API that have no parts: what each kind accepts."""

from __future__ import annotations

import re
from collections.abc import Callable
from math import isfinite

INT32 = 1 << 31
INT64 = 1 << 63

# Texts, not compiled patterns: most tags need one of them, and compiling all costs a millisecond.
_NUMBER = r"[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)"
_QUANTITY = _NUMBER + r"(?:[KMGTPE]i|[numkMGTPE]|[eE][+-]?[0-9]+)?"
_WRONG_QUANTITY = rf"({_NUMBER})\s*([A-Za-z]{{1,3}})"
_DATE_TIME = r"(?a:\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d))"
_WHOLE_NUMBER = r"[+-]?[0-9]{1,10}"
_BINARY_SUFFIXES = {letter.lower(): f"{letter}i" for letter in "KMGTPE"}


class Scalar:
    """One kind of scalar."""

    __slots__ = ("accepts", "expected", "nearest")

    def __init__(
        self,
        accepts: Callable[[object], bool],
        expected: str,
        nearest: Callable[[object], str | int | None],
    ) -> None:
        self.accepts = accepts
        self.expected = expected
        """What it accepts, in words."""
        self.nearest = nearest
        """What the author may have meant by a value that is not accepted."""


def _is_string(value: object) -> bool:
    return isinstance(value, str)


def _is_boolean(value: object) -> bool:
    return isinstance(value, bool)


def _is_whole(value: object, bound: int) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and -bound <= value < bound


def _is_int32(value: object) -> bool:
    return _is_whole(value, INT32)


def _is_int64(value: object) -> bool:
    return _is_whole(value, INT64)


def _is_int_or_string(value: object) -> bool:
    return isinstance(value, str) or _is_int32(value)


def _is_quantity(value: object) -> bool:
    if isinstance(value, str):
        return re.fullmatch(_QUANTITY, value) is not None
    if isinstance(value, float):
        return isfinite(value)
    return _is_int64(value)


def _is_date_time(value: object) -> bool:
    if not isinstance(value, str) or not re.fullmatch(_DATE_TIME, value):
        return False
    from datetime import datetime

    try:
        datetime.fromisoformat(value)
    except ValueError:
        return False
    return True


def _near_string(value: object) -> str | None:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, float) or _is_int64(value):
        return str(value)
    return None


def _near_boolean(value: object) -> bool | None:
    return {"true": True, "false": False}.get(value.lower()) if isinstance(value, str) else None


def _near_whole(value: object) -> int | None:
    if isinstance(value, float) and value.is_integer() and abs(value) < INT32:
        return int(value)
    if isinstance(value, str) and re.fullmatch(_WHOLE_NUMBER, value):
        return int(value)
    return None


def near_cpu(value: object) -> str | None:
    """The quantity of processors that was probably meant: with an ``m``, thousandths of one."""
    number, unit = _quantity_parts(value)
    return f"{number}m" if unit[:1] in ("m", "M") else _near_quantity(value)


def _quantity_parts(value: object) -> tuple[str, str]:
    """The number and the letters after it; two empty strings when the value is nothing of the kind."""
    written = re.fullmatch(_WRONG_QUANTITY, value[:40]) if isinstance(value, str) else None
    return ("", "") if written is None else (written[1], written[2])


def _near_quantity(value: object) -> str | None:
    number, unit = _quantity_parts(value)
    if not unit:
        return None
    if set(unit) == {"m"}:
        return f"{number}m"
    # '64MB', '64mb', '64Mib' and '64K' all mean bytes by the power of two in most people's hands.
    suffix = unit if re.fullmatch(_QUANTITY, f"1{unit}") else _BINARY_SUFFIXES.get(unit[0].lower())
    return None if suffix is None else number + suffix


def _near_date_time(value: object) -> str | None:
    if not isinstance(value, str) or len(value) > 40:
        return None
    likely = value.replace(" ", "T").rstrip("Z") + "Z"
    return likely if _is_date_time(likely) else None


SCALARS = {
    "string": Scalar(_is_string, "a string", _near_string),
    "boolean": Scalar(_is_boolean, "True or False", _near_boolean),
    "int32": Scalar(_is_int32, f"a whole number from {-INT32} to {INT32 - 1}", _near_whole),
    "int64": Scalar(_is_int64, f"a whole number from {-INT64} to {INT64 - 1}", _near_whole),
    "int-or-string": Scalar(_is_int_or_string, "a whole number or a string", _near_whole),
    "quantity": Scalar(_is_quantity, "a quantity such as '250m', '64Mi', 1 or 0.5", _near_quantity),
    "date-time": Scalar(_is_date_time, "a time such as '2021-01-31T12:00:00Z'", _near_date_time),
}
