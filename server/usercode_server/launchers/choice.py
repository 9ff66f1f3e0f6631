"""The run launcher that ``usercode.yaml`` names."""

from __future__ import annotations

from typing import cast

from usercode_server.errors import UserCodeError
from usercode_server.launchers.base import RunLauncher
from usercode_server.settings import LauncherSettings, SettingsError


def make_launcher(settings: LauncherSettings) -> RunLauncher:
    """The launcher of these settings. Raises SettingsError when there is no such class."""
    from importlib import import_module

    where = f"run_launcher: the class {settings.class_name!r} of {settings.module!r}"
    try:
        launcher_class = getattr(import_module(settings.module), settings.class_name)
    except Exception as error:  # the module may be anybody's
        raise SettingsError(f"{where} can't be loaded: {_told(error)}.") from error
    try:
        launcher = launcher_class(settings.config)
    except UserCodeError:
        raise
    except Exception as error:
        # The entries' names only: their values may be secrets.
        names = ", ".join(map(str, settings.config)) or "none"
        raise SettingsError(f"{where} does not take its config, with the entries {names}: {_told(error)}.") from error
    if not callable(getattr(launcher, "launch_run", None)):
        raise SettingsError(f"{where} is no run launcher: it has no method launch_run.")
    return cast(RunLauncher, launcher)


def _told(error: Exception) -> str:
    return f"{type(error).__name__}: {error}".rstrip(".: ")
