"""Checks an author's value against a type of the Kubernetes API and spells its fields as the API does."""

from __future__ import annotations

from usercode_sdk.tags.json_text import NotJsonError, json_text
from usercode_sdk.tags.kubernetes_scalars import SCALARS, near_cpu
from usercode_sdk.tags.kubernetes_schema import KubernetesSchema, KubernetesType
from usercode_sdk.tags.tag_faults import Path, TagFaults, nearest_of, path_entry

PLURALS = {"string": "strings", "quantity": "quantities", "int32": "whole numbers", "int64": "whole numbers"}


class ObjectReader:
    """Reads values of one tag; what is wrong goes to ``faults``."""

    __slots__ = ("_faults", "_schema")

    def __init__(self, schema: KubernetesSchema, faults: TagFaults) -> None:
        self._schema = schema
        self._faults = faults

    def read(self, index: int, value: object, path: Path) -> object:
        """The value with the API's field names at every level.

        The types do not contain themselves, so the depth is bounded by the schema, not by the value.
        """
        kind = self._schema.type(index)
        if value is None and kind.nullable:
            return None
        if kind.kind == "object":
            return self._object(kind, value, path)
        if kind.kind == "list":
            return self._list(kind, value, path)
        if kind.kind == "map":
            return self._map(kind, value, path)
        self._check_leaf(kind, value, path)
        return value

    def _object(self, kind: KubernetesType, value: object, path: Path) -> object:
        if not isinstance(value, dict):
            self._faults.mismatch(path, value, f"a dict of the fields of {kind.name}")
            return None
        read: dict[str, object] = {}
        meant: set[str | None] = set()
        for key, entry in value.items():
            name = self._schema.field_name(kind, key) if isinstance(key, str) else None
            entry_path = (*path, path_entry(key))
            if name is None:
                meant.add(self._unknown(kind, key, entry, entry_path))
            elif name in read:
                self._faults.repeated(entry_path, entry, name)
            else:
                read[name] = self.read(kind.fields[name], entry, entry_path)
        for name in kind.required:
            if name not in read and name not in meant:
                sample = self._schema.sample(kind.fields[name])
                self._faults.missing(path, value, kind.name, name, sample)
        return read

    def _list(self, kind: KubernetesType, value: object, path: Path) -> object:
        if not isinstance(value, list | tuple):
            self._faults.mismatch(path, value, f"a list of {self._plural(kind.inner)}")
            return None
        return [self.read(kind.inner, entry, (*path, f"[{number}]")) for number, entry in enumerate(value)]

    def _map(self, kind: KubernetesType, value: object, path: Path) -> object:
        if not isinstance(value, dict):
            self._faults.mismatch(path, value, f"a dict of names and {self._plural(kind.inner)}")
            return None
        read: dict[str, object] = {}
        for key, entry in value.items():
            entry_path = (*path, path_entry(key))
            if isinstance(key, str):
                read[key] = self.read(kind.inner, entry, entry_path)
            else:
                self._faults.mismatch(entry_path, key, "a string as the name")
        return read

    def _check_leaf(self, kind: KubernetesType, value: object, path: Path) -> None:
        if kind.kind == "enum":
            self._check_enum(kind, value, path)
        elif kind.kind == "any":
            self._check_any(value, path)
        else:
            scalar = SCALARS[kind.kind]
            if not scalar.accepts(value):
                is_cpu = kind.kind == "quantity" and path[-1] == "cpu"
                nearest = near_cpu(value) if is_cpu else scalar.nearest(value)
                self._faults.mismatch(path, value, scalar.expected, nearest)

    def _check_enum(self, kind: KubernetesType, value: object, path: Path) -> None:
        # The API reads an empty string in an optional field as a field that isn't there.
        if isinstance(value, str) and (value in kind.values or (kind.nullable and not value)):
            return
        nearest = nearest_of(value, kind.values) if isinstance(value, str) else None
        self._faults.mismatch(path, value, f"one of {', '.join(map(repr, kind.values))}", nearest)

    def _check_any(self, value: object, path: Path) -> None:
        if not isinstance(value, dict):
            self._faults.mismatch(path, value, "a dict")
            return
        try:
            json_text(value)
        except NotJsonError as error:
            self._faults.mismatch(path, value, f"a value that JSON keeps ({error})")

    def _unknown(self, kind: KubernetesType, key: object, value: object, path: Path) -> str | None:
        """Reports the key; returns the field that was probably meant."""
        if not isinstance(key, str):
            self._faults.unknown(path, value, kind.name, kind.fields, None)
            return None
        names = kind.fields
        if "_" in key.strip("_"):  # the author's spelling is the one to suggest
            names = {self._schema.snake_case(name): index for name, index in kind.fields.items()}
        nearest = nearest_of(key, names)
        self._faults.unknown(path, value, kind.name, names, nearest, self._hint(key, path))
        return nearest and self._schema.field_name(kind, nearest)

    def _hint(self, key: str, path: Path) -> str:
        """Says where a key of one section that stands in another belongs."""
        if len(path) != 3:
            return ""
        homes = [
            section
            for section, index in self._schema.roots.items()
            if self._schema.field_name(self._schema.type(index), key)
        ]
        return f" It belongs in {' or '.join(map(repr, homes))}." if homes else ""

    def _plural(self, index: int) -> str:
        kind = self._schema.type(index)
        return PLURALS.get(kind.kind, "values") if not kind.name else f"{kind.name} objects"
