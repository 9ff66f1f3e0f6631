"""Where the source comes from: a resource, so that a run can point the same pipeline elsewhere."""

from __future__ import annotations

import os
import sysconfig
from collections.abc import Iterator
from pathlib import Path

from usercode_sdk import Bool, Field, InitResourceContext, Int, Noneable, String, resource

# Folders that hold no library code: caches, what pip installed, and tests (some of them are
# broken on purpose).
NOT_SOURCE = {"__pycache__", "site-packages", "dist-packages"}
TESTS = {"test", "tests", "idle_test"}


class SourceTree:
    """The Python modules below ``root``, by dotted name."""

    def __init__(self, root: Path, *, include_tests: bool = False, limit: int | None = None) -> None:
        self.root = root
        self._skipped = NOT_SOURCE if include_tests else NOT_SOURCE | TESTS
        self._limit = limit

    def modules(self) -> list[str]:
        """The names of all modules, sorted; at most ``limit`` of them."""
        return sorted(self._walk())[: self._limit]

    def read(self, module: str) -> bytes:
        """The source of one module; raises FileNotFoundError when it is gone."""
        path = self.root.joinpath(*module.split("."))
        package = path / "__init__.py"
        return (package if package.is_file() else path.with_name(path.name + ".py")).read_bytes()

    def _walk(self) -> Iterator[str]:
        for folder, subfolders, files in os.walk(self.root):
            package = Path(folder).relative_to(self.root).parts
            # Python imports only what is an identifier: this leaves out `lib-dynload` and its like.
            subfolders[:] = [name for name in subfolders if name.isidentifier() and name not in self._skipped]
            names = {name.removesuffix(".py") for name in files if name.endswith(".py")}
            if package and "__init__" in names:
                yield ".".join(package)
            yield from (".".join((*package, name)) for name in names if name.isidentifier() and name != "__init__")


@resource(
    description="A folder of Python source.",
    config_schema={
        "root": Field(
            Noneable(String),
            default_value=None,
            # Not resolved here: the step may run in another image than the one that loaded this file.
            description="Folder to read; none means the standard library of the Python that runs the step.",
        ),
        "include_tests": Field(Bool, default_value=False, description="Count the tests, too."),
        "limit": Field(Noneable(Int), default_value=None, description="Read at most so many modules."),
    },
)
def source_tree(context: InitResourceContext) -> SourceTree:
    """A SourceTree as configured."""
    config = context.resource_config
    root = Path(config["root"] or sysconfig.get_path("stdlib"))
    if not root.is_dir():  # else the run would succeed, with a census of nothing
        raise NotADirectoryError(f"There is no folder {str(root)!r} to read source from.")
    return SourceTree(root, include_tests=config["include_tests"], limit=config["limit"])
