"""Asks a server for its health, as a Kubernetes probe does."""

from __future__ import annotations

import grpc
from grpc_health.v1 import health_pb2

from usercode_server.code_server.address import Address

_CHECK = "/grpc.health.v1.Health/Check"


def serving_status(address: Address, timeout: float) -> str:
    """``SERVING``, ``NOT_SERVING``, or why there is no answer."""
    # A proxy set for other traffic must not come between a probe and its own machine.
    with grpc.insecure_channel(address.grpc_target, options=[("grpc.enable_http_proxy", 0)]) as channel:
        check = channel.unary_unary(
            _CHECK,
            request_serializer=health_pb2.HealthCheckRequest.SerializeToString,
            response_deserializer=health_pb2.HealthCheckResponse.FromString,
        )
        try:
            reply = check(health_pb2.HealthCheckRequest(), timeout=timeout)
        except grpc.RpcError as error:
            return f"no answer ({error.code().name}: {error.details()})"
        return str(health_pb2.HealthCheckResponse.ServingStatus.Name(reply.status))
