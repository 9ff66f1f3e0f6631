"""A census of the Python standard library: how much of what is in it, and who uses whom.

    usercode run launch census --preset default -f repo.py --wait

The pipeline has the shape that most batch work has: list the input, fan out, fan in, report.

    find_modules ─┬─ count_a_to_c ─┬─ merge_counts ─┬─ sum_by_package ──────────┬─ draw_chart
                  ├─ count_d ──────┤                ├─ count_imports_between ───┴─ write_tables
                  ├─ ...           │                └─ report_faults  (only if there are faults)
                  └─ count_t_to_z ─┘

Each box is a solid; when it runs, it is a step. Steps share nothing but their outputs, so each may
run in a process or a Kubernetes pod of its own. Read on from top to bottom: first the solids, then
the pipelines that wire them, then the repository that the platform loads.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from usercode_sdk import (
    AssetMaterialization,
    EventMetadata,
    ExpectationResult,
    Field,
    InputDefinition,
    Int,
    ModeDefinition,
    Nothing,
    Output,
    OutputDefinition,
    PipelineDefinition,
    PresetDefinition,
    RetryPolicy,
    SolidExecutionContext,
    String,
    fs_io_manager,
    mem_io_manager,
    pipeline,
    repository,
    solid,
)

# Plain names: the folder of this file is on the path when the file is loaded with `-f`.
from census import (
    Counts,
    FaultRow,
    FunctionRow,
    ImportRow,
    ModuleRow,
    PackageRow,
    count_imports,
    count_sources,
    largest_functions,
    sum_packages,
)
from chart import bar_chart
from source_tree import SourceTree, source_tree
from table_files import json_tables, report_folder, to_csv, write_text

# A pipeline is wired when this file is loaded, before anybody looks at the input. So the fan-out is
# over fixed groups of first letters, cut so that no group has much more code than another.
LETTER_GROUPS = {
    "a_to_c": "abc",
    "d": "d",
    "e": "e",
    "f_to_h": "fgh",
    "i_to_l": "ijkl",
    "m_to_p": "mnop",
    "q_to_s": "qrs",
    "t_to_z": "tuvwxyz",
}
ALL_LETTERS = "".join(LETTER_GROUPS.values())


def first_letter(module: str) -> str:
    """The letter that a module counts under: ``p`` for ``_pydecimal``."""
    letter = module.lstrip("_")[:1].lower()
    return letter if letter and letter in ALL_LETTERS else "z"


@solid(
    config_schema={"letters": Field(String, default_value=ALL_LETTERS, description="First letters to count.")},
    required_resource_keys={"source"},
    # An output that is not required may stay away, and then the steps behind it are skipped:
    # a run over the letters "hj" has nothing for "count_e" to do.
    output_defs=[OutputDefinition(list, name=group, is_required=False) for group in LETTER_GROUPS],
)
def find_modules(context: SolidExecutionContext) -> Iterator[Output[list[str]]]:
    """List the modules of the source tree, one output a letter group."""
    source: SourceTree = context.resources.source
    wanted = set(context.solid_config["letters"])
    modules = [name for name in source.modules() if first_letter(name) in wanted]
    context.log.info(f"{len(modules)} modules to count in {source.root}")
    for group, letters in LETTER_GROUPS.items():
        members = [name for name in modules if first_letter(name) in letters]
        if members:
            yield Output(members, group)


@solid(
    required_resource_keys={"source"},
    input_defs=[InputDefinition("modules", list)],
    output_defs=[OutputDefinition(dict)],
    # A source tree on a network drive may fail to answer now and then.
    retry_policy=RetryPolicy(max_retries=2, delay=1),
    tags={
        # The heavy step asks Kubernetes for what it needs, and not to be moved while it works.
        "dagster-k8s/config": {
            "container_config": {
                "resources": {
                    "requests": {"cpu": "250m", "memory": "64Mi"},
                    "limits": {"cpu": "500m", "memory": "2560Mi"},
                }
            },
            "pod_template_spec_metadata": {"annotations": {"cluster-autoscaler.kubernetes.io/safe-to-evict": "false"}},
            "pod_spec_config": {
                "affinity": {
                    "nodeAffinity": {
                        "requiredDuringSchedulingIgnoredDuringExecution": {
                            "nodeSelectorTerms": [
                                {
                                    "matchExpressions": [
                                        {"key": "kubernetes.io/os", "operator": "In", "values": ["linux"]}
                                    ]
                                }
                            ]
                        }
                    }
                }
            },
        },
        # Workers of this queue bound how many such steps run at once, over all runs.
        "dagster-celery/queue": "counting",
        "dagster-celery/priority": 2,
    },
)
def count_modules(context: SolidExecutionContext, modules: list[str]) -> Counts:
    """Parse each module and count what is in it."""
    source: SourceTree = context.resources.source
    counts = count_sources((name, source.read(name)) for name in modules)
    context.log.info(f"Counted {len(counts['modules'])} modules, {len(counts['functions'])} functions")
    return counts


@solid(
    config_schema={"largest": Field(Int, default_value=50, description="How many functions to list.")},
    # A fan-in: the list has one entry for each step that came to a result.
    input_defs=[InputDefinition("parts", list)],
    output_defs=[
        OutputDefinition(list, name="modules"),
        OutputDefinition(list, name="functions"),
        OutputDefinition(list, name="faults", is_required=False),
    ],
)
def merge_counts(context: SolidExecutionContext, parts: list[Counts]) -> Iterator[Output[object] | ExpectationResult]:
    """Put the counts of all letter groups together."""
    modules = sorted((row for part in parts for row in part["modules"]), key=lambda row: row["module"])
    functions = [row for part in parts for row in part["functions"]]
    faults = [row for part in parts for row in part["faults"]]
    yield ExpectationResult(
        success=len({row["module"] for row in modules}) == len(modules),
        label="each_module_is_counted_once",
    )
    yield Output(modules, "modules")
    yield Output(largest_functions(functions, context.solid_config["largest"]), "functions")
    if faults:
        yield Output(faults, "faults")


@solid(input_defs=[InputDefinition("modules", list)], output_defs=[OutputDefinition(list)])
def sum_by_package(modules: list[ModuleRow]) -> list[PackageRow]:
    """Sum the figures of the modules by package."""
    return sum_packages(modules)


@solid(input_defs=[InputDefinition("modules", list)], output_defs=[OutputDefinition(list)])
def count_imports_between(modules: list[ModuleRow]) -> list[ImportRow]:
    """Count the imports from package to package."""
    return count_imports(modules)


@solid(
    required_resource_keys={"report_folder"},
    input_defs=[
        InputDefinition("modules", list),
        InputDefinition("packages", list),
        InputDefinition("imports", list),
        InputDefinition("functions", list),
    ],
    output_defs=[OutputDefinition(Nothing)],  # its result is the files
)
def write_tables(
    context: SolidExecutionContext,
    modules: list[ModuleRow],
    packages: list[PackageRow],
    imports: list[ImportRow],
    functions: list[FunctionRow],
) -> Iterator[AssetMaterialization]:
    """Write one CSV file a table."""
    folder = context.resources.report_folder
    yield write_table(folder / "modules.csv", ModuleRow, modules)
    yield write_table(folder / "packages.csv", PackageRow, packages)
    yield write_table(folder / "imports.csv", ImportRow, imports)
    yield write_table(folder / "functions.csv", FunctionRow, functions)


@solid(
    config_schema={"bars": Field(Int, default_value=20, description="How many packages to draw.")},
    required_resource_keys={"report_folder"},
    input_defs=[InputDefinition("packages", list)],
    output_defs=[OutputDefinition(Nothing)],
)
def draw_chart(context: SolidExecutionContext, packages: list[PackageRow]) -> Iterator[AssetMaterialization]:
    """Draw the packages with the most code."""
    modules = sum(row["modules"] for row in packages)
    code = sum(row["code"] for row in packages)
    path = context.resources.report_folder / "largest_packages.svg"
    drawing = bar_chart(
        title="Largest packages by lines of code",
        subtitle=f"{code:,} lines of code in {modules:,} modules of {len(packages):,} packages, "
        "without comments, docstrings and blank lines",
        axis="lines of code",
        bars=[(row["package"], row["code"]) for row in packages[: context.solid_config["bars"]]],
    )
    write_text(path, drawing)
    yield AssetMaterialization(path.stem, metadata={"path": EventMetadata.path(str(path))})


@solid(input_defs=[InputDefinition("faults", list)], output_defs=[OutputDefinition(Nothing)])
def report_faults(context: SolidExecutionContext, faults: list[FaultRow]) -> Iterator[ExpectationResult]:
    """Say which files could not be read as Python; skipped when all could."""
    lines = [f"{fault['module']}, line {fault['line']}: {fault['message']}" for fault in faults]
    for line in lines:
        context.log.warning(line)
    yield ExpectationResult(
        success=False,
        label="every_file_is_python",
        metadata={"faults": EventMetadata.md("\n".join(f"- {line}" for line in lines))},
    )


def write_table(path: Path, kind: type, rows: Sequence[Mapping[str, object]]) -> AssetMaterialization:
    """Write the rows as CSV, and say in the event log where they are."""
    write_text(path, to_csv(list(kind.__annotations__), rows))
    return AssetMaterialization(
        path.stem, metadata={"path": EventMetadata.path(str(path)), "rows": EventMetadata.int(len(rows))}
    )


# A mode says where the same solids run and what they work with.
in_files = ModeDefinition(
    "default",
    description="Hand tables on as files: any executor can run it.",
    resource_defs={"source": source_tree, "report_folder": report_folder, "io_manager": json_tables},
)
in_memory = ModeDefinition(
    "in_memory",
    description="Hand tables on as they are, within one process: for tests and notebooks.",
    resource_defs={"source": source_tree, "report_folder": report_folder, "io_manager": mem_io_manager},
)


@pipeline(
    mode_defs=[in_files, in_memory],
    preset_defs=[
        PresetDefinition("default", mode="default"),  # all of it: every setting has a default
        PresetDefinition(
            "sample",
            mode="default",
            run_config={
                "solids": {"find_modules": {"config": {"letters": "hj"}}},
                "resources": {"report_folder": {"config": {"path": "census_sample"}}},
            },
        ),
    ],
    tags={"dagster-celery/run_priority": 3},  # added to the priority of each step
)
def census() -> None:
    """Count the standard library, and write tables and a chart."""
    parts = [
        count_modules.alias(f"count_{group}")(modules)
        for group, modules in zip(LETTER_GROUPS, find_modules(), strict=True)
    ]
    modules, functions, faults = merge_counts(parts)
    packages = sum_by_package(modules)
    imports = count_imports_between(modules)
    write_tables(modules, packages, imports, functions)
    draw_chart(packages)
    report_faults(faults)


# The smallest pipeline that does something, for a first look.


@solid
def list_module_names() -> list[str]:
    """Ask Python for the names of its own modules."""
    return sorted(sys.stdlib_module_names)


@solid(config_schema={"letter": Field(String, default_value="a")})
def show_names(context: SolidExecutionContext, names: list[str]) -> int:
    """Log the names that start with a letter, and return how many there are."""
    matches = [name for name in names if name.startswith(context.solid_config["letter"])]
    context.log.info(", ".join(matches) or "none")
    return len(matches)


@pipeline(mode_defs=[ModeDefinition(resource_defs={"io_manager": fs_io_manager})])
def first_look() -> None:
    """Two solids: one lists, one looks."""
    show_names(list_module_names())


@repository
def example_repo() -> list[PipelineDefinition]:
    """What the platform serves from this file."""
    return [census, first_look]
