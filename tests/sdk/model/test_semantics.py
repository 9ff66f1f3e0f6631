"""The model itself: on small pipelines it says what was found by hand."""

from __future__ import annotations

import pytest

from tests.sdk.model.cases import CASES, Case
from tests.sdk.model.semantics import StepResult, expected


@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
def test_the_model_says_what_was_found_by_hand(case: Case) -> None:
    steps = expected(case.pipeline).steps
    assert {key: step.status for key, step in steps.items()} == case.ends
    assert {key: loaded(steps[key]) for key in case.arrived} == case.arrived
    assert {key: steps[key].attempts for key in case.attempts} == case.attempts


def loaded(step: StepResult) -> tuple[str, ...]:
    """The outputs that a step loads."""
    return tuple(event.rpartition(" ")[2] for event in step.events if event.startswith("LOADED_INPUT "))
