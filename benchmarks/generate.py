"""Generated repositories: many pipelines, or large ones, written out as an author would write them.

Every solid has config and tags; one in each pipeline has a ``dagster-k8s/config`` tag. The same text is
written for several libraries: only its import differs.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from shutil import copy
from typing import NamedTuple

OURS = "usercode_sdk"
DO_NOTHING = "do_nothing"
"""A module whose decorators give back the function: what is left is what Python itself takes."""

_HEADER = '''"""Generated: {pipelines} pipelines of {solids} solids."""

from {library} import Field, InputDefinition, Int, OutputDefinition, String, pipeline, repository, solid
'''

_SOLID = '''

@solid(
    config_schema={{
        "path": Field(String, default_value="/data/{name}", description="Where the rows of {name} are."),
        "limit": Field(Int, default_value={number}, is_required=False),
        "columns": {{"keep": Field([String], default_value=["a", "b"]), "drop": Field([String], default_value=[])}},
    }},
    input_defs=[{inputs}],
    output_defs=[OutputDefinition(Int, "rows")],
    tags={{"team": "team_{team}", "dagster-celery/queue": "queue_{team}"{tags}}},
)
def {name}(context{parameters}):
    """Count the rows of {name}."""
    limit = context.solid_config["limit"]
    context.log.info(f"{name}: {{limit}}")
    return {result}
'''

_KUBERNETES = (
    ', "dagster-k8s/config": {"container_config": {"resources": {"requests": {"cpu": "250m", "memory": "64Mi"}}}, '
    '"pod_spec_config": {"nodeSelector": {"disktype": "ssd"}}}'
)


class Size(NamedTuple):
    """How much is generated."""

    pipelines: int
    solids: int
    """In each pipeline."""

    def __str__(self) -> str:
        return f"{self.pipelines:,} x {self.solids:,}"


def write_repository(folder: Path, size: Size, library: str = OURS) -> Path:
    """Write a repository file into ``folder``, unless it is there, and return its path."""
    path = folder / f"repo_{library}_{size.pipelines}_{size.solids}.py"
    if library == DO_NOTHING:
        copy(Path(__file__).parent / "programs" / "do_nothing.py", folder)
    if not path.exists():
        path.write_text("".join(_source(size, library)))
    return path


def pipeline_name(number: int) -> str:
    """The name of a generated pipeline; the first is number 0."""
    return f"pipeline_{number:04}"


def first_solid(number: int) -> str:
    """The name of the first solid of a generated pipeline."""
    return f"p{number:04}_s00000"


def _source(size: Size, library: str) -> Iterator[str]:
    yield _HEADER.format(pipelines=size.pipelines, solids=size.solids, library=library)
    for pipeline in range(size.pipelines):
        names = [f"p{pipeline:04}_s{solid:05}" for solid in range(size.solids)]
        for number, name in enumerate(names):
            yield _solid(name, number)
        yield f'\n\n@pipeline(tags={{"team": "team_{pipeline % 7}"}})\ndef {pipeline_name(pipeline)}():\n'
        yield f'    """Generated pipeline {pipeline}."""\n    rows = {names[0]}()\n'
        yield "".join(f"    rows = {name}(rows)\n" for name in names[1:])
    yield "\n\n@repository\ndef generated():\n    return [\n"
    yield "".join(f"        {pipeline_name(pipeline)},\n" for pipeline in range(size.pipelines))
    yield "    ]\n"


def _solid(name: str, number: int) -> str:
    is_first = number == 0
    return _SOLID.format(
        name=name,
        number=number,
        team=number % 7,
        tags=_KUBERNETES if is_first else "",
        inputs="" if is_first else 'InputDefinition("rows", Int)',
        parameters="" if is_first else ", rows",
        result="limit" if is_first else "rows + limit",
    )
