"""A JSON text decoded once: its value, and where things stand in it, worked out when somebody asks."""

from __future__ import annotations

import re
from collections.abc import Collection
from functools import cached_property
from typing import Any

from wireshape.jsontext import positions
from wireshape.jsontext.positions import Lines, Position
from wireshape.model import InstancePath

_NUMBER = re.compile(r"-?[0-9]+(?:\.[0-9]+)?(?:[eE][-+]?[0-9]+)?")


class Document:
    """A parsed body: `value`, whether it began with a byte order mark, and the keys that an object has again."""

    def __init__(
        self, raw: bytes, value: Any, *, has_bom: bool = False, duplicates: tuple[InstancePath, ...] = ()
    ) -> None:
        """Keep what a parser found; raw is the text without its byte order mark, in UTF-8."""
        self.value = value
        self.has_bom = has_bom
        self.duplicates = duplicates
        self._raw = raw
        self._offsets: dict[InstancePath, int] = {}

    def positions(self, wanted: Collection[InstancePath]) -> dict[InstancePath, Position]:
        """Give the position of the value at each path, or of the deepest part of the path that exists."""
        return {path: self._lines.position(offset) for path, offset in self.offsets(wanted).items()}

    def tokens(self, wanted: Collection[InstancePath]) -> dict[InstancePath, str]:
        """Give the numbers at paths as they are written: a parser turns integers past 64 bits into floats."""
        found = self.offsets(wanted)
        matches = {path: _NUMBER.match(self._text, found[path]) for path in wanted}
        return {path: match[0] for path, match in matches.items() if match}

    @cached_property
    def _text(self) -> str:
        return self._raw.decode()

    @cached_property
    def _lines(self) -> Lines:
        return Lines(self._text)

    def offsets(self, wanted: Collection[InstancePath]) -> dict[InstancePath, int]:
        """Give the offset of each, from the byte order mark on; the text is walked once for all paths that are new."""
        new = [path for path in wanted if path not in self._offsets]
        if new:
            self._offsets |= positions.offsets(self._text, new, repeated=bool(self.duplicates))
        return {path: self._offsets[path] for path in wanted}
