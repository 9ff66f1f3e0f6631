"""One of several clients: for each line ``PORT METHOD SECONDS [HEX]`` calls for that long, and prints how many calls.

Says ``ready`` first. Each client is a process, so that it is the server that is measured.
"""

from __future__ import annotations

import sys
import time

import grpc


def main() -> None:
    """Entry point."""
    print("ready", flush=True)
    for line in sys.stdin:
        port, method, seconds, *request = line.split()
        print(_count(int(port), method, float(seconds), bytes.fromhex("".join(request))), flush=True)


def _count(port: int, method: str, seconds: float, request: bytes) -> int:
    with grpc.insecure_channel(f"127.0.0.1:{port}") as channel:
        call: grpc.UnaryUnaryMultiCallable[bytes, bytes] = channel.unary_unary(method)
        call(request, wait_for_ready=True)
        count, end = 0, time.monotonic() + seconds
        while time.monotonic() < end:
            call(request)
            count += 1
        return count


if __name__ == "__main__":
    main()
