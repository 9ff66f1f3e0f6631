"""Stands in for the SDK in a generated file: what is left is what Python takes to compile and run it."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

F = TypeVar("F", bound=Callable[..., object])

Int = int
String = str


def solid(**options: object) -> Callable[[F], F]:
    """A decorator that gives back the function."""
    return _unchanged


def pipeline(**options: object) -> Callable[[F], F]:
    """A decorator that gives back the function."""
    return _unchanged


def repository(function: F) -> F:
    """Give back the function."""
    return function


def Field(*values: object, **options: object) -> None:
    """Do nothing."""


def InputDefinition(*values: object, **options: object) -> None:
    """Do nothing."""


def OutputDefinition(*values: object, **options: object) -> None:
    """Do nothing."""


def _unchanged(function: F) -> F:
    return function
