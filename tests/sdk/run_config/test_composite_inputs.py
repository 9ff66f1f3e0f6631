"""When an input of a composite must be in run config."""

from __future__ import annotations

from usercode_sdk import InputDefinition, composite_solid, pipeline, solid
from usercode_sdk.run_config import check_run_config


@solid
def give() -> int:
    return 5


@solid(input_defs=[InputDefinition("numbers", list[int], default_value=[1])])
def take(numbers: list[int]) -> list[int]:
    return numbers


def test_an_input_that_is_handed_on_whole_may_stay_unfed_when_the_one_inside_has_a_default() -> None:
    @composite_solid(input_defs=[InputDefinition("given", list[int])])
    def hands_on(given: object) -> None:
        take(given)

    @pipeline
    def unfed() -> None:
        hands_on()

    assert check_run_config(unfed, {}).faults == ()


def test_an_input_that_is_a_part_of_a_list_is_needed_even_when_the_list_has_a_default() -> None:
    @composite_solid(input_defs=[InputDefinition("given", int)])
    def puts_into_a_list(given: object) -> None:
        take([given, give()])

    @pipeline
    def unfed() -> None:
        puts_into_a_list()

    (fault,) = check_run_config(unfed, {}).faults
    assert (fault.entry, fault.sample) == ("solids", {"puts_into_a_list": {"inputs": {"given": 0}}})
    assert check_run_config(unfed, {"solids": {"puts_into_a_list": {"inputs": {"given": 3}}}}).faults == ()
