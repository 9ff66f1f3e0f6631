"""Messages between the front of the code server and its child: a length, then a CodeProcessMessage.

They go over a socket pair of their own, because standard output belongs to the author's code. They need no gRPC, and
not even the socket module, because the child is to start fast.
"""

from __future__ import annotations

import os
import select
import struct
from time import monotonic

from google.protobuf.message import DecodeError

from usercode_api.v1.code_process_pb2 import CodeProcessMessage

_LENGTH = struct.Struct("!I")
_MAX_LENGTH = 256 * 1024 * 1024


class ChannelClosedError(Exception):
    """The other end is gone, or this one."""


class EndOfMessagesError(ChannelClosedError):
    """The other end closed, and nothing is left to be read."""


class Channel:
    """One end of the socket pair, by its descriptor. Not safe for several threads at once."""

    def __init__(self, descriptor: int) -> None:
        self._descriptor = descriptor
        self._identity = os.fstat(descriptor).st_ino

    def send(self, message: CodeProcessMessage) -> None:
        """Send one message; raises ChannelClosedError."""
        self._check_identity()
        encoding = message.SerializeToString()
        rest = memoryview(_LENGTH.pack(len(encoding)) + encoding)
        while rest:
            try:
                rest = rest[os.write(self._descriptor, rest) :]
            except OSError as error:
                raise ChannelClosedError(str(error)) from error

    def receive(self, deadline: float | None = None) -> CodeProcessMessage:
        """The next message; raises ChannelClosedError, or TimeoutError at the deadline (of ``monotonic``)."""
        (length,) = _LENGTH.unpack(self._read(_LENGTH.size, deadline))
        if length > _MAX_LENGTH:
            raise ChannelClosedError(f"{length:,} bytes were announced: something else wrote to the socket.")
        encoding = self._read(length, deadline)
        try:
            return CodeProcessMessage.FromString(encoding)
        except DecodeError as error:
            raise ChannelClosedError("What came is no message: something else wrote to the socket.") from error

    def close(self) -> None:
        """Close this end; the other end notices."""
        if self._descriptor >= 0:
            os.close(self._descriptor)
            self._descriptor = -1

    def _read(self, size: int, deadline: float | None) -> bytes:
        pieces: list[bytes] = []
        while size:
            try:
                if deadline is not None and not self._is_readable(deadline):
                    raise TimeoutError
                piece = os.read(self._descriptor, min(size, 1 << 20))
            except TimeoutError:
                raise
            except OSError as error:
                raise ChannelClosedError(str(error)) from error
            if not piece:
                raise EndOfMessagesError("The other end closed the socket.")
            pieces.append(piece)
            size -= len(piece)
        return b"".join(pieces)

    def _check_identity(self) -> None:
        """Don't write to a file of the author's, whose code closed the socket and opened that file in its place."""
        try:
            is_ours = os.fstat(self._descriptor).st_ino == self._identity
        except OSError:
            is_ours = False
        if not is_ours:
            raise ChannelClosedError("The socket to the code server was closed in this process.")

    def _is_readable(self, deadline: float) -> bool:
        poll = select.poll()
        poll.register(self._descriptor, select.POLLIN)
        return bool(poll.poll(max(deadline - monotonic(), 0) * 1000))
