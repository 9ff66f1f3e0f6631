"""The image that user-code images start from."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from scripts.images import Engine

pytestmark = pytest.mark.images

# Every module as the interpreter will look for it: the bytecode is there and made from this very source.
FIND_STALE_BYTECODE = """
import importlib.util, pathlib, struct, sysconfig
for path in pathlib.Path(sysconfig.get_path("purelib")).rglob("*.py"):
    compiled = pathlib.Path(importlib.util.cache_from_source(path))
    source = path.stat()
    if not compiled.exists():
        print(path, "is not compiled")
    else:
        header = struct.unpack("<4sIII", compiled.read_bytes()[:16])
        if header != (importlib.util.MAGIC_NUMBER, 0, int(source.st_mtime), source.st_size):
            print(path, "is newer than its bytecode")
"""

FIND_WRITABLE = """
import os
for top in ("/etc", "/home", "/opt", "/usr", "/var/lib"):
    for folder, _, files in os.walk(top):
        for path in (folder, *(os.path.join(folder, name) for name in files if not name.startswith("."))):
            if os.access(path, os.W_OK) and not os.path.islink(path):
                print(path)
"""


def test_it_runs_usercode_as_a_numbered_user_with_a_home_of_its_own(podman: Engine, base_image: str) -> None:
    (image,) = json.loads(podman.call("image", "inspect", base_image).stdout)
    config = image["Config"]
    environment = dict(entry.split("=", 1) for entry in config["Env"])

    assert config["User"] == "10001:10001"
    assert config["Entrypoint"] == ["usercode"]
    assert config["Cmd"] == ["--help"]
    assert config["WorkingDir"] == "/home/usercode"
    assert list(config["ExposedPorts"]) == ["3030/tcp"]
    assert environment["USERCODE_HOME"] == "/var/lib/usercode"
    assert environment["PATH"].startswith("/opt/usercode/bin:")
    assert config["Labels"]["org.opencontainers.image.licenses"] == "Apache-2.0"


def test_it_says_its_version_without_being_able_to_write(podman: Engine, base_image: str) -> None:
    assert _run(podman, base_image, "--version").startswith("usercode 0.")


def test_every_module_in_it_is_compiled(podman: Engine, base_image: str) -> None:
    assert _python(podman, base_image, FIND_STALE_BYTECODE) == ""


def test_only_its_home_and_usercodes_home_are_the_users_to_write(podman: Engine, base_image: str) -> None:
    # Asked of a container whose root file system could be written, or nothing in it could.
    found = podman.call("run", "--rm", "--network=none", "--entrypoint=python", base_image, "-c", FIND_WRITABLE)

    assert found.stdout.split() == ["/home/usercode", "/var/lib/usercode"]


def test_what_runs_store_is_only_the_users_to_read(podman: Engine, base_image: str) -> None:
    program = "import os; home = os.stat('/var/lib/usercode'); print(oct(home.st_mode & 0o777), home.st_uid)"

    assert _python(podman, base_image, program) == "0o700 10001\n"


def test_what_only_the_build_needs_is_not_in_it(podman: Engine, base_image: str) -> None:
    program = (
        "import importlib.util, shutil; "
        "names = 'hatchling', 'setuptools', 'grpc_tools', 'pytest', 'kubernetes_validate'; "
        "print([name for name in names if importlib.util.find_spec(name)], shutil.which('gcc'))"
    )

    assert _python(podman, base_image, program) == "[] None\n"


def test_another_image_can_start_from_it_and_add_modules_and_code(
    podman: Engine, base_image: str, tmp_path: Path
) -> None:
    package = tmp_path / "package"
    package.mkdir()
    (package / "authors_library.py").write_text("GREETING = 'hello from a module'\n")
    (package / "repo.py").write_text("import usercode_sdk, authors_library\nprint(authors_library.GREETING)\n")
    (tmp_path / "Dockerfile").write_text(
        f"FROM {base_image}\n"
        "USER 0\n"
        "RUN pip --version && usercode --version\n"
        "COPY package/authors_library.py /opt/usercode/lib/authors_library.py\n"
        "ENV PYTHONPATH=/opt/usercode/lib\n"
        "COPY package/repo.py /repo/repo.py\n"
        "USER 10001:10001\n"
    )
    image = "localhost/usercode-test:authors"
    podman.build_folder(tmp_path, image)

    assert _run(podman, image, "/repo/repo.py", entrypoint="python") == "hello from a module\n"


def test_it_is_small(podman: Engine, base_image: str) -> None:
    size = int(podman.call("image", "inspect", "--format={{.Size}}", base_image).stdout)

    assert size < 250e6


def _run(podman: Engine, image: str, *arguments: str, entrypoint: str = "usercode") -> str:
    options = ["--rm", "--no-healthcheck", "--network=none", "--read-only", "--read-only-tmpfs=false"]
    options += ["--cap-drop=ALL", "--security-opt=no-new-privileges", f"--entrypoint={entrypoint}"]
    return podman.call("run", *options, image, *arguments).stdout


def _python(podman: Engine, image: str, program: str) -> str:
    return _run(podman, image, "-c", program, entrypoint="python")
