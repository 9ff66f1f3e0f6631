from __future__ import annotations

from typing import Any

import pytest

from usercode_sdk import (
    DagsterInstance,
    DagsterInvariantViolationError,
    ModeDefinition,
    ResourceDefinition,
    composite_solid,
    execute_pipeline,
    execute_solid,
    pipeline,
    solid,
)
from usercode_sdk.definitions.dependency import SolidHandle


def test_a_solid_knows_its_run_its_place_and_its_config() -> None:
    seen: dict[str, Any] = {}

    @solid(config_schema={"k": int}, required_resource_keys={"r"})
    def s(context: Any) -> None:
        seen.update(
            {
                name: getattr(context, name)
                for name in (
                    "run_id",
                    "pipeline_run",
                    "run_config",
                    "pipeline_def",
                    "pipeline_name",
                    "mode_def",
                    "solid_handle",
                    "solid",
                    "solid_def",
                    "solid_config",
                    "step_key",
                    "retry_number",
                    "instance",
                )
            },
            has=(context.has_tag("a"), context.has_tag("b")),
            get=(context.get_tag("a"), context.get_tag("b")),
            resource=context.resources.r,
            known=("r" in context.resources, hasattr(context.resources, "other")),
        )

    @composite_solid
    def c() -> None:
        s.alias("inner")()

    mode = ModeDefinition(
        "dev",
        resource_defs={
            "r": ResourceDefinition.hardcoded_resource(5),
            "other": ResourceDefinition.hardcoded_resource(6),
        },
    )

    @pipeline(tags={"a": 1}, mode_defs=[mode])
    def p() -> None:
        c()

    run_config = {"solids": {"c": {"solids": {"inner": {"config": {"k": 2}}}}}}
    instance = DagsterInstance.ephemeral()
    result = execute_pipeline(p, run_config, instance=instance)
    inner = p.nodes["c"].definition.nodes["inner"]  # type: ignore[attr-defined]  # a composite has nodes
    assert seen == {
        "run_id": result.run_id,
        "pipeline_run": seen["pipeline_run"],
        "run_config": run_config,
        "pipeline_def": p,
        "pipeline_name": "p",
        "mode_def": mode,
        "solid_handle": SolidHandle("inner", SolidHandle("c")),
        "solid": inner,
        "solid_def": s,
        "solid_config": {"k": 2},
        "step_key": "c.inner",
        "retry_number": 0,
        "instance": instance,
        "has": (True, False),
        "get": ("1", None),
        "resource": 5,
        "known": (True, False),
    }
    assert (seen["pipeline_run"].run_id, seen["pipeline_run"].tags) == (result.run_id, {"a": "1"})
    assert str(seen["solid_handle"]) == "c.inner"


def test_without_a_config_there_is_none() -> None:
    @solid
    def s(context: Any) -> object:
        return context.solid_config

    assert execute_solid(s).output_value() is None
    assert execute_solid(s, run_config={"solids": {"s": {"config": [1]}}}).output_value() == [1]


def test_the_old_name_of_the_config_is_refused_with_the_new_one() -> None:
    @solid
    def s(context: Any) -> object:
        return context.config

    with pytest.raises(DagsterInvariantViolationError) as caught:
        execute_solid(s)
    assert str(caught.value) == "context.config does not exist; read context.solid_config."


def test_what_one_run_does_to_a_default_config_no_other_run_sees() -> None:
    @solid(config_schema={"items": [int]})
    def given(context: Any) -> Any:
        context.solid_config["items"].append(2)
        return context.solid_config["items"]

    @solid
    def shown(context: Any) -> str:
        return repr(context.resources)

    run_config = {"solids": {"given": {"config": {"items": [1]}}}}
    assert execute_solid(given, run_config=run_config).output_value() == [1, 2]
    assert run_config == {"solids": {"given": {"config": {"items": [1]}}}}
    assert execute_solid(shown).output_value() == "Resources()"
