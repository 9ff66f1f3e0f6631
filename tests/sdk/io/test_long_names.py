"""Outputs are stored under names that file systems take, however long the names of steps are."""

from __future__ import annotations

from pathlib import Path

from usercode_sdk import ModeDefinition, execute_pipeline, fs_io_manager, pipeline, solid


@solid
def give(_: object) -> int:
    return 1


@solid
def read(_: object, x: int) -> None:
    assert x == 1


def folders_of(names: list[str], base_dir: Path) -> list[str]:
    """The folders of the outputs of solids of these names, once other solids have read them."""

    @pipeline(mode_defs=[ModeDefinition(resource_defs={"io_manager": fs_io_manager})])
    def p() -> None:
        for name in names:
            read(give.alias(name)())

    result = execute_pipeline(p, {"resources": {"io_manager": {"config": {"base_dir": str(base_dir)}}}})
    assert result.success
    (run_folder,) = base_dir.iterdir()
    return sorted(path.name for path in run_folder.iterdir() if not path.name.startswith("read"))


def test_a_step_has_a_folder_of_its_name(tmp_path: Path) -> None:
    assert folders_of(["short"], tmp_path) == ["short"]


def test_names_longer_than_file_systems_take_are_told_apart(tmp_path: Path) -> None:
    first, second = folders_of(["n" * 300 + "1", "n" * 300 + "2"], tmp_path)
    assert first != second
    assert max(len(first), len(second)) < 200
