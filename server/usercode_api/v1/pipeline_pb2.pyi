from usercode_api.v1 import config_pb2 as _config_pb2
from usercode_api.v1 import error_info_pb2 as _error_info_pb2
from usercode_api.v1 import retry_policy_pb2 as _retry_policy_pb2
from usercode_api.v1 import value_pb2 as _value_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from typing import ClassVar as _ClassVar, Iterable as _Iterable, Mapping as _Mapping, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class Pipeline(_message.Message):
    __slots__ = ("name", "description", "tags", "solid_count", "modes", "presets", "error", "structure_omitted", "solid_definitions", "solids", "dagster_types", "config_types", "retry_policy")
    class TagsEntry(_message.Message):
        __slots__ = ("key", "value")
        KEY_FIELD_NUMBER: _ClassVar[int]
        VALUE_FIELD_NUMBER: _ClassVar[int]
        key: str
        value: str
        def __init__(self, key: _Optional[str] = ..., value: _Optional[str] = ...) -> None: ...
    NAME_FIELD_NUMBER: _ClassVar[int]
    DESCRIPTION_FIELD_NUMBER: _ClassVar[int]
    TAGS_FIELD_NUMBER: _ClassVar[int]
    SOLID_COUNT_FIELD_NUMBER: _ClassVar[int]
    MODES_FIELD_NUMBER: _ClassVar[int]
    PRESETS_FIELD_NUMBER: _ClassVar[int]
    ERROR_FIELD_NUMBER: _ClassVar[int]
    STRUCTURE_OMITTED_FIELD_NUMBER: _ClassVar[int]
    SOLID_DEFINITIONS_FIELD_NUMBER: _ClassVar[int]
    SOLIDS_FIELD_NUMBER: _ClassVar[int]
    DAGSTER_TYPES_FIELD_NUMBER: _ClassVar[int]
    CONFIG_TYPES_FIELD_NUMBER: _ClassVar[int]
    RETRY_POLICY_FIELD_NUMBER: _ClassVar[int]
    name: str
    description: str
    tags: _containers.ScalarMap[str, str]
    solid_count: int
    modes: _containers.RepeatedCompositeFieldContainer[Mode]
    presets: _containers.RepeatedCompositeFieldContainer[Preset]
    error: _error_info_pb2.ErrorInfo
    structure_omitted: bool
    solid_definitions: _containers.RepeatedCompositeFieldContainer[SolidDefinition]
    solids: _containers.RepeatedCompositeFieldContainer[Solid]
    dagster_types: _containers.RepeatedCompositeFieldContainer[DagsterType]
    config_types: _containers.RepeatedCompositeFieldContainer[_config_pb2.ConfigType]
    retry_policy: _retry_policy_pb2.RetryPolicy
    def __init__(self, name: _Optional[str] = ..., description: _Optional[str] = ..., tags: _Optional[_Mapping[str, str]] = ..., solid_count: _Optional[int] = ..., modes: _Optional[_Iterable[_Union[Mode, _Mapping]]] = ..., presets: _Optional[_Iterable[_Union[Preset, _Mapping]]] = ..., error: _Optional[_Union[_error_info_pb2.ErrorInfo, _Mapping]] = ..., structure_omitted: bool = ..., solid_definitions: _Optional[_Iterable[_Union[SolidDefinition, _Mapping]]] = ..., solids: _Optional[_Iterable[_Union[Solid, _Mapping]]] = ..., dagster_types: _Optional[_Iterable[_Union[DagsterType, _Mapping]]] = ..., config_types: _Optional[_Iterable[_Union[_config_pb2.ConfigType, _Mapping]]] = ..., retry_policy: _Optional[_Union[_retry_policy_pb2.RetryPolicy, _Mapping]] = ...) -> None: ...

class SolidDefinition(_message.Message):
    __slots__ = ("name", "description", "inputs", "outputs", "config", "required_resource_keys", "tags", "retry_policy", "version", "composition")
    class TagsEntry(_message.Message):
        __slots__ = ("key", "value")
        KEY_FIELD_NUMBER: _ClassVar[int]
        VALUE_FIELD_NUMBER: _ClassVar[int]
        key: str
        value: str
        def __init__(self, key: _Optional[str] = ..., value: _Optional[str] = ...) -> None: ...
    NAME_FIELD_NUMBER: _ClassVar[int]
    DESCRIPTION_FIELD_NUMBER: _ClassVar[int]
    INPUTS_FIELD_NUMBER: _ClassVar[int]
    OUTPUTS_FIELD_NUMBER: _ClassVar[int]
    CONFIG_FIELD_NUMBER: _ClassVar[int]
    REQUIRED_RESOURCE_KEYS_FIELD_NUMBER: _ClassVar[int]
    TAGS_FIELD_NUMBER: _ClassVar[int]
    RETRY_POLICY_FIELD_NUMBER: _ClassVar[int]
    VERSION_FIELD_NUMBER: _ClassVar[int]
    COMPOSITION_FIELD_NUMBER: _ClassVar[int]
    name: str
    description: str
    inputs: _containers.RepeatedCompositeFieldContainer[InputDefinition]
    outputs: _containers.RepeatedCompositeFieldContainer[OutputDefinition]
    config: _config_pb2.ConfigField
    required_resource_keys: _containers.RepeatedScalarFieldContainer[str]
    tags: _containers.ScalarMap[str, str]
    retry_policy: _retry_policy_pb2.RetryPolicy
    version: str
    composition: Composition
    def __init__(self, name: _Optional[str] = ..., description: _Optional[str] = ..., inputs: _Optional[_Iterable[_Union[InputDefinition, _Mapping]]] = ..., outputs: _Optional[_Iterable[_Union[OutputDefinition, _Mapping]]] = ..., config: _Optional[_Union[_config_pb2.ConfigField, _Mapping]] = ..., required_resource_keys: _Optional[_Iterable[str]] = ..., tags: _Optional[_Mapping[str, str]] = ..., retry_policy: _Optional[_Union[_retry_policy_pb2.RetryPolicy, _Mapping]] = ..., version: _Optional[str] = ..., composition: _Optional[_Union[Composition, _Mapping]] = ...) -> None: ...

class InputDefinition(_message.Message):
    __slots__ = ("name", "type_name", "description", "has_default_value", "default_value", "metadata")
    NAME_FIELD_NUMBER: _ClassVar[int]
    TYPE_NAME_FIELD_NUMBER: _ClassVar[int]
    DESCRIPTION_FIELD_NUMBER: _ClassVar[int]
    HAS_DEFAULT_VALUE_FIELD_NUMBER: _ClassVar[int]
    DEFAULT_VALUE_FIELD_NUMBER: _ClassVar[int]
    METADATA_FIELD_NUMBER: _ClassVar[int]
    name: str
    type_name: str
    description: str
    has_default_value: bool
    default_value: _value_pb2.Value
    metadata: _value_pb2.MapValue
    def __init__(self, name: _Optional[str] = ..., type_name: _Optional[str] = ..., description: _Optional[str] = ..., has_default_value: bool = ..., default_value: _Optional[_Union[_value_pb2.Value, _Mapping]] = ..., metadata: _Optional[_Union[_value_pb2.MapValue, _Mapping]] = ...) -> None: ...

class OutputDefinition(_message.Message):
    __slots__ = ("name", "type_name", "description", "is_optional", "io_manager_key", "metadata")
    NAME_FIELD_NUMBER: _ClassVar[int]
    TYPE_NAME_FIELD_NUMBER: _ClassVar[int]
    DESCRIPTION_FIELD_NUMBER: _ClassVar[int]
    IS_OPTIONAL_FIELD_NUMBER: _ClassVar[int]
    IO_MANAGER_KEY_FIELD_NUMBER: _ClassVar[int]
    METADATA_FIELD_NUMBER: _ClassVar[int]
    name: str
    type_name: str
    description: str
    is_optional: bool
    io_manager_key: str
    metadata: _value_pb2.MapValue
    def __init__(self, name: _Optional[str] = ..., type_name: _Optional[str] = ..., description: _Optional[str] = ..., is_optional: bool = ..., io_manager_key: _Optional[str] = ..., metadata: _Optional[_Union[_value_pb2.MapValue, _Mapping]] = ...) -> None: ...

class Composition(_message.Message):
    __slots__ = ("output_mappings", "has_config_mapping")
    OUTPUT_MAPPINGS_FIELD_NUMBER: _ClassVar[int]
    HAS_CONFIG_MAPPING_FIELD_NUMBER: _ClassVar[int]
    output_mappings: _containers.RepeatedCompositeFieldContainer[OutputMapping]
    has_config_mapping: bool
    def __init__(self, output_mappings: _Optional[_Iterable[_Union[OutputMapping, _Mapping]]] = ..., has_config_mapping: bool = ...) -> None: ...

class OutputMapping(_message.Message):
    __slots__ = ("name", "solid_name", "output_name")
    NAME_FIELD_NUMBER: _ClassVar[int]
    SOLID_NAME_FIELD_NUMBER: _ClassVar[int]
    OUTPUT_NAME_FIELD_NUMBER: _ClassVar[int]
    name: str
    solid_name: str
    output_name: str
    def __init__(self, name: _Optional[str] = ..., solid_name: _Optional[str] = ..., output_name: _Optional[str] = ...) -> None: ...

class Solid(_message.Message):
    __slots__ = ("name", "definition_name", "composite_name", "tags", "inputs", "retry_policy")
    class TagsEntry(_message.Message):
        __slots__ = ("key", "value")
        KEY_FIELD_NUMBER: _ClassVar[int]
        VALUE_FIELD_NUMBER: _ClassVar[int]
        key: str
        value: str
        def __init__(self, key: _Optional[str] = ..., value: _Optional[str] = ...) -> None: ...
    NAME_FIELD_NUMBER: _ClassVar[int]
    DEFINITION_NAME_FIELD_NUMBER: _ClassVar[int]
    COMPOSITE_NAME_FIELD_NUMBER: _ClassVar[int]
    TAGS_FIELD_NUMBER: _ClassVar[int]
    INPUTS_FIELD_NUMBER: _ClassVar[int]
    RETRY_POLICY_FIELD_NUMBER: _ClassVar[int]
    name: str
    definition_name: str
    composite_name: str
    tags: _containers.ScalarMap[str, str]
    inputs: _containers.RepeatedCompositeFieldContainer[SolidInput]
    retry_policy: _retry_policy_pb2.RetryPolicy
    def __init__(self, name: _Optional[str] = ..., definition_name: _Optional[str] = ..., composite_name: _Optional[str] = ..., tags: _Optional[_Mapping[str, str]] = ..., inputs: _Optional[_Iterable[_Union[SolidInput, _Mapping]]] = ..., retry_policy: _Optional[_Union[_retry_policy_pb2.RetryPolicy, _Mapping]] = ...) -> None: ...

class SolidInput(_message.Message):
    __slots__ = ("name", "sources", "is_fan_in")
    NAME_FIELD_NUMBER: _ClassVar[int]
    SOURCES_FIELD_NUMBER: _ClassVar[int]
    IS_FAN_IN_FIELD_NUMBER: _ClassVar[int]
    name: str
    sources: _containers.RepeatedCompositeFieldContainer[InputSource]
    is_fan_in: bool
    def __init__(self, name: _Optional[str] = ..., sources: _Optional[_Iterable[_Union[InputSource, _Mapping]]] = ..., is_fan_in: bool = ...) -> None: ...

class InputSource(_message.Message):
    __slots__ = ("solid_name", "output_name", "composite_input")
    SOLID_NAME_FIELD_NUMBER: _ClassVar[int]
    OUTPUT_NAME_FIELD_NUMBER: _ClassVar[int]
    COMPOSITE_INPUT_FIELD_NUMBER: _ClassVar[int]
    solid_name: str
    output_name: str
    composite_input: str
    def __init__(self, solid_name: _Optional[str] = ..., output_name: _Optional[str] = ..., composite_input: _Optional[str] = ...) -> None: ...

class DagsterType(_message.Message):
    __slots__ = ("name", "description")
    NAME_FIELD_NUMBER: _ClassVar[int]
    DESCRIPTION_FIELD_NUMBER: _ClassVar[int]
    name: str
    description: str
    def __init__(self, name: _Optional[str] = ..., description: _Optional[str] = ...) -> None: ...

class Mode(_message.Message):
    __slots__ = ("name", "description", "resources", "loggers", "executors")
    NAME_FIELD_NUMBER: _ClassVar[int]
    DESCRIPTION_FIELD_NUMBER: _ClassVar[int]
    RESOURCES_FIELD_NUMBER: _ClassVar[int]
    LOGGERS_FIELD_NUMBER: _ClassVar[int]
    EXECUTORS_FIELD_NUMBER: _ClassVar[int]
    name: str
    description: str
    resources: _containers.RepeatedCompositeFieldContainer[Resource]
    loggers: _containers.RepeatedCompositeFieldContainer[Logger]
    executors: _containers.RepeatedCompositeFieldContainer[Executor]
    def __init__(self, name: _Optional[str] = ..., description: _Optional[str] = ..., resources: _Optional[_Iterable[_Union[Resource, _Mapping]]] = ..., loggers: _Optional[_Iterable[_Union[Logger, _Mapping]]] = ..., executors: _Optional[_Iterable[_Union[Executor, _Mapping]]] = ...) -> None: ...

class Resource(_message.Message):
    __slots__ = ("name", "description", "config", "required_resource_keys")
    NAME_FIELD_NUMBER: _ClassVar[int]
    DESCRIPTION_FIELD_NUMBER: _ClassVar[int]
    CONFIG_FIELD_NUMBER: _ClassVar[int]
    REQUIRED_RESOURCE_KEYS_FIELD_NUMBER: _ClassVar[int]
    name: str
    description: str
    config: _config_pb2.ConfigField
    required_resource_keys: _containers.RepeatedScalarFieldContainer[str]
    def __init__(self, name: _Optional[str] = ..., description: _Optional[str] = ..., config: _Optional[_Union[_config_pb2.ConfigField, _Mapping]] = ..., required_resource_keys: _Optional[_Iterable[str]] = ...) -> None: ...

class Logger(_message.Message):
    __slots__ = ("name", "description", "config")
    NAME_FIELD_NUMBER: _ClassVar[int]
    DESCRIPTION_FIELD_NUMBER: _ClassVar[int]
    CONFIG_FIELD_NUMBER: _ClassVar[int]
    name: str
    description: str
    config: _config_pb2.ConfigField
    def __init__(self, name: _Optional[str] = ..., description: _Optional[str] = ..., config: _Optional[_Union[_config_pb2.ConfigField, _Mapping]] = ...) -> None: ...

class Executor(_message.Message):
    __slots__ = ("name", "description", "config")
    NAME_FIELD_NUMBER: _ClassVar[int]
    DESCRIPTION_FIELD_NUMBER: _ClassVar[int]
    CONFIG_FIELD_NUMBER: _ClassVar[int]
    name: str
    description: str
    config: _config_pb2.ConfigField
    def __init__(self, name: _Optional[str] = ..., description: _Optional[str] = ..., config: _Optional[_Union[_config_pb2.ConfigField, _Mapping]] = ...) -> None: ...

class Preset(_message.Message):
    __slots__ = ("name", "mode", "run_config", "solid_selection", "tags")
    class TagsEntry(_message.Message):
        __slots__ = ("key", "value")
        KEY_FIELD_NUMBER: _ClassVar[int]
        VALUE_FIELD_NUMBER: _ClassVar[int]
        key: str
        value: str
        def __init__(self, key: _Optional[str] = ..., value: _Optional[str] = ...) -> None: ...
    NAME_FIELD_NUMBER: _ClassVar[int]
    MODE_FIELD_NUMBER: _ClassVar[int]
    RUN_CONFIG_FIELD_NUMBER: _ClassVar[int]
    SOLID_SELECTION_FIELD_NUMBER: _ClassVar[int]
    TAGS_FIELD_NUMBER: _ClassVar[int]
    name: str
    mode: str
    run_config: _value_pb2.MapValue
    solid_selection: _containers.RepeatedScalarFieldContainer[str]
    tags: _containers.ScalarMap[str, str]
    def __init__(self, name: _Optional[str] = ..., mode: _Optional[str] = ..., run_config: _Optional[_Union[_value_pb2.MapValue, _Mapping]] = ..., solid_selection: _Optional[_Iterable[str]] = ..., tags: _Optional[_Mapping[str, str]] = ...) -> None: ...
