"""The function of a composite that makes the config of the solids inside."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from usercode_sdk.config import Field, to_field
from usercode_sdk.error_info import message_of
from usercode_sdk.errors import DagsterConfigMappingFunctionError


class ConfigMapping:
    """Makes the ``solids`` config of a composite's inside from one config of the composite."""

    def __init__(self, config_fn: Callable[[Any], object], config_schema: object = None) -> None:
        self.config_fn = config_fn
        self.config_field: Field | None = None if config_schema is None else to_field(config_schema)

    def map_config(self, config: object, what: str) -> object:
        """The inside's config; raises DagsterConfigMappingFunctionError when the function raises."""
        try:
            return self.config_fn(config)
        except Exception as error:
            raise DagsterConfigMappingFunctionError(
                f"The config function of {what} raised {type(error).__name__}: {message_of(error)}"
            ) from error
