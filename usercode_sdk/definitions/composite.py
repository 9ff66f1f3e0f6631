"""``@composite_solid``: solids wired together and used like one."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple, TypeAlias, TypeVar, overload

from usercode_sdk.definitions.composition import compose
from usercode_sdk.definitions.config_mapping import ConfigMapping
from usercode_sdk.definitions.dependency import Dependency, SolidInvocation
from usercode_sdk.definitions.dependency_dict import nodes_from_dict
from usercode_sdk.definitions.graph import GraphDefinition, nodes_of
from usercode_sdk.definitions.inputs import InputDefinition, InputMapping
from usercode_sdk.definitions.items import items_of
from usercode_sdk.definitions.mappings import add_input_mapping, input_mappings, output_mappings
from usercode_sdk.definitions.names import check_name, sentence
from usercode_sdk.definitions.node import NodeDefinition, Solid
from usercode_sdk.definitions.outputs import OutputDefinition, OutputMapping
from usercode_sdk.definitions.signature import Signature, read_signature
from usercode_sdk.errors import DagsterInvalidDefinitionError
from usercode_sdk.tags import validate_tags
from usercode_sdk.types import DagsterTypeKind

Port: TypeAlias = InputDefinition | OutputDefinition
PortT = TypeVar("PortT", bound=Port)


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
        # By place: each is put into the list between those that stand there already.
        for mapping in sorted(input_mappings or (), key=lambda one: one.fan_in_index or 0):
            add_input_mapping(wiring, mapping, what)
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
            inputs = self.solid_named(mapping.solid_name).definition.input_dict
            inner = self._port(inputs, mapping.solid_name, mapping.input_name, "input")
            if mapping.fan_in_index is None:
                self._check_types("input", mapping.definition, inner, mapping.solid_name)
        for output in self.output_mappings:
            outputs = self.solid_named(output.solid_name).definition.output_dict
            source = self._port(outputs, output.solid_name, output.output_name, "output")
            self._check_types("output", output.definition, source, output.solid_name)

    def _port(self, known: Mapping[str, PortT], solid_name: str, port: str, what: str) -> PortT:
        if port not in known:
            raise DagsterInvalidDefinitionError(
                f"{self.describe()}: an {what} mapping names {what} {port!r} of solid {solid_name!r}, "
                f"which has no such {what}. It has: {', '.join(map(repr, known)) or 'none'}."
            )
        return known[port]

    def _check_types(self, what: str, outer: Port, inner: Port, solid_name: str) -> None:
        """A mapping between two types that both say something must not join different ones."""
        kinds = (outer.dagster_type, inner.dagster_type)
        if DagsterTypeKind.ANY in {one.kind for one in kinds} or kinds[0].key == kinds[1].key:
            return
        raise DagsterInvalidDefinitionError(
            f"{self.describe()}: {what} {outer.name!r} is of type {kinds[0].display_name}, but {what} {inner.name!r} "
            f"of solid {solid_name!r} is of type {kinds[1].display_name}. Give both the same type."
        )

    def describe(self) -> str:
        return f"Composite solid {self.name!r}"

    def may_stay_unfed(self, definition: InputDefinition) -> bool:
        """Whether it has a default, here or in every solid inside that it is handed to.

        As one part of a list it can't stay unfed: a default inside is for the list as a whole.
        """
        if super().may_stay_unfed(definition):
            return True
        handed_to = (one for one in self.input_mappings if one.definition.name == definition.name)
        return all(one.fan_in_index is None and self._inside_may_stay_unfed(one) for one in handed_to)

    def _inside_may_stay_unfed(self, mapping: InputMapping) -> bool:
        inner = self.nodes[mapping.solid_name].definition
        return inner.may_stay_unfed(inner.input_dict[mapping.input_name])

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
    config_fn: Callable[[Any], object] | None = None,
) -> Callable[[Callable[..., object]], CompositeSolidDefinition]: ...


def composite_solid(
    name: str | Callable[..., object] | None = None,
    input_defs: Sequence[InputDefinition] | None = None,
    output_defs: Sequence[OutputDefinition] | None = None,
    description: str | None = None,
    config_schema: object = None,
    config_fn: Callable[[Any], object] | None = None,
) -> CompositeSolidDefinition | Callable[[Callable[..., object]], CompositeSolidDefinition]:
    """Makes a composite solid of a function that calls solids and returns the outputs it hands out.

    ``config_fn`` makes the config of the solids inside from the composite's own config.
    """
    if callable(name):
        return composite_solid()(name)

    def make(function: Callable[..., object]) -> CompositeSolidDefinition:
        composite_name = name or function.__name__
        signature = read_signature(function)
        where = f"Composite solid {composite_name!r}"
        inputs = _inputs(signature, items_of(input_defs, InputDefinition, f"{where}: input_defs"))
        outputs = None if output_defs is None else items_of(output_defs, OutputDefinition, f"{where}: output_defs")
        what = f"composite solid {composite_name!r}"
        composition, returned = compose(what, function, {one.name: one for one in inputs})
        dependencies = {one.name: one.dependencies for one in composition.invocations.values()}
        parts = _Parts(
            nodes_of(composition),
            dependencies,
            inputs,
            input_mappings(dependencies, inputs, what),
            output_mappings(returned, outputs, signature, what),
        )
        mapping = _config_mapping(config_fn, config_schema, what)
        return CompositeSolidDefinition.from_parts(composite_name, parts, mapping, description or function.__doc__)

    return make


def _inputs(signature: Signature, given: Sequence[InputDefinition]) -> list[InputDefinition]:
    explicit = {one.name: one for one in given}
    inputs = [one.with_inferred(signature.annotations.get(one.name), signature.default(one.name)) for one in given]
    inputs += [
        InputDefinition(name, signature.annotations.get(name), default_value=signature.default(name))
        for name in signature.names
        if name not in explicit
    ]
    return inputs


def _config_mapping(
    config_fn: Callable[[Any], object] | None, config_schema: object, what: str
) -> ConfigMapping | None:
    if config_fn is None:
        if config_schema is not None:
            raise DagsterInvalidDefinitionError(
                f"{sentence(what)} has a config_schema but no config_fn. Give the function that makes the config "
                "of the solids inside from it."
            )
        return None
    return ConfigMapping(config_fn, config_schema)
