"""Reads a body as strictly as the strictest parser a client may use."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from typing import Any

import orjson

from wireshape.errors import WireshapeError
from wireshape.jsontext import size
from wireshape.jsontext.document import Document
from wireshape.jsontext.positions import Lines, Position
from wireshape.model import InstancePath

MAX_DEPTH = 128
"""Levels of nesting read; RFC 8259 section 9 leaves the limit to the reader, real answers have five."""

_BOM = b"\xef\xbb\xbf"
_STARTS = {
    b"<": "this is markup (HTML or XML), not JSON",
    b"\x1f\x8b": "these are gzip bytes, not text",
}


class BodyError(WireshapeError):
    """The bytes are no JSON a client could read; `position` is where, `offset` in characters behind any BOM."""

    def __init__(self, reason: str, position: Position | None = None, offset: int = 0) -> None:
        super().__init__(reason)
        self.position = position or Position(1, 1)
        self.offset = offset


def parse(body: bytes) -> Document:
    """Parse a body; BodyError says in one line what is wrong, and where."""
    text = body.removeprefix(_BOM)
    for start, reason in _STARTS.items():
        if text.lstrip().startswith(start):
            raise BodyError(reason)
    if not text.strip():
        raise BodyError("the body is empty")
    if too_many := size.excess(text):
        raise BodyError(f"{too_many}, the most that are read")
    try:
        value = orjson.loads(text)
    except orjson.JSONDecodeError as error:
        raise _explained(text, error) from None
    keys = _count_keys(value)
    # Every member has a colon: as many colons as keys leaves no room for a key that was dropped.
    try:
        duplicates = () if text.count(b":") == keys else tuple(_duplicates(text))
    except RecursionError:  # in a member that another of its name replaces
        raise BodyError(f"nested deeper than {MAX_DEPTH} levels") from None
    return Document(text, value, has_bom=len(text) < len(body), duplicates=duplicates)


def _explained(text: bytes, error: orjson.JSONDecodeError) -> BodyError:
    try:
        decoded = text.decode()
    except UnicodeDecodeError as bad:
        before = text[: bad.start].decode()
        return BodyError("this is not UTF-8 text", Lines(before).position(len(before)), len(before))
    literal = re.search(r"-?(?:NaN|Infinity)", decoded[max(error.pos - 1, 0) : error.pos + 9])
    if literal:
        reason = f"{literal[0]} is no JSON value"
    elif error.msg == "depth limit exceeded":
        reason = f"nested deeper than {MAX_DEPTH} levels"
    elif error.msg == "no low surrogate in string":
        reason = "half of a surrogate pair in a string"
    else:
        reason = error.msg
    return BodyError(reason, Position(error.lineno, error.colno), error.pos)


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


class _Repeated(list[tuple[str, Any]]):
    """The members of an object that has a key again, each as it stands."""


def _duplicates(text: bytes) -> Iterator[InstancePath]:
    """Yield the path of every key that is not the first of its name in its object."""
    repeated = False

    def keep(pairs: list[tuple[str, Any]]) -> dict[str, Any] | _Repeated:
        nonlocal repeated
        members = dict(pairs)
        if len(members) == len(pairs):
            return members
        repeated = True
        return _Repeated(pairs)

    value = json.loads(text.decode(), object_pairs_hook=keep, parse_int=str)
    if repeated:  # only now is it worth looking for where
        yield from _again(value, ())


def _again(value: Any, path: InstancePath) -> Iterator[InstancePath]:
    seen = set()
    for step, member in _steps(value):
        if isinstance(value, _Repeated) and step in seen:
            yield (*path, step)
        seen.add(step)
        if isinstance(member, dict | list):
            yield from _again(member, (*path, step))


def _steps(value: dict[str, Any] | list[Any]) -> Iterable[tuple[str | int, Any]]:
    if isinstance(value, dict):
        return value.items()
    return value if isinstance(value, _Repeated) else enumerate(value)
