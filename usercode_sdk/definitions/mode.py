"""``ModeDefinition``: the resources, loggers and executors a pipeline may run with."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from usercode_sdk.definitions.executor import ExecutorDefinition, default_executors
from usercode_sdk.definitions.items import items_of
from usercode_sdk.definitions.logger import LoggerDefinition
from usercode_sdk.definitions.names import check_name, check_resource_key, did_you_mean
from usercode_sdk.definitions.ordering import find_cycle
from usercode_sdk.definitions.resource import ResourceDefinition
from usercode_sdk.errors import DagsterInvalidDefinitionError

DEFAULT_MODE_NAME = "default"


class ModeDefinition:
    """A way to run a pipeline: which resources, loggers and executors it gets."""

    def __init__(
        self,
        name: str | None = None,
        resource_defs: Mapping[str, ResourceDefinition] | None = None,
        logger_defs: Mapping[str, LoggerDefinition] | None = None,
        executor_defs: Sequence[ExecutorDefinition] | None = None,
        description: str | None = None,
    ) -> None:
        self.name = check_name(name, "mode") if name else DEFAULT_MODE_NAME
        self.resource_defs = {
            check_resource_key(key, f"Mode {self.name!r}"): self._checked(key, one)
            for key, one in (resource_defs or {}).items()
        }
        self.loggers = {key: self._checked_logger(key, one) for key, one in (logger_defs or {}).items()}
        self.executor_defs = self._checked_executors(default_executors if executor_defs is None else executor_defs)
        self.description = description
        self._check_resources()

    def _checked(self, key: str, definition: object) -> ResourceDefinition:
        if isinstance(definition, ResourceDefinition):
            return definition
        raise DagsterInvalidDefinitionError(
            f"Mode {self.name!r}: resource {key!r} is {definition!r}, not a ResourceDefinition. "
            "Make it with @resource, or wrap a plain value in ResourceDefinition.hardcoded_resource()."
        )

    def _checked_logger(self, key: str, definition: object) -> LoggerDefinition:
        if isinstance(definition, LoggerDefinition):
            return definition
        raise DagsterInvalidDefinitionError(
            f"Mode {self.name!r}: logger {key!r} is {definition!r}, not a LoggerDefinition. Make it with @logger."
        )

    def _checked_executors(self, definitions: Sequence[ExecutorDefinition]) -> list[ExecutorDefinition]:
        executors = items_of(definitions, ExecutorDefinition, f"Mode {self.name!r}: executor_defs")
        names = [one.name for one in executors]
        for name in names:
            if names.count(name) > 1:
                raise DagsterInvalidDefinitionError(
                    f"Mode {self.name!r} has two executors named {name!r}. Run config names one of them; "
                    "give each another name."
                )
        return executors

    def _check_resources(self) -> None:
        needs = {key: sorted(one.required_resource_keys) for key, one in self.resource_defs.items()}
        for key, required in needs.items():
            for other in required:
                if other not in needs:
                    raise DagsterInvalidDefinitionError(
                        f"Mode {self.name!r}: resource {key!r} requires resource {other!r}, "
                        f"which the mode does not give.{self._nearest(other, key)} "
                        f"Add it to the mode: ModeDefinition(resource_defs={{{other!r}: ...}})."
                    )
        cycle = find_cycle(needs)  # what is required comes first in it
        if cycle:
            raise DagsterInvalidDefinitionError(
                f"Mode {self.name!r}: resources require each other in a cycle: "
                f"{' -> '.join(reversed(cycle))}. Let one of them do without the next."
            )

    def _nearest(self, missing: str, asking: str) -> str:
        others = [key for key in self.resource_defs if key != asking]
        return did_you_mean(missing, others) if others else ""

    @property
    def resource_key_set(self) -> frozenset[str]:
        """The keys of all resources."""
        return frozenset(self.resource_defs)

    def get_executor_def(self, name: str) -> ExecutorDefinition | None:
        """The executor of this name, or None."""
        return next((one for one in self.executor_defs if one.name == name), None)

    def __repr__(self) -> str:
        return f"ModeDefinition({self.name!r})"
