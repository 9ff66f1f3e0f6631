from __future__ import annotations

import functools
from collections.abc import Callable, Iterator
from typing import Any

from usercode_sdk.definitions.inputs import NO_VALUE
from usercode_sdk.definitions.signature import read_signature


def test_names_defaults_and_annotations() -> None:
    def f(context: object, a: int, b: str = "x", *, c: float = 1.5) -> bool:
        return True

    signature = read_signature(f)
    assert signature.names == ("context", "a", "b", "c")
    assert signature.defaults == {"b": "x", "c": 1.5}
    assert signature.annotations == {"context": object, "a": int, "b": str, "c": float, "return": bool}
    assert (signature.default("b"), signature.default("a")) == ("x", NO_VALUE)
    assert (signature.takes_any_positional, signature.takes_any_keyword, signature.is_generator) == (
        False,
        False,
        False,
    )
    assert signature.has_context


def test_variable_arguments_and_generators_are_seen() -> None:
    def f(x: int, *rest: int, **more: int) -> Iterator[int]:
        yield x

    signature = read_signature(f)
    assert signature.names == ("x",)
    assert (signature.takes_any_positional, signature.takes_any_keyword, signature.is_generator) == (True, True, True)
    assert not signature.has_context


def test_a_wrapper_has_the_signature_of_what_it_wraps() -> None:
    def logged(function: Callable[..., Any]) -> Callable[..., Any]:
        @functools.wraps(function)
        def wrapper(*args: Any, **kwargs: Any) -> Any:
            return function(*args, **kwargs)

        return wrapper

    @logged
    def f(context: object, a: int = 2) -> Iterator[int]:
        yield a

    signature = read_signature(f)
    assert (signature.names, signature.defaults, signature.is_generator) == (("context", "a"), {"a": 2}, True)
    assert signature.annotations["a"] is int


def test_partials_and_callable_objects_have_signatures() -> None:
    class Scale:
        def __call__(self, x: int, factor: int = 3) -> int:
            return x * factor

    def f(a: int, b: int) -> int:
        return a + b

    assert read_signature(Scale()).names == ("x", "factor")
    assert read_signature(functools.partial(f, 1)).names == ("b",)


def test_an_annotation_that_cannot_be_evaluated_is_left_out() -> None:
    def f(a: NotThere, b: int) -> None: ...  # type: ignore[name-defined]  # noqa: F821  # the case meant

    assert read_signature(f).annotations == {"b": int, "return": None}
