"""Runs and what happens in them as JSON documents."""

from __future__ import annotations

from typing import Any

from usercode_sdk.events import Event
from usercode_server.compute_logs.base import LogEntry
from usercode_server.storage.base import RunRecord
from usercode_server.storage.event_codec import data_document
from usercode_server.storage.json_text import wrapped

Document = dict[str, Any]


def run_document(record: RunRecord) -> Document:
    """A run."""
    run = record.pipeline_run
    return {
        "run_id": run.run_id,
        "pipeline_name": run.pipeline_name,
        "repository_name": record.repository_name,
        "status": run.status.value,
        "mode": run.mode,
        "run_config": wrapped(run.run_config, "The run config"),
        "solid_selection": run.solid_selection,
        "step_keys_to_execute": run.step_keys_to_execute,
        "tags": dict(run.tags),
        "root_run_id": run.root_run_id,
        "parent_run_id": run.parent_run_id,
        "target": None if record.target is None else record.target._asdict(),
        "image": record.image,
        "created_at": record.created_at,
        "updated_at": record.updated_at,
        "started_at": record.started_at,
        "ended_at": record.ended_at,
    }


def item_document(item: Event | LogEntry) -> Document:
    """An event, a log line or a piece of output of a run; ``type`` tells which."""
    if isinstance(item, Event):
        return {
            "type": item.type.value,
            "timestamp": item.timestamp,
            "step_key": item.step_key,
            "attempt": item.attempt,
            "message": item.message,
            "data": None if item.data is None else data_document(item.data),
        }
    return {
        "type": "OUTPUT" if item.level is None else "LOG",
        "timestamp": item.timestamp,
        "step_key": item.step_key,
        "attempt": item.attempt,
        "message": item.text,
        **({"stream": item.stream} if item.level is None else {"level": item.level}),
    }
