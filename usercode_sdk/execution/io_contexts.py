"""What IO managers are given: which output to store, which stored output to load."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from usercode_sdk.definitions.solid import SolidDefinition
    from usercode_sdk.execution.log_manager import DagsterLogManager
    from usercode_sdk.execution.resources import Resources
    from usercode_sdk.types import DagsterType


class OutputContext:
    """Names the output that an IO manager stores."""

    def __init__(
        self,
        step_key: str | None = None,
        name: str | None = None,
        pipeline_name: str | None = None,
        run_id: str | None = None,
        metadata: Mapping[str, object] | None = None,
        mapping_key: str | None = None,
        config: object = None,
        solid_def: SolidDefinition | None = None,
        dagster_type: DagsterType | None = None,
        log: DagsterLogManager | None = None,
        version: str | None = None,
        resource_config: object = None,
        resources: Resources | None = None,
    ) -> None:
        self.step_key = step_key
        self.name = name
        self.pipeline_name = pipeline_name
        self.run_id = run_id
        self.metadata = metadata
        self.mapping_key = mapping_key
        self.config = config
        self.solid_def = solid_def
        self.dagster_type = dagster_type
        self.log = log
        self.version = version
        self.resource_config = resource_config
        self.resources = resources

    def get_run_scoped_output_identifier(self) -> list[str]:
        """Parts that together name this output among all runs: run id, step key, output name."""
        parts = [str(self.run_id), str(self.step_key), str(self.name)]
        if self.mapping_key is not None:
            parts.append(self.mapping_key)
        return parts

    get_output_identifier = get_run_scoped_output_identifier


class InputContext:
    """Names the input that an IO manager loads, and the output that it comes from."""

    def __init__(
        self,
        name: str | None = None,
        pipeline_name: str | None = None,
        solid_def: SolidDefinition | None = None,
        config: object = None,
        metadata: Mapping[str, object] | None = None,
        upstream_output: OutputContext | None = None,
        dagster_type: DagsterType | None = None,
        log: DagsterLogManager | None = None,
        resource_config: object = None,
        resources: Resources | None = None,
    ) -> None:
        self.name = name
        self.pipeline_name = pipeline_name
        self.solid_def = solid_def
        self.config = config
        self.metadata = metadata
        self.upstream_output = upstream_output
        self.dagster_type = dagster_type
        self.log = log
        self.resource_config = resource_config
        self.resources = resources
