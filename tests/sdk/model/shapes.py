"""Pipelines as plain data: what the generator draws, and what both the builder and the model read.

A pipeline's solids play from a script, one play an attempt, so that the data alone says what happens.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from functools import cache
from typing import TYPE_CHECKING, Literal
from zlib import crc32

from pydantic import TypeAdapter

if TYPE_CHECKING:
    from hypothesis.vendor.pretty import RepresentationPrinter

Kind = Literal["any", "int", "text", "ints", "nothing"]
Ending = Literal["return", "raise", "exit", "refuse", "fail", "again"]
Path = tuple[str, ...]


class Shape:
    """Data that shows itself without what is as by default, so that a failing example is short to read."""

    def __repr__(self) -> str:
        return f"{type(self).__name__}({', '.join(f'{name}={value!r}' for name, value in self._shown())})"

    def _repr_pretty_(self, printer: RepresentationPrinter, _cycle: bool) -> None:
        """What Hypothesis calls to show the data over several lines."""
        with printer.group(2, f"{type(self).__name__}(", ")"):
            for place, (name, value) in enumerate(self._shown()):
                if place:
                    printer.text(",")
                    printer.breakable()
                printer.text(f"{name}=")
                printer.pretty(value)

    def _shown(self) -> list[tuple[str, object]]:
        values = [(one.name, getattr(self, one.name), one.default) for one in fields(self)]  # type: ignore[arg-type]  # each subclass is a dataclass
        return [(name, value) for name, value, default in values if value != default]


@dataclass(frozen=True, repr=False)
class In(Shape):
    """An input of a solid or composite; ``default`` says whether it has a default value."""

    name: str
    kind: Kind = "any"
    default: bool = False


@dataclass(frozen=True, repr=False)
class Out(Shape):
    """An output of a solid."""

    name: str
    kind: Kind = "any"
    required: bool = True


@dataclass(frozen=True, repr=False)
class Act(Shape):
    """One thing that a solid does.

    ``output`` yields a fitting value, ``misfit`` one of the wrong type, ``stray`` an output that the solid
    does not have, ``asset`` a materialization, ``check`` an expectation.
    """

    does: Literal["output", "misfit", "stray", "asset", "check"]
    output: str = ""


@dataclass(frozen=True, repr=False)
class Play(Shape):
    """What a solid does in one attempt, and how the attempt ends.

    ``raise`` is an exception, ``exit`` is sys.exit(), ``refuse`` is one of the SDK's own errors, ``fail`` is
    Failure and ``again`` is RetryRequested, with at most ``retries`` retries, after a moment if ``waits``.
    """

    acts: tuple[Act, ...] = ()
    ends: Ending = "return"
    retries: int = 0
    waits: bool = False


@dataclass(frozen=True, repr=False)
class Solid(Shape):
    """A leaf. Attempt n plays ``plays[n - 1]``, later attempts the last play.

    ``plain`` solids return the value of their only output in place of yielding it.
    """

    name: str
    inputs: tuple[In, ...] = ()
    outputs: tuple[Out, ...] = ()
    plays: tuple[Play, ...] = (Play(),)
    plain: bool = False
    retries: int | None = None
    priority: int | None = None

    def play(self, attempt: int) -> Play:
        """What happens in an attempt, counted from 1."""
        return self.plays[min(attempt, len(self.plays)) - 1]


@dataclass(frozen=True, repr=False)
class Ref(Shape):
    """An output of an earlier call, or with ``call=""`` an input of the composite around."""

    call: str
    port: str


@dataclass(frozen=True, repr=False)
class Feed(Shape):
    """What feeds one input of a call: refs, one or with ``fan_in`` a list of them, or else run config."""

    port: str
    refs: tuple[Ref, ...] = ()
    fan_in: bool = False


@dataclass(frozen=True, repr=False)
class Call(Shape):
    """One use of a solid or composite; it depends on earlier calls only. Inputs without a feed stay unfed."""

    name: str
    uses: str
    feeds: tuple[Feed, ...] = ()
    aliased: bool = False
    retries: int | None = None
    priority: int | None = None

    def feed(self, port: str) -> Feed | None:
        """What feeds an input."""
        return next((feed for feed in self.feeds if feed.port == port), None)


@dataclass(frozen=True, repr=False)
class Export(Shape):
    """An output of a composite, and the output of a call inside that it is."""

    name: str
    kind: Kind
    source: Ref


@dataclass(frozen=True, repr=False)
class Composite(Shape):
    """A graph used like a solid."""

    name: str
    calls: tuple[Call, ...]
    inputs: tuple[In, ...] = ()
    outputs: tuple[Export, ...] = ()


@dataclass(frozen=True, repr=False)
class Pipeline(Shape):
    """A whole pipeline; a composite uses solids and composites before it."""

    solids: tuple[Solid, ...]
    calls: tuple[Call, ...]
    composites: tuple[Composite, ...] = ()
    retries: int | None = None

    def definition(self, name: str) -> Solid | Composite:
        """The solid or composite of this name."""
        definitions: tuple[Solid | Composite, ...] = (*self.solids, *self.composites)
        return next(one for one in definitions if one.name == name)


def to_json(pipeline: Pipeline) -> bytes:
    """The pipeline as one JSON document."""
    return _adapter().dump_json(pipeline, exclude_defaults=True)


def from_json(document: bytes) -> Pipeline:
    """The pipeline of a JSON document."""
    return _adapter().validate_json(document)


@cache
def _adapter() -> TypeAdapter[Pipeline]:
    return TypeAdapter(Pipeline)


# The values that go through a pipeline, each telling where it comes from.


def output_value(step_key: str, output: Out, inputs: Mapping[str, object], attempt: int) -> object:
    """What a step puts out: it depends on all that the step was given."""
    given = crc32(repr((attempt, sorted(inputs.items()))).encode())
    if output.kind == "nothing":
        return None
    return given if output.kind == "int" else f"{step_key}.{output.name}:{given:08x}"


def misfit_value(kind: Kind) -> object:
    """A value that is not of this kind; for ``any`` there is none."""
    return "misfit" if kind in ("int", "ints") else 0


def default_value(kind: Kind) -> object:
    """The default of an input."""
    return {"int": 7, "ints": [7, 8]}.get(kind, "default")


def config_value(kind: Kind, path: Path, port: str) -> object:
    """What run config gives to an input of the solid at ``path``."""
    number = crc32(".".join((*path, port)).encode()) % 1000
    return {"int": number, "ints": [number]}.get(kind, f"{'.'.join(path)}.{port} of config")


def fits(kind: Kind, value: object) -> bool:
    """Whether a value is of this kind."""
    if kind == "ints":
        return isinstance(value, list) and all(isinstance(one, int) for one in value)
    if kind == "nothing":
        return value is None
    return kind == "any" or isinstance(value, int if kind == "int" else str)


def run_config(pipeline: Pipeline) -> dict[str, object]:
    """The run config that feeds what is fed from there."""
    solids = _solids_config(pipeline, pipeline.calls, ())
    return {"solids": solids} if solids else {}


def _solids_config(pipeline: Pipeline, calls: Sequence[Call], path: Path) -> dict[str, object]:
    config: dict[str, object] = {}
    for call in calls:
        here = (*path, call.name)
        definition = pipeline.definition(call.uses)
        kinds = {one.name: one.kind for one in definition.inputs}
        entry: dict[str, object] = {}
        inputs = {
            feed.port: _config_form(kinds[feed.port], config_value(kinds[feed.port], here, feed.port))
            for feed in call.feeds
            if not feed.refs
        }
        if inputs:
            entry["inputs"] = inputs
        if isinstance(definition, Composite) and (inner := _solids_config(pipeline, definition.calls, here)):
            entry["solids"] = inner
        if entry:
            config[call.name] = entry
    return config


def _config_form(kind: Kind, value: object) -> object:
    return {"value": value} if kind == "any" else value
