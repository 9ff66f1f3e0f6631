"""What a run was asked to do, and where its code is, as one JSON document of the store."""

from __future__ import annotations

from typing import Any, cast

from usercode_sdk.pipeline_run import PipelineRun, PipelineRunStatus
from usercode_server.storage.base import RunRecord
from usercode_server.storage.errors import ValueNotStorableError
from usercode_server.storage.json_text import document_from_text, document_to_text, unwrapped, wrapped
from usercode_server.target import CodeTarget

Row = tuple[str, str, str, str, float, float, float | None, float | None]
"""run_id, pipeline_name, status, request, created_at, updated_at, started_at, ended_at."""


def encode_request(record: RunRecord) -> str:
    """The parts of ``record`` that never change.

    Raises ValueNotStorableError for a run config of other than plain values, or nested too deeply.
    """
    run = record.pipeline_run
    document = {
        "mode": run.mode,
        "run_config": _run_config(run),
        "solid_selection": run.solid_selection,
        "step_keys_to_execute": run.step_keys_to_execute,
        "tags": dict(run.tags),
        "root_run_id": run.root_run_id,
        "parent_run_id": run.parent_run_id,
        "target": None if record.target is None else record.target._asdict(),
        "repository_name": record.repository_name,
        "image": record.image,
    }
    return document_to_text({key: value for key, value in document.items() if value is not None})


def decode_run(row: Row) -> RunRecord:
    """The record of a row of the store."""
    run_id, pipeline_name, status, request, created_at, updated_at, started_at, ended_at = row
    document = cast(dict[str, Any], document_from_text(request))
    run = PipelineRun(
        run_id,
        pipeline_name,
        cast(dict[str, object], unwrapped(document["run_config"])),
        document["mode"],
        _texts(document.get("solid_selection")),
        _texts(document.get("step_keys_to_execute")),
        document["tags"],
        PipelineRunStatus(status),
        document.get("root_run_id"),
        document.get("parent_run_id"),
    )
    target = document.get("target")
    return RunRecord(
        run,
        None if target is None else CodeTarget(**target),
        document.get("repository_name"),
        document.get("image"),
        created_at,
        updated_at,
        started_at,
        ended_at,
    )


def _run_config(run: PipelineRun) -> object:
    owner = f"The run config of pipeline {run.pipeline_name!r}"
    try:
        document = wrapped(run.run_config, owner)
        document_to_text({"run_config": document})
    except RecursionError:
        raise ValueNotStorableError(owner, run.run_config, "is nested too deeply, or holds itself") from None
    return document


def _texts(values: list[str] | None) -> tuple[str, ...] | None:
    return None if values is None else tuple(values)
