"""What holds for every schema and value."""

from __future__ import annotations

from hypothesis import assume, given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from usercode_sdk.config import (
    Array,
    BoolSource,
    ConfigType,
    Enum,
    EnumValue,
    Field,
    IntSource,
    Noneable,
    Permissive,
    ScalarUnion,
    Selector,
    Shape,
    StringSource,
    json_schema,
    sample_config,
    to_config_type,
    validate_config,
)

_NAMES = st.sampled_from(["a", "b", "c", "env", "name"])
_SCALARS = st.sampled_from([int, float, str, bool])
_COLOR = Enum("Color", [EnumValue("RED", 1), EnumValue("BLUE")])
_LEAVES = st.one_of(
    _SCALARS.map(to_config_type),
    st.sampled_from([to_config_type(None), _COLOR, StringSource, IntSource, BoolSource]),
)


@st.composite
def _fields(draw: st.DrawFn, types: st.SearchStrategy[ConfigType]) -> Field:
    config_type = draw(types)
    match draw(st.sampled_from(["plain", "optional", "required", "default"])):
        case "optional":
            return Field(config_type, is_required=False)
        case "required":
            return Field(config_type, is_required=True, description="a field")
        case "default":
            return Field(config_type, default_value=sample_config(config_type))
        case _:
            return Field(config_type)


def _containers(types: st.SearchStrategy[ConfigType]) -> st.SearchStrategy[ConfigType]:
    fields = st.dictionaries(_NAMES, _fields(types), max_size=4)
    structured = st.one_of(
        fields.map(Shape),
        fields.map(Permissive),
        st.dictionaries(_NAMES, _fields(types), min_size=1, max_size=3).map(Selector),
        types.map(Array),
    )
    return st.one_of(structured, types.map(Noneable), st.builds(ScalarUnion, _SCALARS, structured))


_TYPES = st.recursive(_LEAVES, _containers, max_leaves=12)

# In JSON 1.0 is an integer, so floats here are never whole.
_PLAIN = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(allow_nan=False, allow_infinity=False).filter(lambda number: not number.is_integer()),
    st.sampled_from(["", "x", "RED", "BLUE", "PURPLE"]),
)
_VALUES = st.recursive(
    _PLAIN,
    lambda values: st.one_of(st.lists(values, max_size=3), st.dictionaries(_NAMES, values, max_size=3)),
    max_leaves=10,
)


def _values_near(config_type: ConfigType) -> st.SearchStrategy[object]:
    """Values that fit the type at most places."""
    match config_type:
        case Enum():
            fitting: st.SearchStrategy[object] = st.sampled_from(list(config_type.python_values))
        case Array():
            fitting = st.lists(_values_near(config_type.inner_type), max_size=3)
        case Noneable():
            fitting = st.none() | _values_near(config_type.inner_type)
        case ScalarUnion():
            fitting = _values_near(config_type.scalar_type) | _values_near(config_type.non_scalar_type)
        case Shape() | Permissive():
            required = {n: _values_near(f.config_type) for n, f in config_type.fields.items() if f.is_required}
            others = {n: _values_near(f.config_type) for n, f in config_type.fields.items() if not f.is_required}
            fitting = st.fixed_dictionaries(required, optional=others)
        case Selector():
            fitting = st.one_of(
                [st.fixed_dictionaries({n: _values_near(f.config_type)}) for n, f in config_type.fields.items()]
            )
        case _:
            fitting = st.just(sample_config(config_type))
    return st.one_of(fitting, fitting, fitting, _VALUES)


@given(_TYPES)
def test_the_sample_of_a_type_is_accepted(config_type: ConfigType) -> None:
    assert validate_config(config_type, sample_config(config_type)).faults == ()


@given(_TYPES, _VALUES)
def test_the_sample_of_each_missing_entry_is_accepted_in_its_place(config_type: ConfigType, value: object) -> None:
    for fault in validate_config(config_type, value, resolve_sources=False).faults:
        if fault.reason.startswith("MISSING_REQUIRED"):
            assert isinstance(fault.value, dict) and fault.entry not in fault.value
            fields = [
                found.fields[fault.entry].config_type
                for found in _types_in(config_type)
                if isinstance(found, (Shape, Permissive)) and fault.entry in found.fields
            ]
            assert any(not validate_config(found, fault.sample).faults for found in fields)


def _types_in(config_type: ConfigType) -> list[ConfigType]:
    match config_type:
        case Array() | Noneable():
            inner = [config_type.inner_type]
        case ScalarUnion():
            inner = [config_type.scalar_type, config_type.non_scalar_type]
        case Shape() | Permissive() | Selector():
            inner = [field.config_type for field in config_type.fields.values()]
        case _:
            inner = []
    return [config_type, *(found for each in inner for found in _types_in(each))]


@given(st.data(), _TYPES)
def test_the_json_schema_accepts_exactly_what_validation_accepts(data: st.DataObject, config_type: ConfigType) -> None:
    value = data.draw(_values_near(config_type))
    schema = json_schema(config_type)
    Draft202012Validator.check_schema(schema)
    faults = validate_config(config_type, value, resolve_sources=False).faults
    assert Draft202012Validator(schema).is_valid(value) == (faults == ())


@given(st.data(), _TYPES)
def test_a_processed_value_is_filled_in_once_and_for_all(data: st.DataObject, config_type: ConfigType) -> None:
    # The name of an enum becomes a Python value, which is no name.
    assume(not any(isinstance(found, Enum) for found in _types_in(config_type)))
    value, faults = validate_config(config_type, data.draw(_values_near(config_type)), resolve_sources=False)
    if not faults:
        assert validate_config(config_type, value, resolve_sources=False) == (value, ())


@given(_TYPES, _VALUES)
def test_validation_reports_and_never_raises(config_type: ConfigType, value: object) -> None:
    for fault in validate_config(config_type, value, ("config",)).faults:
        assert fault.path[0] == "config"
        assert fault.expected and fault.message
        assert len(fault.message) < 2000
