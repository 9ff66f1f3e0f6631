"""What one validation carries along: the place it is at, how it treats sources, and the faults so far."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from itertools import islice
from typing import TypeAlias

from usercode_sdk.config import complaints
from usercode_sdk.config.config_types import ConfigType
from usercode_sdk.config.containers import Permissive, Selector, Shape
from usercode_sdk.config.faults import ConfigFault, nearest_name
from usercode_sdk.config.sample import sample_config

MAX_FAULTS = 1000
"""More faults than this are not reported: a file that is wrong as a whole must not cost memory at will."""

_COMPARISONS = 20_000
_LONGEST_NAME = 100

Place: TypeAlias = "tuple[Place, str | int] | None"
"""Where a value stands: the place of its parent and the key or index in it; None is where validation began.
Cheap to extend at every step, and turned into a path of names only for a fault."""


class Walk:
    """The state of one validation. The methods that tell a fault return the faulty value."""

    __slots__ = ("_base", "_comparisons", "faults", "resolve_sources")

    def __init__(self, base: tuple[str, ...], resolve_sources: bool) -> None:
        self._base = base
        self._comparisons = _COMPARISONS
        self.resolve_sources = resolve_sources
        self.faults: list[ConfigFault] = []

    def path(self, place: Place) -> tuple[str, ...]:
        """The names that lead to ``place``."""
        names: list[str] = []
        while place is not None:
            place, name = place
            names.append(name if isinstance(name, str) else f"[{name}]")
        return (*self._base, *reversed(names))

    def wrong(self, place: Place, value: object, config_type: ConfigType, nearest: str | None = None) -> object:
        """A value of another type."""
        if not self._full:
            self.faults.append(complaints.wrong_value(self.path(place), value, config_type.expected, nearest))
        return value

    def unprocessed(self, place: Place, value: object, config_type: ConfigType, problem: str) -> object:
        """A source whose variable can't be read."""
        if not self._full:
            path = self.path(place)
            self.faults.append(complaints.failed_processing(path, value, config_type.expected, problem))
        return value

    def undecided(self, place: Place, value: object, entries: Collection[object], config_type: Selector) -> object:
        """A selector with no entry, or with several."""
        if not self._full:
            path, sample = self.path(place), sample_config(config_type)
            self.faults.append(complaints.wrong_choice(path, value, entries, config_type.expected, sample))
        return value

    def missing(self, place: Place, name: str, entries: dict[object, object], config_type: Shape | Permissive) -> None:
        """A required entry that is not there."""
        if self._full:
            return
        fields = config_type.fields
        lacking = (other for other in fields if fields[other].is_required and other not in entries)
        several = len(list(islice(lacking, 2))) > 1
        wanted = fields[name].config_type
        sample = sample_config(wanted)
        self.faults.append(
            complaints.missing_entry(self.path(place), name, entries, wanted.expected, sample, several=several)
        )

    def unexpected(
        self, place: Place, name: object, value: object, config_type: Shape | Selector, *, several: bool
    ) -> None:
        """An entry that the type does not define."""
        if not self._full:
            path, fields = self.path(place), config_type.fields
            nearest = self.nearest(name, fields)
            self.faults.append(complaints.unexpected_entry(path, name, value, fields, nearest, several=several))

    def nearest(self, name: object, valid: Mapping[str, object]) -> str | None:
        """The valid name most like this one, within a bound on such work for one validation."""
        if not isinstance(name, str) or len(name) > _LONGEST_NAME or self._comparisons < len(valid):
            return None
        self._comparisons -= len(valid)
        return nearest_name(name, list(valid))

    @property
    def _full(self) -> bool:
        return len(self.faults) >= MAX_FAULTS
