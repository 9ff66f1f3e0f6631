"""Calls that need the author's code: run configs, plans, and code that fails while it is asked."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.server.code_server.servers import REPO, StartServer, wait_until, write
from usercode_api.v1 import code_server_service_pb2 as pb
from usercode_api.v1.config_pb2 import (
    CONFIG_FAULT_REASON_FIELD_NOT_DEFINED,
    CONFIG_FAULT_REASON_RUNTIME_TYPE_MISMATCH,
)
from usercode_api.v1.execution_plan_pb2 import STEP_INPUT_SOURCE_CONFIG, STEP_INPUT_SOURCE_OUTPUTS
from usercode_api.v1.server_info_pb2 import LOAD_STATE_LOADED
from usercode_server.client import CodeClient, CodeServerClient
from usercode_server.errors import CallTimeoutError, InvalidRequestError, NotFoundError
from usercode_server.local_client import LocalCodeClient
from usercode_server.target import CodeTarget
from usercode_server.wire.values import from_value

GOOD = {"solids": {"first": {"config": {"start": 3}}}}

# A composite whose config mapping does what its config says.
OBEDIENT = """
    import os
    import time

    from usercode_sdk import composite_solid, pipeline, repository, solid


    @solid(config_schema={"x": int})
    def inner(context):
        return 1


    def obey(config):
        exec(config["do"])
        return {"inner": {"config": {"x": 1}}}


    @composite_solid(config_schema={"do": str}, config_fn=obey)
    def outer():
        return inner()


    @pipeline
    def obedient():
        outer()


    @repository
    def repo():
        return [obedient]
"""


def do(statement: str) -> dict[str, object]:
    """The run config that has the pipeline execute this while it is planned."""
    return {"solids": {"outer": {"config": {"do": statement}}}}


@pytest.fixture(params=["server", "local"])
def either_client(request: pytest.FixtureRequest, start_server: StartServer, tmp_path: Path) -> Iterator[CodeClient]:
    """A client of a running server, and one without a server."""
    file = write(tmp_path, REPO)
    if request.param == "server":
        with start_server("-f", str(file)).client() as client:
            yield client
    else:
        with LocalCodeClient(CodeTarget(python_file=str(file))) as local_client:
            yield local_client


def test_a_good_run_config_has_no_faults(either_client: CodeClient) -> None:
    reply = either_client.validate_run_config("adding", GOOD, "numbers")
    version = either_client.list_repositories().code_version
    assert reply == pb.ValidateRunConfigResponse(code_version=version)


def test_all_faults_are_told(either_client: CodeClient) -> None:
    config = {"solids": {"first": {"config": {"start": "three", "nmae": "x"}}}}
    reply = either_client.validate_run_config("adding", config)
    assert not reply.HasField("error")
    assert sorted((fault.reason, tuple(fault.path)) for fault in reply.faults) == [
        (CONFIG_FAULT_REASON_FIELD_NOT_DEFINED, ("solids", "first", "config")),
        (CONFIG_FAULT_REASON_RUNTIME_TYPE_MISMATCH, ("solids", "first", "config", "start")),
    ]
    faults = {fault.reason: fault for fault in reply.faults}
    unknown = faults[CONFIG_FAULT_REASON_FIELD_NOT_DEFINED]
    assert (unknown.entry, unknown.nearest) == ("nmae", "name")
    assert from_value(faults[CONFIG_FAULT_REASON_RUNTIME_TYPE_MISMATCH].value) == "three"


def test_a_missing_entry_comes_with_a_sample_that_fits(either_client: CodeClient) -> None:
    (fault,) = either_client.validate_run_config("adding", {}).faults
    sample = from_value(fault.sample)
    assert not either_client.validate_run_config("adding", {fault.entry: sample}).faults


def test_the_schema_of_the_run_config_is_given(either_client: CodeClient) -> None:
    reply = either_client.get_run_config_schema("adding")
    root = reply.config_types[reply.run_config.type]
    solids = reply.config_types[next(one.type for one in root.fields if one.name == "solids")]
    assert [field.name for field in solids.fields] == ["first", "second"]


def test_a_plan_has_the_steps_in_order(either_client: CodeClient) -> None:
    steps = either_client.get_execution_plan("adding", GOOD).plan.steps
    assert [step.key for step in steps] == ["first", "second"]
    (number,) = steps[1].inputs
    assert number.source == STEP_INPUT_SOURCE_OUTPUTS
    assert [(one.step_key, one.output_name) for one in number.outputs] == [("first", "")]
    assert dict(steps[0].tags) == {"team": "data"}


def test_an_input_from_config_is_told_apart(start_server: StartServer, tmp_path: Path) -> None:
    code = """
        from usercode_sdk import pipeline, solid

        @solid
        def s(number: int) -> int:
            return number

        @pipeline
        def p():
            s()
    """
    with start_server("-f", str(write(tmp_path, code))).client() as client:
        plan = client.get_execution_plan("p", {"solids": {"s": {"inputs": {"number": 3}}}}).plan
    assert [one.source for one in plan.steps[0].inputs] == [STEP_INPUT_SOURCE_CONFIG]


def test_a_plan_of_some_steps(either_client: CodeClient) -> None:
    plan = either_client.get_execution_plan("adding", GOOD, step_keys=["second"]).plan
    assert [step.key for step in plan.steps] == ["second"]


def test_a_plan_for_an_unknown_step_is_refused(either_client: CodeClient) -> None:
    with pytest.raises(InvalidRequestError, match=r"no step 'secnd'.*second"):
        either_client.get_execution_plan("adding", GOOD, step_keys=["secnd"])


def test_a_plan_for_a_faulty_config_has_the_faults(either_client: CodeClient) -> None:
    reply = either_client.get_execution_plan("adding", {})
    assert [fault.entry for fault in reply.faults] == ["solids"]
    assert not reply.HasField("plan")


def test_an_unknown_mode_is_not_found(either_client: CodeClient) -> None:
    with pytest.raises(NotFoundError, match=r"no mode 'defalt'.*default"):
        either_client.get_execution_plan("adding", GOOD, mode="defalt")


def test_an_unknown_pipeline_is_not_found(either_client: CodeClient) -> None:
    with pytest.raises(NotFoundError, match="Did you mean 'adding'"):
        either_client.validate_run_config("ading", {}, "numbers")


# A password in the config of a solid, of a resource, and handed on by a composite and by configured().
SECRETS = """
    from usercode_sdk import ModeDefinition, StringSource, composite_solid, configured, pipeline, resource, solid

    @solid(config_schema={"password": StringSource})
    def s(context):
        return 1

    @composite_solid(config_schema=StringSource, config_fn=lambda password: {"s": {"config": {"password": password}}})
    def c():
        return s()

    @resource(config_schema={"password": StringSource})
    def database(context):
        return 1

    db = database.configured({"password": {"env": "SET_NOWHERE"}})

    @pipeline(mode_defs=[ModeDefinition(resource_defs={"db": db})])
    def p():
        s()
        c()
        configured(s, name="t")({"password": {"env": "SET_NOWHERE"}})()
"""


def test_environment_variables_of_the_run_need_not_be_set_where_it_is_asked_about(
    start_server: StartServer, tmp_path: Path
) -> None:
    secret = {"env": "SET_NOWHERE"}
    config = {"solids": {"s": {"config": {"password": secret}}, "c": {"config": secret}}}
    with start_server("-f", str(write(tmp_path, SECRETS))).client() as client:
        assert not client.validate_run_config("p", config).faults
        assert sorted(step.key for step in client.get_execution_plan("p", config).plan.steps) == ["c.s", "s", "t"]


def test_other_faults_are_told_where_environment_variables_are_not_set(
    start_server: StartServer, tmp_path: Path
) -> None:
    config = {"solids": {"s": {"config": {"password": {"env": "SET_NOWHERE"}}}, "c": {"config": 3}}}
    with start_server("-f", str(write(tmp_path, SECRETS))).client() as client:
        assert [tuple(fault.path) for fault in client.get_execution_plan("p", config).faults] == [
            ("solids", "c", "config")
        ]


def test_a_config_function_gets_what_environment_variables_hold(start_server: StartServer, tmp_path: Path) -> None:
    code = """
        from usercode_sdk import StringSource, composite_solid, pipeline, solid

        @solid(config_schema=str)
        def s(context):
            return 1

        @composite_solid(config_schema=StringSource, config_fn=lambda host: {"s": {"config": host + ":80"}})
        def c():
            return s()

        @pipeline
        def p():
            c()
    """
    server = start_server("-f", str(write(tmp_path, code)), environment={"SOME_HOST": "example"})
    with server.client() as client:
        config = {"solids": {"c": {"config": {"env": "SOME_HOST"}}}}
        assert [step.key for step in client.get_execution_plan("p", config).plan.steps] == ["c.s"]


def test_code_that_fails_while_it_is_asked_is_data(start_server: StartServer, tmp_path: Path) -> None:
    with start_server("-f", str(write(tmp_path, OBEDIENT))).client() as client:
        failed = client.get_execution_plan("obedient", do("1 / 0"))
        assert failed.error.error_type == "usercode_sdk.errors.DagsterConfigMappingFunctionError"
        assert failed.error.cause.error_type == "ZeroDivisionError"
        assert "in obey" in "".join(failed.error.cause.stack)
        assert [step.key for step in client.get_execution_plan("obedient", do("pass")).plan.steps] == ["outer.inner"]


def test_code_that_exits_while_it_is_asked_is_data(start_server: StartServer, tmp_path: Path) -> None:
    with start_server("-f", str(write(tmp_path, OBEDIENT))).client() as client:
        assert client.get_execution_plan("obedient", do("raise SystemExit(3)")).error.error_type == "SystemExit"
        assert client.get_execution_plan("obedient", do("pass")).HasField("plan")


def test_code_that_crashes_while_it_is_asked_costs_one_call(start_server: StartServer, tmp_path: Path) -> None:
    with start_server("-f", str(write(tmp_path, OBEDIENT))).client() as client:
        version = client.list_repositories().code_version
        crashed = client.get_execution_plan("obedient", do("os.abort()"))
        assert crashed.error.error_type == "ProcessCrash"
        assert "SIGABRT while it evaluated a call" in crashed.error.summary
        assert "in obey" in "".join(crashed.error.stack)
        assert client.list_repositories().code_version == version
        assert client.get_execution_plan("obedient", do("pass")).HasField("plan")


def test_code_that_hangs_while_it_is_asked_is_ended(start_server: StartServer, tmp_path: Path) -> None:
    server = start_server("--evaluation-timeout", "1", "-f", str(write(tmp_path, OBEDIENT)))
    with server.client() as client:
        with pytest.raises(CallTimeoutError, match="It had 1 seconds"):
            client.get_execution_plan("obedient", do("time.sleep(100)"))
        assert client.get_execution_plan("obedient", do("pass")).HasField("plan")
        wait_until(lambda: client.server_info().load_state == LOAD_STATE_LOADED)
        assert len(server.children()) == 1


def test_listings_are_answered_while_code_is_busy(start_server: StartServer, tmp_path: Path) -> None:
    server = start_server("-f", str(write(tmp_path, OBEDIENT)))
    with server.client() as client, server.client() as busy_client:
        busy = threading.Thread(
            target=lambda: busy_client.get_execution_plan("obedient", do("open('busy', 'w'); time.sleep(2)"))
        )
        busy.start()
        wait_until((tmp_path / "busy").exists)
        assert client.get_pipeline("obedient").name == "obedient"
        assert busy.is_alive()
        busy.join()


def test_a_reload_lets_the_evaluation_under_way_finish(start_server: StartServer, tmp_path: Path) -> None:
    server = start_server("-f", str(write(tmp_path, OBEDIENT)))
    with server.client() as client, server.client() as busy_client:
        replies: list[pb.GetExecutionPlanResponse] = []
        busy = threading.Thread(
            target=lambda: replies.append(
                busy_client.get_execution_plan("obedient", do("open('busy', 'w'); time.sleep(1)"))
            )
        )
        busy.start()
        wait_until((tmp_path / "busy").exists)
        client.reload_code()
        busy.join()
        assert replies[0].HasField("plan")
        wait_until(lambda: len(server.children()) == 1)


def test_answers_that_functions_of_the_author_made_are_not_used_again(
    start_server: StartServer, tmp_path: Path
) -> None:
    with start_server("-f", str(write(tmp_path, OBEDIENT))).client() as client:
        append = do("open('count', 'a').write('.')")
        for _ in range(3):
            client.get_execution_plan("obedient", append)
    assert (tmp_path / "count").read_text() == "..."


def test_the_same_question_has_the_same_answer(client: CodeServerClient) -> None:
    assert client.get_execution_plan("adding", GOOD) == client.get_execution_plan("adding", GOOD)
