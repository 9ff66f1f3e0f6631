"""Types made of other types: lists, sets, dicts, tuples, optional values and unions."""

from __future__ import annotations

from collections.abc import Sequence

from usercode_sdk.types.dagster_type import DagsterType, DagsterTypeKind
from usercode_sdk.types.loader import DagsterTypeLoader
from usercode_sdk.user_events import TypeCheck


def container_type(origin: object, elements: tuple[DagsterType, ...]) -> DagsterType:
    """The type of ``list``, ``set``, ``dict`` or ``tuple`` with the given element types; () for any."""
    if origin is list:
        return _list_type(elements)
    if origin is set:
        return _simple("Set", set, elements)
    if origin is dict:
        return _dict_type(elements)
    return _tuple_type(elements)


def optional_type(inner: DagsterType) -> DagsterType:
    """``inner``, or None."""

    def check(context: object, value: object) -> TypeCheck:
        return TypeCheck(True) if value is None else inner.type_check(context, value)

    loader = None
    if inner.loader is not None:
        from usercode_sdk.config import Noneable

        make = inner.loader
        loader = DagsterTypeLoader(
            Noneable(make.config_field.config_type),
            lambda context, value: None if value is None else make.load(context, value),
        )
    return DagsterType(
        check,
        name=f"{inner.display_name}?",
        kind=DagsterTypeKind.NULLABLE,
        inner_types=(inner,),
        loader=loader,
    )


def union_type(members: Sequence[DagsterType]) -> DagsterType:
    """Any one of ``members``."""

    def check(context: object, value: object) -> bool:
        return any(member.type_check(context, value).success for member in members)

    name = " | ".join(member.display_name for member in members)
    return DagsterType(check, name=name, inner_types=tuple(members))


def _list_type(elements: tuple[DagsterType, ...]) -> DagsterType:
    if not elements:
        return _simple("List", list, elements)
    inner = elements[0]

    def check(context: object, value: object) -> TypeCheck:
        if not isinstance(value, list):
            return TypeCheck(False, f"Expected a list, got {type(value).__name__}.")
        return _check_each(context, enumerate(value), inner)

    loader = None
    if inner.loader is not None:
        from usercode_sdk.config import Array

        make = inner.loader
        loader = DagsterTypeLoader(
            Array(make.config_field.config_type), lambda context, value: _load_each(make, context, value)
        )
    return DagsterType(
        check,
        name=f"[{inner.display_name}]",
        kind=DagsterTypeKind.LIST,
        inner_types=elements,
        loader=loader,
    )


def _load_each(loader: DagsterTypeLoader, context: object, value: object) -> list[object]:
    assert isinstance(value, list)  # the Array config type answers with a list
    return [loader.load(context, item) for item in value]


def _check_each(context: object, items: object, inner: DagsterType) -> TypeCheck:
    for place, item in items:  # type: ignore[attr-defined]  # pairs from enumerate() or dict.items()
        result = inner.type_check(context, item)
        if not result.success:
            return TypeCheck(False, f"At {place!r}: {result.description}")
    return TypeCheck(True)


def _dict_type(elements: tuple[DagsterType, ...]) -> DagsterType:
    if not elements:
        return _simple("Dict", dict, elements)
    keys, values = elements

    def check(context: object, value: object) -> TypeCheck:
        if not isinstance(value, dict):
            return TypeCheck(False, f"Expected a dict, got {type(value).__name__}.")
        bad_key = _check_each(context, ((key, key) for key in value), keys)
        return bad_key if not bad_key.success else _check_each(context, value.items(), values)

    name = f"Dict[{keys.display_name},{values.display_name}]"
    return DagsterType(check, name=name, inner_types=elements)


def _tuple_type(elements: tuple[DagsterType, ...]) -> DagsterType:
    if not elements:
        return _simple("Tuple", tuple, elements)

    def check(context: object, value: object) -> TypeCheck:
        if not isinstance(value, tuple) or len(value) != len(elements):
            return TypeCheck(False, f"Expected a tuple of {len(elements)} values, got {value!r:.80}.")
        for place, (item, inner) in enumerate(zip(value, elements, strict=True)):
            result = inner.type_check(context, item)
            if not result.success:
                return TypeCheck(False, f"At {place}: {result.description}")
        return TypeCheck(True)

    name = f"Tuple[{','.join(element.display_name for element in elements)}]"
    return DagsterType(check, name=name, inner_types=elements)


def _simple(name: str, cls: type, elements: tuple[DagsterType, ...]) -> DagsterType:
    inner = elements[0] if elements else None

    def check(context: object, value: object) -> TypeCheck:
        if not isinstance(value, cls):
            return TypeCheck(False, f"Expected a {cls.__name__}, got {type(value).__name__}.")
        if inner is None or not isinstance(value, set):
            return TypeCheck(True)
        return _check_each(context, ((item, item) for item in value), inner)

    shown = f"{name}[{inner.display_name}]" if inner is not None else name
    return DagsterType(check, name=shown, inner_types=elements)
