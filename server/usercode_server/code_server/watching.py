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
        stream = _Stream(send, self._message)
        with self._lock:
            if len(self._streams) >= _MOST_STREAMS:
                raise NotReadyError(f"{_MOST_STREAMS:,} clients are watching already.")
            self._streams.add(stream)
        if context.add_callback(lambda: self._forget(stream)):
            stream.tell()
        else:
            self._forget(stream)

    def tell_all(self) -> None:
        """Send the info to every stream."""
        with self._lock:
            streams = list(self._streams)
        for stream in streams:
            stream.tell()

    def end_all(self) -> None:
        """End every stream, as its normal end."""
        with self._lock:
            streams = list(self._streams)
        for stream in streams:
            stream.end()

    def _message(self) -> bytes:
        return WatchServerInfoResponse(server_info=self._host.info()).SerializeToString()

    def _forget(self, stream: _Stream) -> None:
        with self._lock:
            self._streams.discard(stream)


class _Stream:
    """One stream. Of several changes that come while it is sending, only what holds after the last is sent."""

    def __init__(self, send: Send, message: Callable[[], bytes]) -> None:
        self._send = send
        self._message = message
        self._lock = Lock()
        self._has_changed = False
        self._has_ended = False
        self._is_sending = False

    def tell(self) -> None:
        """Send what holds then, soon."""
        with self._lock:
            self._has_changed = True
            self._start_sending()

    def end(self) -> None:
        """End the stream, as its normal end."""
        with self._lock:
            self._has_ended = True
            self._start_sending()

    def _start_sending(self) -> None:
        if not self._is_sending:
            self._is_sending = True
            Thread(target=self._send_all, name="watch", daemon=True).start()

    def _send_all(self) -> None:
        while True:
            with self._lock:
                if not (self._has_changed or self._has_ended):
                    self._is_sending = False
                    return
                self._has_changed = False
                ended = self._has_ended
            # Made here and not by whoever saw the change: so no older message can come behind a newer one.
            self._send(None if ended else self._message())
            if ended:
                return
