"""Pipelines named by where they are defined, to be loaded again by another process."""

from __future__ import annotations

import pickle
import subprocess
import sys
from pathlib import Path

import pytest

from usercode_sdk import (
    DagsterInvariantViolationError,
    PipelineDefinition,
    execute_pipeline,
    pipeline,
    reconstructable,
    solid,
)
from usercode_sdk.reconstructable import ReconstructablePipeline


@solid
def one() -> int:
    return 1


@pipeline
def direct() -> None:
    one()


@pipeline(name="shown_under_another_name")
def renamed() -> None:
    one()


def made() -> PipelineDefinition:
    return PipelineDefinition([one], "made_by_a_function")


def no_pipeline() -> int:
    return 3


nameless = PipelineDefinition([one], "nameless")


@pytest.mark.parametrize(
    ("target", "attribute", "name"),
    [
        (direct, "direct", "direct"),
        (renamed, "renamed", "shown_under_another_name"),
        (made, "made", "made_by_a_function"),
    ],
)
def test_a_pipeline_at_the_top_of_a_module_is_found_again(target: object, attribute: str, name: str) -> None:
    found = reconstructable(target)
    assert found == ReconstructablePipeline(__name__, None, attribute)
    assert pickle.loads(pickle.dumps(found)) == found
    definition = found.get_definition()
    assert isinstance(definition, PipelineDefinition)
    assert definition.name == name


def test_it_runs_where_a_pipeline_runs() -> None:
    assert execute_pipeline(reconstructable(renamed)).output_for_solid("one") == 1


def test_what_is_inside_a_function_is_refused() -> None:
    @pipeline
    def inner() -> None:
        one()

    def maker() -> PipelineDefinition:
        return inner

    for target, name in [(inner, "inner"), (maker, "maker"), (lambda: inner, "<lambda>")]:
        qualified = f"test_what_is_inside_a_function_is_refused.<locals>.{name}"
        with pytest.raises(DagsterInvariantViolationError) as refused:
            reconstructable(target)
        assert str(refused.value) == (
            f"reconstructable() can't name {qualified!r}: define it at the top of its module, not inside a function."
        )


@pytest.mark.parametrize(
    ("target", "shown"), [(3, "3"), ("direct", "'direct'"), (nameless, "PipelineDefinition('nameless')")]
)
def test_what_has_no_place_is_refused(target: object, shown: str) -> None:
    with pytest.raises(DagsterInvariantViolationError) as refused:
        reconstructable(target)
    assert str(refused.value) == (
        f"reconstructable() takes a pipeline made with @pipeline, or a function that returns one, not {shown}."
    )


def test_what_turns_out_to_be_no_pipeline_is_refused() -> None:
    with pytest.raises(DagsterInvariantViolationError) as refused:
        reconstructable(no_pipeline).get_definition()
    assert str(refused.value) == f"'no_pipeline' of {__name__} is not a pipeline. It gave 3; return a pipeline from it."
    with pytest.raises(DagsterInvariantViolationError) as refused:
        ReconstructablePipeline(__name__, None, "gone").get_definition()
    assert str(refused.value) == f"{__name__} has no 'gone'. Was it renamed or deleted since the run began?"


def test_a_pipeline_of_the_main_program_is_named_by_its_file(tmp_path: Path) -> None:
    program = tmp_path / "main_program.py"
    program.write_text(
        "from usercode_sdk import pipeline, reconstructable, solid\n"
        "@solid\ndef one(): return 1\n"
        "@pipeline\ndef p(): one()\n"
        "found = reconstructable(p)\n"
        "print(tuple(found))\nprint(found.get_definition() is p)\n"
    )
    path = {"PYTHONPATH": ":".join(entry for entry in sys.path if entry)}
    done = subprocess.run([sys.executable, str(program)], capture_output=True, text=True, check=True, env=path)
    assert done.stdout == f"(None, {str(program)!r}, 'p')\nTrue\n"
