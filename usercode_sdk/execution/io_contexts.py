"""What IO managers are given: which output to store, which stored output to load."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, cast

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
        config: Any = None,
        solid_def: SolidDefinition | None = None,
        dagster_type: DagsterType | None = None,
        log: DagsterLogManager | None = None,
        version: str | None = None,
        resource_config: Any = None,
        resources: Resources | None = None,
    ) -> None:
        # Whatever has a type here is given in every run; it is None only where authors build a context themselves.
        self.step_key = cast("str", step_key)
        self.name = cast("str", name)
        self.pipeline_name = cast("str", pipeline_name)
        self.run_id = cast("str", run_id)
        self.metadata = cast("Mapping[str, Any]", metadata)
        self.mapping_key = mapping_key
        self.config = config
        self.solid_def = cast("SolidDefinition", solid_def)
        self.dagster_type = cast("DagsterType", dagster_type)
        self.log = cast("DagsterLogManager", log)
        self.version = version
        self.resource_config = resource_config
        self.resources = cast("Resources", resources)

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
        config: Any = None,
        metadata: Mapping[str, object] | None = None,
        upstream_output: OutputContext | None = None,
        dagster_type: DagsterType | None = None,
        log: DagsterLogManager | None = None,
        resource_config: Any = None,
        resources: Resources | None = None,
    ) -> None:
        # Whatever has a type here is given in every run; it is None only where authors build a context themselves.
        self.name = cast("str", name)
        self.pipeline_name = cast("str", pipeline_name)
        self.solid_def = cast("SolidDefinition", solid_def)
        self.config = config
        self.metadata = cast("Mapping[str, Any]", metadata)
        self.upstream_output = cast("OutputContext", upstream_output)
        self.dagster_type = cast("DagsterType", dagster_type)
        self.log = cast("DagsterLogManager", log)
        self.resource_config = resource_config
        self.resources = cast("Resources", resources)
