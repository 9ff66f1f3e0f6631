"""The processes that execute: a run worker with three no-op solids, a step job with one."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from benchmarks.generate import first_solid, pipeline_name
from benchmarks.measure import BenchmarkError, Usage
from benchmarks.peer import LIBRARY, Peer
from benchmarks.report import Row, at_most
from benchmarks.series import Series, series
from benchmarks.topics.cold_start import ONE
from benchmarks.workbench import Workbench
from usercode_sdk.pipeline_run import PipelineRun, PipelineRunStatus, new_run_id
from usercode_server.instance import open_instance
from usercode_server.storage.base import RunRecord
from usercode_server.target import CodeTarget


def measure(bench: Workbench) -> Iterator[Row]:
    """CPU, wall time and peak memory of the whole process."""
    home = bench.folder / "home_workers"
    bare, workers, jobs = [], [], []
    for _ in range(bench.runs):
        bare.append(bench.python("-c", "pass"))
        run_id = _new_run(bench, home)
        jobs.append(bench.usercode("api", "step-job", "--run-id", run_id, "--step-key", first_solid(0), home=home))
        run_id = _new_run(bench, home)
        workers.append(bench.usercode("api", "run-worker", "--run-id", run_id, home=home))
        _check_success(home, run_id)
    peer = _peer_workers(bench, bench.peer) if bench.peer is not None else []
    yield from _rows("run worker, 3 no-op solids, SQLite", workers, peer, memory_limit=50)
    yield from _rows("step job, one no-op step, SQLite", jobs, [], memory_limit=None)


def _rows(what: str, usages: list[Usage], peer: list[Usage], memory_limit: float | None) -> Iterator[Row]:
    yield Row(f"{what}: CPU", "ms", _cpu(usages), budget=at_most(300), peer=_cpu(peer) if peer else None)
    yield Row(f"{what}: wall", "ms", _wall(usages), peer=_wall(peer) if peer else None)
    budget = None if memory_limit is None else at_most(memory_limit)
    yield Row(f"{what}: peak memory", "MB", _peak(usages), budget=budget, peer=_peak(peer) if peer else None)


def _cpu(usages: list[Usage]) -> Series:
    return series([usage.cpu_ms for usage in usages])


def _wall(usages: list[Usage]) -> Series:
    return series([usage.wall_ms for usage in usages])


def _peak(usages: list[Usage]) -> Series:
    return series([usage.peak_mb for usage in usages])


def _new_run(bench: Workbench, home: Path) -> str:
    run = PipelineRun(new_run_id(), pipeline_name(0), run_config={}, mode="default")
    target = CodeTarget(python_file=str(bench.repository(ONE))).resolved()
    with open_instance(str(home)) as instance:
        instance.store.create_run(RunRecord(run, target))
    return run.run_id


def _check_success(home: Path, run_id: str) -> None:
    with open_instance(str(home)) as instance:
        record = instance.store.get_run(run_id)
    if record is None or record.status is not PipelineRunStatus.SUCCESS:
        raise BenchmarkError(f"The run {run_id} did not succeed: {record}")


def _peer_workers(bench: Workbench, peer: Peer) -> list[Usage]:
    home = bench.folder / "home_peer"
    home.mkdir()
    file = bench.repository(ONE, LIBRARY)
    arguments = peer.run_arguments(home, file, pipeline_name(0), bench.runs)
    return [peer.run(home, "-m", "dagster", "api", "execute_run", argument) for argument in arguments]
