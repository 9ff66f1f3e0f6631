"""Definitions as messages: nothing is lost, nothing is said twice, and the same definitions give the same bytes."""

from __future__ import annotations

import enum

from pydantic import BaseModel

from usercode_api.v1 import config_pb2
from usercode_api.v1.pipeline_pb2 import Pipeline
from usercode_sdk import (
    Array,
    Enum,
    Field,
    InputDefinition,
    ModeDefinition,
    Noneable,
    OutputDefinition,
    PipelineDefinition,
    PresetDefinition,
    RetryPolicy,
    Selector,
    StringSource,
    composite_solid,
    lambda_solid,
    pipeline,
    resource,
    solid,
)
from usercode_server.wire.pipeline import PipelineEncoder
from usercode_server.wire.values import from_map, from_value


def sent(definition: PipelineDefinition) -> Pipeline:
    """The pipeline as a client gets it."""
    return Pipeline.FromString(b"".join(PipelineEncoder().encode(definition).parts))


@lambda_solid
def source() -> int:
    return 1


@lambda_solid
def sink(value: int = 3) -> int:
    return value


def test_wiring() -> None:
    @solid(output_defs=[OutputDefinition(int, "a"), OutputDefinition(int, "b", is_required=False)])
    def two_outputs():  # type: ignore[no-untyped-def]  # as authors write it
        """Two."""

    @solid
    def many(values):  # type: ignore[no-untyped-def]  # as authors write it
        return values

    @pipeline
    def wired() -> None:
        a, b = two_outputs()
        many([a, b, source()])
        sink.alias("named")(a)

    message = sent(wired)
    inputs = {one.name: one.inputs for one in message.solids}
    assert [(one.solid_name, one.output_name) for one in inputs["many"][0].sources] == [
        ("two_outputs", "a"),
        ("two_outputs", "b"),
        ("source", ""),
    ]
    assert inputs["many"][0].is_fan_in
    assert not inputs["named"][0].is_fan_in
    (definition,) = [one for one in message.solid_definitions if one.name == "two_outputs"]
    assert [(one.name, one.type_name, one.is_optional) for one in definition.outputs] == [
        ("a", "Int", False),
        ("b", "Int", True),
    ]


def test_composites_are_flat() -> None:
    @composite_solid(output_defs=[OutputDefinition(int, "out")])
    def inner(number):  # type: ignore[no-untyped-def]  # as authors write it
        return {"out": sink.alias("last")(sink(number))}

    @composite_solid
    def outer():  # type: ignore[no-untyped-def]  # as authors write it
        return inner(source())

    @pipeline
    def nested() -> None:
        outer()

    message = sent(nested)
    assert [(one.composite_name, one.name) for one in message.solids] == [
        ("", "outer"),
        ("outer", "source"),
        ("outer", "inner"),
        ("inner", "sink"),
        ("inner", "last"),
    ]
    assert message.solid_count == 1
    first = message.solids[3]
    assert [(one.solid_name, one.composite_input) for one in first.inputs[0].sources] == [("", "number")]
    (definition,) = [one for one in message.solid_definitions if one.name == "inner"]
    (mapping,) = definition.composition.output_mappings
    assert (mapping.name, mapping.solid_name, mapping.output_name) == ("out", "last", "")
    assert not definition.composition.has_config_mapping


def test_tags_and_retries_of_a_use_come_over_those_of_the_definition() -> None:
    @solid(tags={"a": "1", "b": "1"}, retry_policy=RetryPolicy(max_retries=2, delay=0.5))
    def tagged(context):  # type: ignore[no-untyped-def]  # as authors write it
        return 1

    @pipeline(tags={"owner": "me"})
    def p() -> None:
        tagged()
        tagged.tag({"b": "2", "c": "3"}).with_retry_policy(RetryPolicy(max_retries=7)).alias("other")()

    message = sent(p)
    assert dict(message.tags) == {"owner": "me"}
    assert dict(message.solid_definitions[0].tags) == {"a": "1", "b": "1"}
    assert [dict(one.tags) for one in message.solids] == [{}, {"b": "2", "c": "3"}]
    policy = message.solid_definitions[0].retry_policy
    assert (policy.max_retries, policy.delay.ToTimedelta().total_seconds()) == (2, 0.5)
    assert [one.HasField("retry_policy") for one in message.solids] == [False, True]
    assert message.solids[1].retry_policy.max_retries == 7


def test_defaults_and_metadata_of_inputs() -> None:
    unknown = object()

    @solid(
        input_defs=[
            InputDefinition("plain", int, default_value=3, metadata={"unit": "m"}),
            InputDefinition("none", default_value=None),
            InputDefinition("other", default_value=unknown),
        ]
    )
    def defaults(context, plain, none, other):  # type: ignore[no-untyped-def]  # as authors write it
        return 1

    @pipeline
    def p() -> None:
        defaults()

    plain, none, other = sent(p).solid_definitions[0].inputs
    assert from_value(plain.default_value) == 3
    assert from_map(plain.metadata) == {"unit": "m"}
    assert none.has_default_value and from_value(none.default_value) is None
    assert other.default_value.opaque_type == "builtins.object"


def test_config_types_stand_once_and_refer_to_each_other() -> None:
    class Colour(enum.Enum):
        RED = 1

    class Model(BaseModel):
        """A model."""

        size: int

    schema = {
        "numbers": Array(int),
        "maybe": Noneable(str),
        "one": Selector({"a": int, "b": str}),
        "colour": Field(Enum.from_python_enum(Colour), default_value="RED", description="Which."),
        "secret": StringSource,
        "model": Model,
    }

    @solid(config_schema=schema)
    def configured_solid(context):  # type: ignore[no-untyped-def]  # as authors write it
        return 1

    @solid(config_schema=dict(schema))
    def its_twin(context):  # type: ignore[no-untyped-def]  # as authors write it
        return 1

    @pipeline
    def p() -> None:
        configured_solid()
        its_twin()

    message = sent(p)
    types = message.config_types
    one, twin = message.solid_definitions
    assert one.config.type == twin.config.type
    assert len({entry.SerializeToString() for entry in types}) == len(types)
    fields = {field.name: field for field in types[one.config.type].fields}
    assert all(field.type < one.config.type for field in fields.values())
    numbers = types[fields["numbers"].type]
    assert (numbers.kind, types[numbers.inner_types[0]].name) == (config_pb2.CONFIG_KIND_ARRAY, "Int")
    assert not fields["maybe"].is_required
    assert [entry.name for entry in types[fields["one"].type].fields] == ["a", "b"]
    assert [value.name for value in types[fields["colour"].type].enum_values] == ["RED"]
    assert (from_value(fields["colour"].default_value), fields["colour"].description) == ("RED", "Which.")
    assert types[fields["secret"].type].name == "StringSource"
    model = types[fields["model"].type]
    assert model.name == "Model"
    schema_sent = from_value(model.json_schema)
    assert isinstance(schema_sent, dict) and list(schema_sent["properties"]) == ["size"]


def test_modes_and_presets() -> None:
    @resource(config_schema={"url": str})
    def store(context):  # type: ignore[no-untyped-def]  # as authors write it
        """Where things are kept."""
        return context

    modes = [
        ModeDefinition("dev", {"store": store}, description="For trying."),
        ModeDefinition("prod", {"store": store}),
    ]
    run_config = {"resources": {"store": {"config": {"url": "x"}}}}
    presets = [PresetDefinition("quick", run_config, mode="dev", tags={"a": "b"})]

    @pipeline(mode_defs=modes, preset_defs=presets)
    def p() -> None:
        source()

    message = sent(p)
    assert [(mode.name, mode.description) for mode in message.modes] == [("dev", "For trying."), ("prod", "")]
    kept = message.modes[0].resources[0]
    assert (kept.name, kept.description) == ("store", "Where things are kept.")
    assert [field.name for field in message.config_types[kept.config.type].fields] == ["url"]
    assert [executor.name for executor in message.modes[0].executors] == ["in_process", "multiprocess"]
    (preset,) = message.presets
    assert (preset.name, preset.mode, dict(preset.tags)) == ("quick", "dev", {"a": "b"})
    assert from_map(preset.run_config) == run_config


def test_the_summary_has_no_structure() -> None:
    @pipeline(description="Short.", preset_defs=[PresetDefinition("quick", {"solids": {}})])
    def p() -> None:
        source()

    summary = Pipeline.FromString(PipelineEncoder().encode(p).summary)
    assert (summary.name, summary.description, summary.solid_count) == ("p", "Short.", 1)
    assert [mode.name for mode in summary.modes] == ["default"]
    assert not summary.modes[0].executors
    assert not summary.presets[0].HasField("run_config")
    assert not summary.solids and not summary.solid_definitions and not summary.config_types


def test_text_that_utf_8_can_not_hold_is_escaped() -> None:
    @solid(description="bad \ud800", tags={"k": "\udfff"})
    def s(context):  # type: ignore[no-untyped-def]  # as authors write it
        return 1

    @pipeline
    def p() -> None:
        s()

    (definition,) = sent(p).solid_definitions
    assert definition.description == "bad \\ud800"
    assert list(definition.tags) == ["k"]


def test_pipelines_that_share_modes_do_not_share_types() -> None:
    @solid(config_schema={"first": int})
    def first(context):  # type: ignore[no-untyped-def]  # as authors write it
        return 1

    @solid(config_schema={"second": int})
    def second(context):  # type: ignore[no-untyped-def]  # as authors write it
        return 1

    @pipeline
    def one() -> None:
        first()

    @pipeline
    def two() -> None:
        second()

    encoder = PipelineEncoder()
    together = [b"".join(encoder.encode(each).parts) for each in (one, two)]
    assert together == [b"".join(PipelineEncoder().encode(each).parts) for each in (one, two)]
