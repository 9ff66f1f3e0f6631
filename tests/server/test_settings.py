"""``usercode.yaml`` is read with defaults, and refused with its path and entry when it is wrong."""

from __future__ import annotations

from pathlib import Path

import pytest

from usercode_server.settings import LauncherSettings, Settings, SettingsError, home_folder, load_settings


def write(home: Path, text: str) -> str:
    (home / "usercode.yaml").write_text(text)
    return str(home)


def test_without_a_file_there_are_defaults(tmp_path: Path) -> None:
    assert load_settings(str(tmp_path)) == Settings(
        str(tmp_path),
        f"{tmp_path}/storage",
        f"{tmp_path}/compute_logs",
        LauncherSettings("usercode_server.launchers.local", "LocalRunLauncher", {}),
    )


@pytest.mark.parametrize("text", ["", "# nothing\n", "storage:\n", "storage: {sqlite: {}}\n"])
def test_what_is_left_out_is_the_default(tmp_path: Path, text: str) -> None:
    assert load_settings(write(tmp_path, text)).storage_folder == f"{tmp_path}/storage"


def test_everything_can_be_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LOGS", "/var/log/usercode")
    text = """
        storage: {sqlite: {base_dir: data}}
        compute_logs: {local: {base_dir: {env: LOGS}}}
        run_launcher: {module: my.launchers, class: Mine, config: {queue: q}}
    """
    assert load_settings(write(tmp_path, text)) == Settings(
        str(tmp_path),
        f"{tmp_path}/data",
        "/var/log/usercode",
        LauncherSettings("my.launchers", "Mine", {"queue": "q"}),
    )


def test_the_config_of_a_launcher_takes_strings_from_the_environment(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TOKEN", "secret")
    config = "{token: {env: TOKEN}, deep: {list: [1, {env: TOKEN}]}, env: {a: b}, container: {env: [{name: x}]}}"
    text = f"run_launcher: {{module: m, class: C, config: {config}}}"
    assert load_settings(write(tmp_path, text)).run_launcher.config == {
        "token": "secret",
        "deep": {"list": [1, "secret"]},
        "env": {"a": "b"},
        "container": {"env": [{"name": "x"}]},
    }


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("storag: {}", "storag: there is no such entry. Did you mean 'storage'?"),
        (
            "storage: {sqlite: {base_dirr: x}}",
            "storage.sqlite.base_dirr: there is no such entry. Did you mean 'base_dir'?",
        ),
        ("zzz: 1", "zzz: there is no such entry. There are: storage, compute_logs, run_launcher."),
        ("storage: 3", "storage: expected a mapping, not 3."),
        ("storage: {sqlite: {base_dir: 3}}", "storage.sqlite.base_dir: expected a string, not 3."),
        ("storage: {sqlite: {base_dir: {env: NOT_SET_AT_ALL}}}", "the environment variable NOT_SET_AT_ALL is not set."),
        ("storage: {sqlite: {base_dir: {envv: X}}}", "expected a string or {env: NAME}"),
        (
            "run_launcher: {module: m, class: C, config: {a: [{env: NOT_SET_AT_ALL}]}}",
            "run_launcher.config.a[0]: the environment variable NOT_SET_AT_ALL is not set.",
        ),
        ("run_launcher: {module: m}", "run_launcher: needs both module and class."),
        ("[1, 2]", "expected a mapping at the top"),
        ("a: [", "can't be read"),
        ("[" * 100_000, "can't be read: it is nested too deeply."),
    ],
)
def test_what_is_wrong_is_named(tmp_path: Path, text: str, said: str) -> None:
    with pytest.raises(SettingsError) as caught:
        load_settings(write(tmp_path, text))
    assert str(caught.value).startswith(f"{tmp_path}/usercode.yaml")
    assert said in str(caught.value)


def test_the_home_comes_from_the_argument_the_environment_or_the_user(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("USERCODE_HOME", "~/own")
    assert home_folder("/given") == "/given"
    assert home_folder() == f"{tmp_path}/own"
    monkeypatch.delenv("USERCODE_HOME")
    assert home_folder() == f"{tmp_path}/.usercode"
