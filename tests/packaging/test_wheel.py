"""What `pip install usercode` puts on a user's machine."""

from __future__ import annotations

import subprocess
import sys
import sysconfig
import tarfile
import tomllib
import zipfile
from configparser import ConfigParser
from pathlib import Path

import pytest

import usercode_sdk
import usercode_server

ROOT = Path(__file__).parents[2]
PACKAGES = {
    "usercode_sdk": ROOT / "usercode_sdk",
    "usercode_server": ROOT / "server" / "usercode_server",
    "usercode_api": ROOT / "server" / "usercode_api",
}


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel built from the working tree."""
    return _build("wheel", ROOT, tmp_path_factory.mktemp("wheel"))


def test_the_wheel_brings_three_top_level_names_and_nothing_else(wheel: Path) -> None:
    top_level = {name.partition("/")[0] for name in _names(wheel) if ".dist-info/" not in name}

    assert top_level == {"usercode_sdk", "usercode_server", "usercode_api"}


def test_the_wheel_has_every_file_of_the_packages(wheel: Path) -> None:
    in_tree = {
        f"{package}/{path.relative_to(folder).as_posix()}"
        for package, folder in PACKAGES.items()
        for path in folder.rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }

    assert {name for name in _names(wheel) if ".dist-info/" not in name} == in_tree


def test_the_version_is_the_same_wherever_it_is_said() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]

    assert (usercode_sdk.__version__, usercode_server.version()) == (project["version"],) * 2


@pytest.mark.parametrize(
    ("folder", "ending"),
    [
        ("usercode_sdk/", "py.typed"),
        ("usercode_sdk/tags/", ".json"),
        ("usercode_server/", "py.typed"),
        ("usercode_server/storage/", ".sql"),
        ("usercode_api/v1/", "_pb2.py"),
        ("usercode_api/v1/", "_pb2.pyi"),
        ("usercode_api/v1/", "_pb2_grpc.py"),
    ],
)
def test_what_is_not_handwritten_python_is_in_the_wheel(wheel: Path, folder: str, ending: str) -> None:
    assert [name for name in _names(wheel) if name.startswith(folder) and name.endswith(ending)]


def test_a_wheel_built_from_the_source_archive_has_the_same_files(wheel: Path, tmp_path: Path) -> None:
    archive = _build("sdist", ROOT, tmp_path / "sdist")
    with tarfile.open(archive) as opened:
        opened.extractall(tmp_path / "source", filter="data")
    (source,) = (tmp_path / "source").iterdir()

    rebuilt = _build("wheel", source, tmp_path / "rebuilt")

    assert _names(rebuilt) == _names(wheel)


def test_the_wheel_installs_the_command(wheel: Path, tmp_path: Path) -> None:
    scripts = ConfigParser()
    with zipfile.ZipFile(wheel) as opened:
        (name,) = (each for each in opened.namelist() if each.endswith(".dist-info/entry_points.txt"))
        scripts.read_string(opened.read(name).decode())
    assert dict(scripts["console_scripts"]) == {"usercode": "usercode_server.cli:main"}

    environment = _install(wheel, tmp_path / "environment")
    answer = _run(environment / "bin" / "usercode", "--version", cwd=tmp_path)

    assert answer == f"usercode {wheel.name.split('-')[1]}\n"


def test_the_installed_packages_do_not_shadow_an_authors_server_module(wheel: Path, tmp_path: Path) -> None:
    environment = _install(wheel, tmp_path / "environment")
    author = tmp_path / "author"
    author.mkdir()
    (author / "server.py").write_text("NAME = 'the author'\n")
    program = "import usercode_sdk, usercode_server, usercode_api, server; print(server.NAME)"

    assert _run(environment / "bin" / "python", "-c", program, cwd=author) == "the author\n"


def _build(kind: str, source: Path, into: Path) -> Path:
    _run(sys.executable, "-m", "hatchling", "build", "--target", kind, "--directory", into, cwd=source)
    (built,) = (path for path in into.iterdir() if path.is_file() and path.name != ".gitignore")
    return built


def _names(wheel: Path) -> list[str]:
    with zipfile.ZipFile(wheel) as opened:
        return sorted(opened.namelist())


def _install(wheel: Path, environment: Path) -> Path:
    """A fresh environment with the wheel in it; the dependencies come from this one, so no index is asked."""
    _run(sys.executable, "-m", "venv", "--without-pip", environment)
    python = environment / "bin" / "python"
    purelib = _run(python, "-c", "import sysconfig; print(sysconfig.get_path('purelib'))").strip()
    Path(purelib, "dependencies.pth").write_text(sysconfig.get_path("purelib") + "\n")
    pip = [sys.executable, "-m", "pip", "--python", str(python), "install", "-q"]
    _run(*pip, "--no-index", "--no-deps", "--ignore-installed", wheel)
    return environment


def _run(*command: str | Path, cwd: Path | None = None) -> str:
    done = subprocess.run(command, cwd=cwd, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return done.stdout
