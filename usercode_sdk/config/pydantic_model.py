"""A pydantic model as a config schema.

Pydantic is never imported from here: its import costs more than the whole SDK may, and an author who passes a
model has imported it. The model checks values by its own rules; this module makes a config type of it.
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, TypeGuard

from usercode_sdk.config.config_types import NO_DEFAULT, ConfigType, ConfigTypeKind
from usercode_sdk.config.content_key import content_key
from usercode_sdk.config.faults import ConfigFault

if TYPE_CHECKING:
    from pydantic import BaseModel


def is_model(schema: object) -> TypeGuard[type[BaseModel]]:
    """Whether this is a pydantic model class."""
    loaded = sys.modules.get("pydantic.main")
    return loaded is not None and isinstance(schema, type) and issubclass(schema, loaded.BaseModel)


class ModelType(ConfigType):
    """The values that a pydantic model accepts; the processed value is an instance of it."""

    __slots__ = ("model",)
    kind = ConfigTypeKind.MODEL

    def __init__(self, model: type[BaseModel]) -> None:
        super().__init__(model.__doc__)
        self.model = model

    def implicit_default(self) -> object:
        return NO_DEFAULT if any(field.is_required() for field in self.model.model_fields.values()) else {}

    def validate(self, value: object, path: tuple[str, ...]) -> tuple[object, list[ConfigFault]]:
        """An instance of the model, or the value and its faults; None counts as an empty dict."""
        given = {} if value is None else value
        from usercode_sdk.config.model_typos import model_typos  # only an author of models needs it

        try:
            instance = self.model.model_validate(given)
        except Exception as error:  # a validator is code of the author's and may raise anything
            from usercode_sdk.config.model_faults import model_faults  # only a fault needs it

            return value, [*model_faults(self, given, error, path), *model_typos(self.model, None, given, path)]
        typos = model_typos(self.model, instance, given, path)
        return (value, typos) if typos else (instance, [])

    def sample(self) -> object:
        """A value that fits the model's JSON Schema; a validator of the author's own may want more of it."""
        from usercode_sdk.config.schema_sample import schema_sample

        return schema_sample(self.own_schema())

    def own_schema(self, ref_template: str = "#/$defs/{model}") -> dict[str, object]:
        """The model's JSON Schema; ``{}`` when it can't be made."""
        from pydantic.errors import PydanticUserError

        try:
            return self.model.model_json_schema(ref_template=ref_template)
        except PydanticUserError:
            return {}

    def _make_key(self) -> str:
        return content_key("Model", [self.model.__module__, self.model.__qualname__, self.own_schema()])

    def _make_type_name(self) -> str:
        return self.model.__name__
