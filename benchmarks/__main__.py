"""Runs the benchmarks and prints the report: ``python -m benchmarks --help``."""

from __future__ import annotations

import argparse
import json
import signal
import sys
import time
from collections.abc import Iterator, Sequence
from importlib import import_module
from pathlib import Path
from tempfile import TemporaryDirectory
from traceback import print_exc

from benchmarks.machine import describe_load, describe_machine
from benchmarks.measure import BenchmarkError
from benchmarks.peer import Peer
from benchmarks.report import Row, as_document, as_markdown, as_text
from benchmarks.workbench import Workbench

TOPICS = (
    "imports",
    "cold_start",
    "memory",
    "listing",
    "calls",
    "steps",
    "storage",
    "workers",
    "tags",
    "growth",
)


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure and print; 0 also when a budget is missed: this is a report and no test. 1 when a measurement broke."""
    options = _parse(arguments)
    # As Ctrl-C does: the servers are stopped and the folders removed on the way out.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    load = describe_load()
    try:
        peer = Peer(options.peer) if options.peer else None
    except (BenchmarkError, OSError) as error:
        print(f"--peer: {error}", file=sys.stderr)
        return 1
    rows: list[Row] = []
    broken = []
    for topic in options.only or TOPICS:
        try:
            rows += _measure(topic, options.runs, peer)
        except BenchmarkError as error:
            broken.append(topic)
            print(f"\n{topic}: {error}", file=sys.stderr)
        except Exception:
            # What was measured before, and what comes after, is worth minutes.
            broken.append(topic)
            print_exc()
    print(_shown(rows, options, peer.name if peer else None, load))
    if broken:
        print(f"Not measured: {', '.join(broken)}. The reasons are above.", file=sys.stderr)
    return 1 if broken else 0


def _parse(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks", description="Measure what things cost and hold it against the budgets."
    )
    parser.add_argument("--only", action="append", choices=TOPICS, metavar="NAME", help=f"one of {', '.join(TOPICS)}")
    parser.add_argument("--runs", type=_positive, default=5, metavar="N", help="how often to measure; default 5")
    parser.add_argument("--peer", metavar="PYTHON", help="an interpreter with Dagster 0.11 to 0.15, to measure as well")
    shown = parser.add_mutually_exclusive_group()
    shown.add_argument("--json", action="store_true", help="print one JSON document, with the values of every run")
    shown.add_argument("--markdown", action="store_true", help="print a page of Markdown, as RESULTS.md is")
    return parser.parse_args(arguments)


def _positive(text: str) -> int:
    value = int(text)
    if value < 1:
        raise argparse.ArgumentTypeError("at least 1")
    return value


def _measure(topic: str, runs: int, peer: Peer | None) -> Iterator[Row]:
    """The rows of a topic, each in a folder of its own so that no topic finds files of another."""
    print(f"Measuring {topic} ...", end="", file=sys.stderr, flush=True)
    start = time.monotonic()
    with TemporaryDirectory(prefix="usercode-benchmark-") as folder:
        bench = Workbench(Path(folder), runs, peer)
        yield from import_module(f"benchmarks.topics.{topic}").measure(bench)
    print(f" {time.monotonic() - start:.0f} s", file=sys.stderr)


def _shown(rows: Sequence[Row], options: argparse.Namespace, peer_name: str | None, load: str) -> str:
    if options.json:
        document = {
            "machine": describe_machine(),
            "load_before": load,
            "runs": options.runs,
            "rows": as_document(rows, peer_name),
        }
        return json.dumps(document, indent=2, ensure_ascii=False)
    facts = f"{describe_machine()}; {load}. Median of {options.runs} runs (least to most)."
    if options.markdown:
        return f"{_MARKDOWN_HEAD}\n{facts}\n\n{as_markdown(rows, peer_name)}"
    return f"\n{as_text(rows, peer_name)}\n\n{facts}"


_MARKDOWN_HEAD = """# Results

Written by `python -m benchmarks --markdown`; [README.md](README.md) says what is measured how. Absolute figures
hold for one machine, ratios travel.
"""

if __name__ == "__main__":
    sys.exit(main())
