from __future__ import annotations

from typing import Any

import pytest

from usercode_sdk import DagsterInvariantViolationError, execute_pipeline, mem_io_manager, pipeline, solid
from usercode_sdk.execution.io_contexts import InputContext, OutputContext
from usercode_sdk.io import InMemoryIOManager


def test_values_are_handed_on_as_they_are() -> None:
    value = object()

    @solid
    def give(_: object) -> Any:
        return value

    @solid
    def take(_: object, x: Any) -> bool:
        return x is value

    @pipeline
    def p() -> None:
        take(give())

    assert mem_io_manager.keeps_in_memory
    assert execute_pipeline(p).output_for_solid("take") is True


def test_a_value_of_another_process_is_not_there() -> None:
    manager = InMemoryIOManager()
    upstream = OutputContext("one", "result", "p", "run")
    with pytest.raises(DagsterInvariantViolationError) as caught:
        manager.load_input(InputContext("x", upstream_output=upstream))
    assert str(caught.value) == (
        "Output 'result' of step 'one' is not in the memory of this process. Outputs that other processes read need an "
        "IO manager that stores them, such as fs_io_manager."
    )
    manager.handle_output(upstream, 3)
    assert manager.load_input(InputContext("x", upstream_output=upstream)) == 3
