"""Where the server listens: a host and port, or a socket file."""

from __future__ import annotations

import contextlib
import os
import socket
import stat
from typing import NamedTuple

from usercode_server.errors import UserCodeError


class AddressError(UserCodeError):
    """The server can't listen where it was told to."""


class Address(NamedTuple):
    """Exactly one of ``port`` (with ``host``) and ``socket_path``."""

    host: str = "127.0.0.1"
    port: int | None = None
    """0 takes a free one."""
    socket_path: str | None = None

    @property
    def grpc_target(self) -> str:
        """The address in gRPC's notation."""
        if self.socket_path is not None:
            return f"unix:{os.path.abspath(self.socket_path)}"
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"{host}:{self.port}"

    def __str__(self) -> str:
        return self.socket_path if self.socket_path is not None else self.grpc_target


def free_socket_path(path: str) -> None:
    """Remove the socket file that a server left behind.

    Raises AddressError when a server still listens there, and for a file that is no socket.
    """
    try:
        mode = os.lstat(path).st_mode
    except FileNotFoundError:
        return
    if not stat.S_ISSOCK(mode):
        raise AddressError(f"{path!r} exists and is no socket. Choose another path for -s/--socket.")
    if _listens(path):
        raise AddressError(f"Another server listens on {path!r}. Stop it, or choose another path for -s/--socket.")
    remove_socket(path)


def remove_socket(path: str) -> None:
    """Remove the socket file, if it is there."""
    with contextlib.suppress(FileNotFoundError):
        os.unlink(path)


def _listens(path: str) -> bool:
    with socket.socket(socket.AF_UNIX) as probe:
        probe.settimeout(1.0)
        try:
            probe.connect(path)
        except OSError:
            return False
        return True
