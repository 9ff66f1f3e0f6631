"""Stores outputs as pickle files, each written aside and then renamed, so never readable by half."""

from __future__ import annotations

import os

from usercode_sdk.config import Field, StringSource
from usercode_sdk.definitions.io_manager import IOManager, IOManagerDefinition
from usercode_sdk.errors import DagsterInvariantViolationError
from usercode_sdk.execution.init_contexts import InitResourceContext
from usercode_sdk.execution.io_contexts import InputContext, OutputContext
from usercode_sdk.metadata import EventMetadataEntry

_LONGEST_NAME = 200
"""In bytes: file systems take 255, and a file that is written aside has a longer name."""


class PickledObjectFilesystemIOManager(IOManager):
    """Keeps each output in ``base_dir/run id/step key/output name``.

    Pickles are read only by the run that wrote them.
    """

    def __init__(self, base_dir: str) -> None:
        self.base_dir = base_dir

    def path_of(self, context: OutputContext) -> str:
        """The file of an output."""
        return os.path.join(self.base_dir, *map(_file_name, context.get_run_scoped_output_identifier()))

    def handle_output(self, context: OutputContext, obj: object) -> EventMetadataEntry:
        path = self.path_of(context)
        write_pickle(path, obj, f"output {context.name!r} of step {context.step_key!r}")
        return EventMetadataEntry.path(path, "path")

    def load_input(self, context: InputContext) -> object:
        import pickle

        upstream = context.upstream_output
        assert upstream is not None  # only inputs fed by an output are loaded through IO managers
        path = self.path_of(upstream)
        try:
            with open(path, "rb") as file:
                return pickle.load(file)
        except FileNotFoundError:
            raise DagsterInvariantViolationError(
                f"Output {upstream.name!r} of step {upstream.step_key!r} is not stored at {path!r}. "
                "If steps run on several machines, base_dir must be a folder that they share."
            ) from None


def _file_name(name: str) -> str:
    """``name``, or what stands for one that is longer than file systems allow: a solid deep in composites."""
    raw = name.encode("utf-8", "surrogateescape")
    if len(raw) <= _LONGEST_NAME:
        return name
    from hashlib import sha256

    return f"{name[:40]}-{sha256(raw).hexdigest()}"


def write_pickle(path: str, value: object, what: str) -> None:
    """Writes ``value`` to ``path`` so that the file is there whole or not at all.

    Raises DagsterInvariantViolationError for a value that can't be pickled.
    """
    import pickle

    folder = os.path.dirname(path)
    os.makedirs(folder, exist_ok=True)
    # The process id and a random part: attempts in two processes must not write into one another's file.
    aside = os.path.join(folder, f".{os.path.basename(path)}.{os.getpid()}.{os.urandom(4).hex()}")
    try:
        with open(aside, "wb") as file:
            try:
                pickle.dump(value, file, pickle.HIGHEST_PROTOCOL)
            except (pickle.PicklingError, TypeError, AttributeError, RecursionError) as error:
                raise DagsterInvariantViolationError(
                    f"The {what}, a {type(value).__name__}, can't be pickled: {error}. Output plain data, "
                    "or give the output an IO manager that can store it."
                ) from error
            file.flush()
            os.fsync(file.fileno())
        os.replace(aside, path)
    except BaseException:
        if os.path.exists(aside):
            os.unlink(aside)
        raise


def _make(context: InitResourceContext) -> PickledObjectFilesystemIOManager:
    config = context.resource_config if isinstance(context.resource_config, dict) else {}
    base_dir = config.get("base_dir")
    if base_dir is None:
        assert context.instance is not None  # every run has one
        base_dir = context.instance.storage_directory()
    return PickledObjectFilesystemIOManager(os.path.abspath(base_dir))


fs_io_manager = IOManagerDefinition(
    _make,
    config_schema={
        "base_dir": Field(
            StringSource,
            is_required=False,
            description="The folder; by default the instance's storage folder.",
        )
    },
    description="Stores outputs as pickle files.",
)
