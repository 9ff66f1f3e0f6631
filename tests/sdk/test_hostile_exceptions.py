"""A failure becomes data whatever its exception's own class does."""

from __future__ import annotations

import sys

import pytest

from usercode_sdk.error_info import ErrorInfo, error_info

UNSPEAKABLE = "<the exception's message could not be made>"


class Text(str):
    __slots__ = ()

    def __len__(self) -> int:
        raise ValueError("no length")


class Exits(Exception):
    def __str__(self) -> str:
        sys.exit(4)


class Raises(Exception):
    def __str__(self) -> str:
        raise ValueError("no message")


class GivesText(Exception):
    def __str__(self) -> str:
        return Text("said")


class Reserved(Exception):
    @property
    def __cause__(self) -> BaseException:  # type: ignore[override]  # hostile on purpose
        raise ValueError("no cause")

    @property
    def __context__(self) -> BaseException:  # type: ignore[override]  # hostile on purpose
        raise ValueError("no context")


@pytest.mark.parametrize(
    ("error", "message"),
    [(Exits(), UNSPEAKABLE), (Raises(), UNSPEAKABLE), (GivesText(), "said"), (Reserved("said"), "said")],
)
def test_hostile_exceptions_are_told(error: Exception, message: str) -> None:
    info = error_info(error)
    assert info == ErrorInfo(f"{__name__}.{type(error).__name__}", message, ())
    assert type(info.message) is str


def test_an_interruption_while_the_message_is_made_is_one() -> None:
    class Slow(Exception):
        def __str__(self) -> str:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        error_info(Slow())


def test_a_context_counts_unless_it_is_hidden() -> None:
    open_error, hidden_error = ValueError("open"), ValueError("hidden")
    open_error.__context__ = hidden_error.__context__ = KeyError("k")
    hidden_error.__suppress_context__ = True
    assert error_info(open_error) == ErrorInfo("ValueError", "open", (), ErrorInfo("KeyError", "'k'", ()))
    assert error_info(hidden_error) == ErrorInfo("ValueError", "hidden", ())
