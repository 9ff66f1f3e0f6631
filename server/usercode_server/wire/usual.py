"""Names that are so usual that messages leave them out."""

from __future__ import annotations

from usercode_sdk.definitions.outputs import DEFAULT_IO_MANAGER_KEY
from usercode_sdk.user_events import DEFAULT_OUTPUT
from usercode_server.wire.text import text

_DEFAULT_TYPE = "Any"


def type_name(name: str) -> str:
    """The name of a type as messages carry it: the most usual one is left out."""
    return "" if name == _DEFAULT_TYPE else text(name)


def output_name(name: str) -> str:
    """The name of an output as messages carry it: the most usual one is left out."""
    return "" if name == DEFAULT_OUTPUT else name


def io_manager_key(key: str) -> str:
    """The key of an IO manager as messages carry it: the most usual one is left out."""
    return "" if key == DEFAULT_IO_MANAGER_KEY else key
