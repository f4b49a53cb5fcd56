"""Reads a body as strictly as the strictest parser a client may use."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

import orjson

from wireshape.errors import WireshapeError
from wireshape.jsontext.document import Document
from wireshape.jsontext.positions import Position, repeated_keys
from wireshape.model import InstancePath

MAX_DEPTH = 128
"""Levels of nesting read; RFC 8259 section 9 leaves the limit to the reader, real answers have five."""

_BOM = b"\xef\xbb\xbf"
_STARTS = {
    b"<": "this is markup (HTML or XML), not JSON",
    b"\x1f\x8b": "these are gzip bytes, not text",
}


class BodyError(WireshapeError):
    """The bytes are no JSON a client could read; `position` is where."""

    def __init__(self, reason: str, position: Position | None = None) -> None:
        super().__init__(reason)
        self.position = position or Position(1, 1)


def parse(body: bytes) -> Document:
    """Parse a body; BodyError says in one line what is wrong, and where."""
    text = body.removeprefix(_BOM)
    for start, reason in _STARTS.items():
        if text.lstrip().startswith(start):
            raise BodyError(reason)
    if not text.strip():
        raise BodyError("the body is empty")
    try:
        value = orjson.loads(text)
    except orjson.JSONDecodeError as error:
        raise _explained(text, error) from None
    keys = _count_keys(value)
    # Every member has a colon: as many colons as keys leaves no room for a key that was dropped.
    duplicates = () if text.count(b":") == keys else tuple(_duplicates(text))
    return Document(text, value, has_bom=len(text) < len(body), duplicates=duplicates)


def _explained(text: bytes, error: orjson.JSONDecodeError) -> BodyError:
    try:
        decoded = text.decode()
    except UnicodeDecodeError as bad:
        before = text[: bad.start].split(b"\n")
        return BodyError("this is not UTF-8 text", Position(len(before), len(before[-1].decode()) + 1))
    literal = re.search(r"-?(?:NaN|Infinity)", decoded[max(error.pos - 1, 0) : error.pos + 9])
    if literal:
        reason = f"{literal[0]} is no JSON value"
    elif error.msg == "depth limit exceeded":
        reason = f"nested deeper than {MAX_DEPTH} levels"
    elif error.msg == "no low surrogate in string":
        reason = "half of a surrogate pair in a string"
    else:
        reason = error.msg
    return BodyError(reason, Position(error.lineno, error.colno))


def _count_keys(value: Any) -> int:
    """Count the keys of all objects, level by level; BodyError past MAX_DEPTH."""
    count = 0
    level = [value]
    for _ in range(MAX_DEPTH + 1):
        below: list[Any] = []
        for node in level:
            if type(node) is dict:
                count += len(node)
                below += [child for child in node.values() if type(child) is dict or type(child) is list]
            elif type(node) is list:
                below += [child for child in node if type(child) is dict or type(child) is list]
        if not below:
            return count
        level = below
    raise BodyError(f"nested deeper than {MAX_DEPTH} levels")


def _duplicates(text: bytes) -> Iterator[InstancePath]:
    """Yield the path of every key that is not the first of its name in its object."""
    repeated = False

    def keep(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        nonlocal repeated
        members = dict(pairs)
        repeated = repeated or len(members) < len(pairs)
        return members

    decoded = text.decode()
    json.loads(decoded, object_pairs_hook=keep)
    if repeated:  # only now is it worth walking the text for where
        yield from repeated_keys(decoded)
