"""Dagster's own client: says ``ready``, waits for a line, asks for the repositories, says ``answered``.

Run by an interpreter with Dagster, so it keeps to what Python 3.8 knows. The argument is the port.
"""

from __future__ import annotations

import sys
from importlib import import_module


def main() -> None:
    """Entry point."""
    client = import_module("dagster.grpc.client").DagsterGrpcClient(port=int(sys.argv[1]), host="127.0.0.1")
    print("ready", flush=True)
    sys.stdin.readline()
    # An object or its JSON, depending on the release.
    listing = str(client.list_repositories())
    if "ListRepositoriesResponse" not in listing:
        sys.exit(f"The listing is an error: {listing}")
    print("answered", flush=True)


if __name__ == "__main__":
    main()
