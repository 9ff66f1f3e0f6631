#!/bin/sh
# Runs every static check and fails if one of them did; needs the development environment first on PATH (make check).
set -u
failed=""

step() {
    echo "==> $*"
    "$@" || failed="$failed $1"
}

step ruff format --check .
step ruff check .
step mypy
step lint-imports
step python -m scripts.protos --check

if [ -n "$failed" ]; then
    echo "Failed:$failed" >&2
    exit 1
fi
