"""``StringSource``, ``IntSource`` and ``BoolSource``: values that may come from the environment."""

from __future__ import annotations

from typing import Final

from usercode_sdk.config.config_types import BOOL, INT, STRING
from usercode_sdk.config.env_source import EnvSource

_TRUE = frozenset(("1", "true", "yes", "on"))
_FALSE = frozenset(("0", "false", "no", "off"))


def _parse_bool(text: str) -> bool:
    word = text.strip().lower()
    if word not in _TRUE | _FALSE:
        raise ValueError(word)
    return word in _TRUE


StringSource: Final = EnvSource("StringSource", STRING, str, "a string")
IntSource: Final = EnvSource("IntSource", INT, int, "an int")
BoolSource: Final = EnvSource("BoolSource", BOOL, _parse_bool, "true or false")
