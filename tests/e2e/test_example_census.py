"""The example's counting and drawing: plain functions, tested without any pipeline."""

from __future__ import annotations

import io
import sys
import tokenize
from collections import Counter
from pathlib import Path
from xml.etree import ElementTree

import pytest

sys.path.insert(0, str(Path(__file__).parents[2] / "examples/example_project/example_repo"))

from census import (
    Counts,
    FaultRow,
    FunctionRow,
    ImportRow,
    ModuleRow,
    count_imports,
    count_module,
    count_sources,
    largest_functions,
    sum_packages,
)
from chart import axis_ticks, bar_chart
from source_tree import SourceTree
from table_files import to_csv, write_text

SHIP = b'''\
"""A ship.

With a blank line in its docs."""

import os, harbor.crane
from harbor import quay
from . import sail; from .sibling import oar


# A comment.
class Ship:
    "Floats."

    async def load(self, crates):
        text = """not docs

        # not a comment"""
        for crate in crates:
            if crate and crate.heavy or text:
                pass  # code with a comment

        def nested():
            return [c for c in crates if c]

        return nested
'''

SHIP_ROW = ModuleRow(
    module="fleet.ship",
    package="fleet",
    lines=25,
    code=14,
    comments=1,
    docs=4,
    blank=6,
    functions=2,
    classes=1,
    branches=6,
    imports=["harbor", "os"],
)


def module_row(module: str, *, code: int = 1, imports: tuple[str, ...] = ()) -> ModuleRow:
    row, _ = count_module(module, b"x = 1\n" * code)
    return {**row, "imports": list(imports)}


def test_the_figures_of_a_module_are_those_counted_by_hand() -> None:
    assert count_module("fleet.ship", SHIP) == (
        SHIP_ROW,
        [
            FunctionRow(module="fleet.ship", function="Ship.load", line=14, lines=12, branches=6),
            FunctionRow(module="fleet.ship", function="Ship.load.nested", line=22, lines=2, branches=2),
        ],
    )


@pytest.mark.parametrize(
    ("source", "branches"),
    [
        ("x = 1 if y else 2", 1),
        ("while x: pass", 1),
        ("try: pass\nexcept A: pass\nexcept B: pass", 2),
        ("match x:\n case 1: pass\n case _: pass", 2),
        ("a and b and c", 2),
        ("{k: v for k in x if k if v for v in k}", 4),
        ("with x: pass", 0),
    ],
)
def test_a_branch_is_a_place_where_control_can_go_two_ways(source: str, branches: int) -> None:
    assert count_module("m", source.encode())[0]["branches"] == branches


@pytest.mark.parametrize("module", ["json.decoder", "textwrap", "heapq", "dis", "string", "keyword", "bisect"])
def test_line_kinds_agree_with_the_tokenizer(module: str) -> None:
    tree = SourceTree(Path(tokenize.__file__).parent)
    source = tree.read(module)
    row, _ = count_module(module, source)
    kinds = {"code": row["code"], "comments": row["comments"], "docs": row["docs"], "blank": row["blank"]}
    assert kinds == kinds_by_tokens(source)


def kinds_by_tokens(source: bytes) -> dict[str, int]:
    """The same figures, found another way: from tokens instead of the syntax tree."""
    layout = {tokenize.NL, tokenize.INDENT, tokenize.DEDENT, tokenize.ENCODING, tokenize.ENDMARKER}
    kinds = dict.fromkeys(range(1, source.count(b"\n") + 1), "blank")
    statement: list[tokenize.TokenInfo] = []
    for token in tokenize.tokenize(io.BytesIO(source).readline):
        if token.type == tokenize.COMMENT:
            if not token.line[: token.start[1]].strip():
                kinds[token.start[0]] = "comments"
        elif token.type == tokenize.NEWLINE:
            kind = "docs" if {part.type for part in statement} == {tokenize.STRING} else "code"
            for part in statement:
                kinds.update(dict.fromkeys(range(part.start[0], part.end[0] + 1), kind))
            statement = []
        elif token.type not in layout:
            statement.append(token)
    return {kind: Counter(kinds.values())[kind] for kind in ("code", "comments", "docs", "blank")}


@pytest.mark.parametrize(
    ("source", "lines", "blank"), [(b"", 0, 0), (b"\n", 1, 1), (b"x", 1, 0), (b"x\r\ny\r\n", 2, 0)]
)
def test_lines_are_counted_as_an_editor_numbers_them(source: bytes, lines: int, blank: int) -> None:
    row, _ = count_module("m", source)
    assert (row["lines"], row["blank"]) == (lines, blank)


def test_source_that_is_not_python_becomes_a_fault_and_the_rest_is_counted() -> None:
    counts = count_sources(
        [
            ("good", b"x = 1\n"),
            ("bad_syntax", b"x = 1\nprint 'hello'\n"),
            ("bad_bytes", b"\xff\xfe\n"),
            ("bad_cookie", b"# coding: klingon\n"),
        ]
    )
    assert counts["modules"] == [module_row("good")]
    assert [(fault["module"], fault["line"]) for fault in counts["faults"]] == [
        ("bad_syntax", 2),
        ("bad_bytes", 0),
        ("bad_cookie", 0),
    ]
    assert all(fault["message"] for fault in counts["faults"])


def test_a_doubtful_escape_is_counted_without_a_warning() -> None:
    assert count_sources([("m", b"x = '\\d'\n")]) == Counts(modules=[module_row("m")], functions=[], faults=[])


def test_packages_are_summed_and_sorted_by_code_then_name() -> None:
    rows = sum_packages([module_row("b.x", code=2), module_row("a", code=3), module_row("b", code=1)])
    assert [(row["package"], row["modules"], row["code"], row["lines"]) for row in rows] == [
        ("a", 1, 3, 3),
        ("b", 2, 3, 3),
    ]


def test_imports_are_counted_between_packages_of_the_census_only() -> None:
    modules = [
        module_row("a.x", imports=("b", "a", "unknown")),
        module_row("a.y", imports=("b",)),
        module_row("b", imports=("a",)),
    ]
    assert count_imports(modules) == [
        ImportRow(package="a", imports="b", modules=2),
        ImportRow(package="b", imports="a", modules=1),
    ]


def test_the_largest_functions_come_first_and_ties_in_source_order() -> None:
    def function(module: str, line: int, lines: int) -> FunctionRow:
        return FunctionRow(module=module, function="f", line=line, lines=lines, branches=0)

    rows = [
        function("b", 1, 5),
        function("a", 9, 5),
        function("a", 1, 5),
        function("c", 1, 8),
        function("d", 1, 1),
    ]
    assert largest_functions(rows, 3) == [function("c", 1, 8), function("a", 1, 5), function("a", 9, 5)]


def test_a_source_tree_lists_what_python_can_import(tmp_path: Path) -> None:
    for name in [
        "one.py",
        "notes.txt",
        "pack/__init__.py",
        "pack/deep/mod.py",
        "pack/tests/test_it.py",
        "not-a-package/x.py",
        "not-a-module.py",
        "__pycache__/one.py",
        "site-packages/pip.py",
    ]:
        write_text(tmp_path / name, f"# {name}\n")

    assert SourceTree(tmp_path).modules() == ["one", "pack", "pack.deep.mod"]
    assert SourceTree(tmp_path, limit=2).modules() == ["one", "pack"]
    with_tests = SourceTree(tmp_path, include_tests=True)
    assert with_tests.modules() == ["one", "pack", "pack.deep.mod", "pack.tests.test_it"]
    assert [with_tests.read(name) for name in with_tests.modules()] == [
        b"# one.py\n",
        b"# pack/__init__.py\n",
        b"# pack/deep/mod.py\n",
        b"# pack/tests/test_it.py\n",
    ]


def test_csv_has_its_columns_even_without_rows() -> None:
    assert to_csv(["module", "line", "message"], []) == "module,line,message\n"
    rows = [FaultRow(module="m", line=1, message='say "hello", world')]
    assert to_csv(["module", "line", "message"], rows) == 'module,line,message\nm,1,"say ""hello"", world"\n'
    assert to_csv(["imports"], [{"imports": ["a", "b"]}]) == "imports\na b\n"


def test_writing_replaces_the_file_and_leaves_nothing_else(tmp_path: Path) -> None:
    path = tmp_path / "deep" / "table.csv"
    write_text(path, "old\n")
    write_text(path, "new, ä\n")
    assert path.read_bytes() == "new, ä\n".encode()
    assert list(path.parent.iterdir()) == [path]


SVG = "{http://www.w3.org/2000/svg}"


def test_the_chart_draws_one_bar_a_row_to_scale() -> None:
    drawing = ElementTree.fromstring(bar_chart("A & B", "sub <title>", "lines", [("big", 2000), ("<half>", 1000)]))
    bars = [mark for mark in drawing.iter(f"{SVG}rect") if mark.get("class") == "bar"]
    texts = [mark.text for mark in drawing.iter(f"{SVG}text")]
    widths = [float(bar.attrib["width"]) for bar in bars]
    assert widths == [pytest.approx(2 * widths[1]), widths[1]]
    assert texts == [
        "A & B",
        "sub <title>",
        *("0", "500", "1,000", "1,500", "2,000"),
        *("big", "2,000"),
        *("<half>", "1,000"),
        "lines",
    ]
    width, height = float(drawing.attrib["width"]), float(drawing.attrib["height"])
    assert all(0 <= float(mark.get("x", 0)) <= width for mark in drawing.iter())
    assert all(0 <= float(mark.get("y", 0)) <= height for mark in drawing.iter())


def test_an_empty_chart_is_still_a_chart() -> None:
    drawing = ElementTree.fromstring(bar_chart("Nothing", "", "lines", []))
    assert [mark for mark in drawing.iter(f"{SVG}rect") if mark.get("class") == "bar"] == []


@pytest.mark.parametrize(
    ("top", "ticks"),
    [
        (0, [0]),
        (1, [0, 1]),
        (5, [0, 1, 2, 3, 4, 5]),
        (6, [0, 2, 4, 6]),
        (29_391, [0, 10_000, 20_000]),
        (1_234_567, [0, 500_000, 1_000_000]),
    ],
)
def test_axis_ticks_are_round_numbers(top: int, ticks: list[int]) -> None:
    assert axis_ticks(top) == ticks
