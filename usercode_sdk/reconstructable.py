"""A pipeline named by where it is defined, so that another process can load it again."""

from __future__ import annotations

import sys
from typing import NamedTuple

from usercode_sdk.definitions.pipeline import PipelineDefinition
from usercode_sdk.errors import DagsterInvariantViolationError


class ReconstructablePipeline(NamedTuple):
    """A pipeline at module scope: the module or file, and the name there."""

    module_name: str | None
    python_file: str | None
    function_name: str

    def get_definition(self) -> PipelineDefinition:
        """Loads the pipeline; raises DagsterInvariantViolationError when there is none of this name."""
        place = self.module_name or self.python_file
        module = self._module()
        if not hasattr(module, self.function_name):
            raise DagsterInvariantViolationError(
                f"{place} has no {self.function_name!r}. Was it renamed or deleted since the run began?"
            )
        found = getattr(module, self.function_name)
        if not isinstance(found, PipelineDefinition) and callable(found):
            found = found()
        if not isinstance(found, PipelineDefinition):
            raise DagsterInvariantViolationError(
                f"{self.function_name!r} of {place} is not a pipeline. It gave {found!r}; return a pipeline from it."
            )
        return found

    def _module(self) -> object:
        if self.module_name is not None:
            from importlib import import_module

            return import_module(self.module_name)
        return sys.modules["__main__"]


def reconstructable(target: object) -> ReconstructablePipeline:
    """``target``, a pipeline or a function that returns one, both at module scope, by its place.

    Raises DagsterInvariantViolationError for lambdas and for what is defined inside functions.
    """
    name = getattr(target, "__name__", None)
    module_name = getattr(target, "__module__", None)
    qualified = getattr(target, "__qualname__", name)
    if not (isinstance(target, PipelineDefinition) or callable(target)) or name is None or module_name is None:
        raise DagsterInvariantViolationError(
            f"reconstructable() takes a pipeline made with @pipeline, or a function that returns one, not {target!r}."
        )
    if name == "<lambda>" or qualified != name:
        raise DagsterInvariantViolationError(
            f"reconstructable() can't name {qualified!r}: define it at the top of its module, not inside a function."
        )
    if module_name == "__main__":
        return ReconstructablePipeline(None, getattr(sys.modules["__main__"], "__file__", None), name)
    return ReconstructablePipeline(module_name, None, name)
