"""Entries that a pydantic model ignores though they are nearly the name of a field: typing errors."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from usercode_sdk.config import complaints
from usercode_sdk.config.faults import ConfigFault, nearest_name

if TYPE_CHECKING:
    from pydantic import BaseModel
    from pydantic.fields import FieldInfo

_COMPARISONS = 5_000
_LONGEST_NAME = 100


def model_typos(
    model: type[BaseModel], instance: BaseModel | None, value: object, path: tuple[str, ...]
) -> list[ConfigFault]:
    """The likely typing errors in ``value``: at every depth given the ``instance`` made of it, else at its top."""
    search = _Search()
    if instance is not None:
        search.compare(instance, value, path)
    elif isinstance(value, dict):
        search.check(model, value, path)
    return search.faults


class _Search:
    """Goes through a value beside what a model made of it, within a bound on the comparisons of names."""

    __slots__ = ("_comparisons", "faults")

    def __init__(self) -> None:
        self.faults: list[ConfigFault] = []
        self._comparisons = _COMPARISONS

    def compare(self, made: object, given: object, path: tuple[str, ...]) -> None:
        """Looks into ``given`` wherever ``made`` is a model, or holds one in the same place."""
        from pydantic import BaseModel  # loaded long since: the author has a model

        if isinstance(made, BaseModel) and _is_root_model(type(made)):
            self.compare(made.__dict__.get("root"), given, path)
        elif isinstance(given, dict) and isinstance(made, BaseModel):
            self._compare_model(made, given, path)
        elif isinstance(given, dict) and isinstance(made, dict):
            for key in given:
                if key in made:
                    self.compare(made[key], given[key], (*path, str(key)))
        elif isinstance(given, (list, tuple)) and isinstance(made, (list, tuple)) and len(given) == len(made):
            for index, (part, entry) in enumerate(zip(made, given, strict=True)):
                self.compare(part, entry, (*path, f"[{index}]"))

    def _compare_model(self, made: BaseModel, given: dict[object, object], path: tuple[str, ...]) -> None:
        model = type(made)
        self.check(model, given, path)
        for name, field in model.model_fields.items():
            for key in _keys_of(model, name, field):
                if key in given:
                    self.compare(made.__dict__.get(name), given[key], (*path, key))

    def check(self, model: type[BaseModel], given: dict[object, object], path: tuple[str, ...]) -> None:
        """Tells of each entry that the model ignores and that is nearly the name of a field."""
        if (
            model.model_config.get("extra", "ignore") != "ignore"
            or _is_root_model(model)
            or _reads_the_raw_value(model)
        ):
            return
        names = [key for name, field in model.model_fields.items() for key in _keys_of(model, name, field)]
        known = set(names)
        found = [(key, near) for key in given if key not in known and (near := self._nearest(key, names))]
        for key, near in found:
            several = len(found) > 1
            self.faults.append(complaints.unexpected_entry(path, key, given[key], names, near, several=several))

    def _nearest(self, key: object, names: list[str]) -> str | None:
        if not isinstance(key, str) or len(key) > _LONGEST_NAME or self._comparisons < len(names):
            return None
        self._comparisons -= len(names)
        return nearest_name(key, names)


def _keys_of(model: type[BaseModel], name: str, field: FieldInfo) -> Iterator[str]:
    """The keys under which a config can give this field."""
    alias, config = field.validation_alias, model.model_config
    if alias is None or config.get("populate_by_name") or config.get("validate_by_name"):
        yield name
    for one in getattr(alias, "choices", [alias]):
        key = one if isinstance(one, str) else getattr(one, "path", [None])[0]
        if isinstance(key, str):
            yield key


def _is_root_model(model: type[BaseModel]) -> bool:
    return bool(model.__pydantic_root_model__)


def _reads_the_raw_value(model: type[BaseModel]) -> bool:
    """Whether a validator of the author's sees the entries first, so that it may use those that no field has."""
    validators = model.__pydantic_decorators__.model_validators.values()
    return any(validator.info.mode != "after" for validator in validators)
