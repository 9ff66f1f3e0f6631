"""Executes pipelines and single steps, as sequences of events."""

from __future__ import annotations

from usercode_sdk.execution.in_process import run_pipeline
from usercode_sdk.execution.log_manager import DagsterLogManager, LogLine
from usercode_sdk.execution.progress import StepHistory, StepState, history_of
from usercode_sdk.execution.single_step import run_step

__all__ = [
    "DagsterLogManager",
    "LogLine",
    "StepHistory",
    "StepState",
    "history_of",
    "run_pipeline",
    "run_step",
]
