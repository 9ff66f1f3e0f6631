# ruff: noqa: UP006, UP035, UP045  # authors write both spellings
"""Values of inputs made from run config."""

from __future__ import annotations

import json
import pickle
from pathlib import Path
from typing import Any, Dict, List, Optional, Set, Tuple

import pytest

from usercode_sdk import DagsterType, InputDefinition, Nothing, Permissive, execute_solid, solid
from usercode_sdk.config import validate_config
from usercode_sdk.types import DagsterTypeLoader, resolve_dagster_type


def _loaded(annotation: object, config: object) -> object:
    """The value for an input of this type, by way of a run."""

    @solid(input_defs=[InputDefinition("x", annotation)])
    def give(x: Any) -> Any:
        return x

    return execute_solid(give, run_config={"solids": {"give": {"inputs": {"x": config}}}}).output_value()


@pytest.mark.parametrize(
    ("annotation", "config", "value"),
    [
        (int, 3, 3),
        (int, {"value": 3}, 3),
        (float, 1.5, 1.5),
        (float, {"value": 2}, 2.0),
        (float, 2, 2.0),
        (bool, True, True),
        (str, "x", "x"),
        (str, {"value": "x"}, "x"),
        (Any, {"value": {"a": [1]}}, {"a": [1]}),
        (List[int], [1, {"value": 2}], [1, 2]),
        (List[List[str]], [["a"], []], [["a"], []]),
        (list, [{"value": 1}], [1]),
        (Optional[int], None, None),
        (Optional[int], 3, 3),
        (Optional[List[int]], [1], [1]),
        (Dict[str, int], {"a": 1}, {"a": 1}),
        (dict, {"a": {"b": []}}, {"a": {"b": []}}),
        (Set[int], [1, 2, 1], {1, 2}),
        (Tuple[int, str], [1, "x"], (1, "x")),
        (tuple[int, ...], [1, 2], (1, 2)),
    ],
)
def test_a_config_becomes_a_value(annotation: object, config: object, value: object) -> None:
    loaded = _loaded(annotation, config)
    assert (loaded, type(loaded)) == (value, type(value))


def test_scalars_are_read_from_files(tmp_path: Path) -> None:
    (tmp_path / "a.json").write_text(json.dumps({"value": 3}))
    (tmp_path / "a.pickle").write_bytes(pickle.dumps({"a": 3}))
    assert _loaded(int, {"json": {"path": str(tmp_path / "a.json")}}) == 3
    assert _loaded(float, {"json": {"path": str(tmp_path / "a.json")}}) == 3.0
    assert _loaded(Any, {"pickle": {"path": str(tmp_path / "a.pickle")}}) == {"a": 3}


@pytest.mark.parametrize("annotation", [Nothing, Path, List[Path], Optional[Path], Set[Path], int | str])
def test_other_types_have_no_loader(annotation: object) -> None:
    assert resolve_dagster_type(annotation).loader is None


@pytest.mark.parametrize(
    ("annotation", "config", "path"),
    [
        (int, "3", "root"),
        (str, {"valu": "x"}, "root"),
        (List[int], [1, "x"], "root:[1]"),
        (Any, 3, "root"),
    ],
)
def test_a_config_that_does_not_fit_is_refused(annotation: object, config: object, path: str) -> None:
    loader = resolve_dagster_type(annotation).loader
    assert loader is not None
    assert [fault.path_text for fault in validate_config(loader.config_field, config).faults] == [path]


def test_a_loader_of_the_authors_own() -> None:
    loader = DagsterTypeLoader(Permissive({"rows": int}), lambda _context, config: Table(config))
    table = DagsterType(lambda _context, value: isinstance(value, Table), name="Table", loader=loader)
    value = _loaded(table, {"rows": 2, "more": "x"})
    assert isinstance(value, Table)
    assert value.config == {"rows": 2, "more": "x"}
    assert loader.construct_from_config_value(None, {"rows": 1}).config == {"rows": 1}  # type: ignore[attr-defined]  # a Table


class Table:
    def __init__(self, config: object) -> None:
        self.config = config
