"""The floor: the least that a gRPC server in Python does, with the same wire library and the same threads.

It answers ``/floor.Floor/Small`` with a few bytes, and ``/floor.Floor/Reply`` with the recorded reply whose
number the request holds.
"""

from __future__ import annotations

import argparse
import signal
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import grpc

SMALL = "/floor.Floor/Small"
REPLY = "/floor.Floor/Reply"


def write_replies(path: Path, replies: list[bytes]) -> None:
    """Write what ``--replies`` reads: each reply behind its length."""
    path.write_bytes(b"".join(len(reply).to_bytes(4, "big") + reply for reply in replies))


def read_replies(path: Path) -> list[bytes]:
    """What write_replies wrote."""
    data, replies, position = path.read_bytes(), [], 0
    while position < len(data):
        end = position + 4 + int.from_bytes(data[position : position + 4], "big")
        replies.append(data[position + 4 : end])
        position = end
    return replies


def main() -> None:
    """Serve until SIGTERM."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--replies", type=Path)
    options = parser.parse_args()
    replies = read_replies(options.replies) if options.replies else []
    handlers: dict[str, grpc.RpcMethodHandler[bytes, bytes]] = {
        "Small": grpc.unary_unary_rpc_method_handler(lambda request, context: b"a few bytes"),
        "Reply": grpc.unary_unary_rpc_method_handler(lambda request, context: replies[int.from_bytes(request, "big")]),
    }
    server = grpc.server(ThreadPoolExecutor(16))
    server.add_generic_rpc_handlers((grpc.method_handlers_generic_handler("floor.Floor", handlers),))
    server.add_insecure_port(f"127.0.0.1:{options.port}")
    server.start()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    server.wait_for_termination()


if __name__ == "__main__":
    main()
