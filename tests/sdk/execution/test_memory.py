"""What a run made is gone when nobody holds its result, without waiting for a collection."""

from __future__ import annotations

import gc
import weakref
from collections.abc import Iterator
from typing import Any

import pytest

from usercode_sdk import (
    ModeDefinition,
    PipelineDefinition,
    execute_pipeline,
    execute_pipeline_iterator,
    pipeline,
    resource,
    solid,
)


class Big:
    """A value or resource that is to be gone."""


@pytest.fixture(name="made")
def _made() -> Iterator[list[weakref.ref[Big]]]:
    gc.collect()
    gc.disable()
    yield []
    gc.enable()


def _pipeline(made: list[weakref.ref[Big]], fails: bool = False) -> PipelineDefinition:
    def big() -> Big:
        value = Big()
        made.append(weakref.ref(value))
        return value

    @resource
    def held(_: object) -> Iterator[Big]:
        yield big()

    @solid(required_resource_keys={"held"})
    def give(_: object) -> Any:
        return big()

    @solid
    def take(_: object, x: Any) -> None:
        if fails:
            raise ValueError

    @pipeline(mode_defs=[ModeDefinition(resource_defs={"held": held})])
    def p() -> None:
        take(give())

    return p


def _alive(made: list[weakref.ref[Big]]) -> list[bool]:
    return [reference() is not None for reference in made]


def test_a_result_keeps_outputs_and_no_resources(made: list[weakref.ref[Big]]) -> None:
    result = execute_pipeline(_pipeline(made))
    assert _alive(made) == [False, True]
    assert result.success
    del result
    assert _alive(made) == [False, False]


def test_a_failed_run_leaves_nothing(made: list[weakref.ref[Big]]) -> None:
    execute_pipeline(_pipeline(made, fails=True), raise_on_error=False)
    assert _alive(made) == [False, False]


def test_a_raised_exception_leaves_nothing_once_it_is_handled(made: list[weakref.ref[Big]]) -> None:
    try:
        execute_pipeline(_pipeline(made, fails=True))
    except ValueError:
        pass
    assert _alive(made) == [False, False]


def test_an_iterator_leaves_nothing(made: list[weakref.ref[Big]]) -> None:
    for _ in execute_pipeline_iterator(_pipeline(made)):
        pass
    assert _alive(made) == [False, False]
