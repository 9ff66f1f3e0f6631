"""Step keys become file names, each its own."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from usercode_server.compute_logs.file_names import LogFile, log_key, parse_file_name, step_key_of, step_name

_KEYS = st.text(st.characters(), max_size=30) | st.from_regex(r"[a-z_.\[\]%/]{1,12}", fullmatch=True)


@pytest.mark.parametrize(
    ("step_key", "name"),
    [
        ("solid", "solid.2"),
        ("composite.inner", "composite.inner.2"),
        ("dynamic[a]", "dynamic[a].2"),
        ("../../etc/passwd", "..%2F..%2Fetc%2Fpasswd.2"),
        ("a%2Fb", "a%252Fb.2"),
        ("ü\0", "%C3%BC%00.2"),
        (None, "%run.2"),
    ],
)
def test_a_key_is_readable_in_its_file_name(step_key: str | None, name: str) -> None:
    assert log_key(step_key, 2) == name


@given(_KEYS, st.integers(0, 99), _KEYS, st.integers(0, 99))
def test_two_attempts_never_share_a_file(one: str, attempt: int, other: str, other_attempt: int) -> None:
    same = (one, attempt) == (other, other_attempt)
    assert (log_key(one, attempt) == log_key(other, other_attempt)) is same


@given(_KEYS.filter(bool), st.integers(0, 99), st.sampled_from(["log", "out", "err"]))
def test_a_file_name_tells_what_it_holds(step_key: str, attempt: int, kind: str) -> None:
    file = parse_file_name(f"{log_key(step_key, attempt)}.{kind}")
    assert file == LogFile(step_name(step_key), attempt, kind)


@given(st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=10))
def test_a_file_name_leads_back_to_its_key(step_key: str) -> None:
    assert step_key_of(step_name(step_key)) == step_key


def test_very_long_keys_fit_and_differ() -> None:
    names = {step_name("a" * 1000), step_name("a" * 1001), step_name("ü" * 100)}
    assert len(names) == 3
    assert all(len(name) <= 200 for name in names)


@pytest.mark.parametrize("name", ["worker.txt", "a.out", ".1.out", "a.b.out", "a.1.txt"])
def test_other_files_are_passed_over(name: str) -> None:
    assert parse_file_name(name) is None
