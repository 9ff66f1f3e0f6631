"""The tags ``dagster-k8s/config`` and ``dagster-k8s/resource_requirements``."""

from __future__ import annotations

import json

from usercode_sdk.tags.kubernetes_objects import ObjectReader
from usercode_sdk.tags.kubernetes_schema import kubernetes_schema
from usercode_sdk.tags.tag_faults import TagFaults, nearest_of, path_entry


def config_text(tag: str, value: object, faults: TagFaults) -> str:
    """The tag's sections in the API's spelling, as JSON text; the value is a dict or the JSON text of one."""
    sections = _given_dict(tag, value, faults)
    schema = kubernetes_schema()
    reader = ObjectReader(schema, faults)
    read: dict[str, object] = {}
    for key, section in sections.items():
        index = schema.roots.get(key)
        path = (tag, path_entry(key))
        if index is None:
            nearest = nearest_of(path[1], schema.roots)
            faults.unknown(path, section, tag, schema.roots, nearest)
        elif section is None:
            faults.mismatch(path, section, f"a dict of the fields of {schema.type(index).name}")
        else:
            read[key] = reader.read(index, section, path)
    return _text(read, faults)


def resource_requirements_text(tag: str, value: object, faults: TagFaults) -> str:
    """The legacy tag's limits and requests as JSON text; the value is a dict or the JSON text of one."""
    given = _given_dict(tag, value, faults)
    schema = kubernetes_schema()
    return _text(ObjectReader(schema, faults).read(schema.resource_requirements, given, (tag,)), faults)


def _given_dict(tag: str, value: object, faults: TagFaults) -> dict[str, object]:
    """The dict that the author gave; empty when it is none, which is a fault."""
    given = _parsed(tag, value, faults) if isinstance(value, str) else value
    if isinstance(given, dict):
        return given
    if given is not _BROKEN:
        faults.mismatch((tag,), value, "a dict, or the JSON text of one")
    return {}


_BROKEN = object()


def _parsed(tag: str, text: str, faults: TagFaults) -> object:
    try:
        return json.loads(text)
    except RecursionError:
        problem = "nested too deeply"
    except ValueError as error:
        problem = str(error)
    faults.mismatch((tag,), text, f"a dict, or the JSON text of one ({problem})")
    return _BROKEN


def _text(read: object, faults: TagFaults) -> str:
    # With a fault the text is never used, and the value may hold what JSON can't.
    return "" if faults.found else json.dumps(read, sort_keys=True)
