"""Queues and priorities."""

from __future__ import annotations

import pytest

from usercode_sdk.config.faults import RUNTIME_TYPE_MISMATCH, ConfigFault
from usercode_sdk.errors import DagsterInvalidConfigError
from usercode_sdk.tags.validation import validate_tags

OWNER = "pipeline 'nightly'"
PRIORITY_TAGS = ("dagster-celery/priority", "dagster-celery/run_priority", "dagster/priority")
PRIORITY = "a whole number from -2147483648 to 2147483647"


def fault_of(tag: str, value: object) -> ConfigFault:
    with pytest.raises(DagsterInvalidConfigError) as refused:
        validate_tags({tag: value}, OWNER)
    (fault,) = refused.value.errors
    return fault


@pytest.mark.parametrize("tag", PRIORITY_TAGS)
@pytest.mark.parametrize(
    ("value", "text"),
    [(3, "3"), (-4, "-4"), (0, "0"), ("7", "7"), ("+07", "7"), (" -2 ", "-2"), (2**31 - 1, "2147483647")],
)
def test_a_priority_becomes_its_decimal_text(tag: str, value: object, text: str) -> None:
    assert validate_tags({tag: value}, OWNER) == {tag: text}


@pytest.mark.parametrize("tag", PRIORITY_TAGS)
@pytest.mark.parametrize(
    "value",
    [True, False, None, "", "high", "1.0", "1_000", "--1", "+-1", "٣", 1.5, [], {}, 2**31, "9" * 100_000],
)
def test_what_is_no_priority_is_refused(tag: str, value: object) -> None:
    fault = fault_of(tag, value)
    assert fault[:6] == (RUNTIME_TYPE_MISMATCH, (tag,), value, PRIORITY, None, None)
    assert fault.message.startswith(f"{tag}: expected {PRIORITY}, got ")
    assert len(fault.message) < 500


def test_a_float_that_is_whole_gets_the_whole_number_as_advice() -> None:
    fault = fault_of("dagster/priority", 3.0)
    assert fault.nearest == "3"
    assert fault.message == f"dagster/priority: expected {PRIORITY}, got 3.0. Did you mean 3?"


def test_a_queue_is_a_text_with_something_in_it() -> None:
    assert validate_tags({"dagster-celery/queue": "big one"}, OWNER) == {"dagster-celery/queue": "big one"}


@pytest.mark.parametrize("value", ["", "  ", None, 3, ["a"]])
def test_what_is_no_queue_is_refused(value: object) -> None:
    expected = "the name of a queue (a str that is not empty)"
    assert fault_of("dagster-celery/queue", value) == ConfigFault(
        RUNTIME_TYPE_MISMATCH,
        ("dagster-celery/queue",),
        value,
        expected,
        None,
        None,
        f"dagster-celery/queue: expected {expected}, got {value!r}.",
    )
