"""Run configs written in YAML: the one place that imports PyYAML, and only when a YAML text is read."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from usercode_sdk.errors import DagsterInvalidDefinitionError, DagsterInvariantViolationError


def parse_yaml_mapping(text: str, source: str) -> dict[str, object]:
    """The mapping that a YAML text holds; an empty text is an empty mapping.

    Raises DagsterInvariantViolationError naming ``source`` for anything else.
    """
    import yaml

    try:
        value = yaml.load(text, getattr(yaml, "CSafeLoader", yaml.SafeLoader))
    except yaml.YAMLError as error:
        raise DagsterInvariantViolationError(f"{source} is not valid YAML: {error}") from None
    if value is None:
        return {}
    if not isinstance(value, dict):
        raise DagsterInvariantViolationError(
            f"{source} holds a {type(value).__name__} at its top. A run config is a mapping."
        )
    return value


def merge_yaml_strings(texts: Sequence[str]) -> dict[str, object]:
    """The merged mappings of several YAML texts, later ones over earlier ones."""
    return _merged([parse_yaml_mapping(text, f"YAML text {place}") for place, text in enumerate(texts, 1)])


def load_yaml_file(path: str) -> dict[str, object]:
    """The mapping that a YAML file holds."""
    try:
        with open(path, encoding="utf-8") as file:
            text = file.read()
    except OSError as error:
        raise DagsterInvariantViolationError(
            f"Can't read the config file {path!r}: {error.strerror or error}."
        ) from None
    except UnicodeDecodeError as error:
        raise DagsterInvariantViolationError(f"The config file {path!r} is not UTF-8 text: {error}.") from None
    return parse_yaml_mapping(text, f"The config file {path!r}")


def load_yaml_globs(patterns: Sequence[str]) -> dict[str, object]:
    """The merged mappings of all files that the patterns match, in the order of the patterns."""
    from glob import glob

    paths: list[str] = []
    for pattern in patterns:
        found = sorted(glob(pattern))
        if not found:
            raise DagsterInvalidDefinitionError(
                f"The config file or pattern {pattern!r} matches no file. Paths are relative to the working directory; "
                "file_relative_path(__file__, ...) makes one relative to the module."
            )
        paths += [path for path in found if path not in paths]
    return _merged([load_yaml_file(path) for path in paths])


def read_package_file(package: str, file: str) -> str:
    """The text of a file that is part of a package."""
    from importlib.resources import files

    try:
        return files(package).joinpath(file).read_text(encoding="utf-8")
    except (OSError, ModuleNotFoundError, UnicodeDecodeError) as error:
        raise DagsterInvariantViolationError(f"Can't read {file!r} of package {package!r}: {error}.") from None


def dump_yaml(value: Mapping[str, object]) -> str:
    """``value`` as YAML text."""
    import yaml

    return str(yaml.safe_dump(dict(value), default_flow_style=False, sort_keys=False))


def _merged(mappings: Sequence[Mapping[str, object]]) -> dict[str, object]:
    from usercode_sdk.definitions.preset import deep_merge

    merged: dict[str, object] = {}
    for mapping in mappings:
        merged = deep_merge(merged, mapping)
    return merged
