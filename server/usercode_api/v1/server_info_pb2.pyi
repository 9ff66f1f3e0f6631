from google.protobuf import duration_pb2 as _duration_pb2
from google.protobuf import timestamp_pb2 as _timestamp_pb2
from usercode_api.v1 import error_info_pb2 as _error_info_pb2
from google.protobuf.internal import enum_type_wrapper as _enum_type_wrapper
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from typing import ClassVar as _ClassVar, Mapping as _Mapping, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class LoadState(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    LOAD_STATE_UNSPECIFIED: _ClassVar[LoadState]
    LOAD_STATE_LOADING: _ClassVar[LoadState]
    LOAD_STATE_LOADED: _ClassVar[LoadState]
    LOAD_STATE_FAILED: _ClassVar[LoadState]
LOAD_STATE_UNSPECIFIED: LoadState
LOAD_STATE_LOADING: LoadState
LOAD_STATE_LOADED: LoadState
LOAD_STATE_FAILED: LoadState

class ServerInfo(_message.Message):
    __slots__ = ("server_id", "load_state", "code_version", "load_time", "load_duration", "load_error", "target", "current_image", "usercode_version", "python_version", "repository_count", "pipeline_count")
    SERVER_ID_FIELD_NUMBER: _ClassVar[int]
    LOAD_STATE_FIELD_NUMBER: _ClassVar[int]
    CODE_VERSION_FIELD_NUMBER: _ClassVar[int]
    LOAD_TIME_FIELD_NUMBER: _ClassVar[int]
    LOAD_DURATION_FIELD_NUMBER: _ClassVar[int]
    LOAD_ERROR_FIELD_NUMBER: _ClassVar[int]
    TARGET_FIELD_NUMBER: _ClassVar[int]
    CURRENT_IMAGE_FIELD_NUMBER: _ClassVar[int]
    USERCODE_VERSION_FIELD_NUMBER: _ClassVar[int]
    PYTHON_VERSION_FIELD_NUMBER: _ClassVar[int]
    REPOSITORY_COUNT_FIELD_NUMBER: _ClassVar[int]
    PIPELINE_COUNT_FIELD_NUMBER: _ClassVar[int]
    server_id: str
    load_state: LoadState
    code_version: str
    load_time: _timestamp_pb2.Timestamp
    load_duration: _duration_pb2.Duration
    load_error: _error_info_pb2.ErrorInfo
    target: CodeTarget
    current_image: str
    usercode_version: str
    python_version: str
    repository_count: int
    pipeline_count: int
    def __init__(self, server_id: _Optional[str] = ..., load_state: _Optional[_Union[LoadState, str]] = ..., code_version: _Optional[str] = ..., load_time: _Optional[_Union[_timestamp_pb2.Timestamp, _Mapping]] = ..., load_duration: _Optional[_Union[_duration_pb2.Duration, _Mapping]] = ..., load_error: _Optional[_Union[_error_info_pb2.ErrorInfo, _Mapping]] = ..., target: _Optional[_Union[CodeTarget, _Mapping]] = ..., current_image: _Optional[str] = ..., usercode_version: _Optional[str] = ..., python_version: _Optional[str] = ..., repository_count: _Optional[int] = ..., pipeline_count: _Optional[int] = ...) -> None: ...

class CodeTarget(_message.Message):
    __slots__ = ("python_file", "module_name", "package_name", "attribute", "working_directory")
    PYTHON_FILE_FIELD_NUMBER: _ClassVar[int]
    MODULE_NAME_FIELD_NUMBER: _ClassVar[int]
    PACKAGE_NAME_FIELD_NUMBER: _ClassVar[int]
    ATTRIBUTE_FIELD_NUMBER: _ClassVar[int]
    WORKING_DIRECTORY_FIELD_NUMBER: _ClassVar[int]
    python_file: str
    module_name: str
    package_name: str
    attribute: str
    working_directory: str
    def __init__(self, python_file: _Optional[str] = ..., module_name: _Optional[str] = ..., package_name: _Optional[str] = ..., attribute: _Optional[str] = ..., working_directory: _Optional[str] = ...) -> None: ...
