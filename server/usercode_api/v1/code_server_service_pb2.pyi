from usercode_api.v1 import config_pb2 as _config_pb2
from usercode_api.v1 import error_info_pb2 as _error_info_pb2
from usercode_api.v1 import execution_plan_pb2 as _execution_plan_pb2
from usercode_api.v1 import pipeline_pb2 as _pipeline_pb2
from usercode_api.v1 import repository_pb2 as _repository_pb2
from usercode_api.v1 import server_info_pb2 as _server_info_pb2
from usercode_api.v1 import value_pb2 as _value_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from typing import ClassVar as _ClassVar, Iterable as _Iterable, Mapping as _Mapping, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class GetServerInfoRequest(_message.Message):
    __slots__ = ()
    def __init__(self) -> None: ...

class GetServerInfoResponse(_message.Message):
    __slots__ = ("server_info",)
    SERVER_INFO_FIELD_NUMBER: _ClassVar[int]
    server_info: _server_info_pb2.ServerInfo
    def __init__(self, server_info: _Optional[_Union[_server_info_pb2.ServerInfo, _Mapping]] = ...) -> None: ...

class WatchServerInfoRequest(_message.Message):
    __slots__ = ()
    def __init__(self) -> None: ...

class WatchServerInfoResponse(_message.Message):
    __slots__ = ("server_info",)
    SERVER_INFO_FIELD_NUMBER: _ClassVar[int]
    server_info: _server_info_pb2.ServerInfo
    def __init__(self, server_info: _Optional[_Union[_server_info_pb2.ServerInfo, _Mapping]] = ...) -> None: ...

class GetCurrentImageRequest(_message.Message):
    __slots__ = ()
    def __init__(self) -> None: ...

class GetCurrentImageResponse(_message.Message):
    __slots__ = ("current_image",)
    CURRENT_IMAGE_FIELD_NUMBER: _ClassVar[int]
    current_image: str
    def __init__(self, current_image: _Optional[str] = ...) -> None: ...

class ListRepositoriesRequest(_message.Message):
    __slots__ = ("page_size", "page_token", "if_code_version")
    PAGE_SIZE_FIELD_NUMBER: _ClassVar[int]
    PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    IF_CODE_VERSION_FIELD_NUMBER: _ClassVar[int]
    page_size: int
    page_token: str
    if_code_version: str
    def __init__(self, page_size: _Optional[int] = ..., page_token: _Optional[str] = ..., if_code_version: _Optional[str] = ...) -> None: ...

class ListRepositoriesResponse(_message.Message):
    __slots__ = ("repositories", "next_page_token", "code_version", "not_modified", "load_error")
    REPOSITORIES_FIELD_NUMBER: _ClassVar[int]
    NEXT_PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    CODE_VERSION_FIELD_NUMBER: _ClassVar[int]
    NOT_MODIFIED_FIELD_NUMBER: _ClassVar[int]
    LOAD_ERROR_FIELD_NUMBER: _ClassVar[int]
    repositories: _containers.RepeatedCompositeFieldContainer[_repository_pb2.Repository]
    next_page_token: str
    code_version: str
    not_modified: bool
    load_error: _error_info_pb2.ErrorInfo
    def __init__(self, repositories: _Optional[_Iterable[_Union[_repository_pb2.Repository, _Mapping]]] = ..., next_page_token: _Optional[str] = ..., code_version: _Optional[str] = ..., not_modified: bool = ..., load_error: _Optional[_Union[_error_info_pb2.ErrorInfo, _Mapping]] = ...) -> None: ...

class ListPipelinesRequest(_message.Message):
    __slots__ = ("repository_name", "view", "page_size", "page_token", "if_code_version")
    REPOSITORY_NAME_FIELD_NUMBER: _ClassVar[int]
    VIEW_FIELD_NUMBER: _ClassVar[int]
    PAGE_SIZE_FIELD_NUMBER: _ClassVar[int]
    PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    IF_CODE_VERSION_FIELD_NUMBER: _ClassVar[int]
    repository_name: str
    view: _repository_pb2.PipelineView
    page_size: int
    page_token: str
    if_code_version: str
    def __init__(self, repository_name: _Optional[str] = ..., view: _Optional[_Union[_repository_pb2.PipelineView, str]] = ..., page_size: _Optional[int] = ..., page_token: _Optional[str] = ..., if_code_version: _Optional[str] = ...) -> None: ...

class ListPipelinesResponse(_message.Message):
    __slots__ = ("pipelines", "next_page_token", "code_version", "not_modified")
    PIPELINES_FIELD_NUMBER: _ClassVar[int]
    NEXT_PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    CODE_VERSION_FIELD_NUMBER: _ClassVar[int]
    NOT_MODIFIED_FIELD_NUMBER: _ClassVar[int]
    pipelines: _containers.RepeatedCompositeFieldContainer[_pipeline_pb2.Pipeline]
    next_page_token: str
    code_version: str
    not_modified: bool
    def __init__(self, pipelines: _Optional[_Iterable[_Union[_pipeline_pb2.Pipeline, _Mapping]]] = ..., next_page_token: _Optional[str] = ..., code_version: _Optional[str] = ..., not_modified: bool = ...) -> None: ...

class GetPipelineRequest(_message.Message):
    __slots__ = ("repository_name", "pipeline_name", "page_token", "if_code_version")
    REPOSITORY_NAME_FIELD_NUMBER: _ClassVar[int]
    PIPELINE_NAME_FIELD_NUMBER: _ClassVar[int]
    PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    IF_CODE_VERSION_FIELD_NUMBER: _ClassVar[int]
    repository_name: str
    pipeline_name: str
    page_token: str
    if_code_version: str
    def __init__(self, repository_name: _Optional[str] = ..., pipeline_name: _Optional[str] = ..., page_token: _Optional[str] = ..., if_code_version: _Optional[str] = ...) -> None: ...

class GetPipelineResponse(_message.Message):
    __slots__ = ("pipeline", "next_page_token", "code_version", "not_modified")
    PIPELINE_FIELD_NUMBER: _ClassVar[int]
    NEXT_PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    CODE_VERSION_FIELD_NUMBER: _ClassVar[int]
    NOT_MODIFIED_FIELD_NUMBER: _ClassVar[int]
    pipeline: _pipeline_pb2.Pipeline
    next_page_token: str
    code_version: str
    not_modified: bool
    def __init__(self, pipeline: _Optional[_Union[_pipeline_pb2.Pipeline, _Mapping]] = ..., next_page_token: _Optional[str] = ..., code_version: _Optional[str] = ..., not_modified: bool = ...) -> None: ...

class GetRunConfigSchemaRequest(_message.Message):
    __slots__ = ("repository_name", "pipeline_name", "mode", "page_token")
    REPOSITORY_NAME_FIELD_NUMBER: _ClassVar[int]
    PIPELINE_NAME_FIELD_NUMBER: _ClassVar[int]
    MODE_FIELD_NUMBER: _ClassVar[int]
    PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    repository_name: str
    pipeline_name: str
    mode: str
    page_token: str
    def __init__(self, repository_name: _Optional[str] = ..., pipeline_name: _Optional[str] = ..., mode: _Optional[str] = ..., page_token: _Optional[str] = ...) -> None: ...

class GetRunConfigSchemaResponse(_message.Message):
    __slots__ = ("config_types", "next_page_token", "code_version", "run_config", "error")
    CONFIG_TYPES_FIELD_NUMBER: _ClassVar[int]
    NEXT_PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    CODE_VERSION_FIELD_NUMBER: _ClassVar[int]
    RUN_CONFIG_FIELD_NUMBER: _ClassVar[int]
    ERROR_FIELD_NUMBER: _ClassVar[int]
    config_types: _containers.RepeatedCompositeFieldContainer[_config_pb2.ConfigType]
    next_page_token: str
    code_version: str
    run_config: _config_pb2.ConfigField
    error: _error_info_pb2.ErrorInfo
    def __init__(self, config_types: _Optional[_Iterable[_Union[_config_pb2.ConfigType, _Mapping]]] = ..., next_page_token: _Optional[str] = ..., code_version: _Optional[str] = ..., run_config: _Optional[_Union[_config_pb2.ConfigField, _Mapping]] = ..., error: _Optional[_Union[_error_info_pb2.ErrorInfo, _Mapping]] = ...) -> None: ...

class ValidateRunConfigRequest(_message.Message):
    __slots__ = ("repository_name", "pipeline_name", "mode", "run_config")
    REPOSITORY_NAME_FIELD_NUMBER: _ClassVar[int]
    PIPELINE_NAME_FIELD_NUMBER: _ClassVar[int]
    MODE_FIELD_NUMBER: _ClassVar[int]
    RUN_CONFIG_FIELD_NUMBER: _ClassVar[int]
    repository_name: str
    pipeline_name: str
    mode: str
    run_config: _value_pb2.MapValue
    def __init__(self, repository_name: _Optional[str] = ..., pipeline_name: _Optional[str] = ..., mode: _Optional[str] = ..., run_config: _Optional[_Union[_value_pb2.MapValue, _Mapping]] = ...) -> None: ...

class ValidateRunConfigResponse(_message.Message):
    __slots__ = ("faults", "error", "code_version")
    FAULTS_FIELD_NUMBER: _ClassVar[int]
    ERROR_FIELD_NUMBER: _ClassVar[int]
    CODE_VERSION_FIELD_NUMBER: _ClassVar[int]
    faults: _containers.RepeatedCompositeFieldContainer[_config_pb2.ConfigFault]
    error: _error_info_pb2.ErrorInfo
    code_version: str
    def __init__(self, faults: _Optional[_Iterable[_Union[_config_pb2.ConfigFault, _Mapping]]] = ..., error: _Optional[_Union[_error_info_pb2.ErrorInfo, _Mapping]] = ..., code_version: _Optional[str] = ...) -> None: ...

class GetExecutionPlanRequest(_message.Message):
    __slots__ = ("repository_name", "pipeline_name", "mode", "run_config", "step_keys", "page_token")
    REPOSITORY_NAME_FIELD_NUMBER: _ClassVar[int]
    PIPELINE_NAME_FIELD_NUMBER: _ClassVar[int]
    MODE_FIELD_NUMBER: _ClassVar[int]
    RUN_CONFIG_FIELD_NUMBER: _ClassVar[int]
    STEP_KEYS_FIELD_NUMBER: _ClassVar[int]
    PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    repository_name: str
    pipeline_name: str
    mode: str
    run_config: _value_pb2.MapValue
    step_keys: _containers.RepeatedScalarFieldContainer[str]
    page_token: str
    def __init__(self, repository_name: _Optional[str] = ..., pipeline_name: _Optional[str] = ..., mode: _Optional[str] = ..., run_config: _Optional[_Union[_value_pb2.MapValue, _Mapping]] = ..., step_keys: _Optional[_Iterable[str]] = ..., page_token: _Optional[str] = ...) -> None: ...

class GetExecutionPlanResponse(_message.Message):
    __slots__ = ("plan", "next_page_token", "code_version", "faults", "error")
    PLAN_FIELD_NUMBER: _ClassVar[int]
    NEXT_PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    CODE_VERSION_FIELD_NUMBER: _ClassVar[int]
    FAULTS_FIELD_NUMBER: _ClassVar[int]
    ERROR_FIELD_NUMBER: _ClassVar[int]
    plan: _execution_plan_pb2.ExecutionPlan
    next_page_token: str
    code_version: str
    faults: _containers.RepeatedCompositeFieldContainer[_config_pb2.ConfigFault]
    error: _error_info_pb2.ErrorInfo
    def __init__(self, plan: _Optional[_Union[_execution_plan_pb2.ExecutionPlan, _Mapping]] = ..., next_page_token: _Optional[str] = ..., code_version: _Optional[str] = ..., faults: _Optional[_Iterable[_Union[_config_pb2.ConfigFault, _Mapping]]] = ..., error: _Optional[_Union[_error_info_pb2.ErrorInfo, _Mapping]] = ...) -> None: ...

class ReloadCodeRequest(_message.Message):
    __slots__ = ()
    def __init__(self) -> None: ...

class ReloadCodeResponse(_message.Message):
    __slots__ = ("server_info", "is_changed")
    SERVER_INFO_FIELD_NUMBER: _ClassVar[int]
    IS_CHANGED_FIELD_NUMBER: _ClassVar[int]
    server_info: _server_info_pb2.ServerInfo
    is_changed: bool
    def __init__(self, server_info: _Optional[_Union[_server_info_pb2.ServerInfo, _Mapping]] = ..., is_changed: bool = ...) -> None: ...

class StopServerRequest(_message.Message):
    __slots__ = ()
    def __init__(self) -> None: ...

class StopServerResponse(_message.Message):
    __slots__ = ()
    def __init__(self) -> None: ...
