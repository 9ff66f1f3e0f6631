from google.protobuf.internal import containers as _containers
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from typing import ClassVar as _ClassVar, Iterable as _Iterable, Mapping as _Mapping, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class ErrorInfo(_message.Message):
    __slots__ = ("summary", "error_type", "message", "stack", "cause")
    SUMMARY_FIELD_NUMBER: _ClassVar[int]
    ERROR_TYPE_FIELD_NUMBER: _ClassVar[int]
    MESSAGE_FIELD_NUMBER: _ClassVar[int]
    STACK_FIELD_NUMBER: _ClassVar[int]
    CAUSE_FIELD_NUMBER: _ClassVar[int]
    summary: str
    error_type: str
    message: str
    stack: _containers.RepeatedScalarFieldContainer[str]
    cause: ErrorInfo
    def __init__(self, summary: _Optional[str] = ..., error_type: _Optional[str] = ..., message: _Optional[str] = ..., stack: _Optional[_Iterable[str]] = ..., cause: _Optional[_Union[ErrorInfo, _Mapping]] = ...) -> None: ...
