"""Values of users survive storage exactly, also those that JSON has no form for."""

from __future__ import annotations

import json
import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from usercode_server.storage.errors import ValueNotStorableError
from usercode_server.storage.json_text import document_from_text, document_to_text, unwrapped, wrapped

_SCALARS = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(st.characters())
_KEYS = st.text(st.characters()) | st.integers() | st.tuples(st.integers(), st.text()) | st.sampled_from(["$int"])
VALUES = st.recursive(
    _SCALARS,
    lambda inner: st.lists(inner) | st.lists(inner).map(tuple) | st.dictionaries(_KEYS, inner),
    max_leaves=20,
)


def round_trip(value: object) -> object:
    return unwrapped(document_from_text(document_to_text({"value": wrapped(value, "it")}))["value"])


@given(VALUES)
def test_any_plain_value_comes_back_as_it_was(value: object) -> None:
    found = round_trip(value)
    assert repr(found) == repr(value)


@pytest.mark.parametrize(
    "value",
    [
        pytest.param(10**5000, id="huge"),
        -(2**63) - 1,
        2**63,
        "\ud800",
        "a\0b",
        math.inf,
        -0.0,
        {"$int": "0x1"},
        {"$tuple": [1]},
        {1: (2,)},
    ],
)
def test_values_without_a_form_in_json_come_back(value: object) -> None:
    found = round_trip(value)
    assert found == value
    assert type(found) is type(value)


def test_nan_comes_back() -> None:
    found = round_trip(math.nan)
    assert isinstance(found, float)
    assert math.isnan(found)


def test_plain_values_look_as_json_always_does() -> None:
    value = {"a": [1, 2.5, None, True, "ü"], "b": {}}
    assert json.loads(document_to_text({"value": wrapped(value, "it")})) == {"value": value}


def test_the_text_is_ascii() -> None:
    assert document_to_text({"a": wrapped("é\ud800", "it")}).isascii()


@pytest.mark.parametrize("value", [object(), {1, 2}, b"bytes", [1, {"a": object()}]])
def test_other_values_are_refused_with_their_owner(value: object) -> None:
    with pytest.raises(ValueNotStorableError, match=r"The run config holds a \w+, which can't be stored"):
        wrapped(value, "The run config")
