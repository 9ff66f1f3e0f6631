"""Why a run could not be launched."""

from __future__ import annotations

from usercode_server.errors import UserCodeError


class RunNotLaunchedError(UserCodeError):
    """No worker could be started for a run."""
