"""``usercode code`` on code that is loaded for it, and on a running server."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.server.code_server.servers import REPO, RunningServer, write
from tests.server.commands import Usercode

BROKEN_PIPELINE = """
    from usercode_sdk import repository

    def make_bad():
        raise ValueError("not today")

    @repository
    def mixed():
        return {"pipelines": {"bad": make_bad}}
"""


@pytest.fixture(params=["file", "server"])
def source(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[tuple[str, ...]]:
    """The options that say where the code is, in both ways."""
    write(tmp_path, REPO)
    if request.param == "file":
        yield ("-f", "repo.py")
    else:
        server = RunningServer(tmp_path, "-f", "repo.py", "-p", "0")
        yield ("--grpc", server.address)
        server.close()


def test_list(source: tuple[str, ...], usercode: Usercode) -> None:
    assert usercode.run("code", "list", *source).stdout == (
        "numbers  (2 pipelines)\n  PIPELINE  SOLIDS  DESCRIPTION\n  adding    2       Adds one.\n  other     2\n"
    )


def test_a_proxy_for_web_traffic_is_not_asked(
    source: tuple[str, ...], usercode: Usercode, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("no_proxy", raising=False)
    for name in ("grpc_proxy", "http_proxy", "https_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    assert usercode.run("code", "list", *source).stdout.startswith("numbers  (2 pipelines)\n")


def test_list_as_json(source: tuple[str, ...], usercode: Usercode) -> None:
    document = json.loads(usercode.run("code", "list", "--json", *source).stdout)
    assert document.pop("code_version")
    adding = {
        "name": "adding",
        "description": "Adds one.",
        "solid_count": 2,
        "modes": ["default"],
        "presets": ["default"],
        "tags": {},
        "error": None,
    }
    other = {**adding, "name": "other", "description": "", "presets": []}
    assert document == {
        "repositories": [{"name": "numbers", "description": "", "pipelines": [adding, other]}],
        "load_error": None,
    }


def test_show(source: tuple[str, ...], usercode: Usercode) -> None:
    assert usercode.run("code", "show", "adding", *source).stdout.splitlines() == [
        "adding  (2 solids)",
        "  Adds one.",
        "",
        "● first",
        "│",
        "● second   number ← first",
        "",
        "Solids",
        "  first() -> Int",
        "      The beginning.",
        "      config: {start: Int, name?: String = 'x'}",
        "      tag team: data",
        "  second(number: Int) -> Int",
        "",
        "Modes",
        "  default",
        "      executors: in_process, multiprocess",
        "",
        "Presets",
        "  default  mode default",
    ]


def test_show_as_json(source: tuple[str, ...], usercode: Usercode) -> None:
    document = json.loads(usercode.run("code", "show", "adding", "--json", *source).stdout)
    assert document["name"] == "adding"
    assert document["solids"][1]["inputs"] == [
        {
            "name": "number",
            "sources": [{"solid_name": "first", "output_name": "result"}],
            "is_fan_in": False,
        }
    ]
    assert document["solid_definitions"][0]["outputs"][0]["name"] == "result"
    assert document["presets"][0]["run_config"] == {"solids": {"first": {"config": {"start": 3}}}}
    assert document["config_types"][0]["kind"] == "SHAPE"


def test_plan(source: tuple[str, ...], usercode: Usercode) -> None:
    assert usercode.run("code", "plan", "adding", "--preset", "default", *source).stdout == (
        "#  STEP    INPUTS\n1  first\n2  second  number ← first\n"
    )


def test_plan_of_some_steps_with_a_config_file(source: tuple[str, ...], usercode: Usercode) -> None:
    usercode.write("solids: {start: {config: {start: 1}}}\n", "config.yaml")
    done = usercode.run("code", "plan", "other", "--config", "config.yaml", "--steps", "start", "--json", *source)
    assert [step["key"] for step in json.loads(done.stdout)["plan"]["steps"]] == ["start"]


def test_plan_with_a_faulty_config_tells_every_fault(source: tuple[str, ...], usercode: Usercode) -> None:
    usercode.write("solids: {first: {config: {start: many, nmae: x}}}\n", "config.yaml")
    refused = usercode.run("code", "plan", "adding", "--config", "config.yaml", *source, check=1)
    assert refused.stdout == ""
    assert "start" in refused.stderr and "nmae" in refused.stderr
    assert 'Did you mean "name"?' in refused.stderr


def test_a_config_file_goes_over_the_preset(usercode: Usercode) -> None:
    usercode.write(REPO)
    usercode.write("solids: {first: {config: {start: wrong}}}\n", "config.yaml")
    arguments = ("--preset", "default", "--config", "config.yaml", "-f", "repo.py")
    assert "wrong" in usercode.run("code", "plan", "adding", *arguments, check=1).stderr


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (
            ("show", "adding_"),
            "Error: There is no pipeline 'adding_' in the repository 'numbers'. Did you mean 'adding'?\n",
        ),
        (("show", "adding", "-r", "x"), "Error: There is no repository 'x'. There are: 'numbers'.\n"),
        (("plan", "adding", "--preset", "x"), "Error: The pipeline 'adding' has no preset 'x'. It has: 'default'.\n"),
        (
            ("plan", "adding", "--preset", "default", "--mode", "other"),
            "Error: The preset 'default' of pipeline 'adding' is for the mode 'default'; it can't run in mode 'other'. "
            "Leave --mode out.\n",
        ),
        (("plan", "adding", "--config", "x"), "Error: Can't read the config file 'x': No such file or directory.\n"),
    ],
    ids=["pipeline", "repository", "preset", "mode", "config"],
)
def test_a_wrong_name_is_one_clear_line(
    arguments: tuple[str, ...], says: str, source: tuple[str, ...], usercode: Usercode
) -> None:
    refused = usercode.run("code", *arguments, *source, check=1)
    assert refused.stderr == says


def test_errors_of_good_code(source: tuple[str, ...], usercode: Usercode) -> None:
    done = usercode.run("code", "errors", *source)
    assert (done.stdout, done.stderr) == ("", "No errors.\n")


def test_errors_of_broken_code(usercode: Usercode) -> None:
    file = usercode.write("def f():\n    return 1 / 0\n\n\nf()\n")
    done = usercode.run("code", "errors", "-f", "repo.py", check=1)
    # Which parts of a line are marked differs between Pythons.
    without_marks = re.sub(r"^ *[~^]+\n", "", done.stdout, flags=re.MULTILINE)
    assert without_marks == (
        f"The code can't be loaded from {file}: ZeroDivisionError: division by zero\n"
        "\n"
        "Traceback (most recent call last):\n"
        f'  File "{file}", line 5, in <module>\n'
        "    f()\n"
        f'  File "{file}", line 2, in f\n'
        "    return 1 / 0\n"
        "ZeroDivisionError: division by zero\n"
    )


def test_errors_of_a_broken_pipeline_as_json(usercode: Usercode) -> None:
    usercode.write(BROKEN_PIPELINE)
    (found,) = json.loads(usercode.run("code", "errors", "--json", "-f", "repo.py", check=1).stdout)
    assert found["pipeline"] == "mixed.bad"
    assert (found["error"]["error_type"], found["error"]["message"]) == ("ValueError", "not today")


@pytest.mark.parametrize("command", [("list",), ("show", "x"), ("plan", "x")])
def test_broken_code_ends_other_commands_with_1_and_the_reason(command: tuple[str, ...], usercode: Usercode) -> None:
    usercode.write("1 +")
    done = usercode.run("code", *command, "-f", "repo.py", check=1)
    assert done.stdout == ""
    assert "SyntaxError: invalid syntax" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_broken_pipeline_is_shown_with_its_reason(usercode: Usercode) -> None:
    usercode.write(BROKEN_PIPELINE)
    assert "not today" in usercode.run("code", "list", "-f", "repo.py").stdout
    assert "not today" in usercode.run("code", "show", "bad", "-f", "repo.py", check=1).stdout


def test_a_server_that_is_not_there_is_one_clear_line(usercode: Usercode) -> None:
    refused = usercode.run("code", "list", "--grpc", "127.0.0.1:1", check=1)
    assert refused.stderr == (
        "Error: The code server at 127.0.0.1:1 can't be reached. Is `usercode api grpc` running there?\n"
    )


def test_a_file_that_is_not_there_is_told_once(usercode: Usercode) -> None:
    path = str(usercode.folder / "gone.py")
    said = f"The code can't be loaded from {path}: FileNotFoundError: The file {path!r} does not exist. "
    said += "Check -f/--python-file.\n"
    assert usercode.run("code", "list", "-f", "gone.py", check=1).stderr == f"The latest code is broken: {said}"
    assert usercode.run("code", "errors", "-f", "gone.py", check=1).stdout == said
