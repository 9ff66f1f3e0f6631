"""Loading an author's code: from a file, module or package to repository definitions.

Only the child of the code server and the workers call this, and each process loads one target.
:mod:`usercode_server.author_imports` says how an author's modules are kept apart from ours.
"""

from __future__ import annotations

import os
from importlib import import_module
from types import ModuleType
from typing import TYPE_CHECKING, TypeVar

from usercode_sdk.error_info import error_info
from usercode_sdk.errors import DagsterError, DagsterInvariantViolationError
from usercode_server.author_imports import import_file, importing_from
from usercode_server.errors import (
    CodeLoadError,
    PipelineNotFoundError,
    RepositoryNotFoundError,
    repository_of_pipeline,
)
from usercode_server.target import CodeTarget

if TYPE_CHECKING:
    from usercode_sdk import PipelineDefinition, RepositoryDefinition

__all__ = ["CodeTarget", "find_pipeline", "load_repositories"]

T = TypeVar("T")

_FAILURES_OF_USER_CODE = (Exception, SystemExit, KeyboardInterrupt, GeneratorExit)


def load_repositories(target: CodeTarget) -> dict[str, RepositoryDefinition]:
    """Every repository that the target defines, by name, in the order of definition.

    A lone pipeline becomes a repository of its own. Raises CodeLoadError, whose ``error`` has the
    author's part of the traceback.
    """
    module = _import_target(target)
    if target.attribute is not None:
        found = [_as_repository(_attribute(module, target), target)]
    else:
        found = _repositories_in(module, target)
    return _by_name(found, target)


def find_pipeline(target: CodeTarget, repository_name: str | None, pipeline_name: str) -> PipelineDefinition:
    """One pipeline of the target; without a repository name, the only one that is called so.

    Raises CodeLoadError, RepositoryNotFoundError, PipelineNotFoundError or AmbiguousPipelineError.
    """
    repositories = load_repositories(target)
    if repository_name is not None and repository_name not in repositories:
        raise RepositoryNotFoundError(repository_name, repositories)
    if repository_name is None:
        names = {name: repository.pipeline_names for name, repository in repositories.items()}
        repository_name = repository_of_pipeline(pipeline_name, names)
    repository = repositories[repository_name]
    if not repository.has_pipeline(pipeline_name):
        raise PipelineNotFoundError(pipeline_name, repository.pipeline_names, repository_name)
    try:
        return repository.get_pipeline(pipeline_name)
    except _FAILURES_OF_USER_CODE as error:
        raise _raised(f"The pipeline {pipeline_name!r} can't be built", error) from error


def _import_target(target: CodeTarget) -> ModuleType:
    target = target.resolved()
    try:
        if target.python_file is not None:
            return _import_file(target.python_file, target.working_directory)
        if target.module_name is not None:
            return _import_module(target.module_name, target.working_directory)
        if target.package_name is not None:
            return _import_module(target.package_name, target.working_directory)
    except _FAILURES_OF_USER_CODE as error:
        raise _raised(f"The code can't be loaded from {target.describe()}", error) from error
    raise ValueError("A CodeTarget needs one of python_file, module_name and package_name.")


def _import_file(path: str, working_directory: str | None) -> ModuleType:
    if not os.path.isfile(path):
        what = "is a folder" if os.path.isdir(path) else "does not exist"
        raise FileNotFoundError(f"The file {path!r} {what}. Check -f/--python-file.")
    return import_file(path, working_directory)


def _import_module(name: str, working_directory: str | None) -> ModuleType:
    with importing_from([working_directory] if working_directory else []):
        return import_module(name)


def _attribute(module: ModuleType, target: CodeTarget) -> object:
    assert target.attribute is not None
    try:
        value = getattr(module, target.attribute)
    except AttributeError:
        names = [name for name, each in vars(module).items() if _is_definition(each)]
        raise _refused(
            f"{module.__name__!r} has no attribute {target.attribute!r}.{_list('Its definitions are', names)} "
            "Check -a/--attribute.",
        ) from None
    if _is_definition(value) or not callable(value):
        return value
    try:
        return value()
    except _FAILURES_OF_USER_CODE as error:
        raise _raised(f"The function {target.attribute!r} failed", error) from error


def _as_repository(value: object, target: CodeTarget) -> RepositoryDefinition:
    from usercode_sdk import PipelineDefinition, RepositoryDefinition

    if isinstance(value, RepositoryDefinition):
        return value
    if isinstance(value, PipelineDefinition):
        return _implicit_repository(value)
    raise _refused(
        f"The attribute {target.attribute!r} is or returns a {type(value).__name__}. "
        "Name a repository, a pipeline, or a function without arguments that returns one."
    )


def _repositories_in(module: ModuleType, target: CodeTarget) -> list[RepositoryDefinition]:
    from usercode_sdk import PipelineDefinition, RepositoryDefinition

    repositories = _instances(module, RepositoryDefinition)
    if repositories:
        return repositories
    pipelines = _instances(module, PipelineDefinition)
    if len(pipelines) == 1:
        return [_implicit_repository(pipelines[0])]
    if pipelines:
        raise _refused(
            f"{target.describe()} defines several pipelines and no repository."
            f"{_list('The pipelines are', [pipeline.name for pipeline in pipelines])} "
            "List them in a function decorated with @repository, or choose one with -a/--attribute."
        )
    raise _refused(
        f"{target.describe()} defines no repository and no pipeline. Decorate a function with @repository or "
        "@pipeline at the top level of the module, or name a function that returns one with -a/--attribute."
    )


def _implicit_repository(pipeline: PipelineDefinition) -> RepositoryDefinition:
    from usercode_sdk import RepositoryDefinition

    return RepositoryDefinition(f"__repository__{pipeline.name}", pipelines={pipeline.name: pipeline})


def _instances(module: ModuleType, cls: type[T]) -> list[T]:
    """The instances of ``cls`` at the top level of the module, each once, in the order of definition."""
    return list({id(value): value for value in vars(module).values() if isinstance(value, cls)}.values())


def _is_definition(value: object) -> bool:
    from usercode_sdk import PipelineDefinition, RepositoryDefinition

    return isinstance(value, PipelineDefinition | RepositoryDefinition)


def _by_name(repositories: list[RepositoryDefinition], target: CodeTarget) -> dict[str, RepositoryDefinition]:
    by_name = {repository.name: repository for repository in repositories}
    if len(by_name) < len(repositories):
        names = [repository.name for repository in repositories]
        twice = next(name for name in names if names.count(name) > 1)
        raise _refused(f"{target.describe()} defines two repositories with the name {twice!r}. Rename one of them.")
    return by_name


def _refused(message: str) -> CodeLoadError:
    return CodeLoadError(message, error_info(DagsterInvariantViolationError(message)))


def _raised(preamble: str, error: BaseException) -> CodeLoadError:
    info = error_info(error)
    # The SDK's own messages are written for people as a whole; of others the first line says what happened.
    said = info.message if isinstance(error, DagsterError) else info.message.partition("\n")[0]
    what = f"{info.error_type}: {said}" if said else info.error_type
    return CodeLoadError(f"{preamble}: {what}{_advice(error)}", info)


def _advice(error: BaseException) -> str:
    if isinstance(error, SyntaxError):
        return f" (line {error.lineno} of {error.filename})"
    if isinstance(error, ModuleNotFoundError):
        return (
            f". Install what gives the module {error.name!r}, or name the folder that holds it with "
            "-d/--working-directory."
        )
    if isinstance(error, SystemExit):
        return '. The module ends the process while it is imported; put that under `if __name__ == "__main__":`.'
    return ""


def _list(preamble: str, names: list[str]) -> str:
    return f" {preamble} {', '.join(repr(name) for name in names)}." if names else ""
