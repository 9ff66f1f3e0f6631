"""Types made of other types: lists, sets, dicts, tuples, optional values and unions."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from usercode_sdk.types.builtins import ANY
from usercode_sdk.types.dagster_type import DagsterType, DagsterTypeKind
from usercode_sdk.types.loader import DagsterTypeLoader, dict_loader, list_loader, tuple_loader
from usercode_sdk.user_events import TypeCheck


def container_type(origin: object, elements: tuple[DagsterType, ...]) -> DagsterType:
    """The type of ``list``, ``set``, ``dict`` or ``tuple`` with the given element types; () for any."""
    if origin is list:
        return _list_type(elements[0] if elements else ANY)
    if origin is set:
        return _set_type(elements)
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


def _list_type(inner: DagsterType) -> DagsterType:
    def check(context: object, value: object) -> TypeCheck:
        if not isinstance(value, list):
            return _not_a("list", value)
        return _check_each(context, enumerate(value), inner)

    loader = None if inner.loader is None else list_loader(inner.loader, list)
    name = f"[{inner.display_name}]"
    return DagsterType(check, name=name, kind=DagsterTypeKind.LIST, inner_types=(inner,), loader=loader)


def _set_type(elements: tuple[DagsterType, ...]) -> DagsterType:
    inner = elements[0] if elements else ANY

    def check(context: object, value: object) -> TypeCheck:
        if not isinstance(value, set):
            return _not_a("set", value)
        return _check_each(context, ((item, item) for item in value), inner)

    loader = None if inner.loader is None else list_loader(inner.loader, set)
    name = f"Set[{inner.display_name}]" if elements else "Set"
    return DagsterType(check, name=name, inner_types=elements, loader=loader)


def _check_each(context: object, items: Iterable[tuple[object, object]], inner: DagsterType) -> TypeCheck:
    if inner.kind is DagsterTypeKind.ANY:  # a long list needs no walk to learn nothing
        return TypeCheck(True)
    for place, item in items:
        result = inner.type_check(context, item)
        if not result.success:
            return TypeCheck(False, f"At {place!r}: {result.description}")
    return TypeCheck(True)


def _not_a(what: str, value: object) -> TypeCheck:
    return TypeCheck(False, f"Expected a {what}, got {type(value).__name__}.")


def _dict_type(elements: tuple[DagsterType, ...]) -> DagsterType:
    keys, values = elements or (ANY, ANY)

    def check(context: object, value: object) -> TypeCheck:
        if not isinstance(value, dict):
            return _not_a("dict", value)
        bad_key = _check_each(context, ((key, key) for key in value), keys)
        return bad_key if not bad_key.success else _check_each(context, value.items(), values)

    name = f"Dict[{keys.display_name},{values.display_name}]" if elements else "Dict"
    return DagsterType(check, name=name, inner_types=elements, loader=dict_loader())


def _tuple_type(elements: tuple[DagsterType, ...]) -> DagsterType:
    def check(context: object, value: object) -> TypeCheck:
        if not isinstance(value, tuple):
            return _not_a("tuple", value)
        if elements and len(value) != len(elements):
            return TypeCheck(False, f"Expected a tuple of {len(elements)} values, got one of {len(value)}.")
        for place, (item, inner) in enumerate(zip(value, elements, strict=False)):
            result = inner.type_check(context, item)
            if not result.success:
                return TypeCheck(False, f"At {place}: {result.description}")
        return TypeCheck(True)

    name = f"Tuple[{','.join(element.display_name for element in elements)}]" if elements else "Tuple"
    return DagsterType(check, name=name, inner_types=elements, loader=tuple_loader())
