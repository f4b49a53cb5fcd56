"""Finds values below a name: in columns of comma-separated text, whose first line has the names."""

from __future__ import annotations

import re
from collections.abc import Iterator

from wireshape.scan.detectors.plausible import is_drawn, looks_random
from wireshape.scan.detectors.values import Name, Value

MAX_ROWS = 1000
_MAX_LINE_BYTES = 2000
_SEPARATORS = b",;\t"
_HEADING = re.compile(rb"[\"']?[A-Za-z_][\w .-]{0,60}[\"']?")


def find(data: bytes, name: Name, *, random: bool) -> Iterator[Value]:
    """Yield the values in the column of a name, where its line has names alone; all, or those that look random."""
    start = data.rfind(b"\n", max(name.start - _MAX_LINE_BYTES, 0), name.start) + 1
    stop = data.find(b"\n", name.end, name.end + _MAX_LINE_BYTES)
    if stop < 0 or name.start - start > _MAX_LINE_BYTES:
        return
    line = data[start:stop].rstrip(b"\r")
    separator = next((line[at : at + 1] for at in range(len(line)) if line[at] in _SEPARATORS), b"")
    if not separator or not all(_HEADING.fullmatch(part.strip()) for part in line.split(separator)):
        return
    column, width = data.count(separator, start, name.start), line.count(separator) + 1
    for _ in range(MAX_ROWS):
        start, stop = stop + 1, data.find(b"\n", stop + 1, stop + 1 + _MAX_LINE_BYTES)
        fields = data[start : stop if stop >= 0 else start + _MAX_LINE_BYTES].split(separator)
        if len(fields) < width:
            return
        field = fields[column].strip(b" \r\"'")
        if looks_random(field) or is_drawn(field) or (field and not random):
            yield Value(start=data.index(field, start), text=field)
        if stop < 0:
            return
