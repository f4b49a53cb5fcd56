"""Reads one answer per line; request frames of the WebSocket API among the lines name the endpoint of their answers."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from wireshape.errors import InputError
from wireshape.inputs import body, evidence, recorders, sources
from wireshape.inputs.content import BOM, NOT_JSON, Content
from wireshape.inputs.context import Context
from wireshape.inputs.frame_matcher import FrameMatcher, parsed
from wireshape.model import Item, Location, Problem, Skipped

_LINE = re.compile(rb"[^\n]*[^ \t\n\r\x0b\f][^\n]*")
SUFFIXES = frozenset({".ndjson", ".jsonl"})


def recognizes(content: Content) -> bool:
    """Take text of several lines whose first is a JSON object of its own; in what is said to be JSON, every line is."""
    first, _, rest = content.raw.removeprefix(BOM).strip().partition(b"\n")
    if not rest or not isinstance(parsed(first), dict) or content.document is not NOT_JSON:
        return False
    return content.other_text or all(isinstance(parsed(line[0]), dict) for line in _LINE.finditer(rest))


def read(content: Content, context: Context) -> Iterator[Item]:
    """Yield an interaction per line; a line that cannot be read is a finding of its own."""
    if content.document is not NOT_JSON and parsed(content.raw.removeprefix(BOM).lstrip().partition(b"\n")[0]) is None:
        raise InputError("this is one JSON document over several lines, not one in each; name it .json")
    matcher = FrameMatcher(lambda method: context.asked(method, None))
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
        asked = matcher.endpoints_of(frame) if frames else ()
        unasked = asked is None and evidence.has_fields(frame, context.catalog)
        if frames and not asked and not unasked:
            yield Skipped(location=Location(file=context.file, line=number))
            continue
        of_line = Content(raw=line, suffix="", line=number, packed=content.packed)
        for item in _items(of_line, context.among(asked) if asked else context, framed=frames):
            yield replace(item, location=replace(item.location, line=number)) if isinstance(item, Problem) else item


def _items(content: Content, context: Context, *, framed: bool) -> Iterator[Item]:
    """Yield what one line holds: an answer, or one in a wrapper."""
    if framed and context.endpoint:
        yield body.interaction(content.raw, context, content.line, source=sources.whole(content))
    elif framed or content.document is NOT_JSON:
        yield body.interaction(
            content.raw, context, content.line, value=content.document, source=sources.whole(content)
        )
    elif row := recorders.wrapper_of(content.document, context):
        yield from recorders.entries(row, content.document, content, context)
    else:
        source = sources.whole(content)
        yield body.interaction(content.raw, context, content.line, value=content.document, source=source)
