"""Types of the author's own."""

from __future__ import annotations

from typing import Any

import pytest

from usercode_sdk import (
    DagsterInvalidDefinitionError,
    DagsterType,
    DagsterTypeCheckDidNotPass,
    DagsterTypeCheckError,
    EventMetadataEntry,
    OutputDefinition,
    PythonObjectDagsterType,
    TypeCheck,
    execute_solid,
    solid,
)

_NONE: Any = None
_TEXT: Any = "int"


def _is_even(_context: object, value: object) -> bool:
    return isinstance(value, int) and value % 2 == 0


def test_a_type_is_a_name_and_a_check() -> None:
    even = DagsterType(_is_even, name="Even", description="Divisible by two.", required_resource_keys={"r"})
    assert (even.name, even.key, even.display_name, even.description) == ("Even", "Even", "Even", "Divisible by two.")
    assert (even.required_resource_keys, even.loader, even.is_nothing) == (frozenset({"r"}), None, False)
    assert repr(even) == "DagsterType(Even)"
    assert even.type_check(None, 2).success
    answer = even.type_check(None, 3)
    assert (answer.success, answer.description) == (False, "Expected a value of type Even, got int.")
    assert DagsterType(_is_even, key="even").display_name == "even"


def test_a_check_may_say_more() -> None:
    entry = EventMetadataEntry.int(3, "rest")
    odd = DagsterType(lambda _context, _value: TypeCheck(False, "It is odd.", [entry]), name="Even")

    answer = odd.type_check(None, 3)
    assert (answer.success, answer.description, answer.metadata_entries) == (False, "It is odd.", (entry,))


@pytest.mark.parametrize("answer", [None, 1, "yes"])
def test_a_check_that_answers_nonsense_is_refused(answer: Any) -> None:
    with pytest.raises(DagsterTypeCheckError) as refused:
        DagsterType(lambda _context, _value: answer, name="Odd").type_check(None, 3)
    assert str(refused.value) == (
        f"The type check function of 'Odd' returned {type(answer).__name__}. Return a bool or a TypeCheck."
    )


def test_several_classes_make_one_type() -> None:
    number = PythonObjectDagsterType((int, float), description="Any number.")
    assert (number.display_name, number.description) == ("int | float", "Any number.")
    assert [number.type_check(None, value).success for value in (1, 1.5, "1")] == [True, True, False]
    assert PythonObjectDagsterType(int, name="Count").display_name == "Count"


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: DagsterType(_is_even), "A DagsterType needs a name (or a key)."),
        (lambda: DagsterType(_NONE, name="X"), "DagsterType 'X' needs a function, not None."),
        (
            lambda: PythonObjectDagsterType(_TEXT),
            "PythonObjectDagsterType takes a class or a tuple of classes, not 'int'.",
        ),
    ],
)
def test_what_is_wrong_is_refused(make: Any, message: str) -> None:
    with pytest.raises(DagsterInvalidDefinitionError) as refused:
        make()
    assert str(refused.value) == message


def test_a_type_of_the_authors_own_stops_a_value() -> None:
    @solid(output_defs=[OutputDefinition(DagsterType(_is_even, name="Even"))])
    def three() -> int:
        return 3

    with pytest.raises(DagsterTypeCheckDidNotPass, match=r"Expected a value of type Even, got int\."):
        execute_solid(three)
