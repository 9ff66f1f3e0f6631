"""Tables on disk: what travels between steps as JSON, what people read as CSV."""

from __future__ import annotations

import csv
import json
import os
from collections.abc import Mapping, Sequence
from io import StringIO
from pathlib import Path
from uuid import uuid4

from usercode_sdk import (
    Field,
    InitResourceContext,
    InputContext,
    IOManager,
    OutputContext,
    StringSource,
    io_manager,
    resource,
)


@resource(
    description="The folder that gets the report.",
    # StringSource also takes {"env": "SOME_VARIABLE"}: a cluster can decide where reports go.
    config_schema={"path": Field(StringSource, default_value="census_report")},
)
def report_folder(context: InitResourceContext) -> Path:
    """The folder as an absolute path; it is made when the first file is written."""
    return Path(context.resource_config["path"]).absolute()


class JsonTables(IOManager):
    """Hands values from step to step as JSON files, one an output.

    The file name says which run, step and output it belongs to. Any process that sees the
    folder finds it again, so every step can run in a process, a pod or a machine of its own.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def handle_output(self, context: OutputContext, obj: object) -> None:
        """Store the output."""
        write_text(self._path(context), json.dumps(obj, indent=1))

    def load_input(self, context: InputContext) -> object:
        """Read what the step upstream has stored."""
        return json.loads(self._path(context.upstream_output).read_text(encoding="utf-8"))

    def _path(self, output: OutputContext | None) -> Path:
        assert output is not None, "an input that is wired to an output has an upstream output"
        run_id, step_key, output_name = output.get_run_scoped_output_identifier()
        return self.folder / run_id / f"{step_key}.{output_name}.json"


@io_manager(required_resource_keys={"report_folder"})
def json_tables(context: InitResourceContext) -> JsonTables:
    """JsonTables beside the report: resources can use each other."""
    return JsonTables(context.resources.report_folder / "steps")


def to_csv(columns: Sequence[str], rows: Sequence[Mapping[str, object]]) -> str:
    """The rows as CSV below a line of column names; a list becomes its items with spaces between."""
    text = StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(columns)
    for row in rows:
        cells = (row[column] for column in columns)
        writer.writerow([" ".join(cell) if isinstance(cell, list) else cell for cell in cells])
    return text.getvalue()


def write_text(path: Path, text: str) -> None:
    """Write the whole file or nothing: a reader never sees half of it, even if we are killed."""
    path.parent.mkdir(parents=True, exist_ok=True)
    aside = path.with_name(f".{path.name}.{uuid4().hex}")
    aside.write_text(text, encoding="utf-8", newline="\n")
    os.replace(aside, path)
