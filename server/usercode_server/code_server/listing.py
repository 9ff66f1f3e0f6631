"""What the child made ready to be served: encoded pipelines by repository, cut into pages by size."""

from __future__ import annotations

from base64 import urlsafe_b64decode, urlsafe_b64encode
from binascii import Error as Base64Error
from collections.abc import Callable, Iterable
from typing import NamedTuple

from usercode_server.errors import CodeChangedError, InvalidRequestError
from usercode_server.wire.fields import PART_SIZE, field

# The field of ListPipelinesResponse and of GetPipelineResponse that holds a pipeline: the same in both, so that
# one encoding serves in both.
PIPELINE_FIELD = 1
# `structure_omitted = true` of Pipeline, encoded.
_STRUCTURE_OMITTED = b"\x40\x01"


class ListedPipeline(NamedTuple):
    """A pipeline as encoded fields of the replies that it goes into."""

    name: str
    summary: bytes
    """The SUMMARY view in a list."""
    pages: list[bytes]
    """The FULL view, as the pages of its own reply."""
    full: bytes
    """The FULL view in a list; of a large pipeline, the SUMMARY view that says so."""

    @classmethod
    def of(cls, name: str, summary: bytes, parts: Iterable[bytes]) -> ListedPipeline:
        """The pipeline from its encodings in both views; the parts of the FULL one are a page each."""
        pages = [field(PIPELINE_FIELD, part) for part in parts]
        full = pages[0] if len(pages) == 1 else field(PIPELINE_FIELD, summary + _STRUCTURE_OMITTED)
        return cls(name, field(PIPELINE_FIELD, summary), pages, full)


class ListedRepository(NamedTuple):
    """A repository and its pipelines, by name and in the order of names."""

    name: str
    description: str
    pipelines: dict[str, ListedPipeline]


class Listing(NamedTuple):
    """Everything of one version of the code that is served without asking the child."""

    code_version: str
    repositories: dict[str, ListedRepository]

    @property
    def pipeline_count(self) -> int:
        """How many pipelines there are in all repositories."""
        return sum(len(repository.pipelines) for repository in self.repositories.values())


class PageToken(NamedTuple):
    """Where the next page begins. Clients get it as text that means nothing to them."""

    code_version: str
    scope: str
    """What is being listed: a token of one list is refused by another."""
    start: int

    def to_text(self) -> str:
        """The token as it is sent."""
        return urlsafe_b64encode("\n".join((self.code_version, self.scope, str(self.start))).encode()).decode()

    @classmethod
    def from_text(cls, text: str) -> PageToken:
        """The token that was sent; raises InvalidRequestError when it is none."""
        try:
            version, scope, start = urlsafe_b64decode(text.encode("ascii")).decode().split("\n")
            return cls(version, scope, int(start))
        except (Base64Error, ValueError):
            raise _not_ours() from None

    def check(self, code_version: str, scope: str) -> None:
        """Raise InvalidRequestError for a token of another list, and CodeChangedError for one of an older version."""
        if self.code_version != code_version:
            raise CodeChangedError("The code was reloaded since the first page. Start again from the first page.")
        if self.scope != scope:
            raise _not_ours()


def page_start(text: str, code_version: str, scope: str, length: int) -> int:
    """The place where the page of this token begins; 0 for an empty token.

    Raises InvalidRequestError for what is no token of this list, and CodeChangedError for one of an older version.
    """
    if not text:
        return 0
    token = PageToken.from_text(text)
    token.check(code_version, scope)
    if not 0 < token.start < length:
        raise _not_ours()
    return token.start


def page_end(sizes: Callable[[int], int], start: int, length: int, page_size: int) -> int:
    """Where the page that begins at ``start`` ends: at least one entry, at most ``page_size`` (0: any number)."""
    total, end = 0, start
    limit = min(length, start + page_size) if page_size else length
    while end < limit:
        total += sizes(end)
        if total > PART_SIZE and end > start:
            break
        end += 1
    return end


def _not_ours() -> InvalidRequestError:
    return InvalidRequestError("The page token is not one that this server gave for this request.")
