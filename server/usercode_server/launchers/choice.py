"""The run launcher that ``usercode.yaml`` names."""

from __future__ import annotations

from typing import cast

from usercode_server.launchers.base import RunLauncher
from usercode_server.settings import LauncherSettings, SettingsError


def make_launcher(settings: LauncherSettings) -> RunLauncher:
    """The launcher of these settings. Raises SettingsError when there is no such class."""
    from importlib import import_module

    try:
        launcher_class = getattr(import_module(settings.module), settings.class_name)
    except (ImportError, AttributeError) as error:
        raise SettingsError(
            f"run_launcher: the class {settings.class_name!r} of {settings.module!r} can't be loaded: {error}."
        ) from error
    return cast(RunLauncher, launcher_class(settings.config))
