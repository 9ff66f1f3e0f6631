"""Values made to break a validator: each is a clear, short fault, or passes where anything may."""

from __future__ import annotations

import typing
from collections.abc import Callable

import pytest

from usercode_sdk.config import Array, Permissive, Shape, to_config_type, validate_config
from usercode_sdk.config.display import describe, quote, shorten


class BadRepr:
    def __repr__(self) -> str:
        raise RuntimeError("no repr")


class Liar:
    """Says that it is a dict."""

    @property  # type: ignore[misc]  # the lie tested
    def __class__(self) -> type:
        return dict


class TrapDict(dict[str, object]):
    """A dict whose own methods all fail."""

    def _trap(self, *args: object, **kwargs: object) -> typing.NoReturn:
        raise RuntimeError("trapped")

    __getitem__ = __iter__ = __len__ = __contains__ = __repr__ = get = items = keys = values = _trap


class TrapList(list[object]):
    """A list whose own methods all fail."""

    def _trap(self, *args: object, **kwargs: object) -> typing.NoReturn:
        raise RuntimeError("trapped")

    __getitem__ = __iter__ = __len__ = __repr__ = _trap


def _self_nested() -> dict[str, object]:
    nested: dict[str, object] = {}
    nested.update({f"k{index}": nested for index in range(50)})
    return nested


def _deep() -> object:
    value: object = 1
    for _ in range(100_000):
        value = [value]
    return value


# Made in the tests, by name: pytest itself would print some of them.
_HOSTILE: dict[str, Callable[[], object]] = {
    "bad repr": BadRepr,
    "liar": Liar,
    "self-nested": _self_nested,
    "deep": _deep,
    "long": lambda: "x" * 1_000_000,
    "large int": lambda: 10**10_000,
}


@pytest.mark.parametrize(
    ("make", "shown"),
    [
        (BadRepr, "<BadRepr whose repr fails>"),
        (lambda: "x" * 10_000_000, "'" + "x" * 76 + "..."),
        (lambda: {"a": list(range(1_000_000))}, "{'a': [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, ...]}"),
        (lambda: 10**10_000, "<a very large int>"),
        (lambda: True, "True"),
        (lambda: [[[[1]]]], "[[[[...]]]]"),
        (lambda: [], "[]"),
        (lambda: (1,), "(1)"),
        (lambda: b"x", "b'x'"),
        (lambda: TrapDict(a=1), "{'a': 1}"),
        (lambda: TrapList([1]), "[1]"),
        (lambda: "\ud800", "'\\ud800'"),
    ],
)
def test_a_value_is_shown_short(make: Callable[[], object], shown: str) -> None:
    assert shorten(make()) == shown


def test_a_name_is_quoted_on_one_line() -> None:
    assert quote("a\nb") == '"a\\nb"'
    assert quote(3) == "3"
    assert len(quote("x" * 1000)) <= 82
    assert describe(None) == "None"


@pytest.mark.parametrize("name", _HOSTILE)
@pytest.mark.parametrize("schema", [bool, [bool], {"a": bool}])
def test_a_hostile_value_is_a_short_fault(schema: object, name: str) -> None:
    faults = validate_config(to_config_type(schema), _HOSTILE[name]()).faults
    assert faults
    assert all(len(fault.message) < 400 for fault in faults)


@pytest.mark.parametrize("name", _HOSTILE)
def test_where_anything_is_allowed_the_value_is_not_walked(name: str) -> None:
    value = _HOSTILE[name]()
    assert validate_config(to_config_type(typing.Any), value).value is value
    processed, faults = validate_config(Permissive({}), {"kept": value})
    assert isinstance(processed, dict) and processed["kept"] is value
    assert faults == ()


def test_own_methods_of_containers_are_not_called() -> None:
    schema = Shape({"a": int, "l": [int]})
    assert validate_config(schema, TrapDict(a=1, l=TrapList([2]))) == ({"a": 1, "l": [2]}, ())


def test_keys_that_are_no_names_are_unexpected_entries() -> None:
    faults = validate_config(Shape({"a": int}), {"a": 1, 3: 1, None: 2, (1, 2): 3, "": 4}).faults
    assert [(fault.reason, fault.entry) for fault in faults] == [
        ("FIELDS_NOT_DEFINED", "3"),
        ("FIELDS_NOT_DEFINED", "None"),
        ("FIELDS_NOT_DEFINED", "(1, 2)"),
        ("FIELDS_NOT_DEFINED", ""),
    ]


def test_a_flood_of_faults_ends_at_a_thousand() -> None:
    schema = Shape({f"field_{index}": int for index in range(300)})
    unexpected = {f"feild_{index}": 1 for index in range(50_000)}
    faults = validate_config(schema, unexpected).faults
    assert len(faults) == 1000
    assert [fault.nearest for fault in faults[300:302]] == ["field_0", "field_1"]
    assert len(validate_config(Array(int), ["x"] * 50_000).faults) == 1000
