"""Tags without a meaning of their own: text as it is, everything else as JSON."""

from __future__ import annotations

from collections import OrderedDict
from types import MappingProxyType
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from usercode_sdk.errors import DagsterInvalidConfigError, DagsterInvalidDefinitionError
from usercode_sdk.tags.validation import SPECIAL_TAGS, validate_tags

OWNER = "solid 'my_solid'"
ADVICE = "Give a str, or what JSON keeps as it is: dicts with str keys, lists, str, int, float, bool and None."


def test_no_tags_are_an_empty_dict() -> None:
    assert validate_tags(None, OWNER) == {}
    assert validate_tags({}, OWNER) == {}


def test_values_become_text() -> None:
    tags = {
        "text": "as it is",
        "looks like JSON": '{"b": 1}',
        "int": 3,
        "large": 10**30,
        "bool": True,
        "nothing": None,
        "float": 0.5,
        "dict": {"b": [1, 2.5, None], "a": "x"},
        "": "",
    }
    assert validate_tags(tags, OWNER) == {
        "text": "as it is",
        "looks like JSON": '{"b": 1}',
        "int": "3",
        "large": "1" + "0" * 30,
        "bool": "true",
        "nothing": "null",
        "float": "0.5",
        "dict": '{"a": "x", "b": [1, 2.5, null]}',
        "": "",
    }


def test_the_order_of_the_author_is_kept_and_the_argument_is_not_changed() -> None:
    tags = OrderedDict([("z", 1), ("dagster/priority", 2), ("a", 3)])
    assert list(validate_tags(tags, OWNER).items()) == [("z", "1"), ("dagster/priority", "2"), ("a", "3")]
    assert tags == {"z": 1, "dagster/priority": 2, "a": 3}


def test_any_mapping_will_do() -> None:
    assert validate_tags(MappingProxyType({"a": 1}), OWNER) == {"a": "1"}


@pytest.mark.parametrize(
    ("value", "problem"),
    [
        ((1, 2), "(1, 2), but JSON changes it to [1, 2]"),
        ({1: "x"}, "{1: 'x'}, but JSON changes it to {'1': 'x'}"),
        ({1}, "{1}, but it has no JSON text (TypeError: Object of type set is not JSON serializable)"),
        (
            float("inf"),
            "inf, but it has no JSON text (ValueError: Out of range float values are not JSON compliant",
        ),
        (b"x", "b'x', but it has no JSON text (TypeError: Object of type bytes is not JSON serializable)"),
    ],
)
def test_what_json_cannot_hold_is_refused(value: object, problem: str) -> None:
    with pytest.raises(DagsterInvalidDefinitionError) as refused:
        validate_tags({"fine": "x", "team": value}, OWNER)
    message = str(refused.value)
    assert message.startswith(f"The tag 'team' of {OWNER} has the value {problem}")
    assert message.endswith(ADVICE)


def test_a_key_that_is_no_str_is_refused() -> None:
    tags: Any = {3: "x"}
    with pytest.raises(DagsterInvalidDefinitionError) as refused:
        validate_tags(tags, OWNER)
    assert str(refused.value) == f"The tags of {OWNER} have the key 3 of type int. Write it as a str."


@pytest.mark.parametrize("tags", [[("a", "b")], "a", 3, {"a"}, 0, ""])
def test_tags_that_are_no_mapping_are_refused(tags: Any) -> None:
    with pytest.raises(DagsterInvalidDefinitionError) as refused:
        validate_tags(tags, OWNER)
    assert str(refused.value) == (f"The tags of {OWNER} are {tags!r}. Give a dict of the tags' names and values.")


def test_the_faults_of_all_special_tags_come_together() -> None:
    tags = {
        "dagster-k8s/config": {"container_config": {"imagee": "x"}},
        "dagster-celery/queue": "",
        "dagster/priority": True,
        "owner": "me",
    }
    with pytest.raises(DagsterInvalidConfigError) as refused:
        validate_tags(tags, OWNER)
    assert refused.value.preamble == "The tags of solid 'my_solid' are not valid."
    assert [fault.path for fault in refused.value.errors] == [
        ("dagster-k8s/config", "container_config", "imagee"),
        ("dagster-celery/queue",),
        ("dagster/priority",),
    ]
    assert refused.value.config_value == {tag: tags[tag] for tag in tags if tag in SPECIAL_TAGS}


KNOWN = ", ".join(sorted(SPECIAL_TAGS))


@pytest.mark.parametrize(
    ("tag", "nearest"),
    [
        ("dagster-k8s/confg", "dagster-k8s/config"),
        ("dagster-k8s/Config", "dagster-k8s/config"),
        ("dagster-k8s/resource_requirement", "dagster-k8s/resource_requirements"),
        ("dagster-celery/queu", "dagster-celery/queue"),
        ("dagster-celery/priorty", "dagster-celery/priority"),
        ("dagster_k8s/config", "dagster-k8s/config"),
        ("dagster-k8s.config", "dagster-k8s/config"),
        ("Dagster/Priority", "dagster/priority"),
        ("dagster-k8s/node", None),
        ("dagster-celery/", None),
    ],
)
@pytest.mark.parametrize("value", ["text", {"a": {1, 2}}])
def test_a_name_that_is_nearly_a_special_one_is_refused(tag: str, nearest: str | None, value: object) -> None:
    with pytest.raises(DagsterInvalidConfigError) as refused:
        validate_tags({"owner": "me", tag: value}, OWNER)
    (fault,) = refused.value.errors
    assert (fault.path, fault.value, fault.nearest, fault.entry) == ((tag,), value, nearest, tag)
    suggestion = f" Did you mean {nearest!r}?" if nearest else ""
    assert fault.message == f"{tag!r} is no tag that is known. Expected one of {KNOWN}.{suggestion}"


def test_other_names_that_begin_alike_are_the_authors_own() -> None:
    tags = {"dagster/run_id": "1", "dagster": "2", "dagster-aws/queue": "3", "my/dagster-k8s/config": "4"}
    assert validate_tags(tags, OWNER) == tags


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=10,
)


@given(st.dictionaries(st.text().filter(lambda tag: tag not in SPECIAL_TAGS), json_values, max_size=4))
def test_validated_tags_stay_the_same_when_validated_again(tags: dict[str, object]) -> None:
    once = validate_tags(tags, OWNER)
    assert list(once) == list(tags)
    assert validate_tags(once, OWNER) == once
