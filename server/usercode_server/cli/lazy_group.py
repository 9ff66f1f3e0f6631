"""A group of commands that are imported only when one of them is run."""

from __future__ import annotations

from collections.abc import Mapping, MutableMapping

import click


class LazyGroup(click.Group):
    """A group made of ``name -> (place, short help)``.

    A place is a command, or ``module:attribute`` of one. The help of the group is shown from the
    short helps alone.
    """

    def __init__(
        self,
        name: str,
        places: Mapping[str, tuple[str | click.Command, str]],
        *,
        help: str,
        context_settings: MutableMapping[str, object] | None = None,
    ) -> None:
        super().__init__(name, help=help, context_settings=context_settings)
        self._places = places

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(self._places)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in self._places:
            return None
        place = self._places[cmd_name][0]
        return _imported(place) if isinstance(place, str) else place

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        if args and not args[0].startswith("-") and args[0] not in self._places:
            from difflib import get_close_matches

            near = get_close_matches(args[0], self._places, n=1)
            hint = f" Did you mean {near[0]!r}?" if near else f" There are: {', '.join(self._places)}."
            ctx.fail(f"No such command {args[0]!r}.{hint}")
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl([(name, short_help) for name, (_, short_help) in self._places.items()])


def _imported(place: str) -> click.Command:
    from importlib import import_module

    module, _, attribute = place.partition(":")
    command = getattr(import_module(module), attribute)
    assert isinstance(command, click.Command)
    return command
