"""The IO managers that come with the SDK."""

from __future__ import annotations

from usercode_sdk.io.fs_io_manager import PickledObjectFilesystemIOManager, fs_io_manager
from usercode_sdk.io.mem_io_manager import InMemoryIOManager, mem_io_manager

__all__ = ["InMemoryIOManager", "PickledObjectFilesystemIOManager", "fs_io_manager", "mem_io_manager"]
