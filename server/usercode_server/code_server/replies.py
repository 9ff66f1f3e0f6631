"""Replies of the author's code: the same question about the same definitions has the same answer."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Sequence
from hashlib import sha256
from threading import Lock

_MOST_BYTES = 8 * 1024 * 1024


class Replies:
    """The pages of evaluated replies, the latest used ones. Safe for several threads."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._pages: OrderedDict[str, Sequence[bytes]] = OrderedDict()
        self._size = 0

    def get(self, key: str) -> Sequence[bytes] | None:
        """The pages kept under this key, if they are still kept."""
        with self._lock:
            pages = self._pages.get(key)
            if pages is not None:
                self._pages.move_to_end(key)
            return pages

    def keep(self, key: str, pages: Sequence[bytes]) -> None:
        """Keep the pages, in place of those that were not used for the longest time."""
        with self._lock:
            self._size += _size(pages) - _size(self._pages.get(key, ()))
            self._pages[key] = pages
            self._pages.move_to_end(key)
            while self._size > _MOST_BYTES and len(self._pages) > 1:
                _, dropped = self._pages.popitem(last=False)
                self._size -= _size(dropped)


def reply_key(code_version: str, method: str, request: bytes) -> str:
    """A short name for a question: equal for equal questions about equal definitions."""
    return sha256(b"\n".join((code_version.encode(), method.encode(), request))).hexdigest()[:32]


def _size(pages: Sequence[bytes]) -> int:
    # With some allowance for what a small page takes besides its bytes.
    return sum(len(page) + 200 for page in pages)
