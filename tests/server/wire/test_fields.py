"""Encoded messages put together by hand are those that protobuf makes."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from usercode_api.v1.pipeline_pb2 import Pipeline, Solid
from usercode_server.wire.fields import PART_SIZE, field, parts, text_field, varint

SOLIDS = st.lists(st.builds(Solid, name=st.text(st.characters(exclude_categories=["Cs"]))))


@given(SOLIDS)
def test_fields_one_behind_the_other_are_the_message(solids: list[Solid]) -> None:
    by_hand = b"".join(field(10, solid.SerializeToString()) for solid in solids)
    assert by_hand == Pipeline(solids=solids).SerializeToString()


@given(st.integers(0, 2**32 - 1))
def test_integers_are_written_as_protobuf_reads_them(number: int) -> None:
    assert Pipeline.FromString(b"\x20" + varint(number)).solid_count == number


def test_empty_text_is_left_out() -> None:
    assert text_field(1, "") == b""
    assert text_field(1, "é") == Pipeline(name="é").SerializeToString()


@given(st.lists(st.integers(0, PART_SIZE), max_size=8))
def test_parts_keep_everything_in_order_and_below_the_limit(sizes: list[int]) -> None:
    fields = [bytes([place]) * size for place, size in enumerate(sizes)]
    cut = list(parts(fields))
    assert b"".join(cut) == b"".join(fields)
    assert all(len(part) <= PART_SIZE for part in cut)


def test_nothing_is_one_empty_part() -> None:
    assert list(parts([])) == [b""]


def test_a_field_larger_than_a_part_stands_alone() -> None:
    large = b"x" * (PART_SIZE + 1)
    assert list(parts([b"a", large, b"b"])) == [b"a", large, b"b"]
