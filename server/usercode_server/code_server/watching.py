"""The open streams of WatchServerInfo.

An idle stream holds no thread. When something changes, each stream gets a thread for as long as sending takes, so
that a client that does not read holds up nobody else.
"""

from __future__ import annotations

from collections.abc import Callable
from threading import Lock, Thread
from typing import TypeAlias

import grpc

from usercode_api.v1.code_server_service_pb2 import WatchServerInfoResponse
from usercode_server.code_server.hosting import CodeHost
from usercode_server.errors import NotReadyError

Send: TypeAlias = Callable[[bytes | None], None]

_MOST_STREAMS = 1_000


class WatchStreams:
    """All open streams."""

    def __init__(self, host: CodeHost) -> None:
        self._host = host
        self._lock = Lock()
        self._streams: set[_Stream] = set()

    def open(self, context: grpc.ServicerContext, send: Send) -> None:
        """Begin a stream: the info now, and again after each change. Raises NotReadyError."""
        stream = _Stream(send)
        with self._lock:
            if len(self._streams) >= _MOST_STREAMS:
                raise NotReadyError(f"{_MOST_STREAMS:,} clients are watching already.")
            self._streams.add(stream)
        if context.add_callback(lambda: self._forget(stream)):
            stream.tell(self._message())
        else:
            self._forget(stream)

    def tell_all(self) -> None:
        """Send the info to every stream."""
        with self._lock:
            streams = list(self._streams)
        if streams:
            message = self._message()
            for stream in streams:
                stream.tell(message)

    def end_all(self) -> None:
        """End every stream, as its normal end."""
        with self._lock:
            streams = list(self._streams)
        for stream in streams:
            stream.tell(None)

    def _message(self) -> bytes:
        return WatchServerInfoResponse(server_info=self._host.info()).SerializeToString()

    def _forget(self, stream: _Stream) -> None:
        with self._lock:
            self._streams.discard(stream)


class _Stream:
    """One stream. Of several changes that come while it is sending, only the last is sent."""

    def __init__(self, send: Send) -> None:
        self._send = send
        self._lock = Lock()
        self._waiting: list[bytes | None] = []
        self._is_sending = False

    def tell(self, message: bytes | None) -> None:
        """Send the message soon; None ends the stream."""
        with self._lock:
            self._waiting = [message]
            if self._is_sending:
                return
            self._is_sending = True
        Thread(target=self._send_all, name="watch", daemon=True).start()

    def _send_all(self) -> None:
        while True:
            with self._lock:
                if not self._waiting:
                    self._is_sending = False
                    return
                message = self._waiting.pop()
            self._send(message)
