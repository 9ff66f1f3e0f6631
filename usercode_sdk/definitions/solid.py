"""``@solid``: a function of the author's as a unit of work with named, typed inputs and outputs."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, overload

from usercode_sdk.config import to_field
from usercode_sdk.definitions.any_config import ANY_CONFIG
from usercode_sdk.definitions.inputs import NO_VALUE, InputDefinition
from usercode_sdk.definitions.items import items_of
from usercode_sdk.definitions.names import check_name, check_resource_keys
from usercode_sdk.definitions.node import NodeDefinition
from usercode_sdk.definitions.outputs import OutputDefinition
from usercode_sdk.definitions.retry_policy import RetryPolicy, checked_retry_policy
from usercode_sdk.definitions.signature import CONTEXT_NAMES, Signature, read_signature
from usercode_sdk.errors import DagsterInvalidDefinitionError
from usercode_sdk.tags import validate_tags

if TYPE_CHECKING:
    from usercode_sdk.config import Field

Compute = Callable[..., object]


class SolidDefinition(NodeDefinition):
    """A solid: its function, inputs, outputs, config schema, needed resources and tags.

    Authors make one with :func:`solid`. ``compute_fn(context, inputs)`` called directly is the solid-era
    low-level form: it takes a dict of inputs and yields outputs.
    """

    def __init__(
        self,
        name: str,
        input_defs: Sequence[InputDefinition] | None = None,
        compute_fn: Compute | None = None,
        output_defs: Sequence[OutputDefinition] | None = None,
        config_schema: object = None,
        description: str | None = None,
        tags: Mapping[str, object] | None = None,
        required_resource_keys: set[str] | frozenset[str] | None = None,
        version: str | None = None,
        retry_policy: RetryPolicy | None = None,
    ) -> None:
        self.name = check_name(name, "solid")
        if not callable(compute_fn):
            raise DagsterInvalidDefinitionError(f"Solid {name!r} needs a function, not {compute_fn!r}.")
        self._set_ports(
            items_of(input_defs, InputDefinition, f"Solid {name!r}: input_defs"),
            items_of(output_defs, OutputDefinition, f"Solid {name!r}: output_defs"),
        )
        self.description = description
        # A solid without a schema accepts any config, as solids always have.
        self.config_field: Field | None = ANY_CONFIG if config_schema is None else to_field(config_schema)
        self.required_resource_keys = check_resource_keys(required_resource_keys, f"Solid {name!r}")
        self.tags = validate_tags(tags, f"solid {name!r}") if tags else {}
        self.version = version
        self.retry_policy = checked_retry_policy(retry_policy, f"Solid {name!r}")
        self.compute_fn = compute_fn
        self.takes_context = True
        self.takes_inputs_as_dict = True

    def configured(
        self,
        config_or_config_fn: object,
        name: str,
        config_schema: object = None,
        description: str | None = None,
    ) -> SolidDefinition:
        """This solid under a new name with its config fixed, or made by a function."""
        copy = SolidDefinition.__new__(SolidDefinition)
        copy.__dict__.update(self.__dict__)
        copy.name = check_name(name, "solid")
        copy.description = description or self.description
        return self._configure(copy, config_or_config_fn, config_schema)

    def __repr__(self) -> str:
        return f"SolidDefinition({self.name!r})"


@overload
def solid(name: Compute, /) -> SolidDefinition: ...
@overload
def solid(
    name: str | None = None,
    description: str | None = None,
    input_defs: Sequence[InputDefinition] | None = None,
    output_defs: Sequence[OutputDefinition] | None = None,
    config_schema: object = None,
    required_resource_keys: set[str] | frozenset[str] | None = None,
    tags: Mapping[str, object] | None = None,
    version: str | None = None,
    retry_policy: RetryPolicy | None = None,
) -> Callable[[Compute], SolidDefinition]: ...


def solid(
    name: str | Compute | None = None,
    description: str | None = None,
    input_defs: Sequence[InputDefinition] | None = None,
    output_defs: Sequence[OutputDefinition] | None = None,
    config_schema: object = None,
    required_resource_keys: set[str] | frozenset[str] | None = None,
    tags: Mapping[str, object] | None = None,
    version: str | None = None,
    retry_policy: RetryPolicy | None = None,
) -> SolidDefinition | Callable[[Compute], SolidDefinition]:
    """Makes a solid of a function; inputs and outputs not given are inferred from its signature.

    The first parameter is the context when it is called ``context``, ``_context``, ``context_`` or ``_``.
    Raises DagsterInvalidDefinitionError for whatever is wrong with the definition, where it is written.
    """
    if callable(name):
        return solid()(name)

    def make(function: Compute) -> SolidDefinition:
        solid_name = _name_for(function, name)
        signature = read_signature(function)
        _check_context(signature, solid_name, config_schema)
        definition = SolidDefinition(
            solid_name,
            _inputs(signature, input_defs, solid_name, signature.has_context),
            function,
            _outputs(signature, output_defs, solid_name),
            config_schema,
            description or function.__doc__,
            tags,
            required_resource_keys,
            version,
            retry_policy,
        )
        definition.takes_context = signature.has_context
        definition.takes_inputs_as_dict = False
        return definition

    return make


@overload
def lambda_solid(name: Compute, /) -> SolidDefinition: ...
@overload
def lambda_solid(
    name: str | None = None,
    description: str | None = None,
    input_defs: Sequence[InputDefinition] | None = None,
    output_def: OutputDefinition | None = None,
) -> Callable[[Compute], SolidDefinition]: ...


def lambda_solid(
    name: str | Compute | None = None,
    description: str | None = None,
    input_defs: Sequence[InputDefinition] | None = None,
    output_def: OutputDefinition | None = None,
) -> SolidDefinition | Callable[[Compute], SolidDefinition]:
    """Makes a solid of a function without context and config, with one output at most."""
    if callable(name):
        return lambda_solid()(name)

    def make(function: Compute) -> SolidDefinition:
        solid_name = _name_for(function, name)
        signature = read_signature(function)
        definition = SolidDefinition(
            solid_name,
            _inputs(signature, input_defs, solid_name, False),
            function,
            _outputs(signature, None if output_def is None else [output_def], solid_name),
            description=description or function.__doc__,
        )
        definition.takes_context = False
        definition.takes_inputs_as_dict = False
        return definition

    return make


def _name_for(function: Compute, name: str | None) -> str:
    if not callable(function):
        raise DagsterInvalidDefinitionError(f"Solid {name!r} needs a function, not {function!r}.")
    found = name or getattr(function, "__name__", None)
    if not found:
        raise DagsterInvalidDefinitionError(
            f"The solid made of {function!r} has no name, as it is not made with def. Give one: @solid(name=...)."
        )
    return str(found)


def _check_context(signature: Signature, name: str, config_schema: object) -> None:
    """Resources may be required for what making them does, but a config that nothing reads is a mistake."""
    if not signature.has_context and config_schema is not None:
        raise DagsterInvalidDefinitionError(
            f"Solid {name!r} has a config schema, so its function takes the context as its first parameter. "
            f"Call that parameter one of: {', '.join(sorted(CONTEXT_NAMES))}."
        )


def _inputs(
    signature: Signature, given: Sequence[InputDefinition] | None, name: str, has_context: bool
) -> list[InputDefinition]:
    if signature.takes_any_positional:
        raise DagsterInvalidDefinitionError(
            f"Solid {name!r}: its function takes *args, so the inputs can't be told apart. Name each input."
        )
    parameters = signature.names[1:] if has_context else signature.names
    if not given:
        return [_inferred_input(signature, parameter) for parameter in parameters]
    given = items_of(given, InputDefinition, f"Solid {name!r}: input_defs")
    explicit = {one.name: one for one in given}
    _check_parameters(signature, parameters, given, name)
    inputs = [_completed(one, signature) for one in given]
    inputs += [_inferred_input(signature, one) for one in parameters if one not in explicit]
    return inputs


def _inferred_input(signature: Signature, parameter: str) -> InputDefinition:
    return InputDefinition(parameter, signature.annotations.get(parameter), default_value=signature.default(parameter))


def _completed(definition: InputDefinition, signature: Signature) -> InputDefinition:
    if definition.dagster_type.is_nothing:
        return definition
    return definition.with_inferred(signature.annotations.get(definition.name), signature.default(definition.name))


def _check_parameters(
    signature: Signature, parameters: Sequence[str], given: Sequence[InputDefinition], name: str
) -> None:
    for one in given:
        has_parameter = one.name in parameters
        if one.dagster_type.is_nothing and has_parameter:
            raise DagsterInvalidDefinitionError(
                f"Solid {name!r}: input {one.name!r} is of type Nothing, so the function takes no such parameter."
            )
        if not one.dagster_type.is_nothing and not has_parameter and not signature.takes_any_keyword:
            raise DagsterInvalidDefinitionError(
                f"Solid {name!r}: the function has no parameter {one.name!r} for its input of that name. "
                f"Its parameters: {', '.join(map(repr, parameters)) or 'none'}."
            )


def _outputs(signature: Signature, given: Sequence[OutputDefinition] | None, name: str) -> list[OutputDefinition]:
    annotation = None if signature.is_generator else signature.annotations.get("return")
    if given is None:
        return [OutputDefinition(annotation)]
    given = items_of(given, OutputDefinition, f"Solid {name!r}: output_defs")
    if len(given) == 1 and annotation is not None:
        return [given[0].with_inferred(annotation)]
    return given


__all__ = ["NO_VALUE", "SolidDefinition", "lambda_solid", "solid"]
