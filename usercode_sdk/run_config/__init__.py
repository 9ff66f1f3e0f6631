"""The run config of a pipeline in a mode: its schema, and its validated parts ready for execution."""

from __future__ import annotations

from usercode_sdk.run_config.needs import solid_resource_keys
from usercode_sdk.run_config.resolve import RunConfig, SolidConfig, check_run_config, resolve_run_config
from usercode_sdk.run_config.schema import run_config_schema

__all__ = [
    "RunConfig",
    "SolidConfig",
    "check_run_config",
    "resolve_run_config",
    "run_config_schema",
    "solid_resource_keys",
]
