"""``usercode instance ...``."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.server.commands import Usercode


def document(usercode: Usercode, *arguments: str) -> Any:
    return json.loads(usercode.run("instance", *arguments, "--json").stdout)


def test_info_says_where_everything_is(usercode: Usercode) -> None:
    usercode.create_run("p")
    usercode.run("run", "cancel", "run-1")
    usercode.create_run("p")
    info = document(usercode, "info")
    assert info.pop("storage_bytes") > 0
    assert info == {
        "home": str(usercode.home),
        "settings": "no usercode.yaml: the defaults",
        "storage": str(usercode.home / "storage" / "runs.db"),
        "schema_version": 1,
        "compute_logs": str(usercode.home / "compute_logs"),
        "run_launcher": "usercode_server.launchers.local.LocalRunLauncher",
        "events": 1,
        "runs_by_status": {"CANCELED": 1, "NOT_STARTED": 1},
    }
    text = usercode.run("instance", "info").stdout
    assert "runs                1 CANCELED, 1 NOT_STARTED\n" in text


def test_the_home_is_private(usercode: Usercode) -> None:
    usercode.run("instance", "info")
    assert usercode.home.stat().st_mode & 0o777 == 0o700


def test_migrate_says_what_it_did(usercode: Usercode) -> None:
    assert usercode.run("instance", "migrate").stdout == "Brought the tables to version 1: runs_and_events.\n"
    assert usercode.run("instance", "migrate").stdout == "The tables are up to date, at version 1.\n"
    assert document(usercode, "migrate") == {"schema_version": 1, "changes": []}


def test_prune_removes_finished_runs_only(usercode: Usercode) -> None:
    for _ in range(3):
        usercode.create_run("p")
    for run_id in ("run-1", "run-2"):
        usercode.run("run", "cancel", run_id)
    (usercode.home / "outputs" / "run-1").mkdir(parents=True)
    assert document(usercode, "prune", "--older-than", "1") == {"runs": [], "removed": True}
    expected = {"runs": ["run-2", "run-1"], "removed": False}
    assert document(usercode, "prune", "--older-than", "0", "--dry-run") == expected
    assert usercode.run("instance", "prune", "--older-than", "0").stdout.endswith("Removed 2 runs.\n")
    assert [run["run_id"] for run in json.loads(usercode.run("run", "list", "--json").stdout)] == ["run-3"]
    assert not (usercode.home / "outputs" / "run-1").exists()


@pytest.mark.parametrize("arguments", [["prune"], ["prune", "--older-than", "-1"], ["prune", "--older-than", "x"]])
def test_prune_needs_an_age(usercode: Usercode, arguments: list[str]) -> None:
    usercode.run("instance", *arguments, check=2)
