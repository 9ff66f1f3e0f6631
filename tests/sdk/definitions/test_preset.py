"""Presets: run configs under a name, from Python and from YAML."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import pytest

from usercode_sdk import (
    DagsterInvalidDefinitionError,
    DagsterInvariantViolationError,
    ModeDefinition,
    PresetDefinition,
    pipeline,
)
from usercode_sdk.definitions.preset import deep_merge

FIRST = "solids: {load: {config: {rows: 1, names: [a, b]}}}\n"
SECOND = "solids: {load: {config: {names: [c]}}, save: {config: out.csv}}\nloggers: {console: {}}\n"
MERGED = {
    "solids": {"load": {"config": {"rows": 1, "names": ["c"]}}, "save": {"config": "out.csv"}},
    "loggers": {"console": {}},
}


def _parts(preset: PresetDefinition) -> tuple[object, ...]:
    return preset.name, preset.run_config, preset.solid_selection, preset.mode, preset.tags


def test_a_preset_of_a_name_is_for_the_default_mode() -> None:
    assert _parts(PresetDefinition("plain")) == ("plain", {}, None, "default", {})
    assert repr(PresetDefinition("plain")) == "PresetDefinition('plain')"


def test_a_preset_keeps_what_it_is_given_and_makes_its_tags_text() -> None:
    preset = PresetDefinition("nightly", {"solids": {}}, ["load", "save"], "prod", {"team": "data", "retries": 3})
    assert _parts(preset) == (
        "nightly",
        {"solids": {}},
        ["load", "save"],
        "prod",
        {"team": "data", "retries": "3"},
    )


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"name": "my preset"}, "'my preset' is not a valid preset name. Use letters, digits and underscores only."),
        ({"run_config": "solids: {}"}, "Preset 'p': run_config is a dict, not 'solids: {}'."),
        ({"run_config": ["solids"]}, "Preset 'p': run_config is a dict, not ['solids']."),
        (
            {"tags": {3: "x"}},
            "The tags of preset 'p' have the key 3 of type int. Write it as a str.",
        ),
    ],
)
def test_what_is_wrong_is_refused(arguments: dict[str, Any], message: str) -> None:
    with pytest.raises(DagsterInvalidDefinitionError) as refused:
        PresetDefinition(**{"name": "p", **arguments})
    assert str(refused.value) == message


def test_additional_config_is_merged_over_and_the_preset_stays_as_it_was() -> None:
    preset = PresetDefinition("p", {"solids": {"load": {"config": {"rows": 1}}}}, ["*"], "prod", {"a": "b"})
    more = preset.with_additional_config({"solids": {"load": {"config": {"names": []}}}, "loggers": {}})
    assert _parts(more) == (
        "p",
        {"solids": {"load": {"config": {"rows": 1, "names": []}}}, "loggers": {}},
        ["*"],
        "prod",
        {"a": "b"},
    )
    assert preset.run_config == {"solids": {"load": {"config": {"rows": 1}}}}
    assert preset.with_additional_config(None) is preset


def test_only_dicts_are_merged() -> None:
    under = {"a": {"x": 1, "y": [1]}, "b": {"x": 1}, "c": 1, "d": 0}
    over = {"a": {"y": [2]}, "b": 2, "c": {"x": 3}}
    assert deep_merge(under, over) == {"a": {"x": 1, "y": [2]}, "b": 2, "c": {"x": 3}, "d": 0}
    assert (under["a"], over["c"]) == ({"x": 1, "y": [1]}, {"x": 3})


def test_from_yaml_strings_merges_later_texts_over_earlier_ones() -> None:
    preset = PresetDefinition.from_yaml_strings("p", [FIRST, SECOND], ["load"], "dev", {"k": 1})
    assert _parts(preset) == ("p", MERGED, ["load"], "dev", {"k": "1"})
    assert PresetDefinition.from_yaml_strings("p").run_config == {}


@pytest.mark.parametrize(
    ("texts", "message"),
    [
        ([FIRST, "- a\n- b\n"], "YAML text 2 holds a list at its top. A run config is a mapping."),
        (["just words"], "YAML text 1 holds a str at its top. A run config is a mapping."),
    ],
)
def test_a_yaml_text_must_hold_a_mapping(texts: list[str], message: str) -> None:
    with pytest.raises(DagsterInvariantViolationError) as refused:
        PresetDefinition.from_yaml_strings("p", texts)
    assert str(refused.value) == message


def test_one_text_where_a_list_belongs_is_refused() -> None:
    with pytest.raises(DagsterInvalidDefinitionError) as refused:
        PresetDefinition.from_yaml_strings("p", FIRST)
    assert str(refused.value) == "Preset 'p': yaml_strings is one string. Put it into a list."
    with pytest.raises(DagsterInvalidDefinitionError) as refused:
        PresetDefinition.from_files("p", "base.yaml")
    assert str(refused.value) == "Preset 'p': config_files is one string. Put it into a list."


def test_from_files_merges_the_files_that_the_patterns_match(tmp_path: Path) -> None:
    (tmp_path / "2.yaml").write_text(SECOND)
    (tmp_path / "1.yaml").write_text(FIRST)
    preset = PresetDefinition.from_files("p", [str(tmp_path / "*.yaml")], ["load"], "dev", {"k": "v"})
    assert _parts(preset) == ("p", MERGED, ["load"], "dev", {"k": "v"})
    one_first = PresetDefinition.from_files("p", [str(tmp_path / "2.yaml"), str(tmp_path / "*.yaml")])
    assert one_first.run_config["solids"] == {
        "load": {"config": {"names": ["a", "b"], "rows": 1}},
        "save": {"config": "out.csv"},
    }
    assert PresetDefinition.from_files("p").run_config == {}


def test_a_pattern_that_matches_nothing_is_refused(tmp_path: Path) -> None:
    pattern = str(tmp_path / "missing-*.yaml")
    with pytest.raises(DagsterInvalidDefinitionError) as refused:
        PresetDefinition.from_files("p", [pattern])
    assert str(refused.value) == (
        f"The config file or pattern {pattern!r} matches no file. Paths are relative to the working directory; "
        "file_relative_path(__file__, ...) makes one relative to the module."
    )


def test_from_pkg_resources_reads_files_of_packages(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    package = tmp_path / "pkg_of_presets"
    package.mkdir()
    (package / "__init__.py").write_text("")
    (package / "one.yaml").write_text(FIRST)
    (package / "two.yaml").write_text(SECOND)
    monkeypatch.syspath_prepend(str(tmp_path))
    files = [("pkg_of_presets", "one.yaml"), ("pkg_of_presets", "two.yaml")]
    try:
        preset = PresetDefinition.from_pkg_resources("p", files, ["load"], "dev", {"k": "v"})
        with pytest.raises(DagsterInvariantViolationError, match=r"^Can't read 'no\.yaml' of package 'pkg_of_presets'"):
            PresetDefinition.from_pkg_resources("p", [("pkg_of_presets", "no.yaml")])
    finally:
        sys.modules.pop("pkg_of_presets", None)
    assert _parts(preset) == ("p", MERGED, ["load"], "dev", {"k": "v"})
    with pytest.raises(DagsterInvariantViolationError) as refused:
        PresetDefinition.from_pkg_resources("p", [("no_such_package", "a.yaml")])
    assert str(refused.value) == (
        "Can't read 'a.yaml' of package 'no_such_package': No module named 'no_such_package'."
    )


def test_the_run_config_is_given_as_yaml() -> None:
    preset = PresetDefinition("p", {"solids": {"b": {"config": 1}, "a": {"inputs": {"x": None}}}})
    text = "solids:\n  b:\n    config: 1\n  a:\n    inputs:\n      x: null\n"
    assert preset.get_environment_yaml() == text
    assert PresetDefinition.from_yaml_strings("p", [text]).run_config == preset.run_config


def test_a_pipeline_has_the_modes_of_its_presets() -> None:
    modes = [ModeDefinition("dev"), ModeDefinition("prod")]

    @pipeline(
        mode_defs=modes, preset_defs=[PresetDefinition("small", mode="dev"), PresetDefinition("all", mode="prod")]
    )
    def p() -> None: ...

    assert p.get_preset("all").mode == "prod"
    assert (p.has_preset("small"), p.has_preset("smal")) == (True, False)
    with pytest.raises(DagsterInvariantViolationError) as unknown:
        p.get_preset("smal")
    assert str(unknown.value) == "Pipeline 'p' has no preset 'smal'. Did you mean 'small'?"
    with pytest.raises(DagsterInvalidDefinitionError) as refused:
        pipeline("p", mode_defs=modes, preset_defs=[PresetDefinition("small")])(lambda: None)
    assert str(refused.value) == (
        "Pipeline 'p': preset 'small' is for mode 'default', which the pipeline does not have. "
        "There are: 'dev', 'prod'."
    )


def test_a_preset_that_a_pipeline_without_presets_does_not_have() -> None:
    @pipeline
    def p() -> None: ...

    with pytest.raises(DagsterInvariantViolationError) as unknown:
        p.get_preset("small")
    assert str(unknown.value) == "Pipeline 'p' has no preset 'small'. There are none."
