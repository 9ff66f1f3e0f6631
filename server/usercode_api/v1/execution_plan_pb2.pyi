from usercode_api.v1 import retry_policy_pb2 as _retry_policy_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf.internal import enum_type_wrapper as _enum_type_wrapper
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from typing import ClassVar as _ClassVar, Iterable as _Iterable, Mapping as _Mapping, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class StepInputSource(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    STEP_INPUT_SOURCE_UNSPECIFIED: _ClassVar[StepInputSource]
    STEP_INPUT_SOURCE_CONFIG: _ClassVar[StepInputSource]
    STEP_INPUT_SOURCE_DEFAULT: _ClassVar[StepInputSource]
    STEP_INPUT_SOURCE_NOTHING: _ClassVar[StepInputSource]
    STEP_INPUT_SOURCE_OUTPUTS: _ClassVar[StepInputSource]
STEP_INPUT_SOURCE_UNSPECIFIED: StepInputSource
STEP_INPUT_SOURCE_CONFIG: StepInputSource
STEP_INPUT_SOURCE_DEFAULT: StepInputSource
STEP_INPUT_SOURCE_NOTHING: StepInputSource
STEP_INPUT_SOURCE_OUTPUTS: StepInputSource

class ExecutionPlan(_message.Message):
    __slots__ = ("steps",)
    STEPS_FIELD_NUMBER: _ClassVar[int]
    steps: _containers.RepeatedCompositeFieldContainer[Step]
    def __init__(self, steps: _Optional[_Iterable[_Union[Step, _Mapping]]] = ...) -> None: ...

class Step(_message.Message):
    __slots__ = ("key", "solid_path", "tags", "inputs", "outputs", "retry_policy", "required_resource_keys")
    class TagsEntry(_message.Message):
        __slots__ = ("key", "value")
        KEY_FIELD_NUMBER: _ClassVar[int]
        VALUE_FIELD_NUMBER: _ClassVar[int]
        key: str
        value: str
        def __init__(self, key: _Optional[str] = ..., value: _Optional[str] = ...) -> None: ...
    KEY_FIELD_NUMBER: _ClassVar[int]
    SOLID_PATH_FIELD_NUMBER: _ClassVar[int]
    TAGS_FIELD_NUMBER: _ClassVar[int]
    INPUTS_FIELD_NUMBER: _ClassVar[int]
    OUTPUTS_FIELD_NUMBER: _ClassVar[int]
    RETRY_POLICY_FIELD_NUMBER: _ClassVar[int]
    REQUIRED_RESOURCE_KEYS_FIELD_NUMBER: _ClassVar[int]
    key: str
    solid_path: _containers.RepeatedScalarFieldContainer[str]
    tags: _containers.ScalarMap[str, str]
    inputs: _containers.RepeatedCompositeFieldContainer[StepInput]
    outputs: _containers.RepeatedCompositeFieldContainer[StepOutput]
    retry_policy: _retry_policy_pb2.RetryPolicy
    required_resource_keys: _containers.RepeatedScalarFieldContainer[str]
    def __init__(self, key: _Optional[str] = ..., solid_path: _Optional[_Iterable[str]] = ..., tags: _Optional[_Mapping[str, str]] = ..., inputs: _Optional[_Iterable[_Union[StepInput, _Mapping]]] = ..., outputs: _Optional[_Iterable[_Union[StepOutput, _Mapping]]] = ..., retry_policy: _Optional[_Union[_retry_policy_pb2.RetryPolicy, _Mapping]] = ..., required_resource_keys: _Optional[_Iterable[str]] = ...) -> None: ...

class StepInput(_message.Message):
    __slots__ = ("name", "type_name", "source", "outputs", "is_fan_in")
    NAME_FIELD_NUMBER: _ClassVar[int]
    TYPE_NAME_FIELD_NUMBER: _ClassVar[int]
    SOURCE_FIELD_NUMBER: _ClassVar[int]
    OUTPUTS_FIELD_NUMBER: _ClassVar[int]
    IS_FAN_IN_FIELD_NUMBER: _ClassVar[int]
    name: str
    type_name: str
    source: StepInputSource
    outputs: _containers.RepeatedCompositeFieldContainer[StepOutputReference]
    is_fan_in: bool
    def __init__(self, name: _Optional[str] = ..., type_name: _Optional[str] = ..., source: _Optional[_Union[StepInputSource, str]] = ..., outputs: _Optional[_Iterable[_Union[StepOutputReference, _Mapping]]] = ..., is_fan_in: bool = ...) -> None: ...

class StepOutputReference(_message.Message):
    __slots__ = ("step_key", "output_name")
    STEP_KEY_FIELD_NUMBER: _ClassVar[int]
    OUTPUT_NAME_FIELD_NUMBER: _ClassVar[int]
    step_key: str
    output_name: str
    def __init__(self, step_key: _Optional[str] = ..., output_name: _Optional[str] = ...) -> None: ...

class StepOutput(_message.Message):
    __slots__ = ("name", "type_name", "is_optional", "io_manager_key")
    NAME_FIELD_NUMBER: _ClassVar[int]
    TYPE_NAME_FIELD_NUMBER: _ClassVar[int]
    IS_OPTIONAL_FIELD_NUMBER: _ClassVar[int]
    IO_MANAGER_KEY_FIELD_NUMBER: _ClassVar[int]
    name: str
    type_name: str
    is_optional: bool
    io_manager_key: str
    def __init__(self, name: _Optional[str] = ..., type_name: _Optional[str] = ..., is_optional: bool = ..., io_manager_key: _Optional[str] = ...) -> None: ...
