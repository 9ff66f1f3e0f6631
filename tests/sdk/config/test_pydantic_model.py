"""A pydantic model as a config schema."""

from __future__ import annotations

import datetime
import enum
import subprocess
import sys
import typing

import pytest
from pydantic import AliasChoices, AliasPath, BaseModel, ConfigDict, Field, RootModel, field_validator, model_validator

from usercode_sdk.config import (
    Array,
    ConfigTypeKind,
    json_schema,
    sample_config,
    to_config_type,
    to_field,
    validate_config,
)
from usercode_sdk.config import Field as ConfigField
from usercode_sdk.errors import DagsterInvalidConfigError


class Speed(enum.Enum):
    SLOW = "slow"
    FAST = "fast"


class Engine(BaseModel):
    model_config = ConfigDict(extra="forbid")
    power: int
    fuel: typing.Literal["petrol", "diesel"] = "petrol"


class Car(BaseModel):
    """A car."""

    name: str
    engine: Engine
    wheels: list[Engine] = []
    speed: Speed = Speed.SLOW
    spare: Engine | None = None
    parts: dict[str, Engine] = {}


class Defaults(BaseModel):
    level: int = Field(default=3, ge=0)


class Node(BaseModel):
    value: int
    children: list[Node] = []


def test_a_model_is_a_config_type() -> None:
    config_type = to_config_type(Car)
    assert (config_type.kind, config_type.type_name, config_type.description) == (
        ConfigTypeKind.MODEL,
        "Car",
        "A car.",
    )
    assert config_type.key == to_config_type(Car).key != to_config_type(Engine).key


def test_the_processed_value_is_an_instance() -> None:
    value = {"name": "x", "engine": {"power": "3"}, "speed": "fast"}
    assert validate_config(to_field(Car), value) == (
        Car(name="x", engine=Engine(power=3), speed=Speed.FAST),
        (),
    )


def test_a_model_is_required_when_one_of_its_fields_is() -> None:
    assert to_field(Car).is_required
    assert not to_field(Defaults).is_required
    assert validate_config(to_field({"d": Defaults}), {}) == ({"d": Defaults(level=3)}, ())
    assert validate_config(to_field(Defaults), None) == (Defaults(level=3), ())


def test_each_run_has_an_instance_of_its_own() -> None:
    field = to_field({"d": ConfigField(Defaults, default_value={"level": 4})})
    first, second = validate_config(field, {}).value, validate_config(field, {}).value
    assert first == second == {"d": Defaults(level=4)}
    assert typing.cast("dict[str, object]", first)["d"] is not typing.cast("dict[str, object]", second)["d"]


def test_a_bad_default_is_refused() -> None:
    with pytest.raises(DagsterInvalidConfigError, match="greater than or equal to 0"):
        ConfigField(Defaults, default_value={"level": -1})


def test_models_stand_inside_the_other_forms() -> None:
    field = to_field({"cars": [Engine], "maybe": ConfigField(Engine, is_required=False)})
    assert validate_config(field, {"cars": [{"power": 1}]}) == ({"cars": [Engine(power=1)]}, ())
    (fault,) = validate_config(field, {"cars": [{"power": 1}, {"power": "x"}]}, ("config",)).faults
    assert fault.path_text == "root:config:cars:[1]:power"


def test_every_fault_is_found_with_its_place() -> None:
    value = {
        "engine": {"fuel": "deisel", "powr": 3},
        "wheels": [{"power": 1}, {"power": "many"}],
        "speed": "fsat",
        "parts": {"door": {"power": 1, "colour": 1, "sound": 2}},
    }
    faults = validate_config(to_field(Car), value, ("solids", "s", "config")).faults
    found = [
        (
            fault.reason,
            fault.path_text.removeprefix("root:solids:s:config"),
            fault.entry,
            fault.nearest,
            fault.sample,
        )
        for fault in faults
    ]
    assert found == [
        ("MISSING_REQUIRED_FIELD", "", "name", None, "..."),
        ("MISSING_REQUIRED_FIELD", ":engine", "power", None, 0),
        ("RUNTIME_TYPE_MISMATCH", ":engine:fuel", None, "diesel", None),
        ("FIELD_NOT_DEFINED", ":engine", "powr", "power", None),
        ("RUNTIME_TYPE_MISMATCH", ":wheels:[1]:power", None, None, None),
        ("RUNTIME_TYPE_MISMATCH", ":speed", None, "fast", None),
        ("FIELDS_NOT_DEFINED", ":parts:door", "colour", None, None),
        ("FIELDS_NOT_DEFINED", ":parts:door", "sound", None, None),
    ]
    assert [fault.value for fault in faults[2:5]] == ["deisel", 3, "many"]
    assert faults[0].message == (
        "Missing required entry \"name\" at root:solids:s:config. Expected string. Sample: {'name': '...'}"
    )
    assert faults[1].expected == "integer"
    assert faults[4].message == (
        "Invalid value 'many' (str) at root:solids:s:config:wheels:[1]:power. "
        "Expected a valid integer, unable to parse string as an integer."
    )


def test_several_missing_entries_are_a_fault_each_of_the_plural_class() -> None:
    faults = validate_config(to_field(Car), {}).faults
    assert [(fault.reason, fault.entry, fault.sample) for fault in faults] == [
        ("MISSING_REQUIRED_FIELDS", "name", "..."),
        ("MISSING_REQUIRED_FIELDS", "engine", {"power": 0}),
    ]
    assert faults[1].expected == "Engine"


def test_names_of_union_members_are_no_part_of_the_path() -> None:
    class Holder(BaseModel):
        either: int | Engine

    faults = validate_config(to_field(Holder), {"either": {"powr": 1}}).faults
    assert [(fault.path_text, fault.entry, fault.nearest) for fault in faults] == [
        ("root:either", None, None),
        ("root:either", "power", None),
        ("root:either", "powr", "power"),
    ]


def test_extra_entries_follow_the_models_own_config() -> None:
    class Open(BaseModel):
        model_config = ConfigDict(extra="allow")
        a: int

    processed, faults = validate_config(to_field(Open), {"a": 1, "b": 2})
    assert faults == ()
    assert isinstance(processed, Open) and processed.model_dump() == {"a": 1, "b": 2}
    assert validate_config(to_field(Defaults), {"other": 1}).faults == ()


class Discount(BaseModel):
    percent: float = Field(gt=0)
    round_to: int = 2
    day_limit: int = Field(default=1, alias="limit")


class Offers(BaseModel):
    first: Discount
    more: list[Discount] = []
    by_name: dict[str, Discount] = {}


def test_an_ignored_entry_that_is_nearly_a_field_is_refused_at_every_depth() -> None:
    good = {"percent": 1, "limit": 2, "zzz": 3}
    value = {
        "first": {**good, "round": 1},
        "more": [good, {**good, "limmit": 1}],
        "by_name": {"x": {**good, "rnd_to": 1, "roundto": 2}},
        "mroe": [],
    }
    result = validate_config(to_field(Offers), value, ("config",))
    assert [(fault.reason, fault.path_text, fault.entry, fault.nearest) for fault in result.faults] == [
        ("FIELD_NOT_DEFINED", "root:config", "mroe", "more"),
        ("FIELD_NOT_DEFINED", "root:config:first", "round", "round_to"),
        ("FIELD_NOT_DEFINED", "root:config:more:[1]", "limmit", "limit"),
        ("FIELDS_NOT_DEFINED", "root:config:by_name:x", "rnd_to", "round_to"),
        ("FIELDS_NOT_DEFINED", "root:config:by_name:x", "roundto", "round_to"),
    ]
    assert result.faults[1].message == (
        'Unexpected entry "round" at root:config:first. Did you mean "round_to"? '
        'Accepted: "percent", "round_to", "limit".'
    )
    assert validate_config(to_field(Offers), {"first": good}).faults == ()


def test_ignored_entries_are_told_beside_other_faults() -> None:
    faults = validate_config(to_field(Discount), {"percent": 0, "round": 1}).faults
    assert [fault.message for fault in faults] == [
        "Invalid value 0 (int) at root:percent. Expected a value greater than 0.",
        'Unexpected entry "round" at the root. Did you mean "round_to"? Accepted: "percent", "round_to", "limit".',
    ]


def test_entries_that_a_model_takes_in_its_own_way_are_left_to_it() -> None:
    class Open(BaseModel, extra="allow"):
        colour: str = "red"

    class Renaming(BaseModel):
        colour: str = "red"

        @model_validator(mode="before")
        @classmethod
        def _rename(cls, value: dict[str, str]) -> dict[str, str]:
            return {"colour": value["color"]}

    class Both(BaseModel):
        colour: str = Field(default="red", validation_alias=AliasChoices("hue", AliasPath("colors", 0)))

    class Shades(RootModel[list[Discount]]): ...

    assert validate_config(to_field(Open), {"color": "x"}).faults == ()
    assert validate_config(to_field(Renaming), {"color": "x"}) == (Renaming.model_construct(colour="x"), ())
    assert validate_config(to_field(Both), {"colors": ["x"]}).faults == ()
    assert [fault.nearest for fault in validate_config(to_field(Both), {"color": "x"}).faults] == ["colors"]
    (fault,) = validate_config(to_field(Shades), [{"percent": 1, "round": 1}]).faults
    assert (fault.path_text, fault.nearest) == ("root:[0]", "round_to")
    (fault,) = validate_config(to_field(Shades), {"roots": []}).faults
    assert fault.reason == "RUNTIME_TYPE_MISMATCH"


def test_an_alias_is_the_name_in_the_config() -> None:
    class Aliased(BaseModel):
        power: int = Field(alias="hp")

    assert validate_config(to_field(Aliased), {"hp": 3}).value == Aliased(hp=3)
    (fault,) = validate_config(to_field(Aliased), {}).faults
    assert (fault.entry, fault.sample) == ("hp", 0)


def test_a_value_that_is_no_dict_is_one_fault() -> None:
    (fault,) = validate_config(to_field(Car), 5, ("a",)).faults
    assert (fault.reason, fault.path, fault.value) == ("RUNTIME_TYPE_MISMATCH", ("a",), 5)


def test_a_validator_that_refuses_is_a_fault() -> None:
    class Even(BaseModel):
        n: int

        @field_validator("n")
        @classmethod
        def _even(cls, value: int) -> int:
            if value % 2:
                raise ValueError("an even number is needed")
            return value

    (fault,) = validate_config(to_field(Even), {"n": 3}).faults
    assert (fault.path_text, fault.expected) == ("root:n", "an even number is needed")
    assert sample_config(to_config_type(Even)) == {"n": 0}


def test_a_sample_that_the_model_would_refuse_is_not_offered() -> None:
    class Odd(BaseModel):
        n: int
        m: int

        @field_validator("n")
        @classmethod
        def _odd(cls, value: int) -> int:
            if value % 2 == 0:
                raise ValueError("an odd number is needed")
            return value

    faults = validate_config(to_field(Odd), {}).faults
    assert [(fault.entry, fault.sample) for fault in faults] == [("n", None), ("m", 0)]
    assert "Sample" not in faults[0].message


def test_a_validator_that_breaks_is_a_fault() -> None:
    class Broken(BaseModel):
        n: int = 1

        @model_validator(mode="after")
        def _break(self) -> typing.Self:
            raise ZeroDivisionError("1/0")

    (fault,) = validate_config(to_field(Broken), {}, ("a",)).faults
    assert (fault.reason, fault.path) == ("FAILED_POST_PROCESSING", ("a",))
    assert "The checks of Broken raised ZeroDivisionError: 1/0" in fault.message


def test_a_value_that_contains_itself_is_a_fault() -> None:
    nested: dict[str, object] = {"value": 1}
    nested["children"] = [nested]
    faults = validate_config(to_field(Node), nested).faults
    assert [fault.reason for fault in faults] == ["RUNTIME_TYPE_MISMATCH"]
    assert len(faults[0].message) < 400


class Limits(BaseModel):
    above: int = Field(gt=10)
    below: float = Field(lt=-1)
    between: float = Field(gt=0.1, lt=0.2)
    tens: int = Field(ge=5, multiple_of=10)
    long: str = Field(min_length=5)
    short: str = Field(max_length=1)
    several: list[int] = Field(min_length=2)
    pair: tuple[int, str]
    day: datetime.date
    shaped: str = Field(pattern="^a+$", examples=["aaa"])
    speed: Speed
    kind: typing.Literal["only"]
    maybe: int | None
    by_name: dict[str, int]
    flag: bool
    tree: Node


def test_the_sample_keeps_the_limits_of_the_model() -> None:
    sample = sample_config(to_config_type(Limits))
    assert sample == {
        "above": 11,
        "below": -1.5,
        "between": pytest.approx(0.15),
        "tens": 10,
        "long": ".....",
        "short": ".",
        "several": [0, 0],
        "pair": [0, "..."],
        "day": "2024-01-01",
        "shaped": "aaa",
        "speed": "slow",
        "kind": "only",
        "maybe": 0,
        "by_name": {},
        "flag": False,
        "tree": {"value": 0},
    }
    assert validate_config(to_config_type(Limits), sample).faults == ()


def test_the_json_schema_is_the_models_own_with_its_definitions_at_the_root() -> None:
    schema = json_schema(to_field({"tree": Node, "cars": Array(Car)}))
    names = list(typing.cast("dict[str, object]", schema["$defs"]))
    assert sorted(name.rpartition("-")[2] for name in names) == ["Engine", "Node", "Speed"]
    from jsonschema import Draft202012Validator

    validator = Draft202012Validator(schema)
    Draft202012Validator.check_schema(schema)
    assert validator.is_valid({"tree": {"value": 1, "children": [{"value": 2}]}, "cars": []})
    assert not validator.is_valid({"tree": {"value": 1, "children": [{"value": "x"}]}, "cars": []})
    assert not validator.is_valid({"tree": {"value": 1}, "cars": [{"name": "x"}]})


def test_an_optional_model_may_be_null_in_json() -> None:
    schema = json_schema(to_field({"d": Defaults}))
    properties = typing.cast("dict[str, dict[str, object]]", schema["properties"])
    assert properties["d"]["default"] == {}
    assert typing.cast("list[object]", properties["d"]["anyOf"])[1] == {"type": "null"}


def test_a_model_without_a_json_schema_is_checked_all_the_same() -> None:
    class Odd(BaseModel):
        call: typing.Callable[[], int]
        n: int

    config_type = to_config_type(Odd)
    assert json_schema(config_type) == {"$schema": "https://json-schema.org/draft/2020-12/schema"}
    faults = validate_config(config_type, {"n": 1}).faults
    assert [(fault.reason, fault.entry) for fault in faults] == [("MISSING_REQUIRED_FIELD", "call")]


def test_pydantic_is_not_imported_for_an_author_who_does_not_use_it() -> None:
    script = (
        "import sys, usercode_sdk.config as c\n"
        "f = c.to_field({'a': int})\n"
        "c.validate_config(f, {}), c.json_schema(f)\n"
        "try: c.to_field({'a': object})\n"
        "except Exception: pass\n"
        "print([m for m in sys.modules if m.startswith('pydantic')])"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True, timeout=60)
    assert done.stdout == "[]\n"
