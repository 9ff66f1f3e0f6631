"""Draws random pipelines, as plain data.

Every choice is one small integer, of which 0 is the plainest option: quick to draw, and what is left after
Hypothesis has made a failing example as small as it can is plain.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import TypeVar

from hypothesis import strategies as st

from tests.sdk.model.shapes import (
    Act,
    Call,
    Composite,
    Ending,
    Export,
    Feed,
    In,
    Kind,
    Out,
    Pipeline,
    Play,
    Ref,
    Solid,
)

T = TypeVar("T")
Definition = Solid | Composite

_OUTPUT_KINDS: tuple[Kind, ...] = ("any", "int", "text", "nothing")
_INPUT_KINDS: tuple[Kind, ...] = ("any", "any", "ints", "int", "text", "nothing")
_ITEMS: Mapping[Kind, Kind] = {"any": "any", "ints": "int", "nothing": "nothing"}
"""The kinds that take a list from a fan-in, and the kind of its items."""
_TEMPERS = ("works", "picks", "works", "picks", "works", "picks", "recovers", "recovers", "breaks", "anything")
_RETRIES = (None, None, None, 0, 1, 2)
_PRIORITIES = (None, None, None, 1, -1, 5)
_PASSING_ENDS: tuple[Ending, ...] = ("raise", "exit", "again")
_BAD_ENDS: tuple[Ending, ...] = (*_PASSING_ENDS, "fail", "refuse")
_RARELY = (False,) * 7 + (True,)
_SOMETIMES = (False, False, False, True)


def pipelines(max_steps: int = 12) -> st.SearchStrategy[Pipeline]:
    """Pipelines of one to ``max_steps`` steps, those inside composites counted."""
    return st.composite(lambda draw: _pipeline(_Die(draw), max_steps))()


class _Die:
    """Makes choices."""

    def __init__(self, draw: st.DrawFn) -> None:
        self._draw = draw

    def pick(self, options: Sequence[T]) -> T:
        """One of ``options``."""
        return options[self._draw(st.integers(0, len(options) - 1))]

    def some(self, options: Iterable[T]) -> list[T]:
        """Some of ``options``, in their order."""
        return [option for option in options if self.pick((True, False))]

    def shuffled(self, options: Iterable[T]) -> list[T]:
        """All of ``options``, in some order."""
        left = list(options)
        return [left.pop(self._draw(st.integers(0, len(left) - 1))) for _ in range(len(left))]


def _pipeline(die: _Die, max_steps: int) -> Pipeline:
    solids = tuple(_solid(die, f"s{place}") for place in range(1, die.pick((1, 2, 3, 4)) + 1))
    definitions: list[Definition] = list(solids)
    composites: list[Composite] = []
    for place in range(1, die.pick((0, 0, 1, 2, 3)) + 1):
        composites.append(_Graph(die, definitions, max(2, max_steps // 3), f"c{place}").composite())
        definitions.append(composites[-1])
    graph = _Graph(die, definitions, max_steps, None)
    graph.fill()
    return Pipeline(solids, tuple(graph.calls), tuple(composites), die.pick(_RETRIES))


# Solids


def _solid(die: _Die, name: str) -> Solid:
    inputs = tuple(_input(die, f"i{place}") for place in range(1, die.pick((0, 1, 1, 2, 3)) + 1))
    outputs = tuple(
        Out(f"o{place}", die.pick(_OUTPUT_KINDS), required=die.pick((True, False)))
        for place in range(1, die.pick((1, 1, 2, 3, 0)) + 1)
    )
    plain = len(outputs) == 1 and die.pick(_SOMETIMES)
    temper = die.pick(_TEMPERS)
    retries = die.pick((1, 2) if temper == "recovers" else _RETRIES)
    plays = _plain_script(die, outputs[0]) if plain else _script(die, temper, outputs)
    return Solid(name, inputs, outputs, tuple(plays), plain, retries, die.pick(_PRIORITIES))


def _input(die: _Die, name: str) -> In:
    kind = die.pick(_INPUT_KINDS)
    return In(name, kind, default=kind != "nothing" and die.pick(_SOMETIMES))


def _script(die: _Die, temper: str, outputs: Sequence[Out]) -> list[Play]:
    """The plays of a solid that works, picks among its optional outputs, recovers, breaks, or does anything."""
    if temper == "works":
        return [Play(_acts(outputs))]
    if temper == "picks":
        return [_picking_play(die, outputs)]
    if temper == "recovers":
        bad = [_odd_play(die, outputs, _PASSING_ENDS) for _ in range(die.pick((1, 2)))]
        return [*bad, _picking_play(die, outputs)]
    if temper == "breaks":
        return [replace(_end(die, _BAD_ENDS), acts=_acts(outputs))]
    return [_odd_play(die, outputs, ("return", *_BAD_ENDS)) for _ in range(die.pick((1, 2, 3)))]


def _acts(outputs: Iterable[Out]) -> tuple[Act, ...]:
    return tuple(Act("output", one.name) for one in outputs)


def _picking_play(die: _Die, outputs: Sequence[Out]) -> Play:
    left_out = die.some(one for one in outputs if not one.required)
    return Play(_acts(one for one in outputs if one not in left_out))


def _odd_play(die: _Die, outputs: Sequence[Out], ends: Sequence[Ending]) -> Play:
    """Some of the outputs, required or not, in any order, and perhaps something else."""
    acts = [act for act in _acts(die.shuffled(outputs)) if not die.pick(_SOMETIMES)]
    if die.pick((False, True)):
        # An output that came before comes twice so.
        others = [Act("asset"), Act("check"), Act("stray"), *_acts(outputs)]
        others += [Act("misfit", one.name) for one in outputs if one.kind != "any"]
        acts.insert(die.pick(range(len(acts) + 1)), die.pick(others))
    return replace(_end(die, ends), acts=tuple(acts))


def _end(die: _Die, ends: Sequence[Ending]) -> Play:
    end = die.pick(ends)
    return Play((), end, die.pick((0, 1, 2)), die.pick((False, True))) if end == "again" else Play((), end)


def _plain_script(die: _Die, output: Out) -> list[Play]:
    return [_plain_play(die, output) for _ in range(die.pick((1, 1, 2)))]


def _plain_play(die: _Die, output: Out) -> Play:
    play = _end(die, ("return", "return", "return", *_BAD_ENDS))
    if play.ends != "return":
        return play
    misfit = output.kind != "any" and die.pick(_RARELY)
    return Play((Act("misfit" if misfit else "output", output.name),))


# Graphs


class _Graph:
    """Draws the calls of a pipeline, or with a name of a composite, one after the other."""

    def __init__(self, die: _Die, definitions: Sequence[Definition], max_steps: int, name: str | None) -> None:
        self._die = die
        self._definitions = definitions
        self._max_steps = max_steps
        self._name = name
        self.calls: list[Call] = []
        self._own: list[In] = []
        self._outputs: list[tuple[Ref, Kind]] = []
        self._counts: dict[str, int] = {}

    def composite(self) -> Composite:
        """A composite of calls, with the inputs that they asked for, and some of their outputs."""
        assert self._name is not None
        self.fill()
        exports = [Export(f"x{place}", kind, ref) for place, (ref, kind) in enumerate(self._die.some(self._outputs), 1)]
        return Composite(self._name, tuple(self.calls), tuple(self._own), tuple(exports))

    def fill(self) -> None:
        """Draws calls until the steps are as many as drawn."""
        room = self._die.pick((1, 2, 3, self._max_steps // 2, self._max_steps, self._max_steps))
        while possible := [one for one in self._definitions if self._size(one) <= room]:
            definition = self._die.pick(possible)
            self._call(definition)
            room -= self._size(definition)

    def _size(self, definition: Definition) -> int:
        if isinstance(definition, Solid):
            return 1
        return sum(self._size(self._named(call.uses)) for call in definition.calls)

    def _named(self, name: str) -> Definition:
        return next(one for one in self._definitions if one.name == name)

    def _call(self, definition: Definition) -> None:
        aliased = self._die.pick((False, False, True))
        feeds = [feed for one in definition.inputs if (feed := self._feed(definition, one)) is not None]
        retries = self._die.pick(_RETRIES) if isinstance(definition, Solid) else None
        name = self._name_of_call(definition.name, aliased)
        call = Call(name, definition.name, tuple(feeds), aliased, retries, self._die.pick(_PRIORITIES))
        self.calls.append(call)
        self._outputs += [(Ref(name, one.name), one.kind) for one in definition.outputs]

    def _name_of_call(self, uses: str, aliased: bool) -> str:
        """The alias, or the name that the SDK must give: the second call of ``s1`` is ``s1_2``."""
        if aliased:
            return f"a{len(self.calls) + 1}"
        self._counts[uses] = self._counts.get(uses, 0) + 1
        return uses if self._counts[uses] == 1 else f"{uses}_{self._counts[uses]}"

    # Feeds

    def _feed(self, definition: Definition, one: In) -> Feed | None:
        """What feeds an input of a call of ``definition``."""
        way = self._die.pick(self._ways(definition, one))
        if way == "unfed":
            return None
        if way == "config":
            return Feed(one.name)
        if way == "several":
            return Feed(one.name, self._several(_ITEMS[one.kind]), fan_in=True)
        return Feed(one.name, (self._own_input(one.kind) if way == "own" else self._output(one.kind),))

    def _ways(self, definition: Definition, one: In) -> list[str]:
        ways = ["unfed"] if self._may_stay_unfed(definition, one) else []
        if one.kind != "nothing":
            ways.append("config")
        if self._name is not None:
            ways += ["own"] * 2
        if one.kind != "ints" and self._sources(one.kind):
            ways += ["output"] * 4
        item = _ITEMS.get(one.kind)
        if item is not None and (self._sources(item) or self._name is not None):
            ways += ["several"] * 4
        return ways

    def _may_stay_unfed(self, definition: Definition, one: In) -> bool:
        """With a default, of type Nothing, or handed on only to such inputs, and not as part of a list."""
        if one.default or one.kind == "nothing":
            return True
        if isinstance(definition, Solid):
            return False
        targets = [(call, feed) for call in definition.calls for feed in call.feeds if Ref("", one.name) in feed.refs]
        return all(not feed.fan_in and self._target_may_stay_unfed(call, feed) for call, feed in targets)

    def _target_may_stay_unfed(self, call: Call, feed: Feed) -> bool:
        inner = self._named(call.uses)
        return self._may_stay_unfed(inner, next(one for one in inner.inputs if one.name == feed.port))

    def _sources(self, kind: Kind) -> list[Ref]:
        """The outputs so far that may feed an input of this kind, be it to fail its type check."""
        return [ref for ref, given in self._outputs if given != "nothing" or kind == "nothing"]

    def _output(self, kind: Kind) -> Ref:
        """One of these, mostly one that passes the type check; outputs of late calls as often as all others."""
        sources = self._sources(kind)
        fitting = [ref for ref, given in self._outputs if ref in sources and kind in ("any", "nothing", given)]
        chosen = sources if not fitting or self._die.pick(_RARELY) else fitting
        return self._die.pick([*chosen, *chosen[-2:]])

    def _several(self, item: Kind) -> tuple[Ref, ...]:
        """One to four sources, each once; in a composite its own inputs among them."""
        refs = []
        for _ in range(self._die.pick((1, 2, 3, 4))):
            own = self._name is not None and (not self._sources(item) or self._die.pick((False, True)))
            refs.append(self._own_input(item) if own else self._output(item))
        return tuple(dict.fromkeys(refs))

    def _own_input(self, kind: Kind) -> Ref:
        """An input of the composite itself: one that it has, or another."""
        known = [one for one in self._own if one.kind == kind]
        chosen = self._die.pick([*known, None])
        if chosen is None:
            default = kind != "nothing" and self._die.pick(_SOMETIMES)
            chosen = In(f"p{len(self._own) + 1}", kind, default)
            self._own.append(chosen)
        return Ref("", chosen.name)
