"""Every exception of the platform in one tree, and the one table between them and gRPC statuses.

A status is for a call that failed: a wrong name, a bad argument, a server that is not ready. A failure
of the author's code is no failure of the call: it travels as data, in an ``ErrorInfo``.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from usercode_sdk.error_info import ErrorInfo


class UserCodeError(Exception):
    """Base of all exceptions of the platform. The message is written for the person who reads it."""


class CodeLoadError(UserCodeError):
    """The author's code can't be loaded; ``error`` is what it raised."""

    def __init__(self, message: str, error: ErrorInfo) -> None:
        self.error = error
        super().__init__(message)


class InvalidRequestError(UserCodeError):
    """A call's argument is not valid; asking again in the same way will not help."""


class NotFoundError(UserCodeError):
    """A name in a call is the name of nothing."""


class RepositoryNotFoundError(NotFoundError):
    """The loaded code has no repository of this name."""

    def __init__(self, name: str, known: Iterable[str]) -> None:
        super().__init__(f"There is no repository {name!r}.{_hint(name, known)}")


class PipelineNotFoundError(NotFoundError):
    """The repository, or none of the repositories, has a pipeline of this name."""

    def __init__(self, name: str, known: Iterable[str], repository_name: str | None = None) -> None:
        place = "" if repository_name is None else f" in the repository {repository_name!r}"
        super().__init__(f"There is no pipeline {name!r}{place}.{_hint(name, known)}")


class AmbiguousPipelineError(InvalidRequestError):
    """Several repositories have a pipeline of this name, and the call does not say which is meant."""

    def __init__(self, name: str, repository_names: Iterable[str]) -> None:
        places = ", ".join(repr(repository) for repository in repository_names)
        super().__init__(f"The pipeline {name!r} is in several repositories: {places}. Say which one is meant.")


class CodeBrokenError(UserCodeError):
    """The call needs the author's code, and that code could not be loaded."""


class CodeChangedError(UserCodeError):
    """The code was reloaded between two pages of one answer. Start again from the first page."""


class NotReadyError(UserCodeError):
    """The server can't be reached, is stopping, or has too much to do. Asking again may help."""


class CallTimeoutError(UserCodeError):
    """The answer did not come within the time allowed."""


class TooLargeError(UserCodeError):
    """A request or an answer is larger than a message may be."""


class ServerFaultError(UserCodeError):
    """The server itself failed: a fault of the platform, not of the author."""


STATUS_NAMES: dict[type[UserCodeError], str] = {
    InvalidRequestError: "INVALID_ARGUMENT",
    NotFoundError: "NOT_FOUND",
    CodeBrokenError: "FAILED_PRECONDITION",
    CodeChangedError: "ABORTED",
    NotReadyError: "UNAVAILABLE",
    CallTimeoutError: "DEADLINE_EXCEEDED",
    TooLargeError: "RESOURCE_EXHAUSTED",
    ServerFaultError: "INTERNAL",
}
"""The name of the gRPC status of each exception; a subclass has that of its nearest base here."""


def status_name(error: UserCodeError) -> str:
    """The name of the gRPC status that tells a client of ``error``."""
    return next((STATUS_NAMES[cls] for cls in type(error).__mro__ if cls in STATUS_NAMES), "INTERNAL")


def error_for_status(name: str, message: str) -> UserCodeError:
    """The exception that a client raises for a status of this name."""
    for cls, status in STATUS_NAMES.items():
        if status == name:
            return cls(message)
    return ServerFaultError(f"{name}: {message}")


def repository_of_pipeline(pipeline_name: str, pipelines: Mapping[str, Collection[str]]) -> str:
    """The name of the one repository that has the pipeline, from the pipelines of each.

    Raises PipelineNotFoundError or AmbiguousPipelineError.
    """
    places = [name for name, names in pipelines.items() if pipeline_name in names]
    if not places:
        raise PipelineNotFoundError(pipeline_name, [name for names in pipelines.values() for name in names])
    if len(places) > 1:
        raise AmbiguousPipelineError(pipeline_name, places)
    return places[0]


def _hint(name: str, known: Iterable[str]) -> str:
    from difflib import get_close_matches

    names = sorted(known)
    near = get_close_matches(name[:200], names, n=1)
    if near:
        return f" Did you mean {near[0]!r}?"
    if not names:
        return " There are none."
    shown = ", ".join(repr(each) for each in names[:8])
    return f" There are: {shown}." if len(names) <= 8 else f" There are {len(names)}, among them {shown}."
