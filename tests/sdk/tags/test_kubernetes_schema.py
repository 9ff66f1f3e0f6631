"""The schema file is what its script makes of the published schemas."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from scripts.make_kubernetes_schema import ROOTS, SCHEMA_FILE, read_release, render
from usercode_sdk.tags.kubernetes_schema import DATA_FILE, camel_case, kubernetes_schema


def test_the_file_is_what_the_script_writes() -> None:
    assert Path(DATA_FILE) == SCHEMA_FILE
    assert SCHEMA_FILE.read_text(encoding="utf-8") == render()


def test_the_file_names_the_newest_version_of_the_package() -> None:
    assert kubernetes_schema().version == read_release(None).version


def test_every_type_is_reached_from_the_roots_and_none_contains_itself() -> None:
    schema = kubernetes_schema()
    reached: set[int] = set()

    def reach(index: int, above: tuple[int, ...]) -> None:
        assert index not in above
        if index in reached:
            return
        reached.add(index)
        kind = schema.type(index)
        for part in [*kind.fields.values(), *([kind.inner] if kind.kind in ("list", "map") else [])]:
            reach(part, (*above, index))

    for root in (*schema.roots.values(), schema.resource_requirements):
        reach(root, ())
    assert reached == set(range(len(json.loads(SCHEMA_FILE.read_text(encoding="utf-8"))["types"])))


def test_the_sections_are_partial_objects_of_the_api() -> None:
    schema = kubernetes_schema()
    roots = {section: schema.type(index) for section, index in schema.roots.items()}
    assert {section: kind.name for section, kind in roots.items()} == {
        section: name.rpartition(".")[2] for section, name in ROOTS.items()
    }
    assert all(kind.required == [] for kind in roots.values())


@pytest.mark.parametrize(
    ("key", "name"),
    [
        ("image", "image"),
        ("a_b", "aB"),
        ("host_path_v1", "hostPathV1"),
        ("a__b", None),
        ("_a", None),
        ("a_", None),
        ("a_B", None),
        ("", None),
        ("_", None),
    ],
)
def test_only_strict_snake_case_has_a_camel_case(key: str, name: str | None) -> None:
    assert camel_case(key) == (None if "_" not in key else name)
