"""Reads requests of Bruno, `.bru` files: the responses saved with them as examples."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import chain

from wireshape.errors import InputError
from wireshape.inputs.content import Content
from wireshape.inputs.context import Context
from wireshape.inputs.sources import BodySource, FileText, Span
from wireshape.jsontext.source_map import Piece, SourceMap, aligned
from wireshape.model import Exit, Item, Location, Skipped

SUFFIXES = frozenset({".bru"})
MAX_DEPTH = 64
"""Levels of blocks that are read; a saved response has five."""
_EXAMPLE = "example"
_BLOCK = re.compile(r"([\w-]+(?::[\w-]+)*)\s*:?\s*\{")
_PAIR = re.compile(r"([\w-]+)\s*:\s*(.*)")
_FENCE = "'''"
_RUN = re.compile(r"\S+")


@dataclass(frozen=True, kw_only=True, slots=True)
class _Block:
    """A block of a file: its texts by name, its blocks by name, and its lines as they are.

    first is the number of its first line in the file, starts are those of its texts.
    """

    name: str
    first: int = 0
    texts: dict[str, str] = field(default_factory=dict)
    starts: dict[str, int] = field(default_factory=dict)
    blocks: list[_Block] = field(default_factory=list)
    lines: list[str] = field(default_factory=list)

    def block(self, name: str) -> _Block:
        """Give the block of a name, an empty one where there is none."""
        return next((each for each in self.blocks if each.name == name), _Block(name=name))


def recognizes(content: Content) -> bool:
    """Take text that begins with a block of a request."""
    return content.other_text and re.match(rb"\s*meta\s*\{\s", content.raw) is not None


def read(content: Content, context: Context) -> Iterator[Item]:
    """Yield an interaction per saved response."""
    try:
        lines = content.raw.decode().splitlines()
    except UnicodeDecodeError:
        raise InputError("not a request of Bruno: not UTF-8 text") from None
    examples = [each for each in _parsed(lines).blocks if each.name == _EXAMPLE]
    if not examples:
        raise InputError("this looks like a request of Bruno without saved responses", exit_code=Exit.NOTHING)
    file = FileText(content)
    for number, each in enumerate(examples, 1):
        yield _item(each, context, number, file)


def _parsed(lines: list[str]) -> _Block:
    """Read blocks by their brackets and indentation, texts between ''' as they are."""
    root = _Block(name="")
    open_blocks = [(root, -1)]
    at = 0
    while at < len(lines):
        line = lines[at]
        indent, text = len(line) - len(line.lstrip()), line.strip()
        block, opened_at = open_blocks[-1]
        at += 1
        if text in {"}", "]"} and indent <= opened_at:
            open_blocks.pop()
            continue
        for outer, _ in open_blocks:
            outer.lines.append(line)
        pair = _PAIR.fullmatch(text)
        if pair and pair[2] == _FENCE:
            inside = _fenced(lines, at)
            block.texts[pair[1]] = textwrap.dedent("\n".join(inside))
            block.starts[pair[1]] = at + 1
            at += len(inside) + 1
        elif opening := _BLOCK.fullmatch(text):
            inner = _Block(name=opening[1], first=at + 1)
            block.blocks.append(inner)
            open_blocks.append((inner, indent))
            if len(open_blocks) > MAX_DEPTH:
                raise InputError(f"blocks nested deeper than {MAX_DEPTH} levels", line=at)
        elif pair:
            block.texts[pair[1]] = pair[2]
    return root


def _fenced(lines: list[str], start: int) -> list[str]:
    end = next((n for n in range(start, len(lines)) if lines[n].strip() == _FENCE), len(lines))
    return lines[start:end]


def _item(example: _Block, context: Context, number: int, file: FileText) -> Item:
    request, response = example.block("request"), example.block("response")
    endpoint = context.find(request.texts.get("method", "get").upper(), request.texts.get("url", ""))
    if endpoint is None:
        return Skipped(location=Location(file=context.file, entry=number))
    kept = response.block("body")
    text = kept.texts.get("content") or _bracketed(kept.lines)
    if not text:
        return context.problem(InputError("the saved response has no body"), number)
    status = response.block("status").texts.get("code", response.texts.get("status", ""))
    return context.interaction(
        endpoint,
        text.encode("utf-8", "surrogatepass"),
        entry=number,
        status=int(status) if status.isdecimal() else None,
        source=BodySource(file, lambda file: _span(file, text, kept.starts.get("content", kept.first))),
    )


def _span(file: FileText, text: str, line: int) -> Span:
    """Find a body that is written from a line on, with other whitespace and maybe without the brackets around it."""
    start = sum(map(len, file.text.splitlines(keepends=True)[: line - 1]))
    begin = start + len(file.text[start:]) - len(file.text[start:].lstrip())
    added = [] if file.text.startswith(text[0], begin) else [Piece("{", begin, begin)]
    written = (Piece(each[0], each.start(), each.end()) for each in _RUN.finditer(file.text, begin))
    return Span(start=begin, said=aligned(text, chain(added, written)) or SourceMap())


def _bracketed(lines: list[str]) -> str:
    """Give a body that stands in a block without a name and quotes: its members, or the whole of it."""
    text = textwrap.dedent("\n".join(lines)).strip()
    return text if not text or text[0] in "{[" else "{" + text + "}"
