"""``@composite_solid``: solids wired together and used like one."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple, overload

from usercode_sdk.config import Field, to_field
from usercode_sdk.definitions.composition import InvokedOutput, InvokedOutputs, compose
from usercode_sdk.definitions.dependency import Dependency, MappedInput, SolidInvocation
from usercode_sdk.definitions.graph import GraphDefinition, mapped_inputs, nodes_from_dict, nodes_of
from usercode_sdk.definitions.inputs import InputDefinition, InputMapping
from usercode_sdk.definitions.names import check_name
from usercode_sdk.definitions.node import NodeDefinition, Solid
from usercode_sdk.definitions.outputs import OutputDefinition, OutputMapping
from usercode_sdk.definitions.signature import Signature, read_signature
from usercode_sdk.errors import DagsterConfigMappingFunctionError, DagsterInvalidDefinitionError
from usercode_sdk.tags import validate_tags


class ConfigMapping:
    """Makes the ``solids`` config of a composite's inside from one config of the composite."""

    def __init__(self, config_fn: Callable[[object], object], config_schema: object = None) -> None:
        self.config_fn = config_fn
        self.config_field: Field | None = None if config_schema is None else to_field(config_schema)

    def map_config(self, config: object, what: str) -> object:
        """The inside's config; raises DagsterConfigMappingFunctionError when the function raises."""
        try:
            return self.config_fn(config)
        except Exception as error:
            raise DagsterConfigMappingFunctionError(
                f"The config function of {what} raised {type(error).__name__}: {error}"
            ) from error


class CompositeSolidDefinition(GraphDefinition):
    """A solid made of solids. Authors make one with :func:`composite_solid`."""

    def __init__(
        self,
        name: str,
        solid_defs: Sequence[NodeDefinition],
        input_mappings: Sequence[InputMapping] | None = None,
        output_mappings: Sequence[OutputMapping] | None = None,
        config_mapping: ConfigMapping | None = None,
        dependencies: Mapping[str | SolidInvocation, Mapping[str, object]] | None = None,
        description: str | None = None,
        tags: Mapping[str, object] | None = None,
    ) -> None:
        what = f"Composite solid {name!r}"
        nodes, wiring = nodes_from_dict(solid_defs, dependencies or {}, what)
        for mapping in input_mappings or ():
            inputs = wiring.setdefault(mapping.solid_name, {})
            inputs[mapping.input_name] = _with_mapping(inputs.get(mapping.input_name), mapping)
        ports = {one.definition.name: one.definition for one in input_mappings or ()}
        parts = _Parts(nodes, wiring, list(ports.values()), list(input_mappings or ()), list(output_mappings or ()))
        self._build(name, parts, config_mapping, description, tags)

    @classmethod
    def from_parts(
        cls, name: str, parts: _Parts, config_mapping: ConfigMapping | None, description: str | None
    ) -> CompositeSolidDefinition:
        """A composite whose graph was written as calls."""
        self = cls.__new__(cls)
        self._build(name, parts, config_mapping, description, None)
        return self

    def _build(
        self,
        name: str,
        parts: _Parts,
        config_mapping: ConfigMapping | None,
        description: str | None,
        tags: Mapping[str, object] | None,
    ) -> None:
        self.name = check_name(name, "composite solid")
        self.description = description
        self.tags = validate_tags(tags, f"composite solid {name!r}") if tags else {}
        self.config_mapping = config_mapping
        self.config_field = config_mapping.config_field if config_mapping is not None else None
        self.input_mappings = parts.input_mappings
        self.output_mappings = parts.output_mappings
        self._set_ports(parts.inputs, [mapping.definition for mapping in parts.output_mappings])
        self._set_graph(parts.nodes, parts.dependencies)
        self._check_mappings()

    def _check_mappings(self) -> None:
        for mapping in self.input_mappings:
            self._check_port(mapping.solid_name, mapping.input_name, "input")
        for output in self.output_mappings:
            self._check_port(output.solid_name, output.output_name, "output")

    def _check_port(self, solid_name: str, port: str, what: str) -> None:
        definition = self.solid_named(solid_name).definition
        known = definition.input_dict if what == "input" else definition.output_dict
        if port not in known:
            raise DagsterInvalidDefinitionError(
                f"{self.describe()}: an {what} mapping names {what} {port!r} of solid {solid_name!r}, "
                f"which has no such {what}. It has: {', '.join(map(repr, known)) or 'none'}."
            )

    def describe(self) -> str:
        return f"Composite solid {self.name!r}"

    def configured(
        self,
        config_or_config_fn: object,
        name: str,
        config_schema: object = None,
        description: str | None = None,
    ) -> CompositeSolidDefinition:
        """This composite under a new name with its config fixed, or made by a function."""
        copy = CompositeSolidDefinition.__new__(CompositeSolidDefinition)
        copy.__dict__.update(self.__dict__)
        copy.name = check_name(name, "composite solid")
        copy.description = description or self.description
        return self._configure(copy, config_or_config_fn, config_schema)


def _with_mapping(existing: Dependency | None, mapping: InputMapping) -> Dependency:
    source = MappedInput(mapping.definition.name)
    if mapping.fan_in_index is None:
        return Dependency((source,))
    sources = list(existing.sources) if existing is not None else []
    sources.insert(mapping.fan_in_index, source)
    return Dependency(tuple(sources), fan_in=True)


class _Parts(NamedTuple):
    nodes: list[Solid]
    dependencies: dict[str, dict[str, Dependency]]
    inputs: list[InputDefinition]
    input_mappings: list[InputMapping]
    output_mappings: list[OutputMapping]


@overload
def composite_solid(name: Callable[..., object], /) -> CompositeSolidDefinition: ...
@overload
def composite_solid(
    name: str | None = None,
    input_defs: Sequence[InputDefinition] | None = None,
    output_defs: Sequence[OutputDefinition] | None = None,
    description: str | None = None,
    config_schema: object = None,
    config_fn: Callable[[object], object] | None = None,
) -> Callable[[Callable[..., object]], CompositeSolidDefinition]: ...


def composite_solid(
    name: str | Callable[..., object] | None = None,
    input_defs: Sequence[InputDefinition] | None = None,
    output_defs: Sequence[OutputDefinition] | None = None,
    description: str | None = None,
    config_schema: object = None,
    config_fn: Callable[[object], object] | None = None,
) -> CompositeSolidDefinition | Callable[[Callable[..., object]], CompositeSolidDefinition]:
    """Makes a composite solid of a function that calls solids and returns the outputs it hands out.

    ``config_fn`` makes the config of the solids inside from the composite's own config.
    """
    if callable(name):
        return composite_solid()(name)

    def make(function: Callable[..., object]) -> CompositeSolidDefinition:
        composite_name = name or function.__name__
        signature = read_signature(function)
        inputs = _inputs(signature, input_defs)
        what = f"composite solid {composite_name!r}"
        composition, returned = compose(what, function, {one.name: one for one in inputs})
        dependencies = {one.name: one.dependencies for one in composition.invocations.values()}
        parts = _Parts(
            nodes_of(composition),
            dependencies,
            inputs,
            _input_mappings(dependencies, inputs, what),
            output_mappings(returned, output_defs, signature, what),
        )
        mapping = _config_mapping(config_fn, config_schema, what)
        return CompositeSolidDefinition.from_parts(composite_name, parts, mapping, description or function.__doc__)

    return make


def _inputs(signature: Signature, given: Sequence[InputDefinition] | None) -> list[InputDefinition]:
    explicit = {one.name: one for one in given or ()}
    inputs = [
        one.with_inferred(signature.annotations.get(one.name), signature.default(one.name)) for one in given or ()
    ]
    inputs += [
        InputDefinition(name, signature.annotations.get(name), default_value=signature.default(name))
        for name in signature.names
        if name not in explicit
    ]
    return inputs


def _input_mappings(
    dependencies: Mapping[str, dict[str, Dependency]], inputs: list[InputDefinition], what: str
) -> list[InputMapping]:
    by_name = {one.name: one for one in inputs}
    mappings = [
        InputMapping(by_name[outer], solid_name, input_name, place)
        for outer, solid_name, input_name, place in mapped_inputs(dependencies, by_name)
    ]
    unused = set(by_name) - {mapping.definition.name for mapping in mappings}
    if unused:
        raise DagsterInvalidDefinitionError(
            f"{what.capitalize()} takes {', '.join(map(repr, sorted(unused)))} but hands it to no solid inside."
        )
    return mappings


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
            f"{what.capitalize()} defines the outputs {[one.name for one in given]} but its function returns "
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
        f"{what.capitalize()}: its function returned {type(returned).__name__}. "
        "Return the output of a solid, or a dict from output names to outputs."
    )


def _config_mapping(
    config_fn: Callable[[object], object] | None, config_schema: object, what: str
) -> ConfigMapping | None:
    if config_fn is None:
        if config_schema is not None:
            raise DagsterInvalidDefinitionError(
                f"{what.capitalize()} has a config_schema but no config_fn. Give the function that makes the config "
                "of the solids inside from it."
            )
        return None
    return ConfigMapping(config_fn, config_schema)
