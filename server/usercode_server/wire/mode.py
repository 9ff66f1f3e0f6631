"""Modes as messages."""

from __future__ import annotations

from collections.abc import Sequence

from usercode_api.v1 import pipeline_pb2 as pb
from usercode_api.v1.config_pb2 import ConfigField
from usercode_sdk.config import Field
from usercode_sdk.definitions.executor import ExecutorDefinition
from usercode_sdk.definitions.logger import LoggerDefinition
from usercode_sdk.definitions.mode import ModeDefinition
from usercode_sdk.definitions.resource import ResourceDefinition
from usercode_server.wire.config import ConfigTypes
from usercode_server.wire.text import text

_Key = tuple[object, ...]


class Modes:
    """Makes the messages for the modes of pipelines.

    Most pipelines of a repository have the same modes, or at least the same executors: what was made once is used
    again.
    """

    def __init__(self) -> None:
        # The definitions are kept beside what was made of them, so that their identities stay their own.
        self._made: dict[_Key, tuple[Sequence[ModeDefinition], list[pb.Mode], ConfigTypes]] = {}

    def messages(self, modes: Sequence[ModeDefinition]) -> tuple[list[pb.Mode], ConfigTypes]:
        """The messages, and a list of their own of the config types that they refer to."""
        key = tuple(_key(mode) for mode in modes)
        if key not in self._made:
            types = ConfigTypes()
            self._made[key] = (modes, [_mode(mode, types) for mode in modes], types)
        _, messages, types = self._made[key]
        return messages, types.copy()


def _key(mode: ModeDefinition) -> _Key:
    parts = (*sorted(mode.resource_defs.items()), *sorted(mode.loggers.items()))
    named = tuple((name, id(definition)) for name, definition in parts)
    return mode.name, mode.description, len(mode.loggers), named, tuple(map(id, mode.executor_defs))


def _mode(mode: ModeDefinition, types: ConfigTypes) -> pb.Mode:
    return pb.Mode(
        name=mode.name,
        description=text(mode.description),
        resources=[_resource(name, one, types) for name, one in sorted(mode.resource_defs.items())],
        loggers=[_logger(name, one, types) for name, one in sorted(mode.loggers.items())],
        executors=[_executor(one, types) for one in mode.executor_defs],
    )


def _resource(name: str, definition: ResourceDefinition, types: ConfigTypes) -> pb.Resource:
    return pb.Resource(
        name=text(name),
        description=text(definition.description),
        config=_config(definition.config_field, types),
        required_resource_keys=sorted(definition.required_resource_keys),
    )


def _logger(name: str, definition: LoggerDefinition, types: ConfigTypes) -> pb.Logger:
    return pb.Logger(
        name=text(name),
        description=text(definition.description),
        config=_config(definition.config_field, types),
    )


def _executor(definition: ExecutorDefinition, types: ConfigTypes) -> pb.Executor:
    return pb.Executor(
        name=text(definition.name),
        description=text(definition.description),
        config=_config(definition.config_field, types),
    )


def _config(field: Field | None, types: ConfigTypes) -> ConfigField | None:
    return None if field is None else types.field(field)
