"""The one table between exceptions and statuses, in both directions."""

from __future__ import annotations

import grpc
import pytest

from usercode_server import errors
from usercode_server.errors import (
    STATUS_NAMES,
    PipelineNotFoundError,
    ServerFaultError,
    UserCodeError,
    error_for_status,
    status_name,
)


@pytest.mark.parametrize(("cls", "name"), STATUS_NAMES.items())
def test_each_exception_comes_back_as_itself(cls: type[UserCodeError], name: str) -> None:
    assert grpc.StatusCode[name]
    assert status_name(cls("text")) == name
    returned = error_for_status(name, "text")
    assert (type(returned), str(returned)) == (cls, "text")


def test_each_status_stands_for_one_exception() -> None:
    assert len(set(STATUS_NAMES.values())) == len(STATUS_NAMES)


def test_a_subclass_has_the_status_of_its_base() -> None:
    assert status_name(PipelineNotFoundError("x", [])) == "NOT_FOUND"


def test_an_unknown_status_is_a_fault_of_the_server() -> None:
    error = error_for_status("DATA_LOSS", "text")
    assert (type(error), str(error)) == (ServerFaultError, "DATA_LOSS: text")


@pytest.mark.parametrize(
    ("known", "says"),
    [
        ([], "There is no pipeline 'sales'. There are none."),
        (["sale"], "There is no pipeline 'sales'. Did you mean 'sale'?"),
        (["b", "a"], "There is no pipeline 'sales'. There are: 'a', 'b'."),
        (
            [f"p{number}" for number in range(100)],
            "There is no pipeline 'sales'. There are 100, among them "
            "'p0', 'p1', 'p10', 'p11', 'p12', 'p13', 'p14', 'p15'.",
        ),
    ],
)
def test_a_name_that_is_not_there_is_told_with_those_that_are(known: list[str], says: str) -> None:
    assert str(PipelineNotFoundError("sales", known)) == says


def test_all_exceptions_are_in_one_tree() -> None:
    classes = [value for value in vars(errors).values() if isinstance(value, type) and issubclass(value, Exception)]
    assert all(issubclass(cls, UserCodeError) for cls in classes)
    assert all(cls.__doc__ for cls in classes)
