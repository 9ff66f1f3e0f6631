"""Why a worker does not execute a run."""

from __future__ import annotations

from usercode_server.errors import UserCodeError


class RunNotExecutableError(UserCodeError):
    """The run is not one that a worker can execute now."""
