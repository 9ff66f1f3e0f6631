"""Random configs made from the schema, held against the published schemas themselves."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from copy import deepcopy
from typing import Any, NamedTuple

import kubernetes_validate  # type: ignore[import-untyped]  # it ships no types
import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from usercode_sdk.config.faults import FIELD_NOT_DEFINED
from usercode_sdk.errors import DagsterInvalidConfigError
from usercode_sdk.tags.kubernetes_schema import KubernetesType, kubernetes_schema
from usercode_sdk.tags.validation import validate_tags

TAG = "dagster-k8s/config"
SCHEMA = kubernetes_schema()
DEEPEST_OPTIONAL_FIELD = 7

# Making a config takes hypothesis many draws; how long that takes says nothing about the code.
many = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])

texts = st.sampled_from(["a", "some-name", "x_y", "with space", "3", "é"])
scalars: dict[str, st.SearchStrategy[object]] = {
    "string": texts,
    "boolean": st.booleans(),
    "int32": st.integers(-(2**31), 2**31 - 1),
    "int64": st.integers(-(2**63), 2**63 - 1),
    "quantity": st.sampled_from(["250m", "64Mi", "1e3", 1, 0.5, "0"]),
    "int-or-string": st.sampled_from([80, "http"]),
    "date-time": st.sampled_from(["2021-01-31T12:00:00Z", "1999-12-31T23:59:59+02:00"]),
    "any": st.dictionaries(texts, st.none() | texts | st.lists(st.integers()), max_size=2),
}
wrong_values: dict[str, object] = {
    "string": 17,
    "boolean": "true",
    "int32": "17",
    "int64": [],
    "quantity": True,
    "int-or-string": 1.5,
    "date-time": 5,
    "any": "x",
    "enum": 17,
    "list": "x",
    "map": [],
    "object": "x",
}


@st.composite
def values(draw: st.DrawFn, index: int, depth: int = 0) -> Any:
    """A value that this type of the schema accepts."""
    kind = SCHEMA.type(index)
    if kind.kind == "object":
        optional = sorted(kind.fields.keys() - set(kind.required))
        wanted = (
            draw(st.sets(st.sampled_from(optional), max_size=3))
            if optional and depth < DEEPEST_OPTIONAL_FIELD
            else set()
        )
        return {name: draw(values(kind.fields[name], depth + 1)) for name in [*kind.required, *sorted(wanted)]}
    if kind.kind == "list":
        return draw(st.lists(values(kind.inner, depth + 1), max_size=2))
    if kind.kind == "map":
        return draw(st.dictionaries(texts, values(kind.inner, depth + 1), max_size=2))
    return draw(st.sampled_from(kind.values) if kind.kind == "enum" else scalars[kind.kind])


@st.composite
def configs(draw: st.DrawFn) -> dict[str, Any]:
    """A valid config in the API's spelling."""
    sections = draw(st.sets(st.sampled_from(sorted(SCHEMA.roots)), min_size=1))
    return {section: draw(values(SCHEMA.roots[section])) for section in sorted(sections)}


class Place(NamedTuple):
    """One field of a config."""

    owner: dict[str, Any]
    kind: KubernetesType
    key: str
    path: tuple[str, ...]


def places(config: dict[str, Any]) -> Iterator[Place]:
    """Every field at every depth, but not the keys of free maps."""
    for section, value in config.items():
        yield from _places_in(SCHEMA.roots[section], value, (TAG, section))


def _places_in(index: int, value: Any, path: tuple[str, ...]) -> Iterator[Place]:
    kind = SCHEMA.type(index)
    if kind.kind == "object":
        for key, entry in value.items():
            yield Place(value, kind, key, (*path, key))
            yield from _places_in(kind.fields[key], entry, (*path, key))
    elif kind.kind == "list":
        for number, entry in enumerate(value):
            yield from _places_in(kind.inner, entry, (*path, f"[{number}]"))
    elif kind.kind == "map":
        for key, entry in value.items():
            yield from _places_in(kind.inner, entry, (*path, key))


def wrong_value(place: Place) -> object:
    """A value that the field does not accept."""
    if place.kind.name == "Job" and place.key in ("apiVersion", "kind"):
        return "wrong"  # kubernetes_validate looks for its schema by these and falls over any other type
    return wrong_values[SCHEMA.type(place.kind.fields[place.key]).kind]


def client_spelling(name: str) -> str:
    """The name as the generated Python client spells it."""
    words = re.sub(r"([A-Z]+)([A-Z][a-z])", r"\1_\2", name)
    words = re.sub(r"([a-z\d])([A-Z])", r"\1_\2", words).lower()
    return "_exec" if words == "exec" else words


def normalised(config: object) -> str:
    return validate_tags({TAG: config}, "solid 's'")[TAG]


def manifests(config: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """The Jobs that a launcher would make of the config's sections."""
    container = {"name": "run", **config.get("container_config", {})}
    pod = dict(config.get("pod_spec_config", {}))
    pod["containers"] = [container, *pod.get("containers", [])]
    job_spec = dict(config.get("job_spec_config", {}))
    job_spec["template"] = {"metadata": config.get("pod_template_spec_metadata", {}), "spec": pod}
    job = {
        "apiVersion": "batch/v1",
        "kind": "Job",
        "metadata": config.get("job_metadata", {}),
        "spec": job_spec,
    }
    yield job
    for spec in (config.get("job_spec_config", {}), config.get("job_config", {}).get("spec", {})):
        yield {
            "apiVersion": "batch/v1",
            "kind": "Job",
            **config.get("job_config", {}),
            "spec": completed(spec),
        }


def completed(job_spec: Any) -> Any:
    """A Job's spec with the parts that are required of a whole one."""
    if not isinstance(job_spec, dict):
        return job_spec
    template = job_spec.get("template", {})
    if isinstance(template, dict) and isinstance(template.get("spec", {}), dict):
        template = {**template, "spec": {"containers": [{"name": "run"}], **template.get("spec", {})}}
    return {**job_spec, "template": template}


def passes_the_published_schema(config: dict[str, Any]) -> bool:
    try:
        for manifest in manifests(config):
            kubernetes_validate.validate(manifest, SCHEMA.version, strict=True)
    except (kubernetes_validate.ValidationError, kubernetes_validate.SchemaNotFoundError):
        return False
    return True


@many
@given(configs())
def test_what_passes_here_passes_the_published_schema(config: dict[str, Any]) -> None:
    text = normalised(config)
    assert text == json.dumps(config, sort_keys=True)
    assert normalised(text) == text
    assert passes_the_published_schema(json.loads(text))


@many
@given(configs(), st.data())
def test_both_spellings_at_any_level_give_the_same_text(config: dict[str, Any], data: st.DataObject) -> None:
    expected = normalised(config)
    respelled = deepcopy(config)
    for place in list(places(respelled)):
        if data.draw(st.booleans()):
            place.owner[client_spelling(place.key)] = place.owner.pop(place.key)
    assert normalised(respelled) == expected


@many
@given(configs(), st.data())
def test_one_letter_more_in_a_key_is_refused_with_its_path_and_the_right_key(
    config: dict[str, Any], data: st.DataObject
) -> None:
    found = list(places(config))
    assume(found)
    place = data.draw(st.sampled_from(found))
    spelled = client_spelling(place.key) if data.draw(st.booleans()) else place.key
    at = data.draw(st.integers(0, len(spelled)))
    wrong = spelled[:at] + data.draw(st.sampled_from("abemsxyz")) + spelled[at:]
    assume(SCHEMA.field_name(place.kind, wrong) is None)
    value = place.owner.pop(place.key)
    place.owner[wrong] = value

    with pytest.raises(DagsterInvalidConfigError) as refused:
        normalised(config)
    (fault,) = refused.value.errors
    assert fault.reason == FIELD_NOT_DEFINED
    assert fault.path == (*place.path[:-1], wrong)
    assert fault.value is value
    assert fault.nearest in (spelled, place.key)
    assert fault.message.startswith(":".join(fault.path))
    assert f"Did you mean {fault.nearest!r}?" in fault.message
    assert not passes_the_published_schema(config)


@many
@given(configs(), st.data())
def test_a_value_of_another_type_is_refused_here_and_there(config: dict[str, Any], data: st.DataObject) -> None:
    found = list(places(config))
    assume(found)
    place = data.draw(st.sampled_from(found))
    wrong = wrong_value(place)
    place.owner[place.key] = wrong

    with pytest.raises(DagsterInvalidConfigError) as refused:
        normalised(config)
    (fault,) = refused.value.errors
    assert (fault.path, fault.value) == (place.path, wrong)
    assert not passes_the_published_schema(config)
