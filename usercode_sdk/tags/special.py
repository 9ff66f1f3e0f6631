"""The tags that have a meaning, each with its check; read only when a definition has one of them."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from usercode_sdk.errors import DagsterError, DagsterInvalidDefinitionError
from usercode_sdk.tags.tag_faults import TagFaults, nearest_of
from usercode_sdk.tags.validation import SPECIAL_TAGS, bare_name

TagCheck = Callable[[str, object, TagFaults], str]


def special_tag_texts(tags: Mapping[str, object], owner: str) -> dict[str, str]:
    """The normalised text of each of these tags; a name that is not known is a fault. Raises all faults together."""
    faults = TagFaults()
    texts = {tag: _checked(tag, value, faults, owner) for tag, value in tags.items()}
    faults.raise_any(owner, tags)
    return texts


def _checked(tag: str, value: object, faults: TagFaults, owner: str) -> str:
    check = _check_of(tag)
    try:
        return check(tag, value, faults)
    except DagsterError:
        raise
    except Exception as error:  # a subclass of dict, list or str may run the author's own code
        raise DagsterInvalidDefinitionError(
            f"The tag {tag!r} of {owner} can't be read: its value raised {type(error).__name__}. "
            "Give plain dicts, lists, str, int, float, bool and None."
        ) from error


def _check_of(tag: str) -> TagCheck:
    if tag not in SPECIAL_TAGS:
        return _refuse_name
    if tag.startswith("dagster-k8s/"):
        from usercode_sdk.tags.kubernetes import config_text, resource_requirements_text

        return config_text if tag == "dagster-k8s/config" else resource_requirements_text
    from usercode_sdk.tags.celery import priority_text, queue_text

    return queue_text if tag == "dagster-celery/queue" else priority_text


def _refuse_name(tag: str, value: object, faults: TagFaults) -> str:
    names = sorted(SPECIAL_TAGS)
    family, _, rest = tag.partition("/")
    alike = next((known for known in names if bare_name(known) == bare_name(tag)), None)
    if alike is None:
        relatives = [known.partition("/")[2] for known in names if known.startswith(f"{family}/")]
        near = nearest_of(rest, relatives)
        alike = near and f"{family}/{near}"
    faults.misnamed(tag, value, names, alike)
    return ""
