"""The queue and priority tags."""

from __future__ import annotations

from usercode_sdk.tags.tag_faults import TagFaults

LOWEST_PRIORITY = -(1 << 31)
HIGHEST_PRIORITY = (1 << 31) - 1
LONGEST_PRIORITY = 32


def queue_text(tag: str, value: object, faults: TagFaults) -> str:
    """The queue's name; anything but a str with a visible character is a fault."""
    if isinstance(value, str) and value.strip():
        return value
    faults.mismatch((tag,), value, "the name of a queue (a str that is not empty)")
    return ""


def priority_text(tag: str, value: object, faults: TagFaults) -> str:
    """The priority in decimal, from an int or from a str that is one."""
    priority = _priority(value)
    if priority is not None and LOWEST_PRIORITY <= priority <= HIGHEST_PRIORITY:
        return str(priority)
    faults.mismatch((tag,), value, f"a whole number from {LOWEST_PRIORITY} to {HIGHEST_PRIORITY}", _near(value))
    return ""


def _priority(value: object) -> int | None:
    if isinstance(value, int) and not isinstance(value, bool):
        return int(value)
    if not isinstance(value, str) or len(value) > LONGEST_PRIORITY:
        return None
    digits = value.strip()
    digits = digits[1:] if digits.startswith(("-", "+")) else digits
    return int(value) if digits.isascii() and digits.isdigit() else None


def _near(value: object) -> int | None:
    if isinstance(value, float) and value.is_integer() and LOWEST_PRIORITY <= value <= HIGHEST_PRIORITY:
        return int(value)
    return None
