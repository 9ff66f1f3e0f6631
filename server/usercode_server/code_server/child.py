"""The process that holds the author's code: loads it, hands over the listing, then evaluates what is asked.

It is started by :class:`~usercode_server.code_server.process.CodeProcess` with two file descriptors. Over the
channel the two talk; the lifeline is a pipe on which nothing is ever sent. When the front dies, however it dies,
the lifeline closes and the kernel ends this process, and those that the author's code started, with SIGIO, even in
the middle of that code.
"""

from __future__ import annotations

import faulthandler
import fcntl
import gc
import os
import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING

from usercode_api.v1.code_process_pb2 import CodeProcessMessage, LoadOutcome
from usercode_sdk.error_info import error_info
from usercode_server.author_imports import author_files
from usercode_server.code_server.framing import Channel, ChannelClosedError, EndOfMessagesError
from usercode_server.errors import CodeLoadError
from usercode_server.target import CodeTarget

if TYPE_CHECKING:
    from usercode_sdk import RepositoryDefinition


def main() -> None:
    """Entry point: the arguments are the channel's and the lifeline's descriptor, and those of a CodeTarget."""
    channel_fd, lifeline_fd, *target_arguments = sys.argv[1:]
    # The author's code may look at its arguments; these are none of its own.
    del sys.argv[1:]
    for descriptor in (channel_fd, lifeline_fd):
        os.set_inheritable(int(descriptor), False)
    end_with_front(int(lifeline_fd))
    faulthandler.enable()
    channel = Channel(int(channel_fd))
    # A copy of this process that the author's code forks must not hold the channel open, or talk on it.
    os.register_at_fork(after_in_child=channel.close)
    serve(channel, _target(target_arguments))


def end_with_front(lifeline_fd: int) -> None:
    """Have the kernel end this process's group when the other end of the lifeline closes."""
    fcntl.fcntl(lifeline_fd, fcntl.F_SETOWN, -os.getpgrp())
    fcntl.fcntl(lifeline_fd, fcntl.F_SETFL, os.O_ASYNC | os.O_NONBLOCK)
    try:
        gone = os.read(lifeline_fd, 1) == b""
    except BlockingIOError:
        return
    if gone:
        sys.exit("The code server is gone.")


def serve(channel: Channel, target: CodeTarget) -> None:
    """Load the target and say how that went; then answer evaluations until the channel closes."""
    try:
        repositories = _load(channel, target)
        if repositories is not None:
            _evaluate_all(channel, repositories)
    except EndOfMessagesError:
        return
    except ChannelClosedError as error:
        sys.exit(f"The code server can't be told anything any more: {error}")


def _load(channel: Channel, target: CodeTarget) -> dict[str, RepositoryDefinition] | None:
    # Definitions live as long as the process: looking for garbage among them is only work.
    gc.disable()
    try:
        from usercode_server.loading import load_repositories

        repositories = load_repositories(target)
        from usercode_server.code_server.listing_builder import listing_messages

        for message in listing_messages(repositories):
            if message.HasField("load_outcome"):
                message.load_outcome.source_files.extend(author_files())
            channel.send(message)
    except ChannelClosedError:
        raise
    except BaseException as error:  # whatever the author's code raises, it is told as what it is
        channel.send(_failed_load(target, error))
        return None
    gc.freeze()
    gc.enable()
    return repositories


def _failed_load(target: CodeTarget, error: BaseException) -> CodeProcessMessage:
    from usercode_server.wire.error_info import to_error_info

    if isinstance(error, CodeLoadError):
        message = to_error_info(error.error, str(error))
    else:
        info = error_info(error)
        message = to_error_info(
            info, f"The code can't be loaded from {target.describe()}: {info.error_type}: {info.message}"
        )
    return CodeProcessMessage(load_outcome=LoadOutcome(error=message, source_files=author_files()))


def _evaluate_all(channel: Channel, repositories: dict[str, RepositoryDefinition]) -> None:
    while True:
        message = channel.receive()
        from usercode_server.code_server.evaluation import evaluate

        outcome = evaluate(repositories, message.evaluation)
        channel.send(CodeProcessMessage(evaluation_outcome=outcome))


def _target(arguments: Sequence[str]) -> CodeTarget:
    values = dict(zip(arguments[::2], arguments[1::2], strict=True))
    return CodeTarget(**{name.removeprefix("--").replace("-", "_"): value for name, value in values.items()})
