"""Executors a mode may offer: who decides where the steps of a run are executed.

The SDK executes in process. Other executors are known here by name and config schema, so that
definitions and run configs that mention them are valid; the platform supplies them.
"""

from __future__ import annotations

from usercode_sdk.config import Field, Selector, to_field
from usercode_sdk.definitions.configurable import ConfigurableDefinition
from usercode_sdk.definitions.names import check_name

RETRIES_FIELD = Field(
    Selector({"enabled": {}, "disabled": {}}),
    default_value={"enabled": {}},
    description="Whether steps that ask for a retry, or have a retry policy, are tried again.",
)


class ExecutorDefinition(ConfigurableDefinition):
    """An executor: its name in run config, and its config schema."""

    def __init__(self, name: str, config_schema: object = None, description: str | None = None) -> None:
        self.name = check_name(name, "executor")
        self.config_field: Field | None = None if config_schema is None else to_field(config_schema)
        self.description = description

    def configured(
        self,
        config_or_config_fn: object,
        name: str | None = None,
        config_schema: object = None,
        description: str | None = None,
    ) -> ExecutorDefinition:
        """This executor with its config fixed, or made by a function of a smaller config."""
        copy = ExecutorDefinition.__new__(ExecutorDefinition)
        copy.__dict__.update(self.__dict__)
        copy.name = check_name(name, "executor") if name else self.name
        copy.description = description or self.description
        return self._configure(copy, config_or_config_fn, config_schema)

    @property
    def kind(self) -> str:
        """The name of the executor this one was configured from."""
        definition: ConfigurableDefinition = self
        while definition._configured_from is not None:
            definition = definition._configured_from
        return str(getattr(definition, "name", self.name))


in_process_executor = ExecutorDefinition(
    "in_process",
    {"retries": RETRIES_FIELD, "marker_to_close": Field(str, is_required=False)},
    "Executes the steps one after the other in the process of the run.",
)

multiprocess_executor = ExecutorDefinition(
    "multiprocess",
    {
        "max_concurrent": Field(int, default_value=0, description="0 means one for each core."),
        "retries": RETRIES_FIELD,
    },
    "Executes each step in a process of its own, several at a time.",
)

default_executors = [in_process_executor, multiprocess_executor]
