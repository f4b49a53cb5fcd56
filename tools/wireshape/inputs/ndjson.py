"""Reads one answer per line; request frames of the WebSocket API among the lines name the endpoint of their answers."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from wireshape.inputs import body
from wireshape.inputs.content import BOM, Content
from wireshape.inputs.context import Context
from wireshape.inputs.frame_matcher import FrameMatcher, parsed
from wireshape.model import Item, Location, Problem, Skipped

_LINE = re.compile(rb"[^\n]*[^ \t\n\r\x0b\f][^\n]*")
SUFFIXES = frozenset({".ndjson", ".jsonl"})


def recognizes(content: Content) -> bool:
    """Take text of several lines whose first is a JSON object of its own."""
    first, _, rest = content.raw.removeprefix(BOM).strip().partition(b"\n")
    return bool(rest) and isinstance(parsed(first), dict) and content.other_text


def read(content: Content, context: Context) -> Iterator[Item]:
    """Yield an interaction per line; a line that cannot be read is a finding of its own."""
    matcher = FrameMatcher(lambda method: context.find(method, None))
    frames = False
    number = 1
    done = 0
    for match in _LINE.finditer(content.raw):
        number += content.raw.count(b"\n", done, match.start())
        done = match.start()
        line = match[0]
        frame = parsed(line) if frames or b'"method"' in line else None
        if matcher.request(frame):
            frames = True
            continue
        endpoint = matcher.endpoint_of(frame) if frames else context.endpoint
        if frames and endpoint is None:
            yield Skipped(location=Location(file=context.file, line=number))
            continue
        item = body.interaction(line, replace(context, endpoint=endpoint), number)
        if isinstance(item, Problem):
            item = replace(item, location=replace(item.location, line=number))
        yield item
