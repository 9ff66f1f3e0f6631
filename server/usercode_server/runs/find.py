"""Finding a run by its id or the beginning of it."""

from __future__ import annotations

from usercode_sdk.errors import DagsterRunNotFoundError
from usercode_server.errors import InvalidRequestError
from usercode_server.storage.base import RunRecord, Store

_SHOWN = 5


class AmbiguousRunError(InvalidRequestError):
    """Several runs have ids that begin in this way."""

    def __init__(self, prefix: str, run_ids: list[str]) -> None:
        shown = ", ".join(run_ids[:_SHOWN]) + (", ..." if len(run_ids) > _SHOWN else "")
        super().__init__(f"Several runs have ids that begin with {prefix!r}: {shown}. Give more of the id.")


def find_run(store: Store, id_or_prefix: str) -> RunRecord:
    """The run of this id, or the only one whose id begins so.

    Raises DagsterRunNotFoundError and AmbiguousRunError.
    """
    record = store.get_run(id_or_prefix)
    if record is not None:
        return record
    run_ids = store.find_run_ids(id_or_prefix, _SHOWN + 1) if id_or_prefix else []
    if len(run_ids) > 1:
        raise AmbiguousRunError(id_or_prefix, run_ids)
    record = store.get_run(run_ids[0]) if run_ids else None
    if record is None:
        raise DagsterRunNotFoundError(id_or_prefix)
    return record
