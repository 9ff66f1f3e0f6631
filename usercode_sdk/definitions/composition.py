"""Records the solids that an author's ``@pipeline`` or ``@composite_solid`` function calls."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextvars import ContextVar
from typing import TYPE_CHECKING, Any, NoReturn

from usercode_sdk.definitions.dependency import Dependency, MappedInput, OutputHandle, Source
from usercode_sdk.definitions.names import check_name, sentence
from usercode_sdk.definitions.retry_policy import RetryPolicy, checked_retry_policy
from usercode_sdk.errors import DagsterInvalidDefinitionError, DagsterInvariantViolationError

if TYPE_CHECKING:
    from usercode_sdk.definitions.inputs import InputDefinition
    from usercode_sdk.definitions.node import NodeDefinition


class InvokedOutput:
    """What a call of a solid returns inside ``@pipeline``: stands for its one output."""

    __slots__ = ("handle", "owner")

    def __init__(self, handle: OutputHandle, owner: Composition) -> None:
        self.handle = handle
        self.owner = owner

    def _misused(self, how: str) -> NoReturn:
        raise DagsterInvariantViolationError(
            f"Tried to {how} the output {self.handle.output_name!r} of solid {self.handle.solid_name!r} inside a "
            "pipeline function. There it only stands for a value that comes later; hand it to another solid, "
            "or, for several values, yield several outputs."
        )

    def __getattr__(self, name: str) -> NoReturn:
        if name in self.__slots__ or name.startswith("__"):  # asked for by copy and the like
            raise AttributeError(name)
        raise AttributeError(
            f"Solid {self.handle.solid_name!r} has one output, and its call stands for that output, without .{name}. "
            "Hand on what the call returns."
        )

    def __iter__(self) -> Iterator[object]:
        self._misused("iterate over")

    def __getitem__(self, key: object) -> object:
        self._misused("index")

    def __repr__(self) -> str:
        return f"<output {self.handle.output_name!r} of {self.handle.solid_name!r}>"


class InvokedOutputs(tuple[InvokedOutput, ...]):
    """What a call of a solid with several outputs returns: its outputs in order, also by name."""

    def __init__(self, outputs: Iterable[InvokedOutput]) -> None:
        # In the object's own dict, so that an output named "count" or "index" is not the method of tuples.
        self.__dict__.update((output.handle.output_name, output) for output in self)

    def __getattr__(self, name: str) -> InvokedOutput:
        names = ", ".join(repr(output.handle.output_name) for output in self)
        raise AttributeError(f"The solid has no output {name!r}; it has {names}.")


class CompositeInput:
    """Stands for an input of the composite solid whose body is running."""

    __slots__ = ("definition", "owner")

    def __init__(self, definition: InputDefinition, owner: Composition) -> None:
        self.definition = definition
        self.owner = owner


class Invocation:
    """One solid of the graph being written."""

    __slots__ = ("definition", "dependencies", "name", "retry_policy", "tags")

    def __init__(
        self,
        name: str,
        definition: NodeDefinition,
        tags: Mapping[str, str] | None,
        retry_policy: RetryPolicy | None,
        dependencies: dict[str, Dependency],
    ) -> None:
        self.name = name
        self.definition = definition
        self.tags = tags
        self.retry_policy = retry_policy
        self.dependencies = dependencies


class Composition:
    """The graph that a pipeline's or composite's function is writing while it runs."""

    def __init__(self, what: str) -> None:
        self.what = what
        self.invocations: dict[str, Invocation] = {}
        self._counts: dict[str, int] = {}

    def invoke(self, node: PendingNode, args: tuple[object, ...], kwargs: dict[str, object]) -> object:
        """Adds one solid fed by the arguments, and returns what stands for its outputs."""
        name = self._name_for(node)
        dependencies = self._bind(name, node.definition, args, kwargs)
        self.invocations[name] = Invocation(name, node.definition, node.tags, node.retry_policy, dependencies)
        outputs = [InvokedOutput(OutputHandle(name, output.name), self) for output in node.definition.output_defs]
        if not outputs:
            return None
        return outputs[0] if len(outputs) == 1 else InvokedOutputs(outputs)

    def _name_for(self, node: PendingNode) -> str:
        if node.given_name is not None:
            if node.given_name in self.invocations:
                raise DagsterInvalidDefinitionError(
                    f"{sentence(self.what)} uses the name {node.given_name!r} for two solids. "
                    "Give each invocation an alias of its own."
                )
            return node.given_name
        base = node.definition.name
        count = self._counts.get(base, 0) + 1
        name = base if count == 1 else f"{base}_{count}"
        while name in self.invocations:
            count += 1
            name = f"{base}_{count}"
        self._counts[base] = count
        return name

    def _bind(
        self, name: str, definition: NodeDefinition, args: tuple[object, ...], kwargs: dict[str, object]
    ) -> dict[str, Dependency]:
        input_defs = definition.input_defs
        if len(args) > len(input_defs):
            raise DagsterInvalidDefinitionError(
                f"In {self.what}, solid {name!r} is given {len(args)} inputs by place, but it has {len(input_defs)}. "
                f"Its inputs: {_names(input_defs)}."
            )
        result = {
            one.name: self._dependency(name, one.name, value) for one, value in zip(input_defs, args, strict=False)
        }
        for input_name, value in kwargs.items():
            if input_name in result:
                raise DagsterInvalidDefinitionError(
                    f"In {self.what}, input {input_name!r} of solid {name!r} is given twice. Give it once."
                )
            if input_name not in definition.input_dict:
                self._unknown_input(name, input_name, definition)
            result[input_name] = self._dependency(name, input_name, value)
        return result

    def _unknown_input(self, name: str, input_name: str, definition: NodeDefinition) -> NoReturn:
        raise DagsterInvalidDefinitionError(
            f"In {self.what}, solid {name!r} has no input {input_name!r}. Its inputs: {_names(definition.input_defs)}."
        )

    def _dependency(self, name: str, input_name: str, value: object) -> Dependency:
        if type(value) is InvokedOutput or type(value) is CompositeInput:
            return Dependency((self._source(name, input_name, value),))
        if isinstance(value, (list, tuple)) and not isinstance(value, InvokedOutputs):
            return Dependency(tuple(self._source(name, input_name, one) for one in value), fan_in=True)
        return Dependency((self._source(name, input_name, value),))

    def _source(self, name: str, input_name: str, value: object) -> Source:
        if isinstance(value, (InvokedOutput, CompositeInput)):
            if value.owner is not self:
                raise DagsterInvalidDefinitionError(
                    f"In {self.what}, input {input_name!r} of solid {name!r} is given an output from outside. "
                    "Hand it in as an input of the composite solid."
                )
            if isinstance(value, InvokedOutput):
                return value.handle
            return MappedInput(value.definition.name)
        where = f"In {self.what}, input {input_name!r} of solid {name!r}"
        if isinstance(value, InvokedOutputs):
            names = ", ".join(repr(one.handle.output_name) for one in value)
            raise DagsterInvalidDefinitionError(
                f"{where} is given all outputs of a solid that has several ({names}). Name one of them."
            )
        if isinstance(value, PendingNode) or hasattr(value, "output_defs"):
            raise DagsterInvalidDefinitionError(f"{where} is given a solid that is not called. Call it: name().")
        raise DagsterInvalidDefinitionError(
            f"{where} is given a value of type {type(value).__name__}. Inside a pipeline only outputs of other solids "
            "can be handed on; put values into config, or give the input a default_value."
        )


def _names(input_defs: Iterable[InputDefinition]) -> str:
    return ", ".join(repr(one.name) for one in input_defs) or "none"


# A context variable, so that threads which load definitions at the same time don't write into one another's graph.
_current: ContextVar[Composition | None] = ContextVar("usercode_composition", default=None)


def current_composition() -> Composition | None:
    """The graph being written right now, if any."""
    return _current.get()


def compose(
    what: str, function: Callable[..., object], inputs: Mapping[str, InputDefinition]
) -> tuple[Composition, object]:
    """Runs an author's function and records the solids it calls; returns them and what it returned."""
    composition = Composition(what)
    before = _current.set(composition)
    try:
        result = function(**{name: CompositeInput(one, composition) for name, one in inputs.items()})
    finally:
        _current.reset(before)
    return composition, result


class PendingNode:
    """A solid with an alias, tags or a retry policy of its own, ready to be called."""

    __slots__ = ("definition", "given_name", "retry_policy", "tags")

    def __init__(
        self,
        definition: NodeDefinition,
        given_name: str | None = None,
        tags: Mapping[str, str] | None = None,
        retry_policy: RetryPolicy | None = None,
    ) -> None:
        self.definition = definition
        self.given_name = given_name
        self.tags = tags
        self.retry_policy = retry_policy

    def __call__(self, *args: object, **kwargs: object) -> Any:
        composition = current_composition()
        if composition is None:
            raise DagsterInvariantViolationError(
                f"Solid {self.given_name or self.definition.name!r} with an alias, tags or a retry policy can only be "
                "called inside a @pipeline or @composite_solid function."
            )
        return composition.invoke(self, args, kwargs)

    def alias(self, name: str) -> PendingNode:
        """The same solid under another name."""
        return PendingNode(self.definition, check_name(name, "solid"), self.tags, self.retry_policy)

    def tag(self, tags: Mapping[str, object]) -> PendingNode:
        """The same solid with these tags over its own."""
        from usercode_sdk.tags import validate_tags

        owner = f"solid {self.given_name or self.definition.name!r}"
        return PendingNode(
            self.definition,
            self.given_name,
            {**(self.tags or {}), **validate_tags(tags, owner)},
            self.retry_policy,
        )

    def with_retry_policy(self, retry_policy: RetryPolicy) -> PendingNode:
        """The same solid with this retry policy in place of its own."""
        policy = checked_retry_policy(retry_policy, f"Solid {self.given_name or self.definition.name!r}")
        return PendingNode(self.definition, self.given_name, self.tags, policy)
