"""What an author's code yields, returns or raises to say what happened."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Generic, NamedTuple, TypeVar

from usercode_sdk.errors import DagsterError, DagsterInvalidDefinitionError, rebuilt
from usercode_sdk.metadata import EventMetadataEntry, metadata_entries

T = TypeVar("T")

DEFAULT_OUTPUT = "result"


class AssetKey(NamedTuple("AssetKey", [("path", tuple[str, ...])])):
    """The name of an asset: a path of one or more parts, given as a string or a list."""

    __slots__ = ()

    def __new__(cls, path: str | Sequence[str]) -> AssetKey:
        parts = (path,) if isinstance(path, str) else tuple(path) if isinstance(path, (list, tuple)) else ()
        if not parts or not all(isinstance(part, str) for part in parts):
            raise DagsterInvalidDefinitionError(f"An asset key is a string or a list of strings, not {path!r}.")
        return super().__new__(cls, parts)

    def to_string(self) -> str:
        """The parts joined by ``/``."""
        return "/".join(self.path)

    @classmethod
    def coerce(cls, key: AssetKey | str | Sequence[str]) -> AssetKey:
        """An AssetKey from any of the forms authors use."""
        return key if isinstance(key, AssetKey) else AssetKey(key)


class Output(Generic[T]):
    """A value of one output of a solid.

    ``metadata`` maps labels to values shown with the output's event.
    """

    __slots__ = ("metadata_entries", "output_name", "value")

    def __init__(
        self,
        value: T,
        output_name: str = DEFAULT_OUTPUT,
        metadata_entries: Sequence[EventMetadataEntry] | None = None,
        metadata: Mapping[str, object] | None = None,
    ) -> None:
        self.value = value
        self.output_name = output_name
        self.metadata_entries = _entries(metadata, metadata_entries, "Output")

    def __repr__(self) -> str:
        return f"Output({self.value!r}, {self.output_name!r})"

    def __eq__(self, other: object) -> bool:
        return (
            isinstance(other, Output)
            and self.output_name == other.output_name
            and self.metadata_entries == other.metadata_entries
            and bool(self.value == other.value)
        )

    __hash__ = None  # type: ignore[assignment]  # the value of an output need not be hashable


class AssetMaterialization:
    """Says that something outside was written: a table, a file, a model.

    ``asset_key`` may be a string, a list of strings or an :class:`AssetKey`.
    """

    __slots__ = ("asset_key", "description", "metadata_entries", "partition", "tags")

    def __init__(
        self,
        asset_key: AssetKey | str | Sequence[str],
        description: str | None = None,
        metadata_entries: Sequence[EventMetadataEntry] | None = None,
        partition: str | None = None,
        tags: Mapping[str, str] | None = None,
        metadata: Mapping[str, object] | None = None,
    ) -> None:
        self.asset_key = AssetKey.coerce(asset_key)
        self.description = description
        self.metadata_entries = _entries(metadata, metadata_entries, "AssetMaterialization")
        self.partition = partition
        self.tags = _string_tags(tags)

    @property
    def label(self) -> str:
        """The asset key as one string."""
        return self.asset_key.to_string()

    @staticmethod
    def file(
        path: str, description: str | None = None, asset_key: AssetKey | str | Sequence[str] | None = None
    ) -> AssetMaterialization:
        """The materialization of one file."""
        return AssetMaterialization(
            asset_key if asset_key is not None else path,
            description,
            [EventMetadataEntry.fspath(path)],
        )

    def __repr__(self) -> str:
        return f"AssetMaterialization({self.label!r})"


class ExpectationResult:
    """The result of a data check inside a solid; a failed one does not fail the step."""

    __slots__ = ("description", "label", "metadata_entries", "success")

    def __init__(
        self,
        success: bool,
        label: str | None = None,
        description: str | None = None,
        metadata_entries: Sequence[EventMetadataEntry] | None = None,
        metadata: Mapping[str, object] | None = None,
    ) -> None:
        self.success = bool(success)
        self.label = label or "result"
        self.description = description
        self.metadata_entries = _entries(metadata, metadata_entries, "ExpectationResult")

    def __repr__(self) -> str:
        return f"ExpectationResult({self.success}, {self.label!r})"


class TypeCheck:
    """The result of a type check function: whether the value fits, and why not."""

    __slots__ = ("description", "metadata_entries", "success")

    def __init__(
        self,
        success: bool,
        description: str | None = None,
        metadata_entries: Sequence[EventMetadataEntry] | None = None,
        metadata: Mapping[str, object] | None = None,
    ) -> None:
        self.success = bool(success)
        self.description = description
        self.metadata_entries = _entries(metadata, metadata_entries, "TypeCheck")


class Failure(Exception):
    """Raised by an author to fail the step on purpose, with a description and metadata; never retried."""

    def __init__(
        self,
        description: str | None = None,
        metadata_entries: Sequence[EventMetadataEntry] | None = None,
        metadata: Mapping[str, object] | None = None,
    ) -> None:
        self.description = description
        self.metadata_entries = _entries(metadata, metadata_entries, "Failure")
        super().__init__(description)


class RetryRequested(Exception):
    """Raised by an author to have the step tried again, ``max_retries`` times at most.

    ``seconds_to_wait`` delays the next attempt; without it the step is tried again at once.
    """

    def __init__(self, max_retries: int = 1, seconds_to_wait: float | None = None) -> None:
        if not isinstance(max_retries, int) or max_retries < 0:
            raise DagsterError(f"RetryRequested: max_retries is a whole number from 0, not {max_retries!r}.")
        self.max_retries = max_retries
        self.seconds_to_wait = seconds_to_wait
        super().__init__(f"Retry requested, at most {max_retries} time(s)")

    def __reduce__(self) -> tuple[object, ...]:
        return rebuilt, (type(self), self.args, self.__dict__)


def _string_tags(tags: Mapping[str, str] | None) -> dict[str, str]:
    for key, value in (tags or {}).items():
        if not isinstance(key, str) or not isinstance(value, str):
            raise DagsterInvalidDefinitionError(
                f"AssetMaterialization: its tags are strings, but {key!r} is {value!r}. Make both strings."
            )
    return dict(tags or {})


def _entries(
    metadata: Mapping[str, object] | None, entries: Sequence[EventMetadataEntry] | None, owner: str
) -> tuple[EventMetadataEntry, ...]:
    if not metadata and not entries:
        return ()
    return metadata_entries(metadata, entries, owner)
