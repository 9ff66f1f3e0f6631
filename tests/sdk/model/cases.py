"""Small pipelines for what the random ones reach rarely, each with what must come of its steps."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from tests.sdk.model.semantics import Status
from tests.sdk.model.shapes import Act, Call, Composite, Feed, In, Out, Pipeline, Play, Ref, Solid


class Case(NamedTuple):
    """A pipeline and what must come of it, found by hand."""

    pipeline: Pipeline
    ends: Mapping[str, Status]
    arrived: Mapping[str, tuple[str, ...]] = {}
    """The upstream outputs that a step loads, in order."""
    attempts: Mapping[str, int] = {}


GIVES = Solid("gives", outputs=(Out("o"),), plays=(Play((Act("output", "o"),)),))
LEAVES_OUT = Solid("leaves_out", outputs=(Out("o", required=False),))
BREAKS = Solid("breaks", outputs=(Out("o"),), plays=(Play((Act("output", "o"),), "raise"),))
TAKES = Solid("takes", (In("i"),), (Out("o"),), (Play((Act("output", "o"),)),))
TAKES_TWO = Solid("takes_two", (In("i"), In("j")))


def _one(call: str, port: str = "o") -> Feed:
    return Feed("i", (Ref(call, port),))


def _several(*refs: Ref) -> Feed:
    return Feed("i", refs, fan_in=True)


_SKIPS = Case(
    Pipeline(
        (LEAVES_OUT, TAKES),
        (
            Call("leaves_out", "leaves_out"),
            Call("takes", "takes", (_one("leaves_out"),)),
            Call("takes_2", "takes", (_one("takes"),)),
        ),
    ),
    {"leaves_out": "success", "takes": "skipped", "takes_2": "skipped"},
)

_FAN_IN_OF_WHAT_CAME = Case(
    Pipeline(
        (GIVES, LEAVES_OUT, TAKES),
        (
            Call("gives", "gives"),
            Call("leaves_out", "leaves_out"),
            Call("last", "gives", aliased=True),
            Call("takes", "takes", (_several(Ref("gives", "o"), Ref("leaves_out", "o"), Ref("last", "o")),)),
        ),
    ),
    {"gives": "success", "leaves_out": "success", "last": "success", "takes": "success"},
    {"takes": ("gives.o", "last.o")},
)

_FAILURE_BEFORE_SKIP = Case(
    Pipeline(
        (GIVES, BREAKS, LEAVES_OUT, TAKES, TAKES_TWO),
        (
            Call("breaks", "breaks"),
            Call("leaves_out", "leaves_out"),
            Call("gives", "gives"),
            Call("takes", "takes", (_one("gives"),)),
            Call("takes_two", "takes_two", (_one("leaves_out"), Feed("j", (Ref("breaks", "o"),)))),
            Call("takes_2", "takes", (_several(Ref("breaks", "o"), Ref("gives", "o")),)),
            Call("takes_3", "takes", (_one("takes_2"),)),
        ),
    ),
    {
        "breaks": "failure",
        "leaves_out": "success",
        "gives": "success",
        "takes": "success",
        "takes_two": "abandoned",
        "takes_2": "abandoned",
        "takes_3": "abandoned",
    },
)

_INNER = Composite(
    "inner",
    (
        Call("leaves_out", "leaves_out"),
        Call("takes", "takes", (_several(Ref("", "p"), Ref("leaves_out", "o")),)),
    ),
    (In("p"),),
)

_CONFIG_BESIDE_NOTHING_IN_A_LIST = Case(
    Pipeline((LEAVES_OUT, TAKES), (Call("inner", "inner", (Feed("p"),)),), (_INNER,)),
    {"inner.leaves_out": "success", "inner.takes": "skipped"},
)

_LIST_IN_A_LIST = Case(
    Pipeline(
        (GIVES, LEAVES_OUT, TAKES),
        (
            Call("gives", "gives"),
            Call("leaves_out", "leaves_out"),
            Call("inner", "inner", (Feed("p", (Ref("leaves_out", "o"), Ref("gives", "o")), fan_in=True),)),
            Call("inner_2", "inner", (Feed("p", (Ref("leaves_out", "o"),), fan_in=True),)),
        ),
        (_INNER,),
    ),
    {
        "gives": "success",
        "leaves_out": "success",
        "inner.leaves_out": "success",
        "inner.takes": "success",
        "inner_2.leaves_out": "success",
        "inner_2.takes": "skipped",
    },
    {"inner.takes": ("gives.o",)},
)

_PLACES_IN_A_LIST = Case(
    Pipeline(
        (GIVES, TAKES),
        (
            Call("gives", "gives"),
            Call("gives_2", "gives"),
            Call("outer", "outer", (Feed("p", (Ref("gives", "o"),)), Feed("q", (Ref("gives_2", "o"),)))),
        ),
        (
            Composite(
                "outer",
                (
                    Call("gives", "gives"),
                    Call("takes", "takes", (_several(Ref("", "q"), Ref("", "p"), Ref("gives", "o")),)),
                ),
                (In("p"), In("q")),
            ),
        ),
    ),
    {"gives": "success", "gives_2": "success", "outer.gives": "success", "outer.takes": "success"},
    {"outer.takes": ("gives_2.o", "gives.o", "outer.gives.o")},
)

_ONLY_THE_LAST_ATTEMPT_COUNTS = Case(
    Pipeline(
        (
            Solid(
                "recovers",
                outputs=(Out("o", required=False),),
                plays=(Play((Act("output", "o"),), "again", retries=1), Play()),
            ),
            TAKES,
        ),
        (Call("recovers", "recovers"), Call("takes", "takes", (_one("recovers"),))),
    ),
    {"recovers": "success", "takes": "skipped"},
    attempts={"recovers": 2},
)

_RETRIES_END = Case(
    Pipeline(
        (BREAKS, Solid("refuses", plays=(Play((), "refuse"),)), Solid("fails", plays=(Play((), "fail"),))),
        (
            Call("breaks", "breaks", retries=0),
            Call("breaks_2", "breaks"),
            Call("refuses", "refuses"),
            Call("fails", "fails"),
        ),
        retries=2,
    ),
    {"breaks": "failure", "breaks_2": "failure", "refuses": "failure", "fails": "failure"},
    attempts={"breaks": 1, "breaks_2": 3, "refuses": 1, "fails": 1},
)

_NOTHING_COMES_BY_ITSELF_UNLESS_OPTIONAL = Case(
    Pipeline(
        (
            Solid("orders", outputs=(Out("o", "nothing"), Out("p", "nothing", required=False))),
            Solid("waits", (In("i", "nothing"),)),
        ),
        (
            Call("orders", "orders"),
            Call("waits", "waits", (_one("orders"),)),
            Call("waits_2", "waits", (_one("orders", "p"),)),
        ),
    ),
    {"orders": "success", "waits": "success", "waits_2": "skipped"},
)

CASES: dict[str, Case] = {
    "a missing output skips what is below": _SKIPS,
    "a fan-in takes what came": _FAN_IN_OF_WHAT_CAME,
    "a failure counts before a skip": _FAILURE_BEFORE_SKIP,
    "config beside nothing in a list is nothing": _CONFIG_BESIDE_NOTHING_IN_A_LIST,
    "a list in a list": _LIST_IN_A_LIST,
    "places in a list": _PLACES_IN_A_LIST,
    "only the last attempt counts": _ONLY_THE_LAST_ATTEMPT_COUNTS,
    "retries end": _RETRIES_END,
    "nothing comes by itself unless optional": _NOTHING_COMES_BY_ITSELF_UNLESS_OPTIONAL,
}
