"""The tables of a page as rows of cells: Markdown with pipes, HTML, and what was pasted without either."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from wireshape.pages import html_tables
from wireshape.pages.page_text import BlockForm, PageText, TableCell
from wireshape.pages.vocabulary import Vocabulary

_DELIMITER = re.compile(
    r"^[ \t>]*+\|?+[ \t]*+:?-{2,}+:?[ \t]*+(?:\|[ \t]*+:?-{2,}+:?[ \t]*+)++\|?[ \t]*+\r?$", re.MULTILINE
)
_CELL = re.compile(r"(?:\\.|`[^`\n]*`|[^|\\`]|`|\\)*")
_LINK = re.compile(r"!?\[([^\[\]\n]{0,500})\]\([^()\n]{0,1000}\)")
_MARKS = re.compile(
    r"<br\s*/?>|</?[a-z]\w*(?:\s[^<>\n]{0,200})?/?>|[*`\u200b]|\\(?=[_*\[\]{}<>#+.!|~$-])", re.IGNORECASE
)
_HAS_MARKUP = re.compile(r"[\[<*`\u200b\\]")
_BLANKS = re.compile(r"[\s\xa0]+")
_LINE = re.compile(r"[^\n]+")
_HEADING = re.compile(r"\s*#")
_MAX_ROWS = 5_000
"""Rows of a table that are read."""
_MIN_COLUMNS, _MAX_COLUMNS = 2, 50
_MAX_CELL_LINES = 60
"""Lines that a cell can go on for."""
_MAX_LINE = 20_000
"""Characters of a row that are read."""


@dataclass(frozen=True, slots=True)
class Cell:
    """The words of a cell without markup, and its offset in the text of the page."""

    words: str
    start: int


Row = tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class Grid:
    """A table as it stands on a page: the cells of its head, and those of each row below."""

    head: Row
    rows: tuple[Row, ...]


def read(page_text: PageText, vocabulary: Vocabulary) -> list[Grid]:
    """List the tables of a page in order."""
    text = page_text.text
    code = sorted((block.start, block.end) for block in page_text.code_blocks if block.form is not BlockForm.INDENTED)
    cells = [*page_text.table_cells, *(() if page_text.table_cells else html_tables.in_text(text, code))]
    found = [*_of_html(cells, text), *_of_pipes(page_text, vocabulary), *_Pasted(page_text, vocabulary).read()]
    return sorted(found, key=start)


def start(grid: Grid) -> int:
    """Give where a table begins in the text."""
    return grid.head[0].start


def plain(written: str) -> str:
    """Give the words of a cell or a sentence without markup, one blank between them."""
    if not _HAS_MARKUP.search(written):
        return " ".join(written.split())
    unlinked = _LINK.sub(lambda link: link[1], written)
    return _BLANKS.sub(" ", _MARKS.sub(lambda mark: " " if mark[0][:3].lower() == "<br" else "", unlinked)).strip()


def _of_html(cells: Iterable[TableCell], text: str) -> Iterator[Grid]:
    tables: dict[int, dict[int, list[TableCell]]] = {}
    for cell in cells:
        tables.setdefault(cell.table, {}).setdefault(cell.row, []).append(cell)
    for rows in tables.values():
        head, *others = _spread(list(rows.values()), text)
        if others:
            yield Grid(head, tuple(others[:_MAX_ROWS]))


def _spread(rows: Sequence[Sequence[TableCell]], text: str) -> Iterator[Row]:
    """Put each cell in its column; what several rows have in common says nothing of one of them, and is left empty."""
    below: dict[int, int] = {}
    for row in rows:
        cells: list[Cell] = []
        pending = list(row)
        while (pending or below.get(len(cells))) and len(cells) < _MAX_COLUMNS:
            if below.get(len(cells)):
                below[len(cells)] -= 1
                cells.append(Cell("", row[0].start))
                continue
            cell = pending.pop(0)
            inside = text[cell.start : cell.end]
            words = "" if cell.height > 1 else plain(inside)
            for _ in range(min(cell.width, _MAX_COLUMNS)):
                if cell.height > 1:
                    below[len(cells)] = cell.height - 1
                cells.append(Cell(words, cell.start + len(inside) - len(inside.lstrip())))
        yield tuple(cells)


def _of_pipes(page_text: PageText, vocabulary: Vocabulary) -> Iterator[Grid]:
    """Yield the tables of Markdown: the line before the one of dashes is the head, the lines behind it are rows."""
    text, done = page_text.text, 0
    code = sorted((block.start, block.end) for block in page_text.code_blocks)
    starts = [start for start, _ in code]
    for delimiter in _DELIMITER.finditer(text):
        block = bisect_right(starts, delimiter.start()) - 1
        head_end = delimiter.start() - 1
        head_start = text.rfind("\n", 0, max(head_end, 0)) + 1
        if head_start < done or (block >= 0 and delimiter.start() < code[block][1]):
            continue
        head = _cells(text[head_start:head_end], head_start) if head_end - head_start < _MAX_LINE else ()
        if len(head) < _MIN_COLUMNS or not any(vocabulary.tables.column(cell.words) for cell in head):
            continue
        written = text[head_start:head_end].strip(" \t\r>")
        closed = written.startswith("|") and written.endswith("|")
        rows, done = _pipe_rows(text, delimiter.end() + 1, len(head), closed=closed)
        if rows:
            yield Grid(head, rows)


def _pipe_rows(text: str, start: int, width: int, *, closed: bool) -> tuple[tuple[Row, ...], int]:
    """Read rows up to a line without a pipe; a line break that was written as such goes on with the last cell.

    In a table whose lines are closed by a pipe, a row that is not goes on over empty lines as well, with all its cells.
    """
    rows: list[Row] = []
    is_open, lines = False, 0
    for line in _LINE.finditer(text, start):
        is_apart = line.start() > start or not line[0].strip()
        lines = lines + 1 if is_open else 0
        if (is_apart and not is_open) or lines > _MAX_CELL_LINES or len(rows) >= _MAX_ROWS or len(line[0]) > _MAX_LINE:
            break
        cells = _cells(line[0], line.start())
        begins_row = line[0].lstrip(" \t>").startswith("|") if closed or is_open else "|" in line[0] and len(cells) > 1
        if begins_row:
            rows.append(_fitted(cells, width))
        elif rows and (is_open or len(rows[-1]) == width) and cells and not _HEADING.match(line[0]):
            last = rows[-1][-1]
            joined = Cell(f"{last.words} {cells[0].words}".strip(), last.start)
            rows[-1] = _fitted((*rows[-1][:-1], joined, *(cells[1:] if is_open else ())), width)
        else:
            break
        is_open = closed and not line[0].rstrip().endswith("|")
        start = line.end() + 1
    return tuple(rows), start


def _fitted(cells: Row, width: int) -> Row:
    """Join what stands behind the last column to it: a bar in a description is written in many ways."""
    if len(cells) <= width or not width:
        return cells
    last = " | ".join(cell.words for cell in cells[width - 1 :])
    return (*cells[: width - 1], Cell(last, cells[width - 1].start))


def _cells(line: str, offset: int) -> Row:
    """Cut a line at its bars, without those at its ends."""
    inside = line.strip(" \t\r>")
    offset += len(line) - len(line.lstrip(" \t\r>"))
    if inside.startswith("|"):
        inside, offset = inside[1:], offset + 1
    inside = inside[:-1] if inside.endswith("|") and not inside.endswith("\\|") else inside
    cells, at = [], 0
    while at <= len(inside):
        found = _CELL.match(inside, at)
        end = found.end() if found else at
        written = inside[at:end]
        cells.append(Cell(plain(written), offset + at + len(written) - len(written.lstrip())))
        at = end + 1
    return tuple(cells)


class _Pasted:
    """Tables without any marks: a line of column heads, and below it lines of a name, a type and yes or no."""

    def __init__(self, page_text: PageText, vocabulary: Vocabulary) -> None:
        self._page_text = page_text
        self._code = sorted((block.start, block.end) for block in page_text.code_blocks)
        self._head = vocabulary.tables.pasted_head
        self._row = vocabulary.tables.pasted_row

    def read(self) -> Iterator[Grid]:
        text = self._page_text.text
        for head in self._head.finditer(text):
            if self._is_code(head.start()):
                continue
            cells = tuple(Cell(head[name], head.start(name)) for name in ("name", "type", "mandatory"))
            rows = tuple(self._rows(text, head.end()))
            if rows:
                described = Cell((head["description"] or "description").strip(), head.end("mandatory"))
                yield Grid((*cells, described), rows)

    def _is_code(self, offset: int) -> bool:
        at = bisect_right(self._code, (offset, len(self._page_text.text) + 1)) - 1
        return at >= 0 and offset < self._code[at][1]

    def _rows(self, text: str, start: int) -> Iterator[Row]:
        for number, line in enumerate(_LINE.finditer(text, start)):
            row = self._row.match(line[0]) if len(line[0]) < _MAX_LINE else None
            if not row or number >= _MAX_ROWS:
                return
            names = ("name", "type", "mandatory", "description")
            yield tuple(Cell(plain(row[name]), line.start() + row.start(name)) for name in names)
