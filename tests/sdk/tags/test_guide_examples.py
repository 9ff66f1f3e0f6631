"""The examples of the Kubernetes guide, character for character, through the decorator that authors use."""

from __future__ import annotations

from textwrap import dedent

import pytest

from tests.sdk.tags import examples
from usercode_sdk.errors import DagsterInvalidConfigError


def tags_of(code: str) -> dict[str, str]:
    """The tags of the solid that this author code defines."""
    names: dict[str, object] = {}
    exec("from usercode_sdk import solid\n" + dedent(code), names)
    tags: dict[str, str] = getattr(names["my_solid"], "tags")  # noqa: B009
    return tags


@pytest.mark.parametrize("name", examples.EXPECTED_TAGS)
def test_an_example_of_the_guide_is_accepted_as_printed(name: str) -> None:
    assert tags_of(getattr(examples, name)) == examples.EXPECTED_TAGS[name]


def test_a_typo_in_an_example_is_refused_by_the_decorator() -> None:
    with pytest.raises(DagsterInvalidConfigError) as refused:
        tags_of(examples.KUBERNETES_CONFIG.replace("'requests'", "'requets'"))
    (fault,) = refused.value.errors
    assert fault.path == ("dagster-k8s/config", "container_config", "resources", "requets")
    assert fault.nearest == "requests"
    assert str(refused.value) == (
        "The tags of solid 'my_solid' are not valid.\n"
        "    Error 1: dagster-k8s/config:container_config:resources:requets: ResourceRequirements has no "
        "'requets' (its value here is {'cpu': '250m', 'memory': '64Mi'}). Expected one of claims, limits, "
        "requests. Did you mean 'requests'?"
    )
