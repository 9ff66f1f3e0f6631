"""Whether cost grows linearly: ten times as many pipelines, solids, steps. An exponent of 1 is linear, 2 quadratic."""

from __future__ import annotations

from collections.abc import Iterator

from benchmarks.code_calls import execution_plan, first_listing, structure, whole_listing
from benchmarks.generate import Size
from benchmarks.report import Row, at_most, number
from benchmarks.series import Series, growth, series
from benchmarks.timing import replay_ms
from benchmarks.topics.steps import column, report
from benchmarks.workbench import Workbench

_FACTOR = 10
_LIMIT = at_most(1.1)
"""Above it the cost does not grow linearly; below 1 there is a fixed part."""


def measure(bench: Workbench) -> Iterator[Row]:
    """Cold start, listing, structure, plan and execution at one size and at ten times that."""
    yield from _served(bench, "repository", Size(200, 10), Size(2_000, 10))
    yield from _served(bench, "pipeline", Size(1, 1_000), Size(1, 10_000))
    yield from _executed(bench)


def _served(bench: Workbench, what: str, small: Size, large: Size) -> Iterator[Row]:
    figures: dict[str, tuple[list[float], list[float]]] = {}
    for _ in range(bench.few):
        for column_number, size in enumerate((small, large)):
            for name, value in _figures(bench, size).items():
                figures.setdefault(name, ([], []))[column_number].append(value)
    for name, (of_small, of_large) in figures.items():
        unit = "MB" if name.endswith(("memory", "on the wire")) else "ms"
        yield _row(f"{what} of {small} → {large}, {name}", unit, series(of_small), series(of_large))


def _figures(bench: Workbench, size: Size) -> dict[str, float]:
    with bench.code_server(bench.repository(size), first_listing) as server:
        figures = {"cold start CPU": server.start_cpu_ms}
        if size.pipelines > 1:
            pages = whole_listing(server)
            figures["whole listing"] = replay_ms(server, pages)
            figures["whole listing on the wire"] = sum(len(page.reply) for page in pages) / 1e6
        else:
            figures["structure"] = replay_ms(server, structure(server))
            figures["plan"] = replay_ms(server, execution_plan(server))
        figures["memory"] = server.whole_mb()
    return figures


def _executed(bench: Workbench) -> Iterator[Row]:
    small, large = 1_000, 10_000
    reports = [(report(bench, str(small), "3"), report(bench, str(large), "1")) for _ in range(bench.few)]
    of_small = column([each[0] for each in reports], "cpu_ms_per_step")
    of_large = column([each[1] for each in reports], "cpu_ms_per_step")
    whole_small = Series(tuple(value * small for value in of_small.values))
    whole_large = Series(tuple(value * large for value in of_large.values))
    yield _row(f"execution of {small:,} → {large:,} steps, CPU", "ms", whole_small, whole_large)


def _row(what: str, unit: str, of_small: Series, of_large: Series) -> Row:
    note = f"{number(of_small.median)} → {number(of_large.median)} {unit}"
    return Row(f"{what}: growth", "", growth(of_small, of_large, _FACTOR), budget=_LIMIT, note=note)
