"""The platform's settings: ``usercode.yaml`` in the folder that ``USERCODE_HOME`` names.

Every part has a default, so that the file may be missing. A string may be given as ``{env: NAME}``: it
is then taken from the environment, which is where secrets belong.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import NamedTuple, TypeVar

from usercode_server.errors import UserCodeError

FILE_NAME = "usercode.yaml"

T = TypeVar("T")


class SettingsError(UserCodeError):
    """``usercode.yaml`` can't be read, or says something that it can't say."""


class LauncherSettings(NamedTuple):
    """Which class launches runs, and its own configuration."""

    module: str = "usercode_server.launchers.local"
    class_name: str = "LocalRunLauncher"
    config: Mapping[str, object] = {}


class Settings(NamedTuple):
    """What ``usercode.yaml`` says, with the defaults filled in."""

    home: str
    storage_folder: str
    """Where the SQLite file is."""
    compute_logs_folder: str
    run_launcher: LauncherSettings = LauncherSettings()


def home_folder(home: str | None = None) -> str:
    """The absolute path of ``home``, or else of ``USERCODE_HOME``, or else ``~/.usercode``."""
    return os.path.abspath(os.path.expanduser(home or os.environ.get("USERCODE_HOME") or "~/.usercode"))


def load_settings(home: str) -> Settings:
    """The settings of the folder ``home``. Raises SettingsError, which names the file and the entry."""
    path = os.path.join(home, FILE_NAME)
    root = _Section(path, "", _read(path) if os.path.exists(path) else {})
    storage = root.section("storage").section("sqlite")
    compute_logs = root.section("compute_logs").section("local")
    settings = Settings(
        home,
        _folder(home, storage.text("base_dir", "storage")),
        _folder(home, compute_logs.text("base_dir", "compute_logs")),
        _launcher(root),
    )
    root.refuse_unknown()
    return settings


def _launcher(root: _Section) -> LauncherSettings:
    section = root.section("run_launcher")
    default = LauncherSettings()
    if not section.values:
        return default
    module, class_name = section.text("module", ""), section.text("class", "")
    if not module or not class_name:
        raise section.fault("needs both module and class.")
    return LauncherSettings(module, class_name, section.resolved("config"))


def _folder(home: str, folder: str) -> str:
    return os.path.join(home, os.path.expanduser(folder))


class _Section:
    """A mapping of the file; it remembers which entries were asked for, to refuse the others."""

    def __init__(self, path: str, place: str, values: Mapping[str, object]) -> None:
        self.values = values
        self._path = path
        self._place = place
        self._known: list[str] = []
        self._sections: list[_Section] = []

    def section(self, name: str) -> _Section:
        section = _Section(self._path, self._of(name), self.take(name, dict[str, object]()))
        self._sections.append(section)
        return section

    def text(self, name: str, default: str) -> str:
        value = self.values.get(name)
        if isinstance(value, dict):
            return self._from_environment(name, value)
        return self.take(name, default)

    def take(self, name: str, default: T) -> T:
        self._known.append(name)
        value = self.values.get(name)
        if value is None:
            return default
        if not isinstance(value, type(default)):
            raise self.fault(f"expected {_KINDS[type(default)]}, not {value!r}.", name)
        return value

    def resolved(self, name: str) -> Mapping[str, object]:
        """A mapping of any entries, at every depth of which ``{env: NAME}`` stands for a string."""
        return {
            key: self._resolved(f"{name}.{key}", value) for key, value in self.take(name, dict[str, object]()).items()
        }

    def _resolved(self, name: str, value: object) -> object:
        if isinstance(value, list):
            return [self._resolved(f"{name}[{place}]", each) for place, each in enumerate(value)]
        if not isinstance(value, dict):
            return value
        if value.keys() == {"env"} and isinstance(value["env"], str):
            return self._from_environment(name, value)
        return {key: self._resolved(f"{name}.{key}", each) for key, each in value.items()}

    def _from_environment(self, name: str, value: dict[object, object]) -> str:
        self._known.append(name)
        variable = value.get("env")
        if len(value) != 1 or not isinstance(variable, str):
            raise self.fault(f"expected a string or {{env: NAME}}, not {value!r}.", name)
        if variable not in os.environ:
            raise self.fault(f"the environment variable {variable} is not set.", name)
        return os.environ[variable]

    def refuse_unknown(self) -> None:
        for name in self.values:
            if name not in self._known:
                raise self.fault(f"there is no such entry.{_hint(str(name), self._known)}", str(name))
        for section in self._sections:
            section.refuse_unknown()

    def fault(self, text: str, name: str | None = None) -> SettingsError:
        place = self._place if name is None else self._of(name)
        return SettingsError(f"{self._path}, {place}: {text}")

    def _of(self, name: str) -> str:
        return f"{self._place}.{name}" if self._place else name


_KINDS: Mapping[type, str] = {dict: "a mapping", str: "a string"}


def _hint(name: str, known: list[str]) -> str:
    from difflib import get_close_matches

    near = get_close_matches(name, known, n=1)
    return f" Did you mean {near[0]!r}?" if near else f" There are: {', '.join(known)}."


def _read(path: str) -> Mapping[str, object]:
    import yaml

    try:
        with open(path, encoding="utf-8") as file:
            document = yaml.safe_load(file)
    except (OSError, ValueError, yaml.YAMLError) as error:
        raise SettingsError(f"{path} can't be read: {error}") from error
    except RecursionError as error:
        raise SettingsError(f"{path} can't be read: it is nested too deeply.") from error
    if not isinstance(document, (dict, type(None))):
        raise SettingsError(f"{path}: expected a mapping at the top, not {document!r}.")
    return document or {}
