"""Every .proto file keeps the conventions of this project; the compiler's own description of them is walked."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest
from google.protobuf.descriptor import Descriptor, EnumDescriptor, FieldDescriptor, FileDescriptor

from usercode_api.v1 import (
    code_process_pb2,
    code_server_service_pb2,
    config_pb2,
    error_info_pb2,
    execution_plan_pb2,
    pipeline_pb2,
    repository_pb2,
    retry_policy_pb2,
    server_info_pb2,
    value_pb2,
)
from usercode_server.code_server.listing import PIPELINE_FIELD
from usercode_server.code_server.service import TOKEN_FIELD, VERSION_FIELD

PROTOS = Path(__file__).parents[2] / "protos"
FILES: list[FileDescriptor] = [
    module.DESCRIPTOR
    for module in (
        code_process_pb2,
        code_server_service_pb2,
        config_pb2,
        error_info_pb2,
        execution_plan_pb2,
        pipeline_pb2,
        repository_pb2,
        retry_policy_pb2,
        server_info_pb2,
        value_pb2,
    )
]
SERVICE = code_server_service_pb2.DESCRIPTOR.services_by_name["CodeServerService"]
SCREAMING = re.compile(r"(?<!^)(?=[A-Z])")


class Declared(NamedTuple):
    """Something declared in a .proto file, and the comment above it."""

    kind: str
    name: str
    comment: str


def messages() -> Iterator[Descriptor]:
    for file in FILES:
        yield from file.message_types_by_name.values()


def enums() -> Iterator[EnumDescriptor]:
    for file in FILES:
        yield from file.enum_types_by_name.values()


def declared() -> Iterator[Declared]:
    """Every service, call, message and enum, with its comment."""
    for file in FILES:
        comment: list[str] = []
        for line in (PROTOS / file.name).read_text().splitlines():
            text = line.strip()
            if text.startswith("//"):
                comment.append(text.removeprefix("//").strip())
                continue
            found = re.match(r"(service|rpc|message|enum) (\w+)", text)
            if found:
                yield Declared(found[1], found[2], " ".join(comment))
            comment = []


def test_every_file_is_checked() -> None:
    on_disk = {str(path.relative_to(PROTOS)) for path in PROTOS.rglob("*.proto")}
    assert on_disk == {file.name for file in FILES}


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.name)
def test_the_package_is_the_directory(file: FileDescriptor) -> None:
    assert file.package == "usercode_api.v1"
    assert file.name.startswith("usercode_api/v1/")
    assert re.fullmatch(r"[a-z_]+\.proto", file.name.rsplit("/", 1)[1])


def test_each_call_has_its_own_request_and_response() -> None:
    used: list[str] = []
    for method in SERVICE.methods:
        assert re.fullmatch(r"([A-Z][a-z]+){2,}", method.name)
        assert method.input_type.name == f"{method.name}Request"
        assert method.output_type.name == f"{method.name}Response"
        used += [method.input_type.name, method.output_type.name]
    others = [
        name
        for name in code_server_service_pb2.DESCRIPTOR.message_types_by_name
        if name.endswith(("Request", "Response"))
    ]
    assert sorted(used) == sorted(others)
    assert SERVICE.name.endswith("Service")


@pytest.mark.parametrize("enum", list(enums()), ids=lambda enum: enum.name)
def test_enum_values_have_the_prefix_and_zero_is_unspecified(enum: EnumDescriptor) -> None:
    prefix = SCREAMING.sub("_", enum.name).upper()
    assert enum.values_by_number[0].name == f"{prefix}_UNSPECIFIED"
    assert all(value.name.startswith(f"{prefix}_") for value in enum.values)


@pytest.mark.parametrize("message", list(messages()), ids=lambda message: message.name)
def test_names_are_in_their_case(message: Descriptor) -> None:
    assert re.fullmatch(r"([A-Z][a-z0-9]*)+", message.name)
    for field in message.fields:
        assert re.fullmatch(r"[a-z][a-z0-9_]*", field.name)


def test_everything_declared_has_a_comment() -> None:
    found = list(declared())
    assert {one.name for one in found} >= {message.name for message in messages()} | {enum.name for enum in enums()}
    assert [one.name for one in found if len(one.comment) < 15] == []
    calls = [one for one in found if one.kind == "rpc"]
    assert [one.name for one in calls] == [method.name for method in SERVICE.methods]
    assert [one.name for one in calls if not one.comment.startswith(f"{one.name} ")] == []


def test_paged_calls_have_the_fields_of_a_page() -> None:
    for method in SERVICE.methods:
        request, response = method.input_type.fields_by_name, method.output_type.fields_by_name
        assert ("page_token" in request) == ("next_page_token" in response)
        if "next_page_token" in response:
            assert response["next_page_token"].number == TOKEN_FIELD
            assert response["code_version"].number == VERSION_FIELD
            assert method.output_type.fields[0].message_type is not None


def test_a_pipeline_has_the_same_place_in_both_replies() -> None:
    listed = code_server_service_pb2.ListPipelinesResponse.DESCRIPTOR.fields_by_name["pipelines"]
    single = code_server_service_pb2.GetPipelineResponse.DESCRIPTOR.fields_by_name["pipeline"]
    assert listed.number == single.number == PIPELINE_FIELD


def test_evaluated_replies_share_the_fields_that_the_server_adds() -> None:
    for name in ("GetRunConfigSchema", "ValidateRunConfig", "GetExecutionPlan"):
        response = SERVICE.methods_by_name[name].output_type
        error = response.fields_by_name["error"].message_type
        assert error is not None and error.name == "ErrorInfo"
        assert response.fields_by_name["code_version"].number == VERSION_FIELD
        assert response.fields_by_name["code_version"].type == FieldDescriptor.TYPE_STRING
