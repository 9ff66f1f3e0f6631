"""Everything of Usercode that runs: command line, code server, workers, storage, launchers."""

from __future__ import annotations

from functools import cache


@cache
def version() -> str:
    """The installed version of Usercode; ``0+source`` when it runs from a source tree."""
    from importlib.metadata import PackageNotFoundError
    from importlib.metadata import version as version_of

    try:
        return version_of("usercode")
    except PackageNotFoundError:
        return "0+source"
