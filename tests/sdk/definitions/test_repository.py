from __future__ import annotations

from typing import Any

import pytest

from usercode_sdk import (
    DagsterInvalidDefinitionError,
    DagsterInvariantViolationError,
    PipelineDefinition,
    RepositoryDefinition,
    pipeline,
    repository,
    solid,
)


@solid
def one(_: object) -> int:
    return 1


@pipeline
def first() -> None:
    one()


@pipeline
def second() -> None:
    one()


def _holding(contents: Any) -> RepositoryDefinition:
    return repository(name="r")(lambda: contents)


def _error(contents: Any) -> str:
    with pytest.raises(DagsterInvalidDefinitionError) as caught:
        _holding(contents)
    return str(caught.value)


def test_a_list_of_pipelines() -> None:
    @repository
    def mine() -> list[PipelineDefinition]:
        """All of them."""
        return [second, first, second]

    assert (mine.name, mine.description, mine.pipeline_names) == ("mine", "All of them.", ["first", "second"])
    assert mine.get_pipeline("first") is first
    assert mine.get_all_pipelines() == [first, second]
    assert (mine.has_pipeline("first"), mine.has_pipeline("third")) == (True, False)
    assert _holding([]).pipeline_names == []


def test_a_dict_of_pipelines_and_of_callables_that_build_them_once_when_asked() -> None:
    built: list[str] = []

    def build() -> PipelineDefinition:
        built.append("second")
        return second

    mine = _holding({"pipelines": {"first": first, "second": build}})
    assert (mine.pipeline_names, built) == (["first", "second"], [])
    assert mine.get_pipeline("second") is second
    assert mine.get_pipeline("second") is second
    assert built == ["second"]
    assert _holding({}).pipeline_names == []


def test_an_unknown_pipeline_is_refused_with_the_nearest() -> None:
    with pytest.raises(DagsterInvariantViolationError) as caught:
        _holding([first]).get_pipeline("frist")
    assert str(caught.value) == "Repository 'r' has no pipeline 'frist'. Did you mean 'first'?"


@pytest.mark.parametrize(
    ("build", "message"),
    [
        (lambda: 3, "Repository 'r': the callable for pipeline 'first' returned int, not a pipeline."),
        (
            lambda: second,
            "Repository 'r': the callable for pipeline 'first' returned pipeline 'second'. "
            "Use its own name as the key.",
        ),
    ],
)
def test_a_callable_must_build_the_pipeline_of_its_name(build: Any, message: str) -> None:
    with pytest.raises(DagsterInvalidDefinitionError) as caught:
        _holding({"pipelines": {"first": build}}).get_pipeline("first")
    assert str(caught.value) == message


def test_what_a_callable_raises_passes_through_and_it_is_asked_again() -> None:
    answers = iter([ZeroDivisionError(), first])

    def build() -> object:
        answer = next(answers)
        if isinstance(answer, Exception):
            raise answer
        return answer

    mine = _holding({"pipelines": {"first": build}})
    with pytest.raises(ZeroDivisionError):
        mine.get_pipeline("first")
    assert mine.get_pipeline("first") is first


def test_name_and_description_may_be_given() -> None:
    mine = repository("other", "Given.")(lambda: [first])
    assert (mine.name, mine.description, repr(mine)) == ("other", "Given.", "RepositoryDefinition('other')")
    with pytest.raises(DagsterInvalidDefinitionError) as caught:
        repository("my repo")(lambda: [])
    assert str(caught.value) == ("'my repo' is not a valid repository name. Use letters, digits and underscores only.")


def test_the_authors_dict_may_change_afterwards() -> None:
    pipelines: dict[str, Any] = {"first": first}
    mine = _holding({"pipelines": pipelines})
    pipelines.clear()
    assert mine.pipeline_names == ["first"]


@pytest.mark.parametrize(
    ("contents", "message"),
    [
        (3, "Repository 'r': its function returned int. Return a list of pipelines, or a dict."),
        (None, "Repository 'r': its function returned NoneType. Return a list of pipelines, or a dict."),
        ([3], "Repository 'r': entry 0 of its list is 3, which is not a pipeline."),
        (
            [first, pipeline(name="first")(lambda: None)],
            "Repository 'r' holds two different pipelines named 'first'. Give one another name.",
        ),
        (
            {"pipelines": {}, "schedules": {"daily": object()}},
            "Repository 'r': the dict it returned has schedules, which this version does not run. "
            "Leave 'schedules' out, or empty.",
        ),
        (
            {"pipeline": {}},
            "Repository 'r': the dict it returned has the key 'pipeline'. Did you mean 'pipelines'?",
        ),
        (
            {"pipelines": [first]},
            "Repository 'r': 'pipelines' is a list. Give a dict from names to pipelines.",
        ),
        (
            {"pipelines": {"other": first}},
            "Repository 'r': pipeline 'first' stands under the name 'other'. Use its own name as the key.",
        ),
        (
            {"pipelines": {"first": 3}},
            "Repository 'r': 'pipelines' gives 3 for 'first'. Give a pipeline, or a callable that returns one.",
        ),
    ],
)
def test_wrong_contents_are_refused(contents: Any, message: str) -> None:
    assert _error(contents) == message


def test_different_solids_of_one_name_in_two_pipelines_are_refused() -> None:
    @solid(name="one")
    def other(_: object) -> int:
        return 2

    mine = _holding([first, pipeline(name="third")(lambda: (other(), None)[1])])
    with pytest.raises(DagsterInvalidDefinitionError) as caught:
        mine.get_all_pipelines()
    assert str(caught.value) == (
        "Repository 'r' has two different solids named 'one': one in pipeline 'first', one in pipeline 'third'. "
        "Give one another name."
    )


def test_the_other_keys_of_the_dict_form_may_be_empty() -> None:
    @repository
    def r() -> dict[str, object]:
        return {"pipelines": {"first": first}, "schedules": {}, "sensors": {}, "partition_sets": {}}

    assert r.pipeline_names == ["first"]
