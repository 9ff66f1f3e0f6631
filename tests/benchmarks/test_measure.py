"""Measuring processes: that what they take is found, in whichever process they take it."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from benchmarks.measure import BenchmarkError, process_tree, resident_mb, run_program, tree_cpu_ms, tree_proportional_mb

BURN = "import time\nwhile time.process_time() < 0.2: pass\n"
BURN_IN_A_CHILD = f"import subprocess, sys; subprocess.run([sys.executable, '-c', {BURN!r}])"


@pytest.mark.parametrize("program", [BURN, BURN_IN_A_CHILD])
def test_the_cpu_of_a_program_and_of_its_children_is_counted(tmp_path: Path, program: str) -> None:
    usage = run_program([sys.executable, "-c", program], dict(os.environ), tmp_path)
    assert usage.cpu_ms >= 200


def test_the_memory_of_a_program_is_its_own_and_not_that_of_its_launcher(tmp_path: Path) -> None:
    ballast = b"x" * 200_000_000
    small, large = (
        run_program([sys.executable, "-c", text], dict(os.environ), tmp_path).peak_mb
        for text in ("pass", "x = b'x' * 50_000_000")
    )
    assert len(ballast) == 200_000_000
    assert small < 40
    assert 45 < large - small < 55


def test_a_program_that_fails_is_told_with_its_output(tmp_path: Path) -> None:
    with pytest.raises(BenchmarkError, match="No such luck"):
        run_program([sys.executable, "-c", "import sys; sys.exit('No such luck')"], dict(os.environ), tmp_path)


def test_living_processes_are_measured_with_their_descendants() -> None:
    child = f"{BURN}print('done', flush=True)\ninput()"
    parent = f"import subprocess, sys\nprocess = subprocess.Popen([sys.executable, '-c', {child!r}])\nprocess.wait()\n"
    with subprocess.Popen(
        [sys.executable, "-c", parent], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "done\n"
        tree = process_tree(process.pid)
        assert len(tree) == 2
        assert tree_cpu_ms(process.pid) >= 200
        assert 0 < resident_mb(process.pid) < 100
        assert 0 < tree_proportional_mb(process.pid) < 200
        process.communicate("\n")
