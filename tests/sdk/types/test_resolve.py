# ruff: noqa: UP006, UP007, UP035, UP045  # authors write both spellings
"""What authors write as a type, and the runtime type it becomes."""

from __future__ import annotations

import collections
import datetime
import typing
from typing import Annotated, Any, Dict, List, Optional, Protocol, Set, Tuple, TypedDict, TypeVar, Union

import pytest

import usercode_sdk
from usercode_sdk import DagsterInvalidDefinitionError, DagsterType, Nothing, PythonObjectDagsterType
from usercode_sdk.types import DagsterTypeKind, resolve_dagster_type

T = TypeVar("T")


class Row: ...


class Table(TypedDict):
    rows: int


class Readable(Protocol):
    def read(self) -> str: ...


ANY, SCALAR, LIST, NULLABLE, REGULAR = (
    DagsterTypeKind.ANY,
    DagsterTypeKind.SCALAR,
    DagsterTypeKind.LIST,
    DagsterTypeKind.NULLABLE,
    DagsterTypeKind.REGULAR,
)


@pytest.mark.parametrize(
    ("annotation", "name", "kind"),
    [
        (None, "Any", ANY),
        (Any, "Any", ANY),
        (object, "Any", ANY),
        (usercode_sdk.Any, "Any", ANY),
        (T, "Any", ANY),
        (Readable, "Any", ANY),
        (int, "Int", SCALAR),
        (float, "Float", SCALAR),
        (bool, "Bool", SCALAR),
        (str, "String", SCALAR),
        (usercode_sdk.Int, "Int", SCALAR),
        (usercode_sdk.String, "String", SCALAR),
        (usercode_sdk.Float, "Float", SCALAR),
        (usercode_sdk.Bool, "Bool", SCALAR),
        (Nothing, "Nothing", DagsterTypeKind.NOTHING),
        (type(None), "Nothing", DagsterTypeKind.NOTHING),
        (list, "[Any]", LIST),
        (List, "[Any]", LIST),
        (list[int], "[Int]", LIST),
        (List[List[str]], "[[String]]", LIST),
        (Optional[int], "Int?", NULLABLE),
        (int | None, "Int?", NULLABLE),
        (Optional[List[Row]], "[Row]?", NULLABLE),
        (Union[int, str], "Int | String", REGULAR),
        (int | str | None, "Int | String?", NULLABLE),
        (dict, "Dict", REGULAR),
        (Dict, "Dict", REGULAR),
        (dict[str, int], "Dict[String,Int]", REGULAR),
        (Dict[str, List[int]], "Dict[String,[Int]]", REGULAR),
        (set, "Set", REGULAR),
        (Set[int], "Set[Int]", REGULAR),
        (tuple, "Tuple", REGULAR),
        (Tuple[int, str], "Tuple[Int,String]", REGULAR),
        (tuple[int, ...], "Tuple", REGULAR),
        (Annotated[int, "rows"], "Int", SCALAR),
        (Row, "Row", REGULAR),
        (datetime.date, "date", REGULAR),
        (bytes, "bytes", REGULAR),
        (Table, "Dict", REGULAR),
        (collections.OrderedDict, "OrderedDict", REGULAR),
        (collections.deque[int], "deque", REGULAR),
        (typing.Iterator[int], "Iterator", REGULAR),
    ],
)
def test_an_annotation_becomes_a_type(annotation: object, name: str, kind: DagsterTypeKind) -> None:
    resolved = resolve_dagster_type(annotation)
    assert (resolved.display_name, resolved.kind) == (name, kind)


def test_the_same_annotation_is_the_same_type() -> None:
    assert resolve_dagster_type(Row) is resolve_dagster_type(Row)
    assert resolve_dagster_type(list[Row]) is resolve_dagster_type(list[Row])


def test_a_dagster_type_is_itself() -> None:
    even = DagsterType(lambda _, value: value % 2 == 0, name="Even")
    assert resolve_dagster_type(even) is even
    assert resolve_dagster_type(usercode_sdk.InputDefinition("x", even).dagster_type) is even


def test_a_class_checks_its_instances() -> None:
    resolved = resolve_dagster_type(Row)
    assert isinstance(resolved, PythonObjectDagsterType)
    assert (resolved.python_type, resolved.loader) == (Row, None)


@pytest.mark.parametrize("value", [3, "int", [int], {"a": int}, {int}, b"x", 1.5])
def test_a_value_is_no_type(value: object) -> None:
    with pytest.raises(DagsterInvalidDefinitionError) as refused:
        resolve_dagster_type(value)
    assert str(refused.value) == (
        f"{value!r} is not a type. Give a Python class, a type annotation such as List[int], or a DagsterType."
    )
