"""Where an author's definitions are, in the terms of the command line."""

from __future__ import annotations

import os
from typing import NamedTuple

from usercode_server.errors import InvalidRequestError


class CodeTarget(NamedTuple):
    """Where an author's definitions are: exactly one of a file, a module and a package."""

    python_file: str | None = None
    module_name: str | None = None
    package_name: str | None = None
    """An installed package; unlike ``module_name`` it is not looked for in the working directory."""
    attribute: str | None = None
    """A repository, a pipeline, or a function that returns one; None takes what the module defines."""
    working_directory: str | None = None
    """The folder that imports start from; None is the current one."""

    def resolved(self) -> CodeTarget:
        """The same target with absolute paths, so that it means the same in any process.

        Raises InvalidRequestError when that needs the current folder and it was deleted.
        """
        if self.package_name is not None and self.working_directory is None:
            return self
        try:
            return self._replace(
                python_file=self.python_file and os.path.abspath(self.python_file),
                working_directory=os.path.abspath(self.working_directory or os.curdir),
            )
        except FileNotFoundError:
            raise InvalidRequestError(
                "The current folder was deleted, so no path can start from it. Change to another folder, or give "
                "absolute paths, also for -d/--working-directory."
            ) from None

    def to_arguments(self) -> list[str]:
        """The options of the command line that give this target."""
        options = {
            "--python-file": self.python_file,
            "--module-name": self.module_name,
            "--package-name": self.package_name,
            "--attribute": self.attribute,
            "--working-directory": self.working_directory,
        }
        return [word for name, value in options.items() if value is not None for word in (name, value)]

    def describe(self) -> str:
        """The target for people: ``repo.py``, ``module my.repo``, ``repo.py, attribute sales``."""
        if self.python_file is not None:
            place = self.python_file
        elif self.module_name is not None:
            place = f"module {self.module_name}"
        else:
            place = f"package {self.package_name}"
        return place if self.attribute is None else f"{place}, attribute {self.attribute}"
