"""Where values stand in a JSON text: line and column, and tokens as they are written."""

from __future__ import annotations

import json
import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator

from wireshape.model import InstancePath

_BOM = b"\xef\xbb\xbf"


_NUMBER = re.compile(r"-?[0-9]+(?:\.[0-9]+)?(?:[eE][-+]?[0-9]+)?")


_SPACE = re.compile(r"[ \t\r\n]*")


def locate(body: bytes, paths: Iterable[InstancePath]) -> dict[InstancePath, tuple[int, int]]:
    """Give line and column (from 1, in characters) of the value at each path, or of the deepest part that exists.

    The text is walked once, however many paths there are.
    """
    text = body.removeprefix(_BOM).decode()
    found: dict[InstancePath, int] = {}
    _seek(text, _skip(text, 0), (), set(paths), found, json.JSONDecoder())
    breaks = [match.start() for match in re.finditer("\n", text)]
    placed = {}
    for path, start in found.items():
        line = bisect_left(breaks, start)
        placed[path] = (line + 1, start - (breaks[line - 1] if line else -1))
    return placed


def tokens(body: bytes, paths: Iterable[InstancePath]) -> dict[InstancePath, str]:
    """Give the numbers at paths as they are written."""
    text = body.removeprefix(_BOM).decode()
    found: dict[InstancePath, int] = {}
    _seek(text, _skip(text, 0), (), set(paths), found, json.JSONDecoder())
    matches = {path: _NUMBER.match(text, start) for path, start in found.items()}
    return {path: match[0] for path, match in matches.items() if match}


def _seek(
    text: str,
    start: int,
    at: InstancePath,
    wanted: set[InstancePath],
    found: dict[InstancePath, int],
    decoder: json.JSONDecoder,
) -> None:
    """Note where the wanted paths at or below one value start; what is not there is where its parent is."""
    found.update(dict.fromkeys(wanted, start))
    below: dict[str | int, set[InstancePath]] = {}
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
