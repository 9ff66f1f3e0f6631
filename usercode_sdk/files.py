"""Paths relative to an author's module."""

from __future__ import annotations

import os


def file_relative_path(dunderfile: str, relative_path: str) -> str:
    """The path of a file that lies at ``relative_path`` from the module whose ``__file__`` is given."""
    return os.path.join(os.path.dirname(os.path.abspath(dunderfile)), relative_path)
