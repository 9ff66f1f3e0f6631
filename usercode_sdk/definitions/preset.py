"""``PresetDefinition``: a run config, mode and tags under a name, ready to be launched."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from usercode_sdk.definitions.mode import DEFAULT_MODE_NAME
from usercode_sdk.definitions.names import check_name
from usercode_sdk.errors import DagsterInvalidDefinitionError
from usercode_sdk.tags import validate_tags


class PresetDefinition:
    """A run config, mode, solid selection and tags under a name."""

    def __init__(
        self,
        name: str,
        run_config: Mapping[str, object] | None = None,
        solid_selection: Sequence[str] | None = None,
        mode: str | None = None,
        tags: Mapping[str, object] | None = None,
    ) -> None:
        self.name = check_name(name, "preset")
        if run_config is not None and not isinstance(run_config, Mapping):
            raise DagsterInvalidDefinitionError(f"Preset {name!r}: run_config is a dict, not {run_config!r}.")
        self.run_config: dict[str, object] = dict(run_config or {})
        self.solid_selection = list(solid_selection) if solid_selection is not None else None
        self.mode = mode or DEFAULT_MODE_NAME
        self.tags = validate_tags(tags, f"preset {name!r}") if tags else {}

    @staticmethod
    def from_files(
        name: str,
        config_files: Sequence[str] | None = None,
        solid_selection: Sequence[str] | None = None,
        mode: str | None = None,
        tags: Mapping[str, object] | None = None,
    ) -> PresetDefinition:
        """A preset whose run config is merged from YAML files, later ones over earlier ones.

        Entries may be glob patterns. Raises DagsterInvalidDefinitionError for a pattern that
        matches no file, and DagsterInvariantViolationError for a file that is no YAML mapping.
        """
        from usercode_sdk.yaml_files import load_yaml_globs

        files = _strings(config_files, f"Preset {name!r}: config_files")
        return PresetDefinition(name, load_yaml_globs(files), solid_selection, mode, tags)

    @staticmethod
    def from_yaml_strings(
        name: str,
        yaml_strings: Sequence[str] | None = None,
        solid_selection: Sequence[str] | None = None,
        mode: str | None = None,
        tags: Mapping[str, object] | None = None,
    ) -> PresetDefinition:
        """A preset whose run config is merged from YAML texts, later ones over earlier ones."""
        from usercode_sdk.yaml_files import merge_yaml_strings

        texts = _strings(yaml_strings, f"Preset {name!r}: yaml_strings")
        return PresetDefinition(name, merge_yaml_strings(texts), solid_selection, mode, tags)

    @staticmethod
    def from_pkg_resources(
        name: str,
        pkg_resource_defs: Sequence[tuple[str, str]] | None = None,
        solid_selection: Sequence[str] | None = None,
        mode: str | None = None,
        tags: Mapping[str, object] | None = None,
    ) -> PresetDefinition:
        """A preset whose run config is merged from YAML files in packages, given as (package, file)."""
        from usercode_sdk.yaml_files import merge_yaml_strings, read_package_file

        texts = [read_package_file(package, file) for package, file in pkg_resource_defs or ()]
        return PresetDefinition(name, merge_yaml_strings(texts), solid_selection, mode, tags)

    def get_environment_yaml(self) -> str:
        """The run config as YAML."""
        from usercode_sdk.yaml_files import dump_yaml

        return dump_yaml(self.run_config)

    def with_additional_config(self, run_config: Mapping[str, object] | None) -> PresetDefinition:
        """This preset with more run config merged over its own."""
        if run_config is None:
            return self
        return PresetDefinition(
            self.name, deep_merge(self.run_config, run_config), self.solid_selection, self.mode, self.tags
        )

    def __repr__(self) -> str:
        return f"PresetDefinition({self.name!r})"


def _strings(given: Sequence[str] | None, where: str) -> Sequence[str]:
    if isinstance(given, str):  # which is a sequence of strings, each of one letter
        raise DagsterInvalidDefinitionError(f"{where} is one string. Put it into a list.")
    return given or ()


def deep_merge(under: Mapping[str, object], over: Mapping[str, object]) -> dict[str, object]:
    """``over`` laid over ``under``; dicts merge at every depth, anything else replaces."""
    merged = dict(under)
    for key, value in over.items():
        below = merged.get(key)
        if isinstance(value, Mapping) and isinstance(below, Mapping):
            merged[key] = deep_merge(below, value)
        else:
            merged[key] = value
    return merged
