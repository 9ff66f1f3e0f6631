"""What ``import usercode_sdk`` takes over a bare Python."""

from __future__ import annotations

from collections.abc import Iterator

from benchmarks.measure import Usage
from benchmarks.report import Row, at_most
from benchmarks.series import Series, series
from benchmarks.workbench import Workbench


def measure(bench: Workbench) -> Iterator[Row]:
    """CPU and peak memory of the import."""
    bench.python("-c", "import usercode_sdk")
    runs = bench.runs * 2
    rounds = [
        (bench.python("-c", "pass"), bench.python("-c", "import usercode_sdk"), *_peer_imports(bench))
        for _ in range(runs)
    ]
    bare, ours, *peer = ([one[column] for one in rounds] for column in range(len(rounds[0])))
    cpu, memory = _difference(bare, ours)
    peer_cpu, peer_memory = _difference(*peer) if peer else (None, None)
    yield Row("import of the SDK, over bare Python: CPU", "ms", cpu, budget=at_most(90), peer=peer_cpu)
    yield Row("import of the SDK, over bare Python: memory", "MB", memory, budget=at_most(12), peer=peer_memory)


def _peer_imports(bench: Workbench) -> tuple[Usage, ...]:
    if bench.peer is None:
        return ()
    return tuple(bench.peer.run(bench.folder, "-c", text) for text in ("pass", "import dagster"))


def _difference(bare: list[Usage], whole: list[Usage]) -> tuple[Series, Series]:
    pairs = list(zip(bare, whole, strict=True))
    return (
        series([after.cpu_ms - before.cpu_ms for before, after in pairs]),
        series([after.peak_mb - before.peak_mb for before, after in pairs]),
    )
