from __future__ import annotations

import os
import pickle
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.sdk.observed import failure_of
from usercode_sdk import (
    DagsterInstance,
    DagsterInvariantViolationError,
    ModeDefinition,
    PipelineDefinition,
    execute_pipeline,
    fs_io_manager,
    pipeline,
    solid,
)
from usercode_sdk.events import HandledOutputData
from usercode_sdk.execution.io_contexts import InputContext, OutputContext
from usercode_sdk.io import PickledObjectFilesystemIOManager
from usercode_sdk.io.fs_io_manager import write_pickle
from usercode_sdk.metadata import EventMetadataEntry


@solid
def one(_: object) -> int:
    return 1


@solid
def take(_: object, x: Any) -> Any:
    return x


def _pipeline(body: Callable[[], object]) -> PipelineDefinition:
    modes = [ModeDefinition(resource_defs={"io_manager": fs_io_manager})]
    return pipeline(name="p", mode_defs=modes)(lambda: (body(), None)[1])


def _under(folder: Path) -> dict[str, object]:
    return {"resources": {"io_manager": {"config": {"base_dir": str(folder)}}}}


def test_each_output_is_a_pickle_under_its_run_step_and_name(tmp_path: Path) -> None:
    result = execute_pipeline(_pipeline(lambda: take(one())), _under(tmp_path))
    assert result.output_for_solid("take") == 1
    files = sorted(path.relative_to(tmp_path).as_posix() for path in tmp_path.rglob("*") if path.is_file())
    assert files == [f"{result.run_id}/one/result", f"{result.run_id}/take/result"]
    path = tmp_path / files[0]
    assert pickle.loads(path.read_bytes()) == 1
    handled = [event.data for event in result.event_list if isinstance(event.data, HandledOutputData)]
    assert handled[0] == HandledOutputData("result", "io_manager", (EventMetadataEntry.path(str(path), "path"),))


def test_without_a_folder_the_instances_is_used() -> None:
    with DagsterInstance.ephemeral() as instance:
        result = execute_pipeline(_pipeline(lambda: one()), instance=instance)
        assert os.listdir(instance.storage_directory()) == [result.run_id]


def test_the_storage_section_of_old_run_configs_names_the_folder_too(tmp_path: Path) -> None:
    @pipeline
    def p() -> None:
        take(one())

    storage = {"filesystem": {"config": {"base_dir": str(tmp_path)}}}
    for section in ("storage", "intermediate_storage"):
        result = execute_pipeline(p, {section: storage})
        assert (tmp_path / result.run_id / "one" / "result").exists()
    in_memory = execute_pipeline(p, {"storage": {"in_memory": {}}})
    assert (in_memory.output_for_solid("take"), len(os.listdir(tmp_path))) == (1, 2)


def test_an_output_that_cannot_be_pickled_fails_the_step_and_leaves_no_file(tmp_path: Path) -> None:
    @solid
    def unpicklable(_: object) -> object:
        return threading.Lock()

    result = execute_pipeline(_pipeline(lambda: unpicklable()), _under(tmp_path), raise_on_error=False)
    assert failure_of(result, "unpicklable").error.message == (
        "The output 'result' of step 'unpicklable', a lock, can't be pickled: cannot pickle '_thread.lock' object. "
        "Output plain data, or give the output an IO manager that can store it."
    )
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []


class _Interrupting:
    def __reduce__(self) -> Any:
        raise KeyboardInterrupt


def test_an_output_is_replaced_whole_or_not_at_all(tmp_path: Path) -> None:
    path = tmp_path / "folder" / "result"
    write_pickle(str(path), "old", "output")
    with pytest.raises(KeyboardInterrupt):
        write_pickle(str(path), ["new", _Interrupting()], "output")
    assert os.listdir(path.parent) == ["result"]
    assert pickle.loads(path.read_bytes()) == "old"
    write_pickle(str(path), "new", "output")
    assert pickle.loads(path.read_bytes()) == "new"


def test_an_output_that_is_not_there_is_named_with_its_path(tmp_path: Path) -> None:
    manager = PickledObjectFilesystemIOManager(str(tmp_path))
    upstream = OutputContext("one", "result", "p", "run")
    with pytest.raises(DagsterInvariantViolationError) as caught:
        manager.load_input(InputContext("x", upstream_output=upstream))
    assert str(caught.value) == (
        f"Output 'result' of step 'one' is not stored at {str(tmp_path / 'run' / 'one' / 'result')!r}. "
        "If steps run on several machines, base_dir must be a folder that they share."
    )
