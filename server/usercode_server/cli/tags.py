"""The option that gives tags."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeVar

import click

F = TypeVar("F", bound=Callable[..., object])


def tag_option(help: str) -> Callable[[F], F]:
    """Add ``--tag KEY=VALUE``, repeatable; the command gets ``tags``, a dict."""
    return click.option("--tag", "tags", multiple=True, callback=_tags, metavar="KEY=VALUE", help=help)


def _tags(context: click.Context, parameter: click.Parameter, texts: Sequence[str]) -> dict[str, str]:
    tags = {}
    for text in texts:
        key, equals, value = text.partition("=")
        if not key or not equals:
            raise click.BadParameter(f"{text!r} is not KEY=VALUE.", context, parameter)
        if any("\ud800" <= character <= "\udfff" for character in text):
            raise click.BadParameter(f"{text!r} is not valid text.", context, parameter)
        tags[key] = value
    return tags
