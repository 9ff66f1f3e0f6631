"""The images under test, built once a session from the working tree."""

from __future__ import annotations

import os
import socket
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from scripts.images import Engine, private_podman

BASE = "localhost/usercode-test:base"
EXAMPLE = "localhost/usercode-test:example"

_sizes: dict[str, int] = {}


@pytest.fixture(scope="session")
def podman() -> Engine:
    """A podman with a store of its own, kept between sessions: unchanged layers are not built again."""
    cache = os.environ.get("USERCODE_TEST_CACHE") or Path.home() / ".cache" / "usercode-tests"
    return private_podman(Path(cache) / "containers")


@pytest.fixture(scope="session")
def base_image(podman: Engine) -> str:
    """The name of the user-code image."""
    return _build(podman, "base", BASE)


@pytest.fixture(scope="session")
def example_image(podman: Engine, base_image: str) -> Iterator[str]:
    """The name of the image with the example repository in it."""
    yield _build(podman, "example", EXAMPLE)
    podman.call("image", "prune", "--force")


@pytest.fixture
def container(podman: Engine) -> Iterator[Callable[..., str]]:
    """Starts a container in the background, locked down as a pod should be, and returns its id."""
    started: list[str] = []

    def start(image: str, *command: str, options: tuple[str, ...] = ()) -> str:
        arguments = ["run", "--detach", *LOCKED_DOWN, *options, image, *command]
        started.append(podman.call(*arguments).stdout.strip())
        return started[-1]

    yield start
    for container_id in started:
        podman.call("rm", "--force", "--time=0", container_id)


@pytest.fixture
def free_port() -> int:
    """A TCP port on which nothing listens."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


# What a strict Kubernetes namespace demands: no write to the root file system, no capability, no other user.
LOCKED_DOWN = (
    "--no-healthcheck",
    "--network=host",
    "--read-only",
    "--read-only-tmpfs=false",
    "--cap-drop=ALL",
    "--security-opt=no-new-privileges",
)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say how large the images are."""
    for tag, size in _sizes.items():
        terminalreporter.write_line(f"Image {tag}: {size / 1e6:.0f} MB")


def _build(podman: Engine, target: str, tag: str) -> str:
    podman.build(target, tag)
    _sizes[tag] = int(podman.call("image", "inspect", "--format={{.Size}}", tag).stdout)
    return tag
