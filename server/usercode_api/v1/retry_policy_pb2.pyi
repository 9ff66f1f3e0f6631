from google.protobuf import duration_pb2 as _duration_pb2
from google.protobuf.internal import enum_type_wrapper as _enum_type_wrapper
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from typing import ClassVar as _ClassVar, Mapping as _Mapping, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class RetryBackoff(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    RETRY_BACKOFF_UNSPECIFIED: _ClassVar[RetryBackoff]
    RETRY_BACKOFF_LINEAR: _ClassVar[RetryBackoff]
    RETRY_BACKOFF_EXPONENTIAL: _ClassVar[RetryBackoff]

class RetryJitter(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    RETRY_JITTER_UNSPECIFIED: _ClassVar[RetryJitter]
    RETRY_JITTER_FULL: _ClassVar[RetryJitter]
    RETRY_JITTER_PLUS_MINUS: _ClassVar[RetryJitter]
RETRY_BACKOFF_UNSPECIFIED: RetryBackoff
RETRY_BACKOFF_LINEAR: RetryBackoff
RETRY_BACKOFF_EXPONENTIAL: RetryBackoff
RETRY_JITTER_UNSPECIFIED: RetryJitter
RETRY_JITTER_FULL: RetryJitter
RETRY_JITTER_PLUS_MINUS: RetryJitter

class RetryPolicy(_message.Message):
    __slots__ = ("max_retries", "delay", "backoff", "jitter")
    MAX_RETRIES_FIELD_NUMBER: _ClassVar[int]
    DELAY_FIELD_NUMBER: _ClassVar[int]
    BACKOFF_FIELD_NUMBER: _ClassVar[int]
    JITTER_FIELD_NUMBER: _ClassVar[int]
    max_retries: int
    delay: _duration_pb2.Duration
    backoff: RetryBackoff
    jitter: RetryJitter
    def __init__(self, max_retries: _Optional[int] = ..., delay: _Optional[_Union[_duration_pb2.Duration, _Mapping]] = ..., backoff: _Optional[_Union[RetryBackoff, str]] = ..., jitter: _Optional[_Union[RetryJitter, str]] = ...) -> None: ...
