"""Values that are made to break a reader: a clear refusal of bounded size each time."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NoReturn

import pytest

from usercode_sdk.errors import DagsterInvalidConfigError, DagsterInvalidDefinitionError
from usercode_sdk.tags.validation import validate_tags

CONFIG = "dagster-k8s/config"
REFUSALS = (DagsterInvalidConfigError, DagsterInvalidDefinitionError)
LONGEST_MESSAGE = 60_000
DEPTH = 100_000


class Hostile:
    """Raises whatever is done with it."""

    def _raise(self, *_: object) -> NoReturn:
        raise RuntimeError("hostile" * 100_000)

    __repr__ = __str__ = __eq__ = __bool__ = __iter__ = __len__ = _raise
    __hash__ = object.__hash__


class HostileError(Exception):
    def __str__(self) -> str:
        raise RuntimeError


class HostileDict(dict[str, object]):
    def items(self) -> Any:
        raise HostileError

    def __iter__(self) -> Iterator[str]:
        raise HostileError

    def __repr__(self) -> str:
        raise HostileError


class HostileStr(str):
    __hash__ = str.__hash__

    def __eq__(self, other: object) -> bool:
        raise HostileError

    def __repr__(self) -> str:
        raise HostileError


def nested_dicts(key: str) -> dict[str, object]:
    value: dict[str, object] = {}
    for _ in range(DEPTH):
        value = {key: value}
    return value


def nested_lists() -> list[object]:
    value: list[object] = []
    for _ in range(DEPTH):
        value = [value]
    return value


def itself() -> dict[str, object]:
    value: dict[str, object] = {}
    for key in ("spec", "template", "metadata", "containers", "labels", "fieldsV1", "affinity"):
        value[key] = value
    return value


def itself_in_a_list() -> list[object]:
    value: list[object] = []
    value.append(value)
    return value


VALUES: dict[str, Any] = {
    "self-referencing dict": itself,
    "self-referencing list": itself_in_a_list,
    "deep dicts": lambda: nested_dicts("template"),
    "deep lists": nested_lists,
    "raising object": Hostile,
    "raising dict": lambda: HostileDict(spec=1),
    "raising str as a key": lambda: {HostileStr("spec"): 1, HostileStr("other"): 2},
    "keys of many types": lambda: {1: 2, None: 3, (1, 2): 4, "x": 5, 1.5: 6, Hostile(): 7},
    "huge key": lambda: {"x" * 10_000_000: 1},
    "huge number": lambda: 10**100_000,
    "huge set": lambda: set(range(1_000_000)),
    "class": lambda: Hostile,
    "generator": lambda: (number for number in range(3)),
}

PLACES: dict[str, tuple[str, ...]] = {
    "tag": ("team",),
    "config": (CONFIG,),
    "section": (CONFIG, "job_spec_config"),
    "object": (CONFIG, "pod_spec_config", "affinity"),
    "list": (CONFIG, "pod_spec_config", "containers"),
    "map of strings": (CONFIG, "job_metadata", "labels"),
    "string": (CONFIG, "container_config", "image"),
    "enum": (CONFIG, "container_config", "imagePullPolicy"),
    "quantity": (CONFIG, "container_config", "resources", "limits", "cpu"),
    "whole number": (CONFIG, "job_spec_config", "backoffLimit"),
    "queue": ("dagster-celery/queue",),
    "priority": ("dagster-celery/priority",),
}


def at_place(place: str, value: object) -> Any:
    for key in reversed(PLACES[place]):
        value = {key: value}
    return value


@pytest.mark.parametrize(
    ("name", "place"),
    # A long key is fine in a tag that has no meaning.
    [(name, place) for name in VALUES for place in PLACES if (name, place) != ("huge key", "tag")],
)
def test_a_hostile_value_is_refused_in_bounded_words(name: str, place: str) -> None:
    with pytest.raises(REFUSALS) as refused:
        validate_tags(at_place(place, VALUES[name]()), "solid 's'")
    assert len(str(refused.value)) < LONGEST_MESSAGE
    assert PLACES[place][0] in str(refused.value)


@pytest.mark.parametrize("name", ["self-referencing dict", "deep dicts", "raising object", "raising dict"])
def test_a_hostile_value_in_a_free_object_is_refused(name: str) -> None:
    config = {"job_metadata": {"managedFields": [{"fieldsV1": {"x": VALUES[name]()}}]}}
    with pytest.raises(REFUSALS) as refused:
        validate_tags({CONFIG: config}, "solid 's'")
    assert len(str(refused.value)) < LONGEST_MESSAGE


@pytest.mark.parametrize("text", ["[" * DEPTH, '{"a":' * DEPTH, '{"job_config": ' + "9" * 100_000 + "}", "x" * 10**7])
def test_hostile_json_text_is_refused(text: str) -> None:
    with pytest.raises(DagsterInvalidConfigError) as refused:
        validate_tags({CONFIG: text}, "solid 's'")
    (fault,) = refused.value.errors
    assert fault.path == (CONFIG,)
    assert len(fault.message) < 500


def test_a_hostile_name_of_a_tag_is_refused() -> None:
    tags: Any = {Hostile(): "x"}
    with pytest.raises(DagsterInvalidDefinitionError) as refused:
        validate_tags(tags, "solid 's'")
    assert len(str(refused.value)) < 500


def test_of_very_many_faults_the_first_are_listed_and_the_others_counted() -> None:
    config = {"container_config": {"env": [{"x" * 1_000: 1}] * 1_000}}
    with pytest.raises(DagsterInvalidConfigError) as refused:
        validate_tags({CONFIG: config}, "solid 's'")
    assert len(refused.value.errors) == 50
    assert refused.value.preamble == (
        "The tags of solid 's' are not valid. There are 1950 more faults than those below."
    )
    assert len(str(refused.value)) < LONGEST_MESSAGE
