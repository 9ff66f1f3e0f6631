"""Runtime types of inputs and outputs."""

from __future__ import annotations

from usercode_sdk.types.builtins import Nothing
from usercode_sdk.types.dagster_type import DagsterType, DagsterTypeKind, PythonObjectDagsterType
from usercode_sdk.types.loader import DagsterTypeLoader
from usercode_sdk.types.resolve import resolve_dagster_type

__all__ = [
    "DagsterType",
    "DagsterTypeKind",
    "DagsterTypeLoader",
    "Nothing",
    "PythonObjectDagsterType",
    "resolve_dagster_type",
]
