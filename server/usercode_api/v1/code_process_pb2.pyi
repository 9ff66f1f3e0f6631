from usercode_api.v1 import error_info_pb2 as _error_info_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from typing import ClassVar as _ClassVar, Iterable as _Iterable, Mapping as _Mapping, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class CodeProcessMessage(_message.Message):
    __slots__ = ("repository", "pipeline", "load_outcome", "evaluation", "evaluation_outcome")
    REPOSITORY_FIELD_NUMBER: _ClassVar[int]
    PIPELINE_FIELD_NUMBER: _ClassVar[int]
    LOAD_OUTCOME_FIELD_NUMBER: _ClassVar[int]
    EVALUATION_FIELD_NUMBER: _ClassVar[int]
    EVALUATION_OUTCOME_FIELD_NUMBER: _ClassVar[int]
    repository: ListedRepository
    pipeline: ListedPipeline
    load_outcome: LoadOutcome
    evaluation: Evaluation
    evaluation_outcome: EvaluationOutcome
    def __init__(self, repository: _Optional[_Union[ListedRepository, _Mapping]] = ..., pipeline: _Optional[_Union[ListedPipeline, _Mapping]] = ..., load_outcome: _Optional[_Union[LoadOutcome, _Mapping]] = ..., evaluation: _Optional[_Union[Evaluation, _Mapping]] = ..., evaluation_outcome: _Optional[_Union[EvaluationOutcome, _Mapping]] = ...) -> None: ...

class ListedRepository(_message.Message):
    __slots__ = ("name", "description")
    NAME_FIELD_NUMBER: _ClassVar[int]
    DESCRIPTION_FIELD_NUMBER: _ClassVar[int]
    name: str
    description: str
    def __init__(self, name: _Optional[str] = ..., description: _Optional[str] = ...) -> None: ...

class ListedPipeline(_message.Message):
    __slots__ = ("name", "summary", "parts")
    NAME_FIELD_NUMBER: _ClassVar[int]
    SUMMARY_FIELD_NUMBER: _ClassVar[int]
    PARTS_FIELD_NUMBER: _ClassVar[int]
    name: str
    summary: bytes
    parts: _containers.RepeatedScalarFieldContainer[bytes]
    def __init__(self, name: _Optional[str] = ..., summary: _Optional[bytes] = ..., parts: _Optional[_Iterable[bytes]] = ...) -> None: ...

class LoadOutcome(_message.Message):
    __slots__ = ("error", "code_version", "source_files")
    ERROR_FIELD_NUMBER: _ClassVar[int]
    CODE_VERSION_FIELD_NUMBER: _ClassVar[int]
    SOURCE_FILES_FIELD_NUMBER: _ClassVar[int]
    error: _error_info_pb2.ErrorInfo
    code_version: str
    source_files: _containers.RepeatedScalarFieldContainer[str]
    def __init__(self, error: _Optional[_Union[_error_info_pb2.ErrorInfo, _Mapping]] = ..., code_version: _Optional[str] = ..., source_files: _Optional[_Iterable[str]] = ...) -> None: ...

class Evaluation(_message.Message):
    __slots__ = ("method", "request")
    METHOD_FIELD_NUMBER: _ClassVar[int]
    REQUEST_FIELD_NUMBER: _ClassVar[int]
    method: str
    request: bytes
    def __init__(self, method: _Optional[str] = ..., request: _Optional[bytes] = ...) -> None: ...

class EvaluationOutcome(_message.Message):
    __slots__ = ("pages", "status", "status_message", "is_reusable")
    PAGES_FIELD_NUMBER: _ClassVar[int]
    STATUS_FIELD_NUMBER: _ClassVar[int]
    STATUS_MESSAGE_FIELD_NUMBER: _ClassVar[int]
    IS_REUSABLE_FIELD_NUMBER: _ClassVar[int]
    pages: _containers.RepeatedScalarFieldContainer[bytes]
    status: str
    status_message: str
    is_reusable: bool
    def __init__(self, pages: _Optional[_Iterable[bytes]] = ..., status: _Optional[str] = ..., status_message: _Optional[str] = ..., is_reusable: bool = ...) -> None: ...
