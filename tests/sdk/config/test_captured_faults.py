"""The faults that Dagster 0.11.16 found in these run configs, classed and placed the same way."""

from __future__ import annotations

import pytest

from usercode_sdk.config import Enum, EnumValue, Field, Selector, Shape, to_field, validate_config

_CONFIG = {
    "a": int,
    "e": Field(Enum("Color", [EnumValue("RED"), EnumValue("BLUE")]), is_required=False),
    "s": Field(Selector({"x": int, "y": str}), is_required=False),
}
_RUN_CONFIG = Shape(
    {
        "solids": {"confs": {"config": _CONFIG}},
        "execution": Field(
            Selector({"in_process": {}, "multiprocess": {"max_concurrent": Field(int, default_value=0)}}),
            default_value={"in_process": {}},
        ),
    }
)


def _with(**config: object) -> dict[str, object]:
    return {"solids": {"confs": {"config": config}}}


@pytest.mark.parametrize(
    ("run_config", "reason", "path"),
    [
        ({}, "MISSING_REQUIRED_FIELD", "root"),
        (_with(), "MISSING_REQUIRED_FIELD", "root:solids:confs:config"),
        (_with(a="x"), "RUNTIME_TYPE_MISMATCH", "root:solids:confs:config:a"),
        (_with(a=1, zz=2), "FIELD_NOT_DEFINED", "root:solids:confs:config"),
        ({"nope": 1, **_with(a=1)}, "FIELD_NOT_DEFINED", "root"),
        (_with(a=1, e="GREEN"), "RUNTIME_TYPE_MISMATCH", "root:solids:confs:config:e"),
        (_with(a=1, s={"x": 1, "y": "q"}), "SELECTOR_FIELD_ERROR", "root:solids:confs:config:s"),
        (_with(a=1, s={}), "SELECTOR_FIELD_ERROR", "root:solids:confs:config:s"),
        (_with(a=1, s={"q": 1}), "FIELD_NOT_DEFINED", "root:solids:confs:config:s"),
        ({"solids": {"confs": {"config": {"a": 1}}, "other": {}}}, "FIELD_NOT_DEFINED", "root:solids"),
        ({"execution": {"dask": {}}, **_with(a=1)}, "FIELD_NOT_DEFINED", "root:execution"),
    ],
)
def test_one_fault(run_config: object, reason: str, path: str) -> None:
    faults = validate_config(_RUN_CONFIG, run_config).faults
    assert [(fault.reason, fault.path_text) for fault in faults] == [(reason, path)]


def test_two_extra_keys_are_a_fault_each_of_the_plural_class() -> None:
    faults = validate_config(_RUN_CONFIG, _with(a=1, zz=2, yy=1)).faults
    assert [(fault.reason, fault.path_text, fault.entry) for fault in faults] == [
        ("FIELDS_NOT_DEFINED", "root:solids:confs:config", "zz"),
        ("FIELDS_NOT_DEFINED", "root:solids:confs:config", "yy"),
    ]


def test_a_run_config_without_faults() -> None:
    assert validate_config(_RUN_CONFIG, _with(a=1)) == (
        {"solids": {"confs": {"config": {"a": 1}}}, "execution": {"in_process": {}}},
        (),
    )


def test_the_sample_of_the_missing_section_is_the_whole_section() -> None:
    (fault,) = validate_config(_RUN_CONFIG, {}).faults
    assert fault.sample == {"confs": {"config": {"a": 0}}}
    assert validate_config(to_field(_RUN_CONFIG.fields["solids"]), fault.sample).faults == ()
