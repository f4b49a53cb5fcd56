"""A unified diff of files, as `git apply` and `patch -p1` read it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

CONTEXT = 3
"""Lines that are shown before and behind a change."""
_NO_LINE_BREAK = b"\n\\ No newline at end of file\n"
_ESCAPES = {0x07: "\\a", 0x08: "\\b", 0x09: "\\t", 0x0A: "\\n", 0x0B: "\\v", 0x0C: "\\f", 0x0D: "\\r", 0x22: '\\"',
            0x5C: "\\\\"}  # fmt: skip
_PRINTABLE = range(0x20, 0x7F)

MayShow = Callable[[bytes], bool]


class Row(NamedTuple):
    """The same lines of a file before and after; more than one only where their number changed."""

    before: bytes
    after: bytes


@dataclass(frozen=True, kw_only=True, slots=True)
class _Hunk:
    """Rows that are shown together, first and last with the context around what changed in them."""

    first: int
    last: int
    context: int


def rows(before: Sequence[str], after: Sequence[str], mark: str) -> list[Row]:
    """Give the rows of lines that correspond one by one; mark is what the file begins with, but neither has."""
    found: list[Row] = []
    old, new = mark, mark
    for was, now in zip(before, after, strict=True):
        old, new = old + was, new + now
        if old.endswith("\n") and new.endswith("\n"):
            found.append(Row(_encoded(old), _encoded(new)))
            old = new = ""
    return [*found, Row(_encoded(old), _encoded(new))] if old or new else found


def of_file(name: bytes, lines: Sequence[Row], may_show: MayShow) -> bytes:
    """Give the diff of a file; as little context as needed is left out where it may not be shown."""
    hunks = list(_hunks(lines, may_show))
    if not hunks:
        return b""
    heads = (b"--- " + _name(b"a/" + name), b"+++ " + _name(b"b/" + name))
    return b"".join(b"%s\n" % head for head in heads) + b"".join(_shown(lines, hunks))


def _hunks(lines: Sequence[Row], may_show: MayShow) -> Iterator[_Hunk]:
    """Yield the hunks; context of two that touch is one, and as long before as behind, as patch wants it."""
    open_hunk: _Hunk | None = None
    for number, row in enumerate(lines):
        if row.before == row.after:
            continue
        context = next(each for each in range(CONTEXT, -1, -1) if each <= 1 or may_show(_around(lines, number, each)))
        if open_hunk and number - context <= open_hunk.last + open_hunk.context + 1:
            context = min(context, open_hunk.context)
            open_hunk = _Hunk(first=open_hunk.first, last=number, context=context)
        else:
            if open_hunk:
                yield open_hunk
            open_hunk = _Hunk(first=number, last=number, context=context)
    if open_hunk:
        yield open_hunk


def _around(lines: Sequence[Row], number: int, context: int) -> bytes:
    shown = lines[max(number - context, 0) : number + context + 1]
    return b"".join(row.before for row in shown) + b"".join(row.after for row in shown)


def _shown(lines: Sequence[Row], hunks: Sequence[_Hunk]) -> Iterator[bytes]:
    """Yield hunk by hunk; their heads count the lines before and after from 1."""
    done = old_line = new_line = 0
    for hunk in hunks:
        start, stop = max(hunk.first - hunk.context, 0), hunk.last + hunk.context + 1
        for row in lines[done:start]:
            old_line, new_line = old_line + _count(row.before), new_line + _count(row.after)
        shown = lines[start:stop]
        old, new = sum(_count(row.before) for row in shown), sum(_count(row.after) for row in shown)
        yield b"@@ -%d,%d +%d,%d @@\n" % (old_line + bool(old), old, new_line + bool(new), new)
        for row in shown:
            yield from _row(row)
        done, old_line, new_line = start + len(shown), old_line + old, new_line + new


def _row(row: Row) -> Iterator[bytes]:
    if row.before == row.after:
        yield from _marked(b" ", row.before)
    else:
        yield from _marked(b"-", row.before)
        yield from _marked(b"+", row.after)


def _marked(mark: bytes, text: bytes) -> Iterator[bytes]:
    for line in _lines(text):
        yield mark + line.removesuffix(b"\n") + (b"\n" if line.endswith(b"\n") else _NO_LINE_BREAK)


def _lines(text: bytes) -> list[bytes]:
    *whole, rest = text.split(b"\n")
    return [line + b"\n" for line in whole] + ([rest] if rest else [])


def _count(text: bytes) -> int:
    return text.count(b"\n") + (not text.endswith(b"\n") and bool(text))


def _encoded(text: str) -> bytes:
    return text.encode("utf-8", "surrogatepass")


def _name(name: bytes) -> bytes:
    """Write a name as git does: in quotes where a byte has to be escaped, and with a tab behind one with a blank."""
    if all(byte in _PRINTABLE and byte not in _ESCAPES for byte in name):
        return name + (b"\t" if b" " in name else b"")
    escaped = "".join(_ESCAPES.get(byte) or (chr(byte) if byte in _PRINTABLE else f"\\{byte:03o}") for byte in name)
    return f'"{escaped}"'.encode()
