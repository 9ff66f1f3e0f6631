"""Putting encoded messages together without decoding them.

Protobuf encodes a field of bytes, text or a message as a tag, a length and the content, and the
encoding of a whole message is that of its fields one behind the other. So a reply can be made of parts that were
encoded once, long before.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

PART_SIZE = 1_000_000
"""The most bytes in one part of a message that is too large for one reply; the stock limit is four times that."""


def varint(number: int) -> bytes:
    """An integer from 0 as protobuf writes it: seven bits a byte, the lowest first."""
    if number < 0x80:
        return bytes((number,))
    written = bytearray()
    while number >= 0x80:
        written.append(number & 0x7F | 0x80)
        number >>= 7
    written.append(number)
    return bytes(written)


# Looked up, because every solid of every pipeline comes by here several times.
_TAGS = [varint(number << 3 | 2) for number in range(64)]
_LENGTHS = [varint(length) for length in range(512)]


def field(number: int, content: bytes) -> bytes:
    """One field, as it stands in the encoding of its message. ``number`` is below 64."""
    length = len(content)
    return _TAGS[number] + (_LENGTHS[length] if length < 512 else varint(length)) + content


def text_field(number: int, content: str) -> bytes:
    """One field of text; nothing when it is empty."""
    return field(number, content.encode()) if content else b""


def parts(fields: Iterable[bytes]) -> Iterator[bytes]:
    """The encoded fields put together into parts of at most PART_SIZE; one field alone may be larger."""
    part: list[bytes] = []
    size = 0
    for each in fields:
        if part and size + len(each) > PART_SIZE:
            yield b"".join(part)
            part, size = [], 0
        part.append(each)
        size += len(each)
    yield b"".join(part)
