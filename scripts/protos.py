"""Regenerates `server/usercode_api` from `protos/`; with `--check` compares instead of writing.

The generator is the oldest one whose output we support, because generated code refuses an older runtime than
its generator's, and that runtime is our users'. It runs in an environment of its own: it pins protobuf.
"""

from __future__ import annotations

import argparse
import filecmp
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from scripts.environment import CACHE, ROOT, ensure

PROTOS = ROOT / "protos"
OUTPUT = ROOT / "server"
PACKAGE = "usercode_api"


def generate(into: Path) -> None:
    """Write the modules of every .proto below `into`, which gets a `usercode_api` package."""
    sources = sorted(str(path.relative_to(PROTOS)) for path in PROTOS.rglob("*.proto"))
    if not sources:
        raise SystemExit(f"No .proto file below {PROTOS}.")
    generator = ensure(CACHE / "protos", ["protos"], project=False)
    options = [f"--{kind}_out={into}" for kind in ("python", "pyi", "grpc_python")]
    command = [str(generator), "-m", "grpc_tools.protoc", f"-I{PROTOS}", *options, *sources]
    subprocess.run(command, check=True)
    for directory in {into / PACKAGE, *(into / source for source in _parents(sources))}:
        (directory / "__init__.py").touch()


def differences(fresh: Path, committed: Path) -> Iterator[str]:
    """One line for each file that is missing, left over, or not what the generator writes."""
    fresh_files, committed_files = _files(fresh), _files(committed)
    for name in sorted(fresh_files | committed_files):
        if name not in committed_files:
            yield f"{name} is missing"
        elif name not in fresh_files:
            yield f"{name} has no .proto any more"
        elif not filecmp.cmp(fresh / name, committed / name, shallow=False):
            yield f"{name} differs from what protos/ says"


def _parents(sources: list[str]) -> set[Path]:
    return {parent for source in sources for parent in Path(source).parents if parent != Path(".")}


def _files(directory: Path) -> set[str]:
    return {
        str(path.relative_to(directory))
        for path in directory.rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }


def main() -> None:
    """Entry point of `python -m scripts.protos`."""
    parser = argparse.ArgumentParser(description="Regenerate server/usercode_api from protos/.")
    parser.add_argument("--check", action="store_true", help="compare and write nothing")
    if not parser.parse_args().check:
        generate(OUTPUT)
        return
    with tempfile.TemporaryDirectory() as folder:
        generate(Path(folder))
        found = list(differences(Path(folder) / PACKAGE, OUTPUT / PACKAGE))
    if found:
        print(*found, "Run: make protos", sep="\n", file=sys.stderr)
        raise SystemExit(1)
    print("Generated code is up to date.")


if __name__ == "__main__":
    main()
