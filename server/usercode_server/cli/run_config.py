"""The run config that a command line means: that of a preset, with files merged over it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from usercode_api.v1.pipeline_pb2 import Pipeline
from usercode_server.errors import NotFoundError
from usercode_server.wire.values import from_map


class RunRequest(NamedTuple):
    """What to run a pipeline with."""

    run_config: Mapping[Any, object]
    mode: str
    """Empty where neither the command line nor a preset names one."""
    tags: Mapping[str, str]
    solid_selection: Sequence[str]


def run_request(
    pipeline: Pipeline, preset_name: str | None, config_files: Sequence[str], mode: str | None
) -> RunRequest:
    """What the options mean for this pipeline.

    Raises NotFoundError for an unknown preset, and what the SDK raises for a file that is no YAML mapping.
    """
    if preset_name is None:
        return RunRequest(_merged({}, config_files), mode or "", {}, ())
    preset = next((one for one in pipeline.presets if one.name == preset_name), None)
    if preset is None:
        raise NotFoundError(
            f"The pipeline {pipeline.name!r} has no preset {preset_name!r}."
            f"{_known([one.name for one in pipeline.presets])}"
        )
    config = _merged(from_map(preset.run_config), config_files)
    return RunRequest(config, mode or preset.mode, dict(preset.tags), list(preset.solid_selection))


def _merged(config: dict[Any, object], files: Sequence[str]) -> dict[Any, object]:
    if files:
        from usercode_sdk.yaml_files import load_yaml_file

        for file in files:
            config = _merged_over(config, load_yaml_file(file))
    return config


def _merged_over(under: Mapping[Any, object], over: Mapping[Any, object]) -> dict[Any, object]:
    """``over`` laid over ``under``; mappings merge at every depth, anything else replaces."""
    merged = dict(under)
    for key, value in over.items():
        below = merged.get(key)
        if isinstance(value, Mapping) and isinstance(below, Mapping):
            merged[key] = _merged_over(below, value)
        else:
            merged[key] = value
    return merged


def _known(names: list[str]) -> str:
    return f" It has: {', '.join(map(repr, names))}." if names else " It has none."
