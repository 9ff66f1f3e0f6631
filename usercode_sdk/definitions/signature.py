"""Reads the signature of an author's function without importing ``inspect``, which costs more than all of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import FunctionType
from typing import NamedTuple

from usercode_sdk.definitions.inputs import NO_VALUE

_VAR_POSITIONAL = 0x04
_VAR_KEYWORDS = 0x08
_GENERATOR = 0x20 | 0x200

CONTEXT_NAMES = frozenset({"_", "context", "_context", "context_"})


class Signature(NamedTuple):
    """The parameters of a function, as far as definitions ask."""

    names: tuple[str, ...]
    """Parameters that can be given by name, or by place, in order."""
    defaults: Mapping[str, object]
    annotations: Mapping[str, object]
    """Evaluated annotations, with ``return`` for the result."""
    takes_any_positional: bool
    takes_any_keyword: bool
    is_generator: bool

    @property
    def has_context(self) -> bool:
        """Whether the first parameter is the context, which its name tells."""
        return bool(self.names) and self.names[0] in CONTEXT_NAMES

    def default(self, name: str) -> object:
        """The default of a parameter, or NO_VALUE."""
        return self.defaults.get(name, NO_VALUE)


def read_signature(function: Callable[..., object]) -> Signature:
    """The signature of ``function``; of what it wraps when it is a wrapper."""
    if type(function) is FunctionType and not hasattr(function, "__wrapped__"):
        return _of_function(function)
    return _of_callable(function)


def _of_function(function: FunctionType) -> Signature:
    code = function.__code__
    count = code.co_argcount
    names = code.co_varnames[: count + code.co_kwonlyargcount]
    defaults: dict[str, object] = {}
    if function.__defaults__:
        defaults.update(zip(names[count - len(function.__defaults__) : count], function.__defaults__, strict=True))
    if function.__kwdefaults__:
        defaults.update(function.__kwdefaults__)
    return Signature(
        names,
        defaults,
        _evaluated(function, function.__annotations__),
        bool(code.co_flags & _VAR_POSITIONAL),
        bool(code.co_flags & _VAR_KEYWORDS),
        bool(code.co_flags & _GENERATOR),
    )


def _of_callable(function: Callable[..., object]) -> Signature:
    import inspect

    signature = inspect.signature(function)
    parameters = list(signature.parameters.values())
    named = [one for one in parameters if one.kind not in (one.VAR_POSITIONAL, one.VAR_KEYWORD)]
    kinds = {one.kind for one in parameters}
    inner = inspect.unwrap(function)
    annotations = {one.name: one.annotation for one in named if one.annotation is not one.empty}
    if signature.return_annotation is not signature.empty:
        annotations["return"] = signature.return_annotation
    return Signature(
        tuple(one.name for one in named),
        {one.name: one.default for one in named if one.default is not one.empty},
        _evaluated(inner, annotations),
        inspect.Parameter.VAR_POSITIONAL in kinds,
        inspect.Parameter.VAR_KEYWORD in kinds,
        inspect.isgeneratorfunction(inner),
    )


def _evaluated(function: object, annotations: Mapping[str, object]) -> Mapping[str, object]:
    """Annotations with strings made into types; one that can't be evaluated is left out."""
    if not any(isinstance(annotation, str) for annotation in annotations.values()):
        return annotations
    scope = getattr(function, "__globals__", {})
    result = {}
    for name, annotation in annotations.items():
        if isinstance(annotation, str):
            try:
                annotation = eval(annotation, scope)
            except Exception:  # names only imported for type checkers, or defined later
                continue
        result[name] = annotation
    return result
