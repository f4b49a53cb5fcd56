"""Finds the members of a tar file that have to be looked at by themselves: text in it is plain to see anyway.

The headers are walked here: before Python 3.13.6, tarfile never ends over a size that is negative.
"""

from __future__ import annotations

from collections.abc import Iterator

from wireshape.scan.layer import Layer, Span, shifted

MAX_MEMBERS = 1 << 16

_BLOCK_BYTES = 512
_MAGIC = slice(257, 262)
_SIZE = slice(124, 136)
_BINARY_SIZE = 0x80


def tar_files(data: bytes) -> Iterator[Layer]:
    """Yield the members that are not plain text, each at its place."""
    start = members = 0
    while (head := data[start : start + _BLOCK_BYTES])[_MAGIC] == b"ustar" and members < MAX_MEMBERS:
        members += 1
        size = _size(head[_SIZE])
        if size is None:
            yield Layer(data=b"", how="tar file", place=shifted(start), gap="damaged")
            return
        begin = start + _BLOCK_BYTES
        content = data[begin : begin + size]
        if not content.isascii() or b"\0" in content:
            span = Span(start=begin, end=begin + len(content))
            yield Layer(data=content, how="tar file", place=shifted(begin), span=span)
        if len(content) < size:
            yield Layer(data=b"", how="tar file", place=shifted(start), gap="damaged")
            return
        start = begin + -(-size // _BLOCK_BYTES) * _BLOCK_BYTES
    if members == MAX_MEMBERS:
        yield Layer(data=b"", how="tar file", place=shifted(start), gap=f"more than {MAX_MEMBERS} members")


def _size(field: bytes) -> int | None:
    """Read a size: octal digits, or binary where the first bit is set."""
    if field[0] & _BINARY_SIZE:
        return int.from_bytes(field[4:], "big")
    try:
        return int(field.strip(b" \0") or b"0", 8)
    except ValueError:
        return None
