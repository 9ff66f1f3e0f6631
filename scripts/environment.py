"""Makes and refreshes the virtual environments that the other commands run in.

Needs only the standard library and any pip: dependency groups are read here rather than by `pip --group`,
which the pip of a fresh Python may not know. An environment is left alone while what it was made from is
unchanged.

    python3 -m scripts.environment .venv dev        # the project, editable, with the `dev` group
    python3 -m scripts.environment .venv            # the project alone
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Iterator, Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
CACHE = ROOT / ".cache" / "venvs"
PYPROJECT = ROOT / "pyproject.toml"
STAMP = "usercode-stamp.json"


def ensure(
    path: Path,
    groups: Sequence[str] = (),
    *,
    python: str = sys.executable,
    project: bool = True,
    floors: bool = False,
) -> Path:
    """The interpreter of an up-to-date environment at `path`, made with `python` when there is none.

    With `floors` every runtime dependency is installed at the oldest version the project allows.
    """
    executable = path / "bin" / "python"
    stamp = path / STAMP
    made_from = _digest(path, project, floors)
    installed = _installed_groups(stamp, made_from) if _works(executable) else None
    if installed is not None and installed.issuperset(groups):
        return executable
    wanted = sorted({*(installed or ()), *groups})
    print(f"Preparing {path} ({', '.join(['usercode', *wanted] if project else wanted)})", file=sys.stderr)
    if not _works(executable):
        if project:
            print("This is the first time here: it takes about a minute.", file=sys.stderr)
        shutil.rmtree(path, ignore_errors=True)
        subprocess.run([python, "-m", "venv", path], check=True)
    stamp.unlink(missing_ok=True)
    _install(executable, wanted, project=project, floors=floors)
    stamp.write_text(json.dumps({"made_from": made_from, "groups": wanted}))
    return executable


def requirements(group: str) -> Iterator[str]:
    """The requirements of a dependency group, those of the groups it includes among them."""
    groups = tomllib.loads(PYPROJECT.read_text())["dependency-groups"]
    if group not in groups:
        raise SystemExit(f"No dependency group {group!r}; pyproject.toml has {', '.join(sorted(groups))}.")
    for entry in groups[group]:
        if isinstance(entry, str):
            yield entry
        else:
            yield from requirements(entry["include-group"])


def floor_constraints() -> Iterator[str]:
    """Each runtime dependency pinned to the oldest version the project allows."""
    for dependency in tomllib.loads(PYPROJECT.read_text())["project"]["dependencies"]:
        floor = re.fullmatch(r"([\w.-]+)\s*>=\s*([\w.]+)", dependency)
        if floor is None:
            raise SystemExit(f"Dependency {dependency!r} states no floor: write it as NAME>=VERSION.")
        yield f"{floor[1]}=={floor[2]}"


def _install(executable: Path, groups: Sequence[str], *, project: bool, floors: bool) -> None:
    arguments = ["--editable", str(ROOT)] if project else []
    arguments += dict.fromkeys(line for group in groups for line in requirements(group))
    if floors:
        arguments += floor_constraints()
    if not arguments:
        return
    environment = os.environ | {"PIP_DISABLE_PIP_VERSION_CHECK": "1"}
    subprocess.run([executable, "-m", "pip", "install", "-qq", *arguments], check=True, env=environment)


def _digest(path: Path, project: bool, floors: bool) -> str:
    facts = [str(ROOT), str(path), str(project), str(floors), PYPROJECT.read_text()]
    return hashlib.sha256("\0".join(facts).encode()).hexdigest()


def _installed_groups(stamp: Path, made_from: str) -> set[str] | None:
    try:
        found = json.loads(stamp.read_text())
    except (OSError, ValueError):
        return None
    return set(found["groups"]) if found["made_from"] == made_from else None


def _works(executable: Path) -> bool:
    """Whether an environment is usable: one whose base Python went away, or that was moved, is not."""
    try:
        return subprocess.run([executable, "-c", "import pip"], capture_output=True).returncode == 0
    except OSError:
        return False


def main() -> None:
    """Entry point of `python3 -m scripts.environment`."""
    parser = argparse.ArgumentParser(description="Make or refresh a virtual environment of this project.")
    parser.add_argument("path", type=Path, help="where the environment is, for example .venv")
    parser.add_argument("groups", nargs="*", help="dependency groups to install besides the project itself")
    options = parser.parse_args()
    try:
        ensure(options.path.absolute(), options.groups)
    except subprocess.CalledProcessError as error:
        raise SystemExit(f"Could not prepare {options.path}: see above (exit {error.returncode}).") from None


if __name__ == "__main__":
    main()
