"""Run configs written in YAML: the one place that imports PyYAML, and only when a YAML text is read."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from usercode_sdk.errors import DagsterInvalidDefinitionError, DagsterInvariantViolationError

_MAX_VALUES = 10_000_000
"""A text of a few lines can stand for billions of values, by aliases of aliases."""


def parse_yaml_mapping(text: str, source: str) -> dict[str, object]:
    """The mapping that a YAML text holds; an empty text is an empty mapping.

    Raises DagsterInvariantViolationError naming ``source`` for anything else.
    """
    import yaml

    try:
        value = yaml.load(text, getattr(yaml, "CSafeLoader", yaml.SafeLoader))
    except yaml.YAMLError as error:
        raise DagsterInvariantViolationError(f"{source} is not valid YAML: {_said(error)}") from None
    except RecursionError:
        raise DagsterInvariantViolationError(f"{source} is nested too deeply for a run config.") from None
    if value is None:
        return {}
    if not isinstance(value, dict):
        raise DagsterInvariantViolationError(
            f"{source} holds a {type(value).__name__} at its top. A run config is a mapping."
        )
    _check_size(value, source)
    return value


def _said(error: Exception) -> str:
    """The parser's words; it calls every text by one name, which tells nobody which text it is."""
    return str(error).replace('in "<unicode string>", ', "at ")


def _check_size(value: object, source: str) -> None:
    try:
        size = _size(value, {})
    except RecursionError:
        raise DagsterInvariantViolationError(f"{source} is nested too deeply for a run config.") from None
    if size > _MAX_VALUES:
        raise DagsterInvariantViolationError(
            f"{source} holds more than {_MAX_VALUES:,} values once its aliases are written out. Use fewer of them."
        )


def _size(value: object, known: dict[int, int]) -> int:
    """How many values there are in ``value``, one that several aliases name counted each time."""
    if not isinstance(value, (dict, list)):
        return 1
    if id(value) not in known:
        known[id(value)] = 0  # for an alias of what it stands in, which is refused later
        parts = value.values() if isinstance(value, dict) else value
        known[id(value)] = 1 + sum(_size(part, known) for part in parts)
    return known[id(value)]


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
