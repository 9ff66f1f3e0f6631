"""Generated repositories are what the benchmarks say they are."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from benchmarks.generate import DO_NOTHING, OURS, Size, first_solid, pipeline_name, write_repository
from usercode_sdk import execute_pipeline
from usercode_server.loading import load_repositories
from usercode_server.target import CodeTarget


def test_a_generated_repository_loads_and_runs(tmp_path: Path) -> None:
    file = write_repository(tmp_path, Size(3, 4))

    repositories = load_repositories(CodeTarget(python_file=str(file), working_directory=str(tmp_path)))

    repository = repositories["generated"]
    assert repository.pipeline_names == [pipeline_name(number) for number in range(3)]
    pipeline = repository.get_pipeline(pipeline_name(2))
    assert list(pipeline.nodes) == [f"p0002_s0000{number}" for number in range(4)]
    assert first_solid(2) == "p0002_s00000"
    assert all(solid.definition.config_field is not None for solid in pipeline.nodes.values())
    assert [sorted(solid.tags) for solid in pipeline.nodes.values()] == [
        ["dagster-celery/queue", "dagster-k8s/config", "team"],
        *[["dagster-celery/queue", "team"]] * 3,
    ]
    assert execute_pipeline(pipeline).output_for_solid("p0002_s00003", "rows") == 0 + 1 + 2 + 3


def test_the_same_text_imports_with_decorators_that_do_nothing(tmp_path: Path) -> None:
    ours = write_repository(tmp_path, Size(2, 2), OURS)
    bare = write_repository(tmp_path, Size(2, 2), DO_NOTHING)

    assert bare.read_text().replace(DO_NOTHING, OURS) == ours.read_text()
    subprocess.run([sys.executable, "-c", f"import {bare.stem}"], cwd=tmp_path, check=True)
