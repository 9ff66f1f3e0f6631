"""What pipeline authors import: solids, pipelines, repositories, and everything around them."""

from __future__ import annotations

from typing import Any

from usercode_sdk.config import (
    Array,
    BoolSource,
    ConfigFault,
    Enum,
    EnumValue,
    Field,
    IntSource,
    Noneable,
    Permissive,
    ScalarUnion,
    Selector,
    Shape,
    StringSource,
)
from usercode_sdk.definitions.composite import CompositeSolidDefinition, composite_solid
from usercode_sdk.definitions.config_mapping import ConfigMapping
from usercode_sdk.definitions.configurable import configured
from usercode_sdk.definitions.dependency import (
    DependencyDefinition,
    MultiDependencyDefinition,
    SolidInvocation,
)
from usercode_sdk.definitions.executor import (
    ExecutorDefinition,
    default_executors,
    in_process_executor,
    multiprocess_executor,
)
from usercode_sdk.definitions.inputs import InputDefinition, InputMapping
from usercode_sdk.definitions.io_manager import IOManager, IOManagerDefinition, io_manager
from usercode_sdk.definitions.logger import LoggerDefinition, logger
from usercode_sdk.definitions.mode import ModeDefinition
from usercode_sdk.definitions.outputs import OutputDefinition, OutputMapping
from usercode_sdk.definitions.pipeline import PipelineDefinition, pipeline
from usercode_sdk.definitions.preset import PresetDefinition
from usercode_sdk.definitions.repository import RepositoryDefinition, repository
from usercode_sdk.definitions.resource import ResourceDefinition, make_values_resource, resource
from usercode_sdk.definitions.retry_policy import Backoff, Jitter, RetryPolicy
from usercode_sdk.definitions.solid import SolidDefinition, lambda_solid, solid
from usercode_sdk.error_info import ErrorInfo
from usercode_sdk.errors import (
    DagsterConfigMappingFunctionError,
    DagsterError,
    DagsterExecutionInterruptedError,
    DagsterExecutionStepExecutionError,
    DagsterExecutionStepNotFoundError,
    DagsterInvalidConfigDefinitionError,
    DagsterInvalidConfigError,
    DagsterInvalidDefinitionError,
    DagsterInvariantViolationError,
    DagsterResourceFunctionError,
    DagsterStepOutputNotFoundError,
    DagsterTypeCheckDidNotPass,
    DagsterTypeCheckError,
    DagsterUnknownResourceError,
    DagsterUnmetExecutorRequirementsError,
    DagsterUserCodeExecutionError,
)
from usercode_sdk.events import Event, EventType
from usercode_sdk.execute import execute_pipeline, execute_pipeline_iterator, execute_solid
from usercode_sdk.execution.init_contexts import InitLoggerContext, InitResourceContext
from usercode_sdk.execution.io_contexts import InputContext, OutputContext
from usercode_sdk.execution.log_manager import DagsterLogManager
from usercode_sdk.execution.results import (
    CompositeSolidExecutionResult,
    PipelineExecutionResult,
    SolidExecutionResult,
)
from usercode_sdk.execution.solid_context import SolidExecutionContext
from usercode_sdk.files import file_relative_path
from usercode_sdk.instance import DagsterInstance
from usercode_sdk.io import fs_io_manager, mem_io_manager
from usercode_sdk.metadata import EventMetadata, EventMetadataEntry
from usercode_sdk.pipeline_run import PipelineRun, PipelineRunStatus
from usercode_sdk.reconstructable import reconstructable
from usercode_sdk.types import DagsterType, Nothing, PythonObjectDagsterType
from usercode_sdk.user_events import (
    AssetKey,
    AssetMaterialization,
    ExpectationResult,
    Failure,
    Output,
    RetryRequested,
    TypeCheck,
)

# In schemas and type annotations alike, the scalar types are Python's own.
String = str
Int = int
Float = float
Bool = bool

__all__ = [
    "Any",
    "Array",
    "AssetKey",
    "AssetMaterialization",
    "Backoff",
    "Bool",
    "BoolSource",
    "CompositeSolidDefinition",
    "CompositeSolidExecutionResult",
    "ConfigFault",
    "ConfigMapping",
    "DagsterConfigMappingFunctionError",
    "DagsterError",
    "DagsterExecutionInterruptedError",
    "DagsterExecutionStepExecutionError",
    "DagsterExecutionStepNotFoundError",
    "DagsterInstance",
    "DagsterInvalidConfigDefinitionError",
    "DagsterInvalidConfigError",
    "DagsterInvalidDefinitionError",
    "DagsterInvariantViolationError",
    "DagsterLogManager",
    "DagsterResourceFunctionError",
    "DagsterStepOutputNotFoundError",
    "DagsterType",
    "DagsterTypeCheckDidNotPass",
    "DagsterTypeCheckError",
    "DagsterUnknownResourceError",
    "DagsterUnmetExecutorRequirementsError",
    "DagsterUserCodeExecutionError",
    "DependencyDefinition",
    "Enum",
    "EnumValue",
    "ErrorInfo",
    "Event",
    "EventMetadata",
    "EventMetadataEntry",
    "EventType",
    "ExecutorDefinition",
    "ExpectationResult",
    "Failure",
    "Field",
    "Float",
    "IOManager",
    "IOManagerDefinition",
    "InitLoggerContext",
    "InitResourceContext",
    "InputContext",
    "InputDefinition",
    "InputMapping",
    "Int",
    "IntSource",
    "Jitter",
    "LoggerDefinition",
    "ModeDefinition",
    "MultiDependencyDefinition",
    "Noneable",
    "Nothing",
    "Output",
    "OutputContext",
    "OutputDefinition",
    "OutputMapping",
    "Permissive",
    "PipelineDefinition",
    "PipelineExecutionResult",
    "PipelineRun",
    "PipelineRunStatus",
    "PresetDefinition",
    "PythonObjectDagsterType",
    "RepositoryDefinition",
    "ResourceDefinition",
    "RetryPolicy",
    "RetryRequested",
    "ScalarUnion",
    "Selector",
    "Shape",
    "SolidDefinition",
    "SolidExecutionContext",
    "SolidExecutionResult",
    "SolidInvocation",
    "String",
    "StringSource",
    "TypeCheck",
    "composite_solid",
    "configured",
    "default_executors",
    "execute_pipeline",
    "execute_pipeline_iterator",
    "execute_solid",
    "file_relative_path",
    "fs_io_manager",
    "in_process_executor",
    "io_manager",
    "lambda_solid",
    "logger",
    "make_values_resource",
    "mem_io_manager",
    "multiprocess_executor",
    "pipeline",
    "reconstructable",
    "repository",
    "resource",
    "solid",
]

__version__ = "0.1.0"
