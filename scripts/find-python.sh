#!/bin/sh
# Prints the path of the newest Python on PATH that can make our environment; PYTHON=... overrides the search.
set -eu

suitable='import sys, venv, ensurepip; assert sys.version_info >= (3, 11); print(sys.executable)'

for name in ${PYTHON:-python3.13 python3.12 python3.11 python3}; do
    if path=$("$name" -c "$suitable" 2>/dev/null); then
        echo "$path"
        exit 0
    fi
done

echo "No Python 3.11 or newer with venv and pip found (looked for: ${PYTHON:-python3.13 python3.12 python3.11 python3})." >&2
echo "Install one (on Debian: apt-get install python3 python3-venv), or name it: make PYTHON=/path/to/python3 setup" >&2
exit 1
