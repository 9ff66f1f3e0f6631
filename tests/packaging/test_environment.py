"""How `make setup` decides what to install."""

from __future__ import annotations

import subprocess
import tomllib
from pathlib import Path

import pytest

from scripts.environment import PYPROJECT, ROOT, STAMP, ensure, floor_constraints, requirements


def test_a_group_has_its_own_requirements_and_those_of_the_groups_in_it() -> None:
    assert list(requirements("dev")) == [*requirements("test"), *requirements("check")]


def test_an_unknown_group_is_refused_with_the_known_ones() -> None:
    with pytest.raises(SystemExit) as refused:
        list(requirements("tests"))

    groups = "check, dev, images, protos, test"
    assert refused.value.code == f"No dependency group 'tests'; pyproject.toml has {groups}."


def test_every_runtime_dependency_has_a_floor_to_test_on() -> None:
    dependencies = tomllib.loads(PYPROJECT.read_text())["project"]["dependencies"]

    assert [line.replace("==", ">=") for line in floor_constraints()] == dependencies


def test_an_environment_is_made_once_and_again_when_it_breaks(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "environment"
    said = [_ensure(path, capsys), _ensure(path, capsys)]
    (path / "bin" / "python").unlink()
    said.append(_ensure(path, capsys))

    assert said == [f"Preparing {path} ()\n", "", f"Preparing {path} ()\n"]
    assert subprocess.run([path / "bin" / "python", "-c", "import pip"]).returncode == 0


def test_that_the_first_time_takes_a_while_is_said_once(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("scripts.environment._install", lambda *_arguments, **_options: None)
    path = tmp_path / "environment"
    ensure(path)
    (path / STAMP).unlink()
    ensure(path)

    preparing = f"Preparing {path} (usercode)\n"
    first = "This is the first time here: it takes about a minute.\n"
    assert capsys.readouterr().err == f"{preparing}{first}{preparing}"


def test_make_finds_a_suitable_python_or_says_what_to_install() -> None:
    find = ROOT / "scripts" / "find-python.sh"
    found = subprocess.run([find], capture_output=True, text=True)
    missing = subprocess.run([find], capture_output=True, text=True, env={"PYTHON": "python2", "PATH": "/bin"})

    assert found.returncode == 0
    assert Path(found.stdout.strip()).is_file()
    assert (missing.returncode, missing.stdout) == (1, "")
    assert missing.stderr.startswith("No Python 3.11 or newer with venv and pip found (looked for: python2).")


def _ensure(path: Path, capsys: pytest.CaptureFixture[str]) -> str:
    assert ensure(path, project=False) == path / "bin" / "python"
    return capsys.readouterr().err
