"""The reflection service, imported when somebody asks for it: tools do, the platform does not."""

from __future__ import annotations

from typing import Any

import grpc

_NAME = "grpc.reflection.v1alpha.ServerReflection"


class LazyReflection(grpc.GenericRpcHandler):
    """Answers reflection calls for services of these names."""

    def __init__(self, service_names: tuple[str, ...]) -> None:
        self._service_names = (*service_names, _NAME)
        self._handler: grpc.GenericRpcHandler | None = None

    def service(self, handler_call_details: grpc.HandlerCallDetails) -> grpc.RpcMethodHandler[Any, Any] | None:
        if not handler_call_details.method.startswith(f"/{_NAME}/"):
            return None
        if self._handler is None:
            self._handler = self._make()
        return self._handler.service(handler_call_details)

    def _make(self) -> grpc.GenericRpcHandler:
        from grpc_reflection.v1alpha import reflection, reflection_pb2

        servicer = reflection.ReflectionServicer(self._service_names)
        method = grpc.stream_stream_rpc_method_handler(
            servicer.ServerReflectionInfo,
            request_deserializer=reflection_pb2.ServerReflectionRequest.FromString,
            response_serializer=reflection_pb2.ServerReflectionResponse.SerializeToString,
        )
        return grpc.method_handlers_generic_handler(_NAME, {"ServerReflectionInfo": method})
