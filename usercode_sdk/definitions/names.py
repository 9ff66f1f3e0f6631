"""Which names solids, pipelines, inputs, outputs and the like may have."""

from __future__ import annotations

import re
from keyword import iskeyword

from usercode_sdk.errors import DagsterInvalidDefinitionError

_VALID = re.compile(r"[A-Za-z0-9_]+\Z").match

DISALLOWED_NAMES = frozenset(
    "context conf config meta arg_dict dict input_arg_dict output_arg_dict int str float bool input output type".split()
)


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
