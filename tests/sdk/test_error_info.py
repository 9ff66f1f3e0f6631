"""Exceptions as data: the author's part of the traceback, the causes, and messages that can't be made."""

from __future__ import annotations

import traceback

import pytest

from usercode_sdk import DagsterInvalidDefinitionError, ErrorInfo, SolidDefinition
from usercode_sdk.error_info import error_info, message_of


class OwnError(Exception):
    """An author's exception."""


def _raised(error: BaseException, cause: BaseException | None = None) -> BaseException:
    try:
        raise error from cause
    except BaseException as caught:
        return caught


def _bare(info: ErrorInfo | None) -> tuple[object, ...] | None:
    """Type, message and causes, without the stack."""
    return None if info is None else (info.error_type, info.message, _bare(info.cause))


def test_an_exception_is_its_type_message_and_stack() -> None:
    info = error_info(_raised(ValueError("no such row")))
    assert _bare(info) == ("ValueError", "no such row", None)
    (frame,) = info.stack
    assert frame.startswith(f'  File "{__file__}", line ')
    assert ", in _raised\n    raise error from cause\n" in frame


def test_other_modules_are_part_of_the_type() -> None:
    class Local(Exception): ...

    assert error_info(OwnError("x")).error_type == f"{__name__}.OwnError"
    assert error_info(Local()).error_type == f"{__name__}.test_other_modules_are_part_of_the_type.<locals>.Local"
    assert error_info(KeyboardInterrupt()).error_type == "KeyboardInterrupt"


def test_an_exception_that_was_not_raised_has_no_stack() -> None:
    assert error_info(ValueError("x")) == ErrorInfo("ValueError", "x", ())


def test_the_frames_of_the_sdk_are_left_out() -> None:
    with pytest.raises(DagsterInvalidDefinitionError) as raised:
        SolidDefinition("not valid")
    everything = traceback.format_tb(raised.value.__traceback__)
    assert any("usercode_sdk" in frame for frame in everything)
    assert list(error_info(raised.value).stack) == [frame for frame in everything if "usercode_sdk/" not in frame]
    assert len(error_info(raised.value).stack) == 1


def test_causes_are_kept_and_suppressed_ones_are_not() -> None:
    explicit = _raised(OwnError("outer"), KeyError("inner"))
    assert _bare(error_info(explicit)) == (f"{__name__}.OwnError", "outer", ("KeyError", "'inner'", None))
    try:
        try:
            raise KeyError("first")
        except KeyError:
            raise OwnError("while handling") from None
    except OwnError as error:
        assert error_info(error).cause is None
    try:
        try:
            raise KeyError("first")
        except KeyError:
            raise OwnError("while handling")  # noqa: B904  # the implicit context is what is tested
    except OwnError as error:
        assert _bare(error_info(error)) == (f"{__name__}.OwnError", "while handling", ("KeyError", "'first'", None))


def test_a_ring_of_causes_ends() -> None:
    first, second = OwnError("first"), OwnError("second")
    first.__cause__, second.__cause__ = second, first
    name = f"{__name__}.OwnError"
    assert _bare(error_info(first)) == (name, "first", (name, "second", None))


def test_a_long_chain_of_causes_is_cut() -> None:
    error = OwnError("0")
    for number in range(1, 100):
        following = OwnError(str(number))
        following.__cause__, error = error, following
    messages = []
    info: ErrorInfo | None = error_info(error)
    while info is not None:
        messages.append(info.message)
        info = info.cause
    assert messages == [str(number) for number in range(99, 78, -1)]


@pytest.mark.parametrize("raised", [ValueError("no"), SystemExit(1), RecursionError()])
def test_a_message_that_cannot_be_made_is_said_so(raised: BaseException) -> None:
    class Unspeakable(Exception):
        def __str__(self) -> str:
            raise raised

    assert message_of(Unspeakable()) == "<the exception's message could not be made>"
    assert error_info(Unspeakable()).stack == ()


def test_a_huge_message_is_cut() -> None:
    assert message_of(ValueError("x" * 20_000)) == "x" * 20_000
    assert message_of(ValueError("x" * 20_001)) == "x" * 20_000 + "... (cut)"


def test_a_syntax_error_shows_its_place() -> None:
    with pytest.raises(SyntaxError) as raised:
        compile("def f(:\n    pass\n", "repo.py", "exec")
    assert message_of(raised.value) == 'invalid syntax\n  File "repo.py", line 1\n    def f(:\n          ^'
    assert message_of(SyntaxError("odd")) == "odd"


def test_the_text_is_what_python_prints() -> None:
    outer = _raised(OwnError("outer"), _raised(KeyError("inner")))
    text = error_info(outer).to_text()
    assert text == "".join(traceback.format_exception(outer))
    assert error_info(OwnError()).to_text() == f"{__name__}.OwnError\n"
