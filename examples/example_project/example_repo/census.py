"""Counting Python source: plain functions from text to figures, with no pipeline in sight.

Every line of a module is exactly one of four things, so the four columns add up to ``lines``:

* ``docs``: holds a docstring or a part of one (any string that stands alone as a statement);
* ``blank``: nothing but white space;
* ``comments``: nothing but a comment;
* ``code``: everything else, multi-line strings included.

Rows are typed dicts. They are plain dicts at run time, so a JSON file can carry them from one
step to the next.
"""

from __future__ import annotations

import ast
import warnings
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Iterator
from importlib.util import decode_source
from operator import itemgetter
from typing import TypedDict


class ModuleRow(TypedDict):
    """The figures of one module."""

    module: str
    package: str
    lines: int
    code: int
    comments: int
    docs: int
    blank: int
    functions: int
    classes: int
    branches: int
    imports: list[str]


class PackageRow(TypedDict):
    """The sums over the modules of one top-level package, or of one module outside a package."""

    package: str
    modules: int
    lines: int
    code: int
    comments: int
    docs: int
    blank: int
    functions: int
    classes: int
    branches: int


class FunctionRow(TypedDict):
    """The size of one function; nested functions count for themselves and for the outer one."""

    module: str
    function: str
    line: int
    lines: int
    branches: int


class ImportRow(TypedDict):
    """How many modules of one package import another package."""

    package: str
    imports: str
    modules: int


class FaultRow(TypedDict):
    """A file that Python can't read as source."""

    module: str
    line: int
    message: str


class Counts(TypedDict):
    """What was counted in some modules: the value that the counting steps hand on."""

    modules: list[ModuleRow]
    functions: list[FunctionRow]
    faults: list[FaultRow]


def count_sources(sources: Iterable[tuple[str, bytes]]) -> Counts:
    """Count each (module name, source); a module that does not parse becomes a fault."""
    counts = Counts(modules=[], functions=[], faults=[])
    for module, source in sources:
        try:
            row, functions = count_module(module, source)
        except SyntaxError as error:
            counts["faults"].append(FaultRow(module=module, line=error.lineno or 0, message=error.msg))
        except ValueError as error:  # bytes that are not text in the encoding of the file
            counts["faults"].append(FaultRow(module=module, line=0, message=str(error)))
        else:
            counts["modules"].append(row)
            counts["functions"] += functions
    return counts


def count_module(module: str, source: bytes) -> tuple[ModuleRow, list[FunctionRow]]:
    """The figures of one module and of its functions; raises SyntaxError or ValueError."""
    text = decode_source(source)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # a doubtful escape in old source is none of our business
        tree = ast.parse(text)
    nodes = list(ast.walk(tree))
    lines = text.removesuffix("\n").split("\n") if text else []
    kinds = Counter(_line_kinds(lines, nodes))
    scopes = list(_scopes(tree))
    branches = sorted(_branch_lines(nodes))
    row = ModuleRow(
        module=module,
        package=package_of(module),
        lines=len(lines),
        code=kinds["code"],
        comments=kinds["comments"],
        docs=kinds["docs"],
        blank=kinds["blank"],
        functions=sum(not isinstance(scope, ast.ClassDef) for _, scope in scopes),
        classes=sum(isinstance(scope, ast.ClassDef) for _, scope in scopes),
        branches=len(branches),
        imports=sorted(set(_imported_packages(nodes))),
    )
    return row, list(_function_rows(module, scopes, branches))


def package_of(module: str) -> str:
    """The top-level name: ``xml`` for ``xml.dom.minidom``."""
    return module.partition(".")[0]


def sum_packages(modules: Iterable[ModuleRow]) -> list[PackageRow]:
    """One row a package, the one with the most code first."""
    packages: dict[str, PackageRow] = {}
    for module in modules:
        row = packages.setdefault(module["package"], _empty_package(module["package"]))
        row["modules"] += 1
        row["lines"] += module["lines"]
        row["code"] += module["code"]
        row["comments"] += module["comments"]
        row["docs"] += module["docs"]
        row["blank"] += module["blank"]
        row["functions"] += module["functions"]
        row["classes"] += module["classes"]
        row["branches"] += module["branches"]
    return sorted(packages.values(), key=lambda row: (-row["code"], row["package"]))


def count_imports(modules: list[ModuleRow]) -> list[ImportRow]:
    """Who imports whom, among the packages of the census."""
    known = {module["package"] for module in modules}
    uses = Counter(
        (module["package"], imported)
        for module in modules
        for imported in module["imports"]
        if imported in known and imported != module["package"]
    )
    return [ImportRow(package=user, imports=used, modules=n) for (user, used), n in sorted(uses.items())]


def largest_functions(functions: Iterable[FunctionRow], limit: int) -> list[FunctionRow]:
    """The ``limit`` longest functions, longest first."""
    in_source_order = sorted(functions, key=itemgetter("module", "line", "function"))
    return sorted(in_source_order, key=itemgetter("lines"), reverse=True)[:limit]


# From here on: reading the syntax tree.

Scope = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef
_FORKS = (ast.If, ast.IfExp, ast.For, ast.AsyncFor, ast.While, ast.ExceptHandler)


def _line_kinds(lines: list[str], nodes: list[ast.AST]) -> Iterator[str]:
    strings = _lines_of_strings(nodes)
    for number, line in enumerate(lines, 1):
        text = line.strip()
        if number in strings:
            yield strings[number]
        elif not text:
            yield "blank"
        else:
            yield "comments" if text.startswith("#") else "code"


def _lines_of_strings(nodes: list[ast.AST]) -> dict[int, str]:
    """What the lines of docstrings and of long strings are, whatever they look like."""
    kinds: dict[int, str] = {}
    docs = []
    for node in nodes:
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
            if isinstance(node.value.value, str):  # not the `...` of an empty body
                docs.append(node)
        elif isinstance(node, ast.Constant | ast.JoinedStr) and node.end_lineno != node.lineno:
            kinds.update(dict.fromkeys(_span(node), "code"))
    for node in docs:
        kinds.update(dict.fromkeys(_span(node), "docs"))
    return kinds


def _span(node: ast.stmt | ast.expr) -> range:
    return range(node.lineno, (node.end_lineno or node.lineno) + 1)


def _branch_lines(nodes: list[ast.AST]) -> Iterator[int]:
    """A line number for each place where control can go two ways, much as cyclomatic complexity has it."""
    for node in nodes:
        if isinstance(node, _FORKS):
            yield node.lineno
        elif isinstance(node, ast.match_case):
            yield node.pattern.lineno
        elif isinstance(node, ast.BoolOp):  # `a and b and c` can stop early in two places
            yield from (value.lineno for value in node.values[1:])
        elif isinstance(node, ast.comprehension):
            yield from (part.lineno for part in [node.target, *node.ifs])


def _scopes(node: ast.AST, prefix: str = "") -> Iterator[tuple[str, Scope]]:
    """Every function and class with its dotted name, in the order of the source."""
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.expr):  # expressions hold no definitions
            continue
        if isinstance(child, Scope):
            yield prefix + child.name, child
            yield from _scopes(child, f"{prefix}{child.name}.")
        else:
            yield from _scopes(child, prefix)


def _function_rows(module: str, scopes: list[tuple[str, Scope]], branches: list[int]) -> Iterator[FunctionRow]:
    for name, scope in scopes:
        if isinstance(scope, ast.ClassDef):
            continue
        span = _span(scope)
        inside = bisect_left(branches, span.stop) - bisect_left(branches, span.start)
        yield FunctionRow(module=module, function=name, line=span.start, lines=len(span), branches=inside)


def _imported_packages(nodes: list[ast.AST]) -> Iterator[str]:
    for node in nodes:
        if isinstance(node, ast.Import):
            yield from (package_of(alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield package_of(node.module)


def _empty_package(name: str) -> PackageRow:
    return PackageRow(
        package=name,
        modules=0,
        lines=0,
        code=0,
        comments=0,
        docs=0,
        blank=0,
        functions=0,
        classes=0,
        branches=0,
    )
