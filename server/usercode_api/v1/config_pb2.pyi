from usercode_api.v1 import value_pb2 as _value_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf.internal import enum_type_wrapper as _enum_type_wrapper
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from typing import ClassVar as _ClassVar, Iterable as _Iterable, Mapping as _Mapping, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class ConfigKind(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    CONFIG_KIND_UNSPECIFIED: _ClassVar[ConfigKind]
    CONFIG_KIND_ANY: _ClassVar[ConfigKind]
    CONFIG_KIND_SCALAR: _ClassVar[ConfigKind]
    CONFIG_KIND_ENUM: _ClassVar[ConfigKind]
    CONFIG_KIND_ARRAY: _ClassVar[ConfigKind]
    CONFIG_KIND_NONEABLE: _ClassVar[ConfigKind]
    CONFIG_KIND_SCALAR_UNION: _ClassVar[ConfigKind]
    CONFIG_KIND_SHAPE: _ClassVar[ConfigKind]
    CONFIG_KIND_PERMISSIVE: _ClassVar[ConfigKind]
    CONFIG_KIND_SELECTOR: _ClassVar[ConfigKind]
    CONFIG_KIND_MODEL: _ClassVar[ConfigKind]

class ConfigFaultReason(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    CONFIG_FAULT_REASON_UNSPECIFIED: _ClassVar[ConfigFaultReason]
    CONFIG_FAULT_REASON_MISSING_REQUIRED_FIELD: _ClassVar[ConfigFaultReason]
    CONFIG_FAULT_REASON_MISSING_REQUIRED_FIELDS: _ClassVar[ConfigFaultReason]
    CONFIG_FAULT_REASON_FIELD_NOT_DEFINED: _ClassVar[ConfigFaultReason]
    CONFIG_FAULT_REASON_FIELDS_NOT_DEFINED: _ClassVar[ConfigFaultReason]
    CONFIG_FAULT_REASON_RUNTIME_TYPE_MISMATCH: _ClassVar[ConfigFaultReason]
    CONFIG_FAULT_REASON_SELECTOR_FIELD_ERROR: _ClassVar[ConfigFaultReason]
    CONFIG_FAULT_REASON_FAILED_POST_PROCESSING: _ClassVar[ConfigFaultReason]
CONFIG_KIND_UNSPECIFIED: ConfigKind
CONFIG_KIND_ANY: ConfigKind
CONFIG_KIND_SCALAR: ConfigKind
CONFIG_KIND_ENUM: ConfigKind
CONFIG_KIND_ARRAY: ConfigKind
CONFIG_KIND_NONEABLE: ConfigKind
CONFIG_KIND_SCALAR_UNION: ConfigKind
CONFIG_KIND_SHAPE: ConfigKind
CONFIG_KIND_PERMISSIVE: ConfigKind
CONFIG_KIND_SELECTOR: ConfigKind
CONFIG_KIND_MODEL: ConfigKind
CONFIG_FAULT_REASON_UNSPECIFIED: ConfigFaultReason
CONFIG_FAULT_REASON_MISSING_REQUIRED_FIELD: ConfigFaultReason
CONFIG_FAULT_REASON_MISSING_REQUIRED_FIELDS: ConfigFaultReason
CONFIG_FAULT_REASON_FIELD_NOT_DEFINED: ConfigFaultReason
CONFIG_FAULT_REASON_FIELDS_NOT_DEFINED: ConfigFaultReason
CONFIG_FAULT_REASON_RUNTIME_TYPE_MISMATCH: ConfigFaultReason
CONFIG_FAULT_REASON_SELECTOR_FIELD_ERROR: ConfigFaultReason
CONFIG_FAULT_REASON_FAILED_POST_PROCESSING: ConfigFaultReason

class ConfigType(_message.Message):
    __slots__ = ("kind", "name", "description", "fields", "inner_types", "enum_values", "json_schema")
    KIND_FIELD_NUMBER: _ClassVar[int]
    NAME_FIELD_NUMBER: _ClassVar[int]
    DESCRIPTION_FIELD_NUMBER: _ClassVar[int]
    FIELDS_FIELD_NUMBER: _ClassVar[int]
    INNER_TYPES_FIELD_NUMBER: _ClassVar[int]
    ENUM_VALUES_FIELD_NUMBER: _ClassVar[int]
    JSON_SCHEMA_FIELD_NUMBER: _ClassVar[int]
    kind: ConfigKind
    name: str
    description: str
    fields: _containers.RepeatedCompositeFieldContainer[ConfigField]
    inner_types: _containers.RepeatedScalarFieldContainer[int]
    enum_values: _containers.RepeatedCompositeFieldContainer[ConfigEnumValue]
    json_schema: _value_pb2.Value
    def __init__(self, kind: _Optional[_Union[ConfigKind, str]] = ..., name: _Optional[str] = ..., description: _Optional[str] = ..., fields: _Optional[_Iterable[_Union[ConfigField, _Mapping]]] = ..., inner_types: _Optional[_Iterable[int]] = ..., enum_values: _Optional[_Iterable[_Union[ConfigEnumValue, _Mapping]]] = ..., json_schema: _Optional[_Union[_value_pb2.Value, _Mapping]] = ...) -> None: ...

class ConfigField(_message.Message):
    __slots__ = ("name", "type", "is_required", "default_value", "description")
    NAME_FIELD_NUMBER: _ClassVar[int]
    TYPE_FIELD_NUMBER: _ClassVar[int]
    IS_REQUIRED_FIELD_NUMBER: _ClassVar[int]
    DEFAULT_VALUE_FIELD_NUMBER: _ClassVar[int]
    DESCRIPTION_FIELD_NUMBER: _ClassVar[int]
    name: str
    type: int
    is_required: bool
    default_value: _value_pb2.Value
    description: str
    def __init__(self, name: _Optional[str] = ..., type: _Optional[int] = ..., is_required: bool = ..., default_value: _Optional[_Union[_value_pb2.Value, _Mapping]] = ..., description: _Optional[str] = ...) -> None: ...

class ConfigEnumValue(_message.Message):
    __slots__ = ("name", "description")
    NAME_FIELD_NUMBER: _ClassVar[int]
    DESCRIPTION_FIELD_NUMBER: _ClassVar[int]
    name: str
    description: str
    def __init__(self, name: _Optional[str] = ..., description: _Optional[str] = ...) -> None: ...

class ConfigFault(_message.Message):
    __slots__ = ("reason", "path", "value", "expected", "nearest", "sample", "message", "entry")
    REASON_FIELD_NUMBER: _ClassVar[int]
    PATH_FIELD_NUMBER: _ClassVar[int]
    VALUE_FIELD_NUMBER: _ClassVar[int]
    EXPECTED_FIELD_NUMBER: _ClassVar[int]
    NEAREST_FIELD_NUMBER: _ClassVar[int]
    SAMPLE_FIELD_NUMBER: _ClassVar[int]
    MESSAGE_FIELD_NUMBER: _ClassVar[int]
    ENTRY_FIELD_NUMBER: _ClassVar[int]
    reason: ConfigFaultReason
    path: _containers.RepeatedScalarFieldContainer[str]
    value: _value_pb2.Value
    expected: str
    nearest: str
    sample: _value_pb2.Value
    message: str
    entry: str
    def __init__(self, reason: _Optional[_Union[ConfigFaultReason, str]] = ..., path: _Optional[_Iterable[str]] = ..., value: _Optional[_Union[_value_pb2.Value, _Mapping]] = ..., expected: _Optional[str] = ..., nearest: _Optional[str] = ..., sample: _Optional[_Union[_value_pb2.Value, _Mapping]] = ..., message: _Optional[str] = ..., entry: _Optional[str] = ...) -> None: ...
