"""Makes the real pipeline from its plain data, through the SDK's public names only."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Literal, get_args

from tests.sdk.model.shapes import (
    Act,
    Call,
    Composite,
    Feed,
    In,
    Kind,
    Out,
    Pipeline,
    Play,
    Ref,
    Solid,
    default_value,
    misfit_value,
    output_value,
)
from usercode_sdk import (
    AssetMaterialization,
    CompositeSolidDefinition,
    DagsterInvariantViolationError,
    DependencyDefinition,
    ExpectationResult,
    Failure,
    InputDefinition,
    InputMapping,
    MultiDependencyDefinition,
    Nothing,
    Output,
    OutputDefinition,
    PipelineDefinition,
    RetryPolicy,
    RetryRequested,
    SolidDefinition,
    SolidExecutionContext,
    SolidInvocation,
    composite_solid,
    pipeline,
    solid,
)

if TYPE_CHECKING:
    from usercode_sdk.definitions.composition import PendingNode

PIPELINE_NAME = "drawn"
Definition = SolidDefinition | CompositeSolidDefinition
Wiring = Literal["calls", "dicts"]
WIRINGS: tuple[Wiring, ...] = get_args(Wiring)
_TYPES: dict[Kind, object] = {"any": None, "int": int, "text": str, "ints": list[int], "nothing": Nothing}


def build_pipeline(shape: Pipeline, wiring: Wiring) -> PipelineDefinition:
    """The pipeline, wired by calls in decorated functions or by dicts of dependencies."""
    definitions: dict[str, Definition] = {one.name: _solid(one) for one in shape.solids}
    for one in shape.composites:
        make = _composite_of_calls if wiring == "calls" else _composite_of_dicts
        definitions[one.name] = make(one, definitions)
    policy = _policy(shape.retries)
    if wiring == "calls":
        return pipeline(name=PIPELINE_NAME, solid_retry_policy=policy)(_body(shape.calls, definitions))
    return PipelineDefinition(
        _used(shape.calls, definitions),
        PIPELINE_NAME,
        dependencies=_dependencies(shape.calls),
        solid_retry_policy=policy,
    )


def _policy(retries: int | None) -> RetryPolicy | None:
    return None if retries is None else RetryPolicy(max_retries=retries)


def _tags(priority: int | None) -> dict[str, object]:
    return {} if priority is None else {"dagster/priority": priority}


# Solids


def _solid(shape: Solid) -> SolidDefinition:
    make = solid(
        name=shape.name,
        input_defs=[_input(one) for one in shape.inputs],
        output_defs=[OutputDefinition(_TYPES[one.kind], one.name, is_required=one.required) for one in shape.outputs],
        tags=_tags(shape.priority),
        retry_policy=_policy(shape.retries),
    )
    return make(_returning(shape) if shape.plain else _yielding(shape))


def _input(one: In) -> InputDefinition:
    if one.default:
        return InputDefinition(one.name, _TYPES[one.kind], default_value=default_value(one.kind))
    return InputDefinition(one.name, _TYPES[one.kind])


def _yielding(shape: Solid) -> Callable[..., Iterator[object]]:
    outputs = {one.name: one for one in shape.outputs}

    def compute(context: SolidExecutionContext, **inputs: object) -> Iterator[object]:
        play = shape.play(context.retry_number + 1)
        for act in play.acts:
            yield _acted(act, outputs, context, inputs)
        _end(play)

    return compute


def _returning(shape: Solid) -> Callable[..., object]:
    outputs = {one.name: one for one in shape.outputs}

    def compute(context: SolidExecutionContext, **inputs: object) -> object:
        play = shape.play(context.retry_number + 1)
        _end(play)
        (act,) = play.acts
        output = _acted(act, outputs, context, inputs)
        return output.value if isinstance(output, Output) else output

    return compute


def _acted(
    act: Act, outputs: Mapping[str, Out], context: SolidExecutionContext, inputs: Mapping[str, object]
) -> Output[object] | AssetMaterialization | ExpectationResult:
    if act.does == "asset":
        return AssetMaterialization("written")
    if act.does == "check":
        return ExpectationResult(success=True)
    if act.does == "stray":
        return Output(0, "nowhere")
    output = outputs[act.output]
    if act.does == "misfit":
        return Output(misfit_value(output.kind), output.name)
    return Output(output_value(context.step_key, output, inputs, context.retry_number + 1), output.name)


def _end(play: Play) -> None:
    if play.ends == "raise":
        raise ValueError("as the play says")
    if play.ends == "exit":
        raise SystemExit(3)
    if play.ends == "refuse":
        raise DagsterInvariantViolationError("as the play says")
    if play.ends == "fail":
        raise Failure("as the play says")
    if play.ends == "again":
        raise RetryRequested(play.retries, 0.001 if play.waits else None)


# Wiring by calls


def _composite_of_calls(shape: Composite, definitions: Mapping[str, Definition]) -> CompositeSolidDefinition:
    make = composite_solid(
        name=shape.name,
        input_defs=[_input(one) for one in shape.inputs],
        output_defs=[OutputDefinition(_TYPES[one.kind], one.name) for one in shape.outputs],
    )
    calls = _body(shape.calls, definitions)

    def body(**inputs: object) -> object:
        ports = calls(**inputs)
        return {one.name: ports[one.source] for one in shape.outputs}

    return make(body)


def _body(calls: Sequence[Call], definitions: Mapping[str, Definition]) -> Callable[..., dict[Ref, object]]:
    def body(**inputs: object) -> dict[Ref, object]:
        ports = {Ref("", name): value for name, value in inputs.items()}
        for call in calls:
            definition = definitions[call.uses]
            handed = {feed.port: _handed(feed, ports) for feed in call.feeds if feed.refs}
            returned = _invocation(call, definition)(**handed)
            names = [one.name for one in definition.output_defs]
            for name in names:
                ports[Ref(call.name, name)] = returned if len(names) == 1 else getattr(returned, name)
        return ports

    return body


def _invocation(call: Call, definition: Definition) -> Callable[..., object]:
    node: Definition | PendingNode = definition
    if call.aliased:
        node = node.alias(call.name)
    if call.priority is not None:
        node = node.tag(_tags(call.priority))
    policy = _policy(call.retries)
    return node if policy is None else node.with_retry_policy(policy)


def _handed(feed: Feed, ports: Mapping[Ref, object]) -> object:
    values = [ports[ref] for ref in feed.refs]
    return values if feed.fan_in else values[0]


# Wiring by dicts


def _composite_of_dicts(shape: Composite, definitions: Mapping[str, Definition]) -> CompositeSolidDefinition:
    inputs = {one.name: _input(one) for one in shape.inputs}
    return CompositeSolidDefinition(
        shape.name,
        _used(shape.calls, definitions),
        input_mappings=list(_mappings(shape.calls, inputs))[::-1],
        output_mappings=[
            OutputDefinition(_TYPES[one.kind], one.name).mapping_from(one.source.call, one.source.port)
            for one in shape.outputs
        ],
        dependencies=_dependencies(shape.calls),
    )


def _used(calls: Sequence[Call], definitions: Mapping[str, Definition]) -> list[Definition]:
    return [definitions[name] for name in dict.fromkeys(call.uses for call in calls)]


def _dependencies(calls: Sequence[Call]) -> dict[str | SolidInvocation, dict[str, object]]:
    """Last call first: no order of writing is needed here."""
    return {
        _key(call): {feed.port: _dependency(feed) for feed in call.feeds if any(ref.call for ref in feed.refs)}
        for call in reversed(calls)
    }


def _key(call: Call) -> str | SolidInvocation:
    if call.name == call.uses and call.retries is None and call.priority is None:
        return call.name
    alias = None if call.name == call.uses else call.name
    return SolidInvocation(call.uses, alias, _tags(call.priority), _policy(call.retries))


def _dependency(feed: Feed) -> object:
    sources = [DependencyDefinition(ref.call, ref.port) for ref in feed.refs if ref.call]
    return MultiDependencyDefinition(sources) if feed.fan_in else sources[0]


def _mappings(calls: Sequence[Call], inputs: Mapping[str, InputDefinition]) -> Iterator[InputMapping]:
    for call in calls:
        for feed in call.feeds:
            for place, ref in enumerate(feed.refs):
                if not ref.call:
                    yield inputs[ref.port].mapping_to(call.name, feed.port, place if feed.fan_in else None)
