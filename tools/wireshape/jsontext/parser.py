"""Reads a body as strictly as the strictest parser a client may use, and says where something stands in it."""

from __future__ import annotations

import json
import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

import orjson

from wireshape.errors import WireshapeError
from wireshape.model import Path

MAX_DEPTH = 128
"""Levels of nesting read; RFC 8259 section 9 leaves the limit to the reader, real answers have five."""

NOTHING = object()
"""What stands in a place where a key is absent."""

_BOM = b"\xef\xbb\xbf"
_STARTS = {
    b"<": "this is markup (HTML or XML), not JSON",
    b"\x1f\x8b": "these are gzip bytes, not text",
}
_NUMBER = re.compile(r"-?[0-9]+(?:\.[0-9]+)?(?:[eE][-+]?[0-9]+)?")
_SPACE = re.compile(r"[ \t\r\n]*")


class BodyError(WireshapeError):
    """The bytes are no JSON a client could read; place is the line and column, from 1."""

    def __init__(self, reason: str, place: tuple[int, int] = (1, 1)) -> None:
        super().__init__(reason)
        self.place = place


@dataclass(frozen=True, kw_only=True, slots=True)
class Body:
    """A parsed body, whether it began with a byte order mark, and where an object holds a key again."""

    value: Any
    marked: bool
    duplicates: tuple[Path, ...]


def parse(body: bytes) -> Body:
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
    return Body(value=value, marked=len(text) < len(body), duplicates=duplicates)


def _explained(text: bytes, error: orjson.JSONDecodeError) -> BodyError:
    try:
        decoded = text.decode()
    except UnicodeDecodeError as bad:
        before = text[: bad.start].split(b"\n")
        return BodyError("this is not UTF-8 text", (len(before), len(before[-1].decode()) + 1))
    literal = re.search(r"-?(?:NaN|Infinity)", decoded[max(error.pos - 1, 0) : error.pos + 9])
    if literal:
        reason = f"{literal[0]} is no JSON value"
    elif error.msg == "depth limit exceeded":
        reason = f"nested deeper than {MAX_DEPTH} levels"
    elif error.msg == "no low surrogate in string":
        reason = "half of a surrogate pair in a string"
    else:
        reason = error.msg
    return BodyError(reason, (error.lineno, error.colno))


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


def _duplicates(text: bytes) -> Iterator[Path]:
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
        yield from _repeated(decoded, _skip(decoded, 0), (), json.JSONDecoder())


def _repeated(text: str, at: int, path: Path, decoder: json.JSONDecoder) -> Iterator[Path]:
    seen = set()
    for key, start in _children(text, at, decoder):
        if key in seen:
            yield (*path, key)
        seen.add(key)
        yield from _repeated(text, start, (*path, key), decoder)


def at(value: Any, path: Path) -> Any:
    """Give what stands at a path of a parsed value, None where nothing does."""
    for step in path:
        try:
            value = value[step]
        except (KeyError, IndexError, TypeError):
            return None
    return value


def column(value: Any, path: Path) -> Iterator[Any]:
    """Yield what stands at a path in every row: an index in the path stands for all of them."""
    for depth, step in enumerate(path):
        if isinstance(step, int):
            for row in value if isinstance(value, list) else ():
                yield from column(row, path[depth + 1 :])
            return
        if not isinstance(value, dict) or step not in value:
            return
        value = value[step]
    yield value


def places(value: Any, collapsed: str, at: Path = ()) -> Iterator[tuple[Path, Any]]:
    """Yield every place a collapsed path stands for, with NOTHING where an object that should hold it does not."""
    step, _, rest = (
        collapsed.partition(".") if not collapsed.startswith("[]") else ("[]", "", collapsed[2:].lstrip("."))
    )
    name, brackets, _ = step.partition("[]")
    if step == "[]":
        for index, row in enumerate(value) if isinstance(value, list) else ():
            yield from places(row, rest, (*at, index)) if rest else [((*at, index), row)]
    elif isinstance(value, dict):
        below = "[]" * step.count("[]") + (f".{rest}" if rest else "") if brackets else rest
        if name not in value:
            yield (*at, name), NOTHING
        elif below:
            yield from places(value[name], below.lstrip(".") if not brackets else below, (*at, name))
        else:
            yield (*at, name), value[name]


def locate(body: bytes, paths: Iterable[Path]) -> dict[Path, tuple[int, int]]:
    """Give line and column (from 1, in characters) of the value at each path, or of the deepest part that exists.

    The text is walked once, however many paths there are.
    """
    text = body.removeprefix(_BOM).decode()
    found: dict[Path, int] = {}
    _seek(text, _skip(text, 0), (), set(paths), found, json.JSONDecoder())
    breaks = [match.start() for match in re.finditer("\n", text)]
    placed = {}
    for path, start in found.items():
        line = bisect_left(breaks, start)
        placed[path] = (line + 1, start - (breaks[line - 1] if line else -1))
    return placed


def tokens(body: bytes, paths: Iterable[Path]) -> dict[Path, str]:
    """Give the numbers at paths as they are written."""
    text = body.removeprefix(_BOM).decode()
    found: dict[Path, int] = {}
    _seek(text, _skip(text, 0), (), set(paths), found, json.JSONDecoder())
    matches = {path: _NUMBER.match(text, start) for path, start in found.items()}
    return {path: match[0] for path, match in matches.items() if match}


def _seek(
    text: str, start: int, at: Path, wanted: set[Path], found: dict[Path, int], decoder: json.JSONDecoder
) -> None:
    """Note where the wanted paths at or below one value start; what is not there is where its parent is."""
    found.update(dict.fromkeys(wanted, start))
    below: dict[str | int, set[Path]] = {}
    for path in wanted:
        if len(path) > len(at):
            below.setdefault(path[len(at)], set()).add(path)
    for key, child in _children(text, start, decoder) if below else ():
        if key in below:
            _seek(text, child, (*at, key), below.pop(key), found, decoder)
            if not below:
                break


def _skip(text: str, at: int) -> int:
    match = _SPACE.match(text, at)
    return match.end() if match else at


def _children(text: str, at: int, decoder: json.JSONDecoder) -> Iterator[tuple[str | int, int]]:
    """Yield key or index and start of each child of the container at `at`; each is skipped at the C parser's speed."""
    opening = text[at]
    if opening not in "{[":
        return
    at = _skip(text, at + 1)
    index = 0
    while text[at] not in "}]":
        key: str | int = index
        if opening == "{":
            key, end = decoder.raw_decode(text, at)
            at = _skip(text, _skip(text, end) + 1)
        yield key, at
        _, end = decoder.raw_decode(text, at)
        at = _skip(text, end)
        if text[at] == ",":
            at = _skip(text, at + 1)
        index += 1
