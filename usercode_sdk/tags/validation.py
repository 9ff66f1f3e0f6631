"""Checks the tags of a definition or a run where they are written."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NoReturn

from usercode_sdk.errors import DagsterInvalidDefinitionError

SPECIAL_TAGS = frozenset(
    {
        "dagster-k8s/config",
        "dagster-k8s/resource_requirements",
        "dagster-celery/queue",
        "dagster-celery/priority",
        "dagster-celery/run_priority",
        "dagster/priority",
    }
)
_FAMILIES = ("dagster-k8s/", "dagster-celery/")
_OPENINGS = ("dagster", "Dagster", "DAGSTER")
_MACHINE_WORD = 1 << 63


def validate_tags(tags: Mapping[str, object] | None, owner: str) -> dict[str, str]:
    """The tags as texts: a str stays, any other value becomes its JSON text, with sorted keys.

    ``owner`` says in messages whose tags they are: ``"solid 'load'"``. Raises
    :class:`~usercode_sdk.errors.DagsterInvalidDefinitionError` for a key that is no str or a value that JSON
    can't hold, and :class:`~usercode_sdk.errors.DagsterInvalidConfigError` with every fault of the
    Kubernetes, Celery and priority tags, or with a name that is nearly one of theirs.
    """
    if tags is None:
        return {}
    if not isinstance(tags, (dict, Mapping)):
        _refuse_tags(tags, owner)
    texts: dict[str, str] = {}
    special: dict[str, object] = {}
    for tag, value in tags.items():
        if tag in SPECIAL_TAGS:
            special[tag] = value
            texts[tag] = ""  # keeps the tag's place in the order
        elif not isinstance(tag, str):
            _refuse_key(tag, owner)
        elif tag.startswith(_OPENINGS) and _is_misnamed(tag):
            special[tag] = value
        elif isinstance(value, str):
            texts[tag] = value
        else:
            texts[tag] = _json_text_of(tag, value, owner)
    if special:
        from usercode_sdk.tags.special import special_tag_texts

        texts.update(special_tag_texts(special, owner))
    return texts


def bare_name(tag: str) -> str:
    """The letters and digits of a tag's name, in lower case."""
    return "".join(filter(str.isalnum, tag)).lower()


_BARE_NAMES = frozenset(map(bare_name, SPECIAL_TAGS))


def _is_misnamed(tag: str) -> bool:
    """Whether this is no special tag, but is in their families, or is one but for punctuation and case."""
    return tag.startswith(_FAMILIES) or bare_name(tag) in _BARE_NAMES


def _json_text_of(tag: str, value: object, owner: str) -> str:
    if type(value) is int and -_MACHINE_WORD < value < _MACHINE_WORD:
        return repr(value)  # most values that aren't str are such, and this is twenty times as fast
    from usercode_sdk.tags.excerpt import excerpt
    from usercode_sdk.tags.json_text import NotJsonError, json_text

    try:
        return json_text(value)
    except NotJsonError as error:
        raise DagsterInvalidDefinitionError(
            f"The tag {excerpt(tag)} of {owner} has the value {excerpt(value)}, but {error}. Give a str, or "
            "what JSON keeps as it is: dicts with str keys, lists, str, int, float, bool and None."
        ) from error


def _refuse_key(tag: object, owner: str) -> NoReturn:
    from usercode_sdk.tags.excerpt import excerpt

    raise DagsterInvalidDefinitionError(
        f"The tags of {owner} have the key {excerpt(tag)} of type {type(tag).__name__}. Write it as a str."
    )


def _refuse_tags(tags: object, owner: str) -> NoReturn:
    from usercode_sdk.tags.excerpt import excerpt

    raise DagsterInvalidDefinitionError(
        f"The tags of {owner} are {excerpt(tags)}. Give a dict of the tags' names and values."
    )
