"""The run config that a command line means: that of a preset, with files merged over it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from usercode_api.v1.pipeline_pb2 import Pipeline, Preset
from usercode_server.errors import InvalidRequestError, NotFoundError
from usercode_server.wire.values import from_map


class RunRequest(NamedTuple):
    """What to run a pipeline with."""

    run_config: Mapping[Any, object]
    mode: str
    """Empty where neither the command line nor a preset names one."""
    tags: Mapping[str, str]


def run_request(
    pipeline: Pipeline, preset_name: str | None, config_files: Sequence[str], mode: str | None
) -> RunRequest:
    """What the options mean for this pipeline.

    Raises NotFoundError for an unknown preset, InvalidRequestError for one that is for another mode or for a part of
    the pipeline, and what the SDK raises for a file that is no YAML mapping.
    """
    if preset_name is None:
        return RunRequest(_merged({}, config_files), mode or "", {})
    preset = next((one for one in pipeline.presets if one.name == preset_name), None)
    if preset is None:
        raise NotFoundError(
            f"The pipeline {pipeline.name!r} has no preset {preset_name!r}."
            f"{_known([one.name for one in pipeline.presets])}"
        )
    _check_preset(pipeline, preset, mode)
    config = _merged(from_map(preset.run_config), config_files)
    return RunRequest(config, mode or preset.mode, dict(preset.tags))


def _check_preset(pipeline: Pipeline, preset: Preset, mode: str | None) -> None:
    own_mode = preset.mode or "default"
    if mode not in (None, own_mode):
        raise InvalidRequestError(
            f"The preset {preset.name!r} of pipeline {pipeline.name!r} is for the mode {own_mode!r}; "
            f"it can't run in mode {mode!r}. Leave --mode out."
        )
    if list(preset.solid_selection) not in ([], ["*"]):
        raise InvalidRequestError(
            f"The preset {preset.name!r} of pipeline {pipeline.name!r} selects the solids "
            f"{', '.join(preset.solid_selection)}. Runs of a part of a pipeline are not supported."
        )


def _merged(config: dict[Any, object], files: Sequence[str]) -> dict[Any, object]:
    if files:
        from usercode_sdk.definitions.preset import deep_merge
        from usercode_sdk.yaml_files import load_yaml_file

        for file in files:
            config = deep_merge(config, load_yaml_file(file))
    return config


def _known(names: list[str]) -> str:
    return f" It has: {', '.join(map(repr, names))}." if names else " It has none."
