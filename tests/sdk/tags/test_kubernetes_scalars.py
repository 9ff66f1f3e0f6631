"""Every kind of scalar: what is accepted, what is not, and what is suggested in its place."""

from __future__ import annotations

from datetime import datetime

import pytest

from usercode_sdk.errors import DagsterInvalidConfigError
from usercode_sdk.tags.validation import validate_tags

PLACES = {
    "string": ("container_config", "image"),
    "boolean": ("container_config", "tty"),
    "int32": ("job_spec_config", "backoffLimit"),
    "int64": ("job_spec_config", "activeDeadlineSeconds"),
    "quantity": ("container_config", "resources", "limits", "memory"),
    "cpu": ("container_config", "resources", "limits", "cpu"),
    "int-or-string": ("container_config", "livenessProbe", "tcpSocket", "port"),
    "date-time": ("job_metadata", "creationTimestamp"),
    "enum": ("container_config", "imagePullPolicy"),
    "required enum": ("pod_spec_config", "securityContext", "seccompProfile", "type"),
    "annotation": ("job_metadata", "annotations", "x/y"),
    "free": ("job_metadata", "managedFields"),
}

ACCEPTED: dict[str, list[object]] = {
    "string": ["", "x", "é", "3"],
    "boolean": [True, False],
    "int32": [0, -1, 2**31 - 1, -(2**31)],
    "int64": [0, 2**63 - 1, -(2**63)],
    "quantity": [
        "250m",
        "64Mi",
        "1",
        "1.5",
        ".5",
        "1.",
        "+1",
        "-1",
        "1e3",
        "1E-3",
        "1E",
        "2Ei",
        "3k",
        "4n",
        1,
        0.5,
        0,
        2**62,
    ],
    "int-or-string": [80, "http", "80"],
    "date-time": ["2021-01-31T12:00:00Z", "2021-01-31T12:00:00.123+01:00"],
    "enum": ["Always", "IfNotPresent", "Never", ""],
    "required enum": ["RuntimeDefault"],
    "annotation": ["true"],
    "free": [[{"fieldsV1": {"f:spec": {".": {}, "n": [1, None, {"a_b": "c"}]}}}], []],
}

REFUSED: dict[str, list[tuple[object, str | None]]] = {
    "string": [(3, "3"), (True, "true"), (0.5, "0.5"), (b"x", None), (["x"], None), ({}, None)],
    "boolean": [("true", "True"), ("False", "False"), (1, None), (0, None), ("yes", None)],
    "int32": [
        ("3", "3"),
        (3.0, "3"),
        (3.5, None),
        (True, None),
        (2**31, None),
        ("three", None),
        ("9" * 99, None),
    ],
    "int64": [("3", "3"), (2**63, None), (-(2**63) - 1, None), (float("nan"), None), (float("inf"), None)],
    "quantity": [
        ("64MB", "64Mi"),
        ("64mm", "64m"),
        ("64mb", "64Mi"),
        ("1.5Gib", "1.5Gi"),
        ("64K", "64Ki"),
        ("64 Mi", "64Mi"),
        ("", None),
        ("Mi", None),
        ("1e", "1Ei"),
        ("1.2.3", None),
        ("64Mi\n", None),
        (True, None),
        (float("nan"), None),
        (float("inf"), None),
        (2**63, None),
        ([1], None),
    ],
    "cpu": [("250mm", "250m"), ("250mb", "250m"), ("250milli", None), ("1Gib", "1Gi"), ("a", None), (True, None)],
    "int-or-string": [(1.5, None), (True, None), (2**31, None), ([], None)],
    "date-time": [
        ("2021-01-31 12:00:00", "2021-01-31T12:00:00Z"),
        ("2021-01-31", None),
        ("2021-02-30T12:00:00Z", None),
        ("2021-01-31T12:00:00", "2021-01-31T12:00:00Z"),
        (datetime(2021, 1, 31), None),
        (1612094400, None),
    ],
    "enum": [
        ("always", "Always"),
        ("IFNOTPRESENT", "IfNotPresent"),
        ("Nevr", "Never"),
        ("zzz", None),
        (1, None),
    ],
    "required enum": [("", None), ("runtimedefault", "RuntimeDefault")],
    "annotation": [(True, "true"), ({"a": 1}, None)],
}


def validated(kind: str, value: object) -> str:
    config: object = value
    for key in reversed(PLACES[kind]):
        config = {key: config}
    return validate_tags({"dagster-k8s/config": config}, "solid 's'")["dagster-k8s/config"]


@pytest.mark.parametrize(("kind", "value"), [(kind, value) for kind in ACCEPTED for value in ACCEPTED[kind]])
def test_a_value_of_the_kind_is_accepted(kind: str, value: object) -> None:
    assert validated(kind, value)


@pytest.mark.parametrize(
    ("kind", "value", "nearest"),
    [(kind, value, nearest) for kind in REFUSED for value, nearest in REFUSED[kind]],
)
def test_another_value_is_refused_with_what_was_probably_meant(kind: str, value: object, nearest: str | None) -> None:
    with pytest.raises(DagsterInvalidConfigError) as refused:
        validated(kind, value)
    (fault,) = refused.value.errors
    assert fault.path == ("dagster-k8s/config", *PLACES[kind])
    assert fault.value is value
    assert fault.nearest == nearest
