"""Lists that authors give: of solids' inputs and outputs, of modes, of presets."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TypeVar

from usercode_sdk.errors import DagsterInvalidDefinitionError

ItemT = TypeVar("ItemT")


def items_of(given: object, expected: type[ItemT], where: str) -> list[ItemT]:
    """The items of a list or tuple, or none for None, when each is an ``expected``.

    ``where`` begins the error, such as ``"Solid 'load': input_defs"``.
    """
    if given is None:
        return []
    if isinstance(given, expected):
        raise DagsterInvalidDefinitionError(f"{where} is one {expected.__name__}. Put it into a list.")
    if not isinstance(given, Iterable):
        raise DagsterInvalidDefinitionError(f"{where} is {given!r}. Give a list of {expected.__name__}.")
    items = list(given)
    for item in items:
        if not isinstance(item, expected):
            raise DagsterInvalidDefinitionError(
                f"{where} holds {item!r}. Each must be {'an' if expected.__name__[0] in 'AEIO' else 'a'} "
                f"{expected.__name__}."
            )
    return items
