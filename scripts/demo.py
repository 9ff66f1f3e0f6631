"""Shows what Usercode does, on the example: serves it, lists it, draws it, runs it, and says what came out.

    python -m scripts.demo [--preset sample] [--folder DIR] [--port N]

Each command is shown before it runs, so a reader can do the same by hand. Whatever happens, nothing is left running.
"""

from __future__ import annotations

import argparse
import csv
import os
import re
import sys
from collections.abc import Iterable, Sequence
from itertools import takewhile
from pathlib import Path

from scripts.demo_commands import Commands, DemoError, end_with_signals, free_port, launched_run, shown
from scripts.demo_screen import Screen

ROOT = Path(__file__).resolve().parent.parent
EXAMPLE = ROOT / "examples/example_project/example_repo/repo.py"
PIPELINE = "census"
REPORTS = {"default": "census_report", "sample": "census_sample"}
"""Where each preset of the example writes to."""

# What a first look at a run needs; `usercode run logs` shows all kinds.
_STEP_ENDS = {"STEP_SUCCESS": "green", "STEP_SKIPPED": "yellow", "STEP_FAILURE": "bold red"}
_SHOWN = {
    **_STEP_ENDS,
    "PIPELINE_START": "cyan",
    "PIPELINE_SUCCESS": "bold green",
    "PIPELINE_FAILURE": "bold red",
    "PIPELINE_CANCELED": "bold yellow",
    "STEP_EXPECTATION_RESULT": "cyan",
    "ASSET_MATERIALIZATION": "magenta",
    "STEP_UP_FOR_RETRY": "yellow",
    "WARNING": "yellow",
    "ERROR": "red",
}


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the demo; 0 when all of it worked, 1 when not, 130 when it was interrupted."""
    options = _parse(arguments)
    folder: Path = options.folder.resolve()
    folder.mkdir(parents=True, exist_ok=True)
    end_with_signals()
    screen, commands = Screen(), Commands(folder)
    try:
        _tell(screen, commands, options.preset, options.port)
    except DemoError as error:
        screen.say(f"\nThe demo failed. {error}", "bold red")
        return 1
    except KeyboardInterrupt:
        screen.say("\nInterrupted; ending what is running.", "yellow")
        return 130
    finally:
        _end_all(screen, commands)
    return 0


def _end_all(screen: Screen, commands: Commands) -> None:
    try:
        for run_id in commands.end_all():
            screen.say(f"Canceled run {run_id}.")
    except (DemoError, ValueError) as error:
        screen.say(f"Whether a run is left could not be found out: {error}", "red")


def _parse(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m scripts.demo", description="Show what Usercode does.")
    parser.add_argument("--preset", choices=list(REPORTS), default="default", help="what to run; sample is quick")
    parser.add_argument("--folder", type=Path, default=ROOT / ".demo", help="where to put files; default .demo")
    parser.add_argument("--port", type=int, default=3030, help="where to serve, or the next free one; default 3030")
    return parser.parse_args(arguments)


def _tell(screen: Screen, commands: Commands, preset: str, port: int) -> None:
    screen.say("Usercode runs @solid and @pipeline code in processes of its own.", "bold")
    screen.say("To do the same by hand:")
    screen.command(f"cd {_short(commands.folder)}")
    screen.command(f'export USERCODE_HOME="$PWD/home" PATH="{ROOT / ".venv/bin"}:$PATH"')
    address = _serve(screen, commands, port)
    _list(screen, commands, address)
    count = _draw(screen, commands, address)
    run_id = _run(screen, commands, address, preset, count)
    _show_report(screen, commands, run_id, commands.folder / REPORTS[preset])
    screen.heading("6. Stop the server")
    screen.say("By SIGTERM, as Kubernetes does: it finishes the calls that it is at.")
    commands.stop_server()
    _say_what_next(screen, commands, run_id)


def _serve(screen: Screen, commands: Commands, wanted_port: int) -> str:
    screen.heading("1. Serve the example")
    port = free_port(wanted_port)
    if port != wanted_port:
        screen.say(f"Port {wanted_port} is taken, so it is {port} here.", "yellow")
    file = os.path.relpath(EXAMPLE, commands.folder)
    screen.command(f"{shown(('api', 'grpc', '-f', file, '--port', str(port)))} &")
    commands.start_server(file, port)
    screen.say(
        f"It listens, and imports the code in a second process. Its messages: {_short(commands.folder)}/server.log"
    )
    return f"127.0.0.1:{port}"


def _list(screen: Screen, commands: Commands, address: str) -> None:
    screen.heading("2. See what is in it")
    _shown_lines(screen, _output(screen, commands, "code", "list", "--grpc", address))


def _draw(screen: Screen, commands: Commands, address: str) -> int:
    """Draw the graph; how many solids it has."""
    screen.heading("3. Draw a pipeline")
    lines = iter(_output(screen, commands, "code", "show", PIPELINE, "--grpc", address))
    graph = _shown_lines(screen, takewhile(lambda line: line != "Solids", lines))
    screen.say(f"... and {1 + sum(1 for _ in lines)} lines more on its solids, modes and presets.", "dim")
    found = re.search(r"\((\d+) solids\)", graph[0])
    if found is None:
        raise DemoError(f"The pipeline {PIPELINE!r} has no solids.")
    return int(found[1])


def _run(screen: Screen, commands: Commands, address: str, preset: str, count: int) -> str:
    screen.heading("4. Run it")
    launch = ("run", "launch", PIPELINE, "--preset", preset, "--grpc", address)
    run_id = launched_run(_shown_lines(screen, _output(screen, commands, *launch)))
    _follow(screen, _output(screen, commands, "run", "logs", run_id, "--follow"), count)
    return run_id


def _follow(screen: Screen, lines: Iterable[str], count: int) -> None:
    left_out = 0
    with screen.progress(count) as steps:
        for line in lines:
            kind = line.split(maxsplit=2)[1] if line[:2].isdigit() else ""
            if kind in _SHOWN:
                steps.line(line, _SHOWN[kind], ends_step=kind in _STEP_ENDS)
            else:
                left_out += 1
    screen.say(f"... and {left_out} lines more: inputs, outputs, log messages.", "dim")


def _show_report(screen: Screen, commands: Commands, run_id: str, report: Path) -> None:
    screen.heading("5. See what came out")
    _shown_lines(screen, _output(screen, commands, "run", "show", run_id))
    screen.say("")
    tables, charts = sorted(report.glob("*.csv")), sorted(report.glob("*.svg"))
    if not tables or not charts:
        raise DemoError(f"There are no tables or no chart in {report}.")
    for file in (*tables, *charts):
        screen.line(f"  {_short(file)}  ({file.stat().st_size / 1000:,.1f} kB)", "green")
    screen.say("")
    _shown_lines(screen, _largest_packages(report / "packages.csv"))


def _largest_packages(table: Path, most: int = 5) -> list[str]:
    """The first rows of the table of packages, with bars."""
    with table.open(newline="") as file:
        rows = sorted(csv.DictReader(file), key=lambda row: -int(row["code"]))[:most]
    figures = [(row["package"], int(row["code"])) for row in rows]
    widest = max(len(package) for package, _ in figures)
    scale = max(code for _, code in figures) or 1
    return [
        f"  {package:<{widest}} {code:>8,} lines of code  {'█' * round(40 * code / scale)}" for package, code in figures
    ]


def _say_what_next(screen: Screen, commands: Commands, run_id: str) -> None:
    example = _short(EXAMPLE)
    screen.heading("What to try next")
    screen.say(f"Open the chart. Read {example}: it is written as a tutorial. Make a typo in a tag and list it.")
    screen.command(f'export USERCODE_HOME="{_for_shell(commands.home)}" PATH="{_for_shell(ROOT / ".venv/bin")}:$PATH"')
    screen.command(f"usercode run logs {run_id[:8]}")
    screen.command(f"usercode code plan {PIPELINE} --preset default -f {example}")
    screen.command(f"usercode run launch first_look -f {example} --wait")
    screen.say("\nNothing is left running.", "bold")


def _output(screen: Screen, commands: Commands, *arguments: str) -> Iterable[str]:
    """Show a command and give its output."""
    screen.command(shown(arguments))
    return commands.lines(*arguments)


def _shown_lines(screen: Screen, lines: Iterable[str]) -> list[str]:
    """Show lines as they come, and give them back."""
    shown_lines = []
    for line in lines:
        screen.line(line)
        shown_lines.append(line)
    return shown_lines


def _for_shell(path: Path) -> str:
    """A path for a command line that is to be right from any folder."""
    short = Path(_short(path))
    return str(short) if short.is_absolute() else f"$PWD/{short}"


def _short(path: Path) -> str:
    """A path as seen from the current folder when it is below it."""
    here = Path.cwd()
    return str(path.relative_to(here)) if path.is_relative_to(here) else str(path)


if __name__ == "__main__":
    sys.exit(main())
