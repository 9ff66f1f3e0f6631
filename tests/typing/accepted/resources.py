"""Resources, IO managers, loggers, and config fixed beforehand."""

from __future__ import annotations

import logging
from collections.abc import Iterator

import pydantic

from usercode_sdk import (
    Any,
    CompositeSolidDefinition,
    ExecutorDefinition,
    Field,
    InitLoggerContext,
    InitResourceContext,
    InputContext,
    IOManager,
    IOManagerDefinition,
    LoggerDefinition,
    ModeDefinition,
    OutputContext,
    ResourceDefinition,
    SolidDefinition,
    composite_solid,
    configured,
    fs_io_manager,
    io_manager,
    logger,
    make_values_resource,
    mem_io_manager,
    multiprocess_executor,
    resource,
    solid,
)


class Connection(pydantic.BaseModel):
    host: str


class Shelf(IOManager):
    def handle_output(self, context: OutputContext, obj: object) -> None:
        path = [context.run_id, context.step_key, context.name, context.config["name"]]
        context.log.info("Storing %s at %s", obj, "/".join(path))

    def load_input(self, context: InputContext) -> object:
        return [context.upstream_output.step_key, context.resources.plain, context.metadata["unit"]]


@resource
def plain(_: InitResourceContext) -> str:
    return "plain"


@resource(
    config_schema={"port": Field(int, default_value=1)}, required_resource_keys={"plain"}, description="A server."
)
def server(context: InitResourceContext) -> Iterator[object]:
    yield (context.resource_config["port"], context.resources.plain)


@resource(Connection)
def connection(context: InitResourceContext) -> Connection:
    found: Connection = context.resource_config
    return found


@io_manager
def shelf(_: InitResourceContext) -> Shelf:
    return Shelf()


@io_manager({"folder": str}, output_config_schema={"name": str}, input_config_schema=int)
def folder_shelf(_: InitResourceContext) -> Shelf:
    return Shelf()


@logger
def quiet(_: InitLoggerContext) -> logging.Logger:
    return logging.getLogger("quiet")


@logger({"level": str})
def loud(context: InitLoggerContext) -> logging.Logger:
    return logging.getLogger(context.logger_config["level"])


@solid(config_schema={"k": int})
def factor(context: Any) -> int:
    return int(context.solid_config["k"])


@composite_solid(config_schema=int, config_fn=lambda k: {"factor": {"config": {"k": k}}})
def wrapped() -> Any:
    return factor()


@configured(factor, config_schema={"half": int})
def doubled(config: Any) -> object:
    return {"k": config["half"] * 2}


fixed: SolidDefinition = configured(factor, name="fixed")({"k": 1})
also_a_solid: SolidDefinition = doubled
composite: CompositeSolidDefinition = wrapped.configured(3, name="composite")
here: ResourceDefinition = server.configured({"port": 2})
in_tmp: IOManagerDefinition = fs_io_manager.configured({"base_dir": "/data"})
calm: LoggerDefinition = loud.configured({"level": "ERROR"})
two_at_a_time: ExecutorDefinition = multiprocess_executor.configured({"max_concurrent": 2}, name="two")

mode = ModeDefinition(
    "prod",
    resource_defs={
        "plain": plain,
        "server": here,
        "connection": connection,
        "io_manager": in_tmp,
        "memory": mem_io_manager,
        "mine": folder_shelf,
        "values": make_values_resource(a=int, b=Field(str, is_required=False)),
        "nothing": ResourceDefinition.none_resource(),
        "three": ResourceDefinition.hardcoded_resource(3, "Always three."),
        "always": IOManagerDefinition.hardcoded_io_manager(Shelf()),
    },
    logger_defs={"quiet": quiet, "calm": calm},
    executor_defs=[two_at_a_time],
    description="The real thing.",
)
