"""Builds the container images of the Dockerfile.

`make image` builds with the docker or podman of this machine, which fetch the base image themselves. The
tests build through `private_podman()`: in a store of their own, and, since a test machine may reach no image
registry, on a base image made from Debian's packages by scripts/make-base-image.sh.
"""

from __future__ import annotations

import os
import re
import shutil
import ssl
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from scripts.environment import ROOT

TARGETS = ("base", "example")

# Works for root inside a container or a plain virtual machine, where systemd manages no cgroups for podman.
_CONTAINERS_CONF = """\
[containers]
default_ulimits = ["nofile=16384:16384", "nproc=16384:16384"]
[engine]
runtime = "runc"
cgroup_manager = "cgroupfs"
events_logger = "file"
"""
_STORAGE_CONF = """\
[storage]
driver = "overlay"
graphroot = "{directory}/storage"
runroot = "{directory}/run"
"""
_CA_INSIDE = "/run/build-ca.pem"

Completed = subprocess.CompletedProcess[str]


class Engine:
    """A docker or podman: how to call it, and what its builds need on this machine."""

    def __init__(self, program: str, environment: Mapping[str, str], build_options: Sequence[str] = ()) -> None:
        self.program = program
        self._environment = environment
        self._build_options = build_options

    def call(self, *arguments: str, check: bool = True, timeout: float = 120) -> Completed:
        """Run one command of the engine and return what it printed; with `check` a failure raises."""
        done = subprocess.run(
            [self.program, *arguments],
            env=dict(self._environment),
            capture_output=True,
            text=True,
            timeout=timeout,
        )
        if check and done.returncode != 0:
            raise RuntimeError(f"{' '.join(done.args)} ended with {done.returncode}:\n{done.stderr}{done.stdout}")
        return done

    def build(self, target: str, tag: str) -> None:
        """Build one target of the Dockerfile from the working tree."""
        self.build_folder(ROOT, tag, f"--target={target}")

    def build_folder(self, folder: Path, tag: str, *options: str) -> None:
        """Build the Dockerfile of a folder."""
        self.call("build", f"--tag={tag}", *options, *self._build_options, str(folder), timeout=1800)


def installed_engine() -> Engine:
    """The docker or podman of this machine."""
    program = shutil.which("docker") or shutil.which("podman")
    if program is None:
        raise SystemExit("Neither docker nor podman is installed.")
    return Engine(program, os.environ)


def private_podman(directory: Path) -> Engine:
    """A podman whose images and containers live below `directory`, apart from those of the machine.

    It has the base image that the Dockerfile asks for, and builds without asking a registry.
    """
    directory.mkdir(parents=True, exist_ok=True)
    (directory / "containers.conf").write_text(_CONTAINERS_CONF)
    (directory / "storage.conf").write_text(_STORAGE_CONF.format(directory=directory))
    environment = os.environ | {
        "CONTAINERS_CONF": str(directory / "containers.conf"),
        "CONTAINERS_STORAGE_CONF": str(directory / "storage.conf"),
    }
    build_options = ["--isolation=chroot", "--network=host", "--pull=never", "--format=docker"]
    podman = Engine("podman", environment, [*build_options, *_pip_mounts(directory)])
    base = base_image_name()
    if podman.call("image", "exists", base, check=False).returncode != 0:
        subprocess.run([ROOT / "scripts" / "make-base-image.sh", base], env=environment, check=True)
    return podman


def base_image_name() -> str:
    """The image that the Dockerfile builds on unless told otherwise."""
    found = re.search(r"^ARG BASE_IMAGE=(\S+)$", (ROOT / "Dockerfile").read_text(), re.MULTILINE)
    assert found is not None
    return found[1]


def _pip_mounts(directory: Path) -> list[str]:
    """Lets pip inside a build use the package index and the certificates that pip uses on this machine."""
    settings = _pip_settings()
    authorities = settings.pop("cert", None) or ssl.get_default_verify_paths().cafile
    lines = ["[global]", *(f"{name} = {value}" for name, value in settings.items())]
    mounts = []
    if authorities is not None:
        lines.append(f"cert = {_CA_INSIDE}")
        mounts.append(f"--volume={authorities}:{_CA_INSIDE}:ro")
    configuration = directory / "pip.conf"
    configuration.write_text("\n".join([*lines, ""]))
    return [*mounts, f"--volume={configuration}:/etc/pip.conf:ro"]


def _pip_settings() -> dict[str, str]:
    """What this machine's pip is told about where packages come from, its local folders left out."""
    command = [sys.executable, "-m", "pip", "config", "list"]
    listed = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    settings = {}
    for line in listed.splitlines():
        name, _, value = line.partition("=")
        name, value = name.rpartition(".")[2], value.strip("'\"")
        if name in {"index-url", "extra-index-url"}:
            value = " ".join(url for url in value.replace("\\n", " ").split() if not url.startswith("file:"))
        if value and name in {"cert", "extra-index-url", "index-url", "proxy", "timeout", "trusted-host"}:
            settings[name] = value
    return settings


def main() -> None:
    """Entry point of `python -m scripts.images`."""
    engine = installed_engine()
    for target in TARGETS:
        tag = f"usercode:{target}"
        subprocess.run([engine.program, "build", "--target", target, "--tag", tag, ROOT], check=True)
        print(f"Built {tag}")


if __name__ == "__main__":
    main()
