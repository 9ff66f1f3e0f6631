"""Writes ``usercode_sdk/tags/kubernetes_schema.json`` from the published OpenAPI schemas of Kubernetes.

The schemas come with the package ``kubernetes-validate`` (a development dependency); the newest version in it
is taken. Only what the keys of the tag ``dagster-k8s/config`` reach is kept, without descriptions: a table
of types, in which a type names others by their index. Entries of the table::

    ["string", 1]       also boolean, int32, int64, quantity, int-or-string, date-time, any
    ["enum", 1, [value, ...]]
    ["list", 1, item type]
    ["map", 1, value type]
    ["object", 1, name, {field: type, ...}, [required field, ...]]

The number after the kind is 1 where null is accepted. The same input gives the same bytes.

    python scripts/make_kubernetes_schema.py [--kubernetes 1.37.0] [--check]
"""

from __future__ import annotations

import argparse
import json
import re
import sys
from collections.abc import Iterable, Mapping
from importlib.util import find_spec
from pathlib import Path
from typing import Any, NamedTuple

SCHEMA_FILE = Path(__file__).parent.parent / "usercode_sdk" / "tags" / "kubernetes_schema.json"

CORE = "io.k8s.api.core.v1."
BATCH = "io.k8s.api.batch.v1."
META = "io.k8s.apimachinery.pkg.apis.meta.v1."

# The launcher supplies what these lack (a container's name, a pod's containers, a Job's template),
# so they and the types on the way from a Job to its pod have no required fields.
ROOTS = {
    "container_config": CORE + "Container",
    "pod_template_spec_metadata": META + "ObjectMeta",
    "pod_spec_config": CORE + "PodSpec",
    "job_config": BATCH + "Job",
    "job_metadata": META + "ObjectMeta",
    "job_spec_config": BATCH + "JobSpec",
}
WAY_TO_THE_POD = {
    BATCH + "Job": "spec",
    BATCH + "JobSpec": "template",
    CORE + "PodTemplateSpec": "spec",
}

# The legacy tag dagster-k8s/resource_requirements knows these fields of ResourceRequirements only.
RESOURCE_REQUIREMENTS = CORE + "ResourceRequirements"
RESOURCE_REQUIREMENT_FIELDS = ("limits", "requests")

NAMED_SCALARS = {
    "io.k8s.apimachinery.pkg.api.resource.Quantity": "quantity",
    "io.k8s.apimachinery.pkg.util.intstr.IntOrString": "int-or-string",
    META + "Time": "date-time",
}
PLAIN_SCALARS = {
    ("string", None): "string",
    ("string", "date-time"): "date-time",
    ("boolean", None): "boolean",
    ("integer", "int32"): "int32",
    ("integer", "int64"): "int64",
    ("object", None): "any",
}

# Closed sets of values which the published schemas state in prose only. Each value must stand in the
# description of its field, so that a version which drops one is noticed here.
CLOSED_SETS = {
    (CORE + "Container", "imagePullPolicy"): ("Always", "IfNotPresent", "Never"),
    (CORE + "Container", "terminationMessagePolicy"): ("FallbackToLogsOnError", "File"),
    (CORE + "ContainerPort", "protocol"): ("SCTP", "TCP", "UDP"),
    (CORE + "EphemeralContainer", "imagePullPolicy"): ("Always", "IfNotPresent", "Never"),
    (CORE + "NodeSelectorRequirement", "operator"): ("DoesNotExist", "Exists", "Gt", "In", "Lt", "NotIn"),
    (CORE + "PodSecurityContext", "fsGroupChangePolicy"): ("Always", "OnRootMismatch"),
    (CORE + "PodSpec", "dnsPolicy"): ("ClusterFirst", "ClusterFirstWithHostNet", "Default", "None"),
    (CORE + "PodSpec", "preemptionPolicy"): ("Never", "PreemptLowerPriority"),
    (CORE + "PodSpec", "restartPolicy"): ("Always", "Never", "OnFailure"),
    (CORE + "SeccompProfile", "type"): ("Localhost", "RuntimeDefault", "Unconfined"),
    (CORE + "Toleration", "effect"): ("NoExecute", "NoSchedule", "PreferNoSchedule"),
    (CORE + "Toleration", "operator"): ("Equal", "Exists", "Gt", "Lt"),
    (CORE + "TopologySpreadConstraint", "whenUnsatisfiable"): ("DoNotSchedule", "ScheduleAnyway"),
    (BATCH + "JobSpec", "completionMode"): ("Indexed", "NonIndexed"),
    (BATCH + "JobSpec", "podReplacementPolicy"): ("Failed", "TerminatingOrFailed"),
    (BATCH + "PodFailurePolicyOnExitCodesRequirement", "operator"): ("In", "NotIn"),
    (META + "LabelSelectorRequirement", "operator"): ("DoesNotExist", "Exists", "In", "NotIn"),
}

# The Python client writes these with an underscore before them, since they were once keywords.
CLIENT_KEYWORDS = frozenset({"continue", "except", "exec", "from"})

Schema = dict[str, Any]  # a JSON Schema, as json.loads gives it


class TypeTable:
    """The types met so far, each once; a type names others by their index here."""

    def __init__(self, definitions: Mapping[str, Schema]) -> None:
        self._definitions = definitions
        self._indices: dict[str, int] = {}
        self.field_names: set[str] = set()

    def lines(self) -> list[str]:
        """Every type as JSON text, in the order of the indices."""
        return list(self._indices)

    def root(self, name: str) -> int:
        """Add a definition without its required fields."""
        return self._object(name, partial=True)

    def fields_of(self, name: str, fields: Iterable[str]) -> int:
        """Add a definition of which only these fields are known."""
        properties = self._definitions[name]["properties"]
        chosen = {field: self._type(properties[field]) for field in fields}
        return self._add(["object", 1, short_name(name), chosen, []])

    def _add(self, entry: list[object]) -> int:
        text = json.dumps(entry, separators=(",", ":"), sort_keys=True)
        return self._indices.setdefault(text, len(self._indices))

    def _definition(self, name: str) -> int:
        if name in NAMED_SCALARS:
            return self._add([NAMED_SCALARS[name], 1])
        if "properties" in self._definitions[name]:
            return self._object(name, partial=False)
        return self._type(self._definitions[name])

    def _object(self, name: str, *, partial: bool) -> int:
        definition = self._definitions[name]
        required = set(definition.get("required", ()))
        fields = {
            field: self._field(name, field, schema, partial=partial)
            for field, schema in sorted(definition["properties"].items())
        }
        self.field_names.update(fields)
        return self._add(
            ["object", is_nullable(definition), short_name(name), fields, [] if partial else sorted(required)]
        )

    def _field(self, owner: str, field: str, schema: Schema, *, partial: bool) -> int:
        if (owner, field) in CLOSED_SETS:
            return self._closed_set(owner, field, schema)
        if partial and WAY_TO_THE_POD.get(owner) == field:
            return self.root(referred(schema))
        if partial and "type" in schema and not is_nullable(schema):
            schema = schema | {"type": [schema["type"], "null"]}
        return self._type(schema)

    def _closed_set(self, owner: str, field: str, schema: Schema) -> int:
        values = CLOSED_SETS[owner, field]
        unknown = [value for value in values if value not in schema["description"]]
        if unknown:
            raise SystemExit(f"{owner}.{field} no longer speaks of {unknown}: correct CLOSED_SETS.")
        return self._add(["enum", is_nullable(schema), list(values)])

    def _type(self, schema: Schema) -> int:
        if "$ref" in schema:
            return self._definition(referred(schema))
        nullable, kind = is_nullable(schema), type_name(schema)
        if "enum" in schema:
            return self._add(["enum", nullable, schema["enum"]])
        if kind == "array":
            return self._add(["list", nullable, self._type(schema["items"])])
        if kind == "object" and isinstance(schema.get("additionalProperties"), dict):
            return self._add(["map", nullable, self._type(schema["additionalProperties"])])
        return self._add([PLAIN_SCALARS[kind, schema.get("format")], nullable])


def referred(schema: Schema) -> str:
    reference: str = schema["$ref"]
    return reference.rpartition("/")[2]


def short_name(definition: str) -> str:
    return definition.rpartition(".")[2]


def is_nullable(schema: Schema) -> int:
    return int("null" in schema["type"])


def type_name(schema: Schema) -> str:
    names = schema["type"] if isinstance(schema["type"], list) else [schema["type"]]
    (name,) = (each for each in names if each != "null")
    return str(name)


def snake_case(name: str) -> str:
    """The name as the Python client spells it: targetWWNs is target_ww_ns there."""
    words = re.sub(r"([A-Z]+)([A-Z][a-z])", r"\1_\2", name)
    return re.sub(r"([a-z\d])([A-Z])", r"\1_\2", words).lower()


def plain_snake_case(name: str) -> str:
    """The name as most people would spell it: targetWWNs is target_wwns."""
    return re.sub(r"(?<=[a-z\d])([A-Z])", r"_\1", name).lower()


def camel_case(name: str) -> str:
    first, *others = name.split("_")
    return first + "".join(word.capitalize() for word in others)


def irregular_spellings(names: Iterable[str]) -> dict[str, str]:
    """The snake_case names from which the API's name does not follow, such as host_ip of hostIP."""
    spellings: dict[str, str] = {}
    for name in names:
        snakes = {snake_case(name), plain_snake_case(name)}
        if name in CLIENT_KEYWORDS:
            snakes.add("_" + name)
        for snake in snakes:
            if camel_case(snake) != name and spellings.setdefault(snake, name) != name:
                raise SystemExit(f"{snake} is both {name} and {spellings[snake]}.")
    return spellings


class Release(NamedTuple):
    """The schemas of one Kubernetes version."""

    version: str
    definitions: Mapping[str, Schema]


def read_release(version: str | None) -> Release:
    """The schemas of this version, or of the newest that the package has."""
    spec = find_spec("kubernetes_validate")
    if spec is None or spec.origin is None:
        raise SystemExit("kubernetes-validate is not installed: pip install kubernetes-validate")
    folder = Path(spec.origin).parent / "kubernetes-json-schema"
    found = {path.name[1:].partition("-")[0]: path for path in folder.glob("v*-local")}
    chosen = version or max(found, key=lambda each: tuple(map(int, each.split("."))))
    if chosen not in found:
        raise SystemExit(f"kubernetes-validate has no Kubernetes {chosen}; it has {', '.join(sorted(found))}.")
    return Release(chosen, json.loads((found[chosen] / "_definitions.json").read_text("utf-8"))["$defs"])


def render(version: str | None = None) -> str:
    """The text of the schema file."""
    release = read_release(version)
    table = TypeTable(release.definitions)
    roots = {key: table.root(name) for key, name in ROOTS.items()}
    requirements = table.fields_of(RESOURCE_REQUIREMENTS, RESOURCE_REQUIREMENT_FIELDS)
    spellings = irregular_spellings(sorted(table.field_names))
    lines = ",\n".join(table.lines())
    return (
        f'{{"kubernetes":{json.dumps(release.version)},\n'
        f'"roots":{json.dumps(roots)},\n'
        f'"resource_requirements":{requirements},\n'
        f'"spellings":{json.dumps(spellings, sort_keys=True)},\n'
        f'"types":[\n{lines}\n]}}\n'
    )


def main() -> int:
    """Write the file, or with --check say whether it is what would be written."""
    parser = argparse.ArgumentParser(description="Write the Kubernetes schema that tags are checked against.")
    parser.add_argument("--kubernetes", metavar="VERSION", help="default: the newest in kubernetes-validate")
    parser.add_argument("--check", action="store_true", help="write nothing; exit 1 when the file is stale")
    options = parser.parse_args()
    text = render(options.kubernetes)
    if not options.check:
        SCHEMA_FILE.write_text(text, "utf-8")
        return 0
    if SCHEMA_FILE.exists() and SCHEMA_FILE.read_text("utf-8") == text:
        return 0
    print(f"{SCHEMA_FILE.name} is stale: run python scripts/make_kubernetes_schema.py", file=sys.stderr)
    return 1


if __name__ == "__main__":
    raise SystemExit(main())
