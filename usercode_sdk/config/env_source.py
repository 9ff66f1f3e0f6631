"""The type of values that may stand in the environment: ``"text"`` or ``{"env": "NAME"}``."""

from __future__ import annotations

import os
from collections.abc import Callable

from usercode_sdk.config.config_types import Scalar
from usercode_sdk.config.containers import ScalarUnion, Selector
from usercode_sdk.config.display import quote


class EnvSource(ScalarUnion):
    """A scalar, given as it is or as the name of the environment variable that holds it."""

    __slots__ = ("_parse", "_wanted", "name")

    def __init__(self, name: str, scalar: Scalar, parse: Callable[[str], object], wanted: str) -> None:
        super().__init__(scalar, Selector({"env": str}, "The name of an environment variable."))
        self.name = name
        self._parse = parse
        self._wanted = wanted

    def read(self, variable: str) -> object:
        """The value that the variable holds.

        Raises LookupError when it is not set and ValueError when it holds something else. The messages
        leave the content out: it may be a secret.
        """
        try:
            text = os.environ.get(variable)
        except UnicodeError:  # a name that no environment can hold
            text = None
        if text is None:
            raise LookupError(f"The environment variable {quote(variable)} is not set")
        try:
            return self._parse(text)
        except ValueError:
            message = f"The environment variable {quote(variable)} does not hold {self._wanted}"
            raise ValueError(message) from None

    @property
    def expected(self) -> str:
        return f"{self.scalar_type.type_name} or {{env: NAME}}"

    def _make_key(self) -> str:
        return self.name

    def _make_type_name(self) -> str:
        return self.name
