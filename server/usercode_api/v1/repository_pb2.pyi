from google.protobuf.internal import enum_type_wrapper as _enum_type_wrapper
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from typing import ClassVar as _ClassVar, Optional as _Optional

DESCRIPTOR: _descriptor.FileDescriptor

class PipelineView(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    PIPELINE_VIEW_UNSPECIFIED: _ClassVar[PipelineView]
    PIPELINE_VIEW_SUMMARY: _ClassVar[PipelineView]
    PIPELINE_VIEW_FULL: _ClassVar[PipelineView]
PIPELINE_VIEW_UNSPECIFIED: PipelineView
PIPELINE_VIEW_SUMMARY: PipelineView
PIPELINE_VIEW_FULL: PipelineView

class Repository(_message.Message):
    __slots__ = ("name", "description", "pipeline_count")
    NAME_FIELD_NUMBER: _ClassVar[int]
    DESCRIPTION_FIELD_NUMBER: _ClassVar[int]
    PIPELINE_COUNT_FIELD_NUMBER: _ClassVar[int]
    name: str
    description: str
    pipeline_count: int
    def __init__(self, name: _Optional[str] = ..., description: _Optional[str] = ..., pipeline_count: _Optional[int] = ...) -> None: ...
