"""Test tiers: what needs more than Python is off until USERCODE_TEST_TIERS names it; then it is not skipped."""

from __future__ import annotations

import os
import signal

import hypothesis
import pytest

# A slow machine is no fault of the code. The verdict on a commit must not depend on chance: what CI tries is
# fixed, and developers' machines look for new examples.
hypothesis.settings.register_profile("usercode", deadline=None, derandomize="CI" in os.environ)
hypothesis.settings.load_profile("usercode")

# Shells start background jobs with SIGINT ignored, and so would be all that the tests start and interrupt.
signal.signal(signal.SIGINT, signal.default_int_handler)

TIERS = {"images": "builds and runs the container images with podman"}


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Skip the tests of each tier that is not switched on, and say how to switch it on."""
    switched_on = _switched_on()
    for item in items:
        for tier in TIERS.keys() - switched_on:
            if item.get_closest_marker(tier) is not None:
                item.add_marker(pytest.mark.skip(reason=_how_to_switch_on(tier)))


def _switched_on() -> set[str]:
    named = {tier for tier in os.environ.get("USERCODE_TEST_TIERS", "").replace(",", " ").split()}
    unknown = named - TIERS.keys()
    if unknown:
        raise pytest.UsageError(
            f"USERCODE_TEST_TIERS names {', '.join(sorted(unknown))}; the tiers are {', '.join(TIERS)}."
        )
    return named


def _how_to_switch_on(tier: str) -> str:
    return (
        f"tier {tier!r} ({TIERS[tier]}) is off: run scripts/install-test-servers.sh once as root, "
        f"then USERCODE_TEST_TIERS={tier} make test"
    )
