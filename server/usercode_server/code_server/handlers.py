"""How calls reach the service: raw bytes in, raw bytes out, every failure a status from the one table."""

from __future__ import annotations

import logging
from collections.abc import Callable
from threading import Lock
from typing import TypeAlias

import grpc
from google.protobuf.message import DecodeError, Message

from usercode_api.v1 import code_server_service_pb2 as pb
from usercode_server.code_server.service import CodeServerService, method_name
from usercode_server.code_server.watching import WatchStreams
from usercode_server.errors import InvalidRequestError, UserCodeError, status_name

logger = logging.getLogger(__name__)

SERVICE_NAME = pb.DESCRIPTOR.services_by_name["CodeServerService"].full_name

Method: TypeAlias = Callable[[bytes, grpc.ServicerContext], bytes]
_LONGEST_DETAILS = 1_000


class CallCounter:
    """How many calls are being answered right now."""

    def __init__(self) -> None:
        self._lock = Lock()
        self.count = 0

    def __enter__(self) -> None:
        with self._lock:
            self.count += 1

    def __exit__(self, *_: object) -> None:
        with self._lock:
            self.count -= 1


def service_handler(service: CodeServerService, streams: WatchStreams, calls: CallCounter) -> grpc.GenericRpcHandler:
    """The handler of all methods of the service."""
    handlers: dict[str, grpc.RpcMethodHandler[bytes, bytes]] = {
        name: grpc.unary_unary_rpc_method_handler(_method(name, service, calls))
        for name, method in pb.DESCRIPTOR.services_by_name["CodeServerService"].methods_by_name.items()
        if not method.server_streaming
    }
    handlers["WatchServerInfo"] = grpc.unary_stream_rpc_method_handler(_watch(streams))
    return grpc.method_handlers_generic_handler(SERVICE_NAME, handlers)


def _method(name: str, service: CodeServerService, calls: CallCounter) -> Method:
    request_class: type[Message] = getattr(pb, f"{name}Request")
    answer = getattr(service, method_name(name))

    def method(request_bytes: bytes, context: grpc.ServicerContext) -> bytes:
        with calls:
            try:
                reply: bytes = answer(request_class.FromString(request_bytes), context)
                return reply
            except UserCodeError as error:
                _abort(context, error)
            except DecodeError:
                _abort(context, InvalidRequestError(f"The request is no {name}Request."))
            except Exception:
                logger.exception("%s failed", name)
                context.abort(grpc.StatusCode.INTERNAL, "The server failed; its log has more.")
        raise AssertionError("abort raises")

    return method


def _watch(streams: WatchStreams) -> Callable[..., None]:
    def watch(request_bytes: bytes, context: grpc.ServicerContext, send: Callable[[bytes | None], None]) -> None:
        try:
            pb.WatchServerInfoRequest.FromString(request_bytes)
            streams.open(context, send)
        except UserCodeError as error:
            _abort(context, error)
        except DecodeError:
            _abort(context, InvalidRequestError("The request is no WatchServerInfoRequest."))

    # By this attribute gRPC's server (and its own health service) knows a stream that is answered by callback.
    watch.experimental_non_blocking = True  # type: ignore[attr-defined]  # functions take attributes
    return watch


def _abort(context: grpc.ServicerContext, error: UserCodeError) -> None:
    message = str(error)
    if len(message) > _LONGEST_DETAILS:
        message = f"{message[:_LONGEST_DETAILS]}... (cut)"
    context.abort(grpc.StatusCode[status_name(error)], message)
