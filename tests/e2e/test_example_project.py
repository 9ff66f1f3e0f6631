"""The example's pipelines, run in process on a small source tree made by the test, and on the real one."""

from __future__ import annotations

import json
import sys
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from types import ModuleType
from xml.etree import ElementTree

import pytest

from usercode_sdk import DagsterResourceFunctionError, PipelineExecutionResult, execute_pipeline
from usercode_sdk.events import AssetMaterializationData, ExpectationResultData
from usercode_sdk.metadata import PathMetadataEntryData

FOLDER = Path(__file__).parents[2] / "examples/example_project/example_repo"

# Names, sources and figures of the tree. The figures are counted by hand.
TREE = {
    "harbor.py": '''\
"""A harbor."""

import os
import jetty.crane

# Ships come and go.
def unload(ship):
    for crate in ship:
        if crate and crate.heavy:
            yield crate
''',
    "jetty/__init__.py": "",
    "jetty/crane.py": "from harbor import unload\n\nclass Crane:\n    pass\n",
    "jetty/tests/test_crane.py": "x = 1\n",
    "zebra.py": "import harbor\n",
}
MODULES_CSV = """\
module,package,lines,code,comments,docs,blank,functions,classes,branches,imports
harbor,harbor,10,6,1,1,2,1,0,3,jetty os
jetty,jetty,0,0,0,0,0,0,0,0,
jetty.crane,jetty,4,3,0,0,1,0,1,0,harbor
"""
PACKAGES_CSV = """\
package,modules,lines,code,comments,docs,blank,functions,classes,branches
harbor,1,10,6,1,1,2,1,0,3
jetty,2,4,3,0,0,1,0,1,0
"""
IMPORTS_CSV = "package,imports,modules\nharbor,jetty,1\njetty,harbor,1\n"
FUNCTIONS_CSV = "module,function,line,lines,branches\nharbor,unload,7,4,3\n"
REPORT = {"functions.csv", "imports.csv", "largest_packages.svg", "modules.csv", "packages.csv"}


@pytest.fixture
def repo(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> ModuleType:
    """The example's repo.py, loaded as from the command line; the current folder is an empty one."""
    monkeypatch.syspath_prepend(str(FOLDER))
    monkeypatch.chdir(tmp_path)
    spec = spec_from_file_location("example_repo_of_this_test", FOLDER / "repo.py")
    assert spec is not None and spec.loader is not None
    module = module_from_spec(spec)
    monkeypatch.setitem(sys.modules, spec.name, module)
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """The folder with the files of TREE."""
    root = tmp_path / "tree"
    for name, text in TREE.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return root


def run_sample(repo: ModuleType, tree: Path, mode: str = "default") -> PipelineExecutionResult:
    """Run the census as the preset `sample` has it, but over ``tree``."""
    preset = repo.census.get_preset("sample").with_additional_config(
        {"resources": {"source": {"config": {"root": str(tree)}}}}
    )
    return execute_pipeline(repo.census, mode=mode, run_config=preset.run_config)


def skipped(result: PipelineExecutionResult) -> set[str | None]:
    return {event.step_key for event in result.event_list if event.event_type_value == "STEP_SKIPPED"}


def succeeded(result: PipelineExecutionResult) -> set[str | None]:
    return {event.step_key for event in result.event_list if event.event_type_value == "STEP_SUCCESS"}


def report(folder: Path) -> dict[str, str]:
    return {path.name: path.read_text() for path in folder.iterdir() if path.is_file()}


@pytest.mark.parametrize("mode", ["default", "in_memory"])
def test_the_sample_writes_the_tables_counted_by_hand(repo: ModuleType, tree: Path, mode: str) -> None:
    assert run_sample(repo, tree, mode).success

    files = report(Path("census_sample"))
    assert files.keys() == REPORT
    assert files["modules.csv"] == MODULES_CSV
    assert files["packages.csv"] == PACKAGES_CSV
    assert files["imports.csv"] == IMPORTS_CSV
    assert files["functions.csv"] == FUNCTIONS_CSV


def test_the_chart_shows_the_packages_in_order(repo: ModuleType, tree: Path) -> None:
    run_sample(repo, tree)

    drawing = ElementTree.parse("census_sample/largest_packages.svg").getroot()
    texts = [mark.text for mark in drawing.iter("{http://www.w3.org/2000/svg}text")]
    assert texts[:2] == [
        "Largest packages by lines of code",
        "9 lines of code in 3 modules of 2 packages, without comments, docstrings and blank lines",
    ]
    assert texts[-5:] == ["harbor", "6", "jetty", "3", "lines of code"]


def test_groups_without_modules_and_the_fault_report_are_skipped(repo: ModuleType, tree: Path) -> None:
    result = run_sample(repo, tree)

    idle = {f"count_{group}" for group in repo.LETTER_GROUPS} - {"count_f_to_h", "count_i_to_l"}
    assert skipped(result) == idle | {"report_faults"}
    assert succeeded(result) == {
        "find_modules",
        "count_f_to_h",
        "count_i_to_l",
        "merge_counts",
        "sum_by_package",
        "count_imports_between",
        "write_tables",
        "draw_chart",
    }


def test_a_file_that_is_not_python_is_reported_and_the_others_are_counted(repo: ModuleType, tree: Path) -> None:
    (tree / "husk.py").write_text("x = 1\nprint 'hello'\n")

    result = run_sample(repo, tree)

    assert result.success
    assert "report_faults" in succeeded(result)
    checks = {
        event.data.label: event.data.success
        for event in result.event_list
        if isinstance(event.data, ExpectationResultData)
    }
    assert checks == {"each_module_is_counted_once": True, "every_file_is_python": False}
    (fault,) = result.output_for_solid("merge_counts", "faults")
    assert (fault["module"], fault["line"]) == ("husk", 2)
    assert report(Path("census_sample"))["modules.csv"] == MODULES_CSV


def test_the_files_written_are_recorded_as_materializations(repo: ModuleType, tree: Path) -> None:
    result = run_sample(repo, tree)

    recorded = {
        entry.entry_data.path
        for event in result.event_list
        if isinstance(event.data, AssetMaterializationData)
        for entry in event.data.metadata_entries
        if isinstance(entry.entry_data, PathMetadataEntryData)
    }
    assert recorded == {str(Path("census_sample", name).absolute()) for name in REPORT}


def test_steps_hand_on_json_files_that_any_process_can_read(repo: ModuleType, tree: Path) -> None:
    result = run_sample(repo, tree)

    folder = Path("census_sample/steps", result.run_id)
    assert json.loads((folder / "find_modules.i_to_l.json").read_text()) == ["jetty", "jetty.crane"]
    assert not (folder / "find_modules.e.json").exists()


def test_two_runs_over_the_same_source_write_the_same_bytes(repo: ModuleType, tree: Path) -> None:
    run_sample(repo, tree)
    first = report(Path("census_sample"))
    run_sample(repo, tree)
    assert report(Path("census_sample")) == first


def test_every_module_is_in_one_letter_group_whatever_its_name(repo: ModuleType, tree: Path) -> None:
    for name in ["_abc.py", "Éclair.py", "_.py"]:
        (tree / name).write_text("")
    config = {
        "resources": {
            "source": {"config": {"root": str(tree)}},
            "report_folder": {"config": {"path": "all"}},
        }
    }
    result = execute_pipeline(repo.census, mode="in_memory", run_config=config)

    rows = result.output_for_solid("merge_counts", "modules")
    assert {row["module"] for row in rows} == {
        "_",
        "_abc",
        "harbor",
        "jetty",
        "jetty.crane",
        "zebra",
        "Éclair",
    }


def test_a_source_folder_that_does_not_exist_fails_the_run(repo: ModuleType, tmp_path: Path) -> None:
    with pytest.raises(DagsterResourceFunctionError) as caught:
        run_sample(repo, tmp_path / "nowhere")
    message = f"There is no folder {str(tmp_path / 'nowhere')!r} to read source from."
    assert str(caught.value.__cause__) == message
    assert not Path("census_sample").exists()


def test_the_sample_of_the_real_standard_library_succeeds(repo: ModuleType) -> None:
    assert execute_pipeline(repo.census, preset="sample").success

    packages = [line.split(",")[0] for line in report(Path("census_sample"))["packages.csv"].splitlines()]
    assert {"json", "http", "html", "hashlib"} <= set(packages)


def test_the_first_look_counts_names(repo: ModuleType) -> None:
    result = execute_pipeline(repo.first_look, run_config={"solids": {"show_names": {"config": {"letter": "j"}}}})
    assert result.output_for_solid("show_names") == len([n for n in sys.stdlib_module_names if n[0] == "j"])
