"""The Kubernetes API's types, read from the data file beside this module.

``scripts/make_kubernetes_schema.py`` writes the file and explains its form.
"""

from __future__ import annotations

import json
from functools import cache
from os.path import dirname, join

DATA_FILE = join(dirname(__file__), "kubernetes_schema.json")

SAMPLES = {
    "string": "",
    "boolean": False,
    "int32": 0,
    "int64": 0,
    "quantity": "1",
    "int-or-string": 0,
    "date-time": "2021-01-31T12:00:00Z",
}


class KubernetesType:
    """One type of the API; its parts are indices of other types."""

    __slots__ = ("fields", "inner", "kind", "name", "nullable", "required", "values")

    def __init__(self, kind: str, nullable: bool) -> None:
        self.kind = kind
        """``object``, ``list``, ``map``, ``enum``, ``any``, or a scalar: the keys of ``SAMPLES``."""
        self.nullable = nullable
        self.name = ""
        """Of an object, such as ``PodSpec``."""
        self.fields: dict[str, int] = {}
        self.required: list[str] = []
        self.values: list[str] = []
        """Of an enum."""
        self.inner = 0
        """The type of the entries of a list or map."""


class KubernetesSchema:
    """All types that the Kubernetes tags can reach."""

    __slots__ = ("_entries", "_types", "_written", "resource_requirements", "roots", "spellings", "version")

    def __init__(self, text: str) -> None:
        document = json.loads(text)
        self._entries: list[list[object]] = document["types"]
        self._types: dict[int, KubernetesType] = {}
        self._written: dict[str, str] | None = None
        self.version: str = document["kubernetes"]
        self.roots: dict[str, int] = document["roots"]
        """The keys of the tag ``dagster-k8s/config`` and their types."""
        self.resource_requirements: int = document["resource_requirements"]
        self.spellings: dict[str, str] = document["spellings"]
        """The snake_case names that are not the API's name with underscores."""

    def type(self, index: int) -> KubernetesType:
        """The type at this index; made on first use, since a tag needs few of them."""
        found = self._types.get(index)
        if found is None:
            found = self._types[index] = _type_of(self._entries[index])
        return found

    def field_name(self, owner: KubernetesType, key: str) -> str | None:
        """The API's name of the field that the key means in this object, if it means one."""
        if key in owner.fields:
            return key
        name = self.spellings.get(key) or camel_case(key)
        return name if name in owner.fields else None

    def snake_case(self, name: str) -> str:
        """The name in snake_case, as the Python client writes it."""
        if self._written is None:
            self._written = {name: snake for snake, name in reversed(self.spellings.items())}
        return self._written.get(name) or "".join(f"_{c.lower()}" if c.isupper() else c for c in name)

    def sample(self, index: int) -> object:
        """A small value that the type accepts."""
        kind = self.type(index)
        if kind.kind == "object":
            return {name: self.sample(kind.fields[name]) for name in kind.required}
        if kind.kind == "list":
            return []
        if kind.kind == "enum":
            return kind.values[0]
        return SAMPLES.get(kind.kind, {})


@cache
def kubernetes_schema() -> KubernetesSchema:
    """The schema; the file is read once."""
    with open(DATA_FILE, encoding="utf-8") as file:
        return KubernetesSchema(file.read())


def camel_case(key: str) -> str | None:
    """``image_pull_policy`` as ``imagePullPolicy``; None for a key that is not strictly snake_case."""
    words = key.split("_")
    if len(words) == 1 or not key.islower() or "" in words:
        return None
    return words[0] + "".join(word[0].upper() + word[1:] for word in words[1:])


def _type_of(entry: list[object]) -> KubernetesType:
    made = KubernetesType(kind=_text(entry[0]), nullable=bool(entry[1]))
    match entry[2:]:
        case [str(name), dict(fields), list(required)]:
            made.name, made.fields, made.required = name, fields, required
        case [list(values)]:
            made.values = values
        case [int(inner)]:
            made.inner = inner
    return made


def _text(value: object) -> str:
    assert isinstance(value, str)
    return value
