"""Which names solids, pipelines, inputs, outputs and the like may have."""

from __future__ import annotations

import re
from collections.abc import Iterable
from keyword import iskeyword

from usercode_sdk.errors import DagsterInvalidDefinitionError

_VALID = re.compile(r"[A-Za-z0-9_]+\Z").match

DISALLOWED_NAMES = frozenset(
    "context conf config meta arg_dict dict input_arg_dict output_arg_dict int str float bool input output type".split()
)
_NO_KEYS: frozenset[str] = frozenset()


def check_name(name: object, what: str) -> str:
    """``name`` itself, when it is letters, digits and underscores and not reserved.

    ``what`` says in the error what the name is of, such as ``"solid"``.
    """
    if not isinstance(name, str):
        raise DagsterInvalidDefinitionError(f"The name of a {what} is a string, not {name!r}.")
    if _VALID(name) is None:
        raise DagsterInvalidDefinitionError(
            f"{name!r} is not a valid {what} name. Use letters, digits and underscores only."
        )
    if name in DISALLOWED_NAMES or iskeyword(name):
        raise DagsterInvalidDefinitionError(
            f"{name!r} is reserved and can't be the name of a {what}. Choose another name."
        )
    return name


def check_resource_key(key: object, where: str) -> str:
    """``key`` itself, when ``context.resources.<key>`` can be written; reserved words of ours are no matter there.

    ``where`` begins the error, such as ``"Mode 'dev'"``.
    """
    if isinstance(key, str) and key.isidentifier() and not iskeyword(key) and not key.startswith("_"):
        return key
    raise DagsterInvalidDefinitionError(
        f"{where}: {key!r} can't be the key of a resource, since authors write context.resources.<key>. "
        "Use letters, digits and underscores, with a letter first."
    )


def check_resource_keys(keys: object, where: str) -> frozenset[str]:
    """The keys in a set or list of them; ``where`` begins the error, such as ``"Solid 'load'"``."""
    if not keys:
        return _NO_KEYS
    if isinstance(keys, (set, frozenset, list, tuple)) and all(isinstance(key, str) for key in keys):
        return frozenset(keys)
    raise DagsterInvalidDefinitionError(f"{where}: required_resource_keys is a set of strings, not {keys!r}.")


def sentence(words: str) -> str:
    """``words`` with a capital first letter, and all others as they are."""
    return words[:1].upper() + words[1:]


def did_you_mean(name: str, known: Iterable[str]) -> str:
    """`` Did you mean 'x'?`` for the nearest known name, else the known names when they are few."""
    from usercode_sdk.config.faults import nearest_name

    names = list(known)
    if not names:
        return " There are none."
    nearest = nearest_name(name, names)
    if nearest:
        return f" Did you mean {nearest!r}?"
    return f" There are: {', '.join(map(repr, names))}." if len(names) <= 20 else ""
