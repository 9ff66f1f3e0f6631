"""Values of the author's go over the wire as they are."""

from __future__ import annotations

import math
from collections import OrderedDict

import pytest
from hypothesis import given
from hypothesis import strategies as st

from usercode_api.v1.value_pb2 import MapEntry, MapValue, Value
from usercode_server.errors import InvalidRequestError
from usercode_server.wire.values import MAX_DEPTH, from_map, from_value, to_map, to_value

SCALARS = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False)
    | st.text(st.characters(exclude_categories=["Cs"]))
    | st.binary()
)
KEYS = st.text(st.characters(exclude_categories=["Cs"])) | st.integers() | st.booleans() | st.none()
VALUES = st.recursive(SCALARS, lambda inner: st.lists(inner) | st.dictionaries(KEYS, inner), max_leaves=20)


@given(VALUES)
def test_plain_data_comes_back(value: object) -> None:
    returned = from_value(Value.FromString(to_value(value).SerializeToString()))
    assert returned == value
    assert repr(returned) == repr(value)


@given(st.dictionaries(KEYS, SCALARS))
def test_mappings_keep_their_order(value: dict[object, object]) -> None:
    assert list(from_map(to_map(value)).items()) == list(value.items())


def test_not_a_number_comes_back() -> None:
    returned = from_value(to_value(math.nan))
    assert isinstance(returned, float) and math.isnan(returned)


@pytest.mark.parametrize("number", [2**63 - 1, -(2**63), 2**63, -(2**63) - 1, 10**100])
def test_integers_of_any_size_come_back(number: int) -> None:
    assert from_value(to_value(number)) == number


def test_tuples_become_lists_and_mappings_dicts() -> None:
    assert from_value(to_value((1, (2,)))) == [1, [2]]
    assert from_value(to_value(OrderedDict(a=1))) == {"a": 1}


def test_what_utf_8_can_not_hold_is_escaped() -> None:
    assert from_value(to_value("a\ud800")) == "a\\ud800"


def test_other_objects_are_sent_as_the_name_of_their_type() -> None:
    message = to_value(object())
    assert message.opaque_type == "builtins.object"
    with pytest.raises(InvalidRequestError, match=r"builtins\.object"):
        from_value(message)


def test_a_value_that_holds_itself_is_refused() -> None:
    value: list[object] = []
    value.append(value)
    with pytest.raises(InvalidRequestError, match="holds itself"):
        to_value(value)


def test_the_deepest_value_allowed_can_be_read() -> None:
    value: object = 1
    for _ in range(MAX_DEPTH):
        value = {"a": value}
    assert from_value(Value.FromString(to_value(value).SerializeToString())) == value
    with pytest.raises(InvalidRequestError, match="nested deeper"):
        to_value({"a": value})


def test_a_mapping_as_a_key_is_refused() -> None:
    message = MapValue(entries=[MapEntry(other_key=Value(map_value=MapValue()))])
    with pytest.raises(InvalidRequestError, match="can't be a key"):
        from_map(message)


def test_a_list_as_a_key_is_read_as_a_tuple() -> None:
    assert from_map(to_map({(1, 2): 3})) == {(1, 2): 3}


def test_a_malformed_big_integer_is_refused() -> None:
    with pytest.raises(InvalidRequestError, match="hexadecimal"):
        from_value(Value(big_int_value="zz"))
