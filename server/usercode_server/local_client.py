"""Asks about an author's code without a server: the same service, called in this process.

The code itself is still imported in a child process, never here.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from google.protobuf.message import Message

from usercode_server.client import CodeClient
from usercode_server.code_server.hosting import CodeHost
from usercode_server.code_server.service import CodeServerService, method_name
from usercode_server.target import CodeTarget

ResponseT = TypeVar("ResponseT", bound=Message)


class LocalCodeClient(CodeClient):
    """Loads a target for as long as it is open. Time-outs are in seconds."""

    def __init__(self, target: CodeTarget, *, load_timeout: float = 300.0, evaluation_timeout: float = 60.0) -> None:
        self._host = CodeHost(target, lambda _: None, load_timeout=load_timeout, evaluation_timeout=evaluation_timeout)
        self._service = CodeServerService(self._host, self.close, waiting_calls=1)
        self._host.start_loading()

    def call(self, method: str, request: Message, response_class: type[ResponseT]) -> ResponseT:
        answer = getattr(self._service, method_name(method))
        return response_class.FromString(answer(request, _LocalCall()))

    def close(self) -> None:
        """End the child."""
        self._host.stop()


class _LocalCall:
    """A call without a deadline."""

    def time_remaining(self) -> float | None:
        return None

    def add_callback(self, callback: Callable[[], None]) -> bool:
        callback()
        return True
