"""The inputs and outputs of a composite: which of the solids inside they are handed to and taken from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from usercode_sdk.definitions.composition import InvokedOutput, InvokedOutputs
from usercode_sdk.definitions.dependency import Dependency, MappedInput
from usercode_sdk.definitions.inputs import InputDefinition, InputMapping
from usercode_sdk.definitions.names import sentence
from usercode_sdk.definitions.outputs import OutputDefinition, OutputMapping
from usercode_sdk.definitions.signature import Signature
from usercode_sdk.errors import DagsterInvalidDefinitionError


def input_mappings(
    dependencies: Mapping[str, Mapping[str, Dependency]], inputs: Sequence[InputDefinition], what: str
) -> list[InputMapping]:
    """The hand-ons written as calls; raises DagsterInvalidDefinitionError for an input handed to no solid."""
    by_name = {one.name: one for one in inputs}
    mappings = [
        InputMapping(by_name[source.input_name], solid_name, input_name, place if dependency.fan_in else None)
        for solid_name, fed in dependencies.items()
        for input_name, dependency in fed.items()
        for place, source in enumerate(dependency.sources)
        if isinstance(source, MappedInput)
    ]
    unused = set(by_name) - {mapping.definition.name for mapping in mappings}
    if unused:
        raise DagsterInvalidDefinitionError(
            f"{sentence(what)} takes {', '.join(map(repr, sorted(unused)))} but hands it to no solid inside. "
            "Give it to a call, or leave it out."
        )
    return mappings


def add_input_mapping(dependencies: dict[str, dict[str, Dependency]], mapping: InputMapping, what: str) -> None:
    """Makes ``mapping`` a source of the input that it names.

    Raises DagsterInvalidDefinitionError when something feeds that input already.
    """
    inputs = dependencies.setdefault(mapping.solid_name, {})
    existing = inputs.get(mapping.input_name)
    source = MappedInput(mapping.definition.name)
    if mapping.fan_in_index is not None and (existing is None or existing.fan_in):
        sources = list(existing.sources) if existing is not None else []
        sources.insert(mapping.fan_in_index, source)
        inputs[mapping.input_name] = Dependency(tuple(sources), fan_in=True)
    elif existing is None:
        inputs[mapping.input_name] = Dependency((source,))
    else:
        raise DagsterInvalidDefinitionError(
            f"{what}: input {mapping.input_name!r} of solid {mapping.solid_name!r} is fed twice, by the input mapping "
            f"{mapping.definition.name!r} and by another source. Leave one of them out."
        )


def output_mappings(
    returned: object, given: Sequence[OutputDefinition] | None, signature: Signature | None, what: str
) -> list[OutputMapping]:
    """The outputs of a graph, from what its function returned and the definitions given."""
    outputs = _returned_outputs(returned, given, what)
    if given is None:
        if signature is not None and len(outputs) == 1 and isinstance(returned, InvokedOutput):
            definition = OutputDefinition(signature.annotations.get("return"))
            return [OutputMapping(definition, *outputs["result"].handle)]
        return [OutputMapping(OutputDefinition(name=name), *one.handle) for name, one in outputs.items()]
    missing = [one.name for one in given if one.name not in outputs]
    extra = [name for name in outputs if name not in {one.name for one in given}]
    if missing or extra:
        raise DagsterInvalidDefinitionError(
            f"{sentence(what)} defines the outputs {[one.name for one in given]} but its function returns "
            f"{list(outputs) or 'nothing'}. Return one output, or a dict from output names to outputs."
        )
    return [OutputMapping(one, *outputs[one.name].handle) for one in given]


def _returned_outputs(
    returned: object, given: Sequence[OutputDefinition] | None, what: str
) -> dict[str, InvokedOutput]:
    if returned is None:
        return {}
    if isinstance(returned, InvokedOutput):
        return {given[0].name if given and len(given) == 1 else "result": returned}
    if isinstance(returned, InvokedOutputs):
        return {one.handle.output_name: one for one in returned}
    if isinstance(returned, dict) and all(isinstance(one, InvokedOutput) for one in returned.values()):
        return returned
    raise DagsterInvalidDefinitionError(
        f"{sentence(what)}: its function returned {type(returned).__name__}. "
        "Return the output of a solid, or a dict from output names to outputs."
    )
