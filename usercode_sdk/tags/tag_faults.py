"""The faults of tags, collected and put into words.

``usercode_sdk.config.faults`` is imported with the first fault: most tags have none, and it costs as much as
everything else that a check reads.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from usercode_sdk.errors import DagsterInvalidConfigError
from usercode_sdk.tags.excerpt import excerpt, shortened

if TYPE_CHECKING:
    from usercode_sdk.config.faults import ConfigFault

MOST_FAULTS = 50
MOST_NAMES = 12
LONGEST_PATH_ENTRY = 64
LONGEST_COMPARED_NAME = 100

Path = tuple[str, ...]
Nearest = str | int | None


class TagFaults:
    """The first ``MOST_FAULTS`` faults of one definition's tags, and how many more there are."""

    __slots__ = ("_left_out", "found")

    def __init__(self) -> None:
        self.found: list[ConfigFault] = []
        self._left_out = 0

    def mismatch(self, path: Path, value: object, expected: str, nearest: Nearest = None) -> None:
        """A value is not of its type; ``nearest`` is one that the author may have meant."""
        said = f"{path_text(path)}: expected {expected}, got {excerpt(value)}.{_did_you_mean(nearest)}"
        shown = None if nearest is None else str(nearest)
        self._add("RUNTIME_TYPE_MISMATCH", path, value, expected, said, nearest=shown)

    def unknown(
        self, path: Path, value: object, owner: str, names: Iterable[str], nearest: str | None, hint: str = ""
    ) -> None:
        """The last entry of the path is not among the names that ``owner`` has."""
        expected = _one_of(list(names), owner)
        said = (
            f"{path_text(path)}: {owner} has no {excerpt(path[-1])} (its value here is {excerpt(value)}). "
            f"Expected {expected}.{_did_you_mean(nearest)}{hint}"
        )
        self._add("FIELD_NOT_DEFINED", path, value, expected, said, nearest=nearest, entry=path[-1])

    def misnamed(self, tag: str, value: object, names: list[str], nearest: str | None) -> None:
        """No tag has this name, which is too near to those that have a meaning to be the author's own."""
        expected = f"one of {', '.join(names)}"
        said = f"{excerpt(tag)} is no tag that is known. Expected {expected}.{_did_you_mean(nearest)}"
        self._add("FIELD_NOT_DEFINED", (tag,), value, expected, said, nearest=nearest, entry=tag)

    def repeated(self, path: Path, value: object, name: str) -> None:
        """A field is given under both of its spellings."""
        expected = f"{name} once"
        said = (
            f"{path_text(path)}: {name} is given twice, in two spellings; the second is {excerpt(value)}. "
            "Expected one of them: remove the other."
        )
        self._add("FIELD_NOT_DEFINED", path, value, expected, said, entry=path[-1])

    def missing(self, path: Path, value: object, owner: str, name: str, sample: object) -> None:
        """The object at the path lacks a required field."""
        expected = f"{owner} with a {name!r}"
        said = f"{path_text(path)}: expected {expected}, got {excerpt(value)}. Add {name!r}."
        self._add("MISSING_REQUIRED_FIELD", path, value, expected, said, sample=sample, entry=name)

    def raise_any(self, owner: str, tags: object) -> None:
        """Raise :class:`~usercode_sdk.errors.DagsterInvalidConfigError` when there is a fault."""
        if not self.found:
            return
        preamble = f"The tags of {owner} are not valid."
        if self._left_out:
            preamble += f" There are {self._left_out} more faults than those below."
        raise DagsterInvalidConfigError(preamble, self.found, tags)

    def _add(
        self,
        reason: str,
        path: Path,
        value: object,
        expected: str,
        message: str,
        *,
        nearest: str | None = None,
        sample: object = None,
        entry: str | None = None,
    ) -> None:
        from usercode_sdk.config.faults import ConfigFault

        if len(self.found) < MOST_FAULTS:
            self.found.append(ConfigFault(reason, path, value, expected, nearest, sample, message, entry))
        else:
            self._left_out += 1


def path_text(path: Path) -> str:
    """The path as ``dagster-k8s/config:container_config:env:[0]``."""
    return ":".join(shortened(entry, LONGEST_PATH_ENTRY) for entry in path)


def path_entry(key: object) -> str:
    """A key of an author's dict as an entry of a path."""
    return key if isinstance(key, str) else excerpt(key)


def nearest_of(name: str, valid: Iterable[str]) -> str | None:
    """The valid name most like this one; one that differs in upper and lower case only comes first."""
    if len(name) > LONGEST_COMPARED_NAME:
        return None
    from usercode_sdk.config.faults import nearest_name

    names = list(valid)
    folded = name.casefold()
    same = next((each for each in names if each.casefold() == folded), None)
    return same or nearest_name(name, names)


def _did_you_mean(nearest: Nearest) -> str:
    return "" if nearest is None else f" Did you mean {nearest!r}?"


def _one_of(names: list[str], owner: str) -> str:
    if len(names) > MOST_NAMES:
        return f"one of the {len(names)} names that {owner} has"
    return f"one of {', '.join(names)}" if names else "no field at all"
