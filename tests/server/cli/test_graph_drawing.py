"""Graphs drawn as text."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from usercode_server.cli.graph_drawing import Vertex, draw, in_order


def drawn(**sources: str) -> str:
    """The drawing of a graph given as ``name="sources"``."""
    vertices = {name: Vertex(feeding.split(), name) for name, feeding in sources.items()}
    return "\n".join(line.rstrip() for line in draw(vertices))


def test_one_solid() -> None:
    assert drawn(a="") == "● a"


def test_a_chain_goes_straight_down() -> None:
    assert drawn(a="", b="a", c="b") == "● a\n│\n● b\n│\n● c"


def test_solids_that_have_nothing_to_do_with_each_other_are_not_joined() -> None:
    assert drawn(a="", b="") == "● a\n● b"


def test_a_diamond() -> None:
    assert drawn(top="", left="top", right="top", bottom="left right") == "\n".join(
        [
            "● top",
            "├─● left",
            "│ │",
            "● │ right",
            "╰─┴─● bottom",
        ]
    )


def test_edges_cross() -> None:
    assert drawn(a="", b="", x="a", y="b a") == "\n".join(
        [
            "● a",
            "│ ● b",
            "├─│─● x",
            "╰─┴─● y",
        ]
    )


def test_each_stands_below_all_that_feed_it_whatever_the_order() -> None:
    assert in_order({"c": Vertex(["b"], "c"), "b": Vertex(["a"], "b"), "a": Vertex([], "a")}) == ["a", "b", "c"]


def test_notes_stand_in_line() -> None:
    vertices = {
        "a": Vertex([], "a", "first"),
        "b": Vertex(["a"], "a long name", "second"),
        "c": Vertex(["a"], "no note"),
    }
    assert draw(vertices) == ["● a               first", "├─● a long name   second", "│", "● no note"]


def test_lines_below_stand_beside_the_rails() -> None:
    vertices = {"a": Vertex([], "a"), "b": Vertex(["a"], "b", below=["inside"]), "c": Vertex(["a"], "c")}
    assert draw(vertices) == ["● a", "├─● b", "│     inside", "│", "● c"]


def test_a_graph_too_wide_is_drawn_without_rails() -> None:
    vertices = {f"s{number}": Vertex([], f"s{number}") for number in range(40)}
    vertices["all"] = Vertex(list(vertices), "all", "everything")
    assert draw(vertices) == [*(f"● s{number}" for number in range(40)), "● all   everything"]


@st.composite
def graphs(draw_value: st.DrawFn) -> dict[str, Vertex]:
    """Any graph without cycles."""
    count = draw_value(st.integers(1, 12))
    return {
        f"v{number}": Vertex(
            [f"v{source}" for source in draw_value(st.sets(st.integers(0, max(number - 1, 0)))) if source < number],
            f"v{number}",
        )
        for number in range(count)
    }


@given(graphs())
def test_every_solid_is_drawn_once_with_as_many_edges_as_it_has_sources(vertices: dict[str, Vertex]) -> None:
    lines = [line for line in draw(vertices) if "●" in line]
    assert sorted(line.rsplit(" ", 1)[1] for line in lines) == sorted(vertices)
    for line in lines:
        rails, _, name = line.rpartition(" ")
        sources = vertices[name].sources
        joined = sum(rails.count(corner) for corner in "├╰┼┴")
        assert joined == len(sources) or (joined == 0 and len(sources) == 1)
