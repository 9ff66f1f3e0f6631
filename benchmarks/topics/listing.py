"""The whole listing of 200 pipelines, against the floor server sending the same bytes."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from benchmarks.code_calls import Exchange, first_listing, whole_listing
from benchmarks.floor_server import REPLY, write_replies
from benchmarks.report import Row, at_most, at_most_times
from benchmarks.series import series, take
from benchmarks.timing import replay_ms
from benchmarks.topics.cold_start import MANY
from benchmarks.workbench import Workbench


def measure(bench: Workbench) -> Iterator[Row]:
    """The time to fetch all pages, and their size."""
    with bench.code_server(bench.repository(MANY), first_listing) as ours:
        pages = whole_listing(ours)
        with bench.floor_server(_recorded(bench, pages)) as floor:
            same = [Exchange(REPLY, number.to_bytes(4, "big"), page.reply) for number, page in enumerate(pages)]
            our_ms, floor_ms = take(bench.runs, lambda: replay_ms(ours, pages), lambda: replay_ms(floor, same))
    size = sum(len(page.reply) for page in pages) / 1e6
    what = f"whole listing, {MANY} solids"
    yield Row(f"{what}: time", "ms", our_ms, floor_ms, "floor, same bytes", at_most_times(3))
    yield Row(f"{what}: on the wire", "MB", series([size]), budget=at_most(1))


def _recorded(bench: Workbench, pages: list[Exchange]) -> Path:
    path = bench.folder / "pages"
    write_replies(path, [page.reply for page in pages])
    return path
