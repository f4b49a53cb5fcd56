"""What a section states beside its examples: parameters, fields, error codes, rate limits, and notes with a day."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from itertools import islice

from wireshape.pages import page_tables, vocabulary
from wireshape.pages.page_tables import Grid, Row
from wireshape.pages.page_text import PageText
from wireshape.pages.table_words import Column, TableWords
from wireshape.pages.vocabulary import Vocabulary

_FRONT_MATTER = re.compile(r"\A---[ \t]*\r?\n.*?\n---[ \t]*\r?$", re.DOTALL | re.MULTILINE)
_DAY = re.compile(
    r"(?<![\w/-])(20[0-9]{2})(?:-|/|\.|年\s?)([0-9]{1,2})(?:-|/|\.|月\s?)([0-9]{1,2})(?![0-9]|[-/.][0-9])"
)
_NAME = re.compile(r"[A-Za-z_$@][\w.$@\[\]-]{0,99}")
_MARKS = "[>\\u00bb\\u203a\\u2514\\u251c\\u2500\\u00b7\\u2022-]"
_INSIDE = re.compile(rf"^(?:&gt;|{_MARKS})(?:\s|{_MARKS})*")
"""What stands before the name of a field that is inside of another."""
_CODE = re.compile(r"-?[0-9]{1,6}")
_WORD = re.compile(r"[^\W_]+")
_SENTENCE = re.compile(r"[^\n]+")
_MAX_SENTENCE = 2_000
_BEGINNING = 20_000
"""Characters in which what stands before a page ends."""
_MAX_NOTES = 500
"""Notes of a section that are kept, and rate limits: each note is looked for in all of the other text."""
_HEADING_DISTANCE = 600
_MAX_HEADING = 60
"""Characters of a line that can be a heading, and of the text before a table among which its heading is."""


class TableKind(StrEnum):
    """What the rows of a table are."""

    PARAMETERS = "parameters"
    FIELDS = "fields"
    ERRORS = "errors"


@dataclass(frozen=True, kw_only=True, slots=True)
class TableRow:
    """A row of a table: what it is about, and what it says, in the words of the page; start is its offset in the text.

    type is the JSON type where the table names one; mandatory is None where the table does not say it plainly. place is
    the part of a request in which a parameter is sent, empty where the table does not name it. table is the offset of
    the table.
    """

    name: str
    start: int
    kind: TableKind
    table: int = 0
    written_type: str = ""
    type: str | None = None
    mandatory: bool | None = None
    place: str = ""
    description: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Statement:
    """A sentence of the text of a section, or what it says; start is its offset in the text."""

    words: str
    start: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Statements:
    """What a section states; words are all of it, without markup and examples, one blank between two."""

    rows: tuple[TableRow, ...] = ()
    limits: tuple[Statement, ...] = ()
    notes: tuple[Statement, ...] = ()
    words: str = ""

    def of_kind(self, kind: TableKind) -> tuple[TableRow, ...]:
        """Give the rows of the tables of a kind."""
        return tuple(row for row in self.rows if row.kind is kind)


@dataclass(frozen=True, kw_only=True, slots=True)
class Span:
    """Offsets in the text of a page."""

    start: int
    end: int


def read(
    page_text: PageText, grids: Sequence[Grid], words: Vocabulary, section: Span, examples: Sequence[Span]
) -> Statements:
    """Read what a section states; grids are the tables of the whole page, examples where those of the section stand."""
    first, last = (bisect_left(grids, offset, key=page_tables.start) for offset in (section.start, section.end))
    rows = [row for grid in grids[first:last] for row in _rows(grid, page_text.text, words, section.start)]
    sentences = list(_sentences(page_text.text, section, examples))
    limits = (
        Statement(words=words.tables.limit_of(found), start=sentence.start)
        for sentence in sentences
        for found in words.tables.limit.finditer(sentence.words)
    )
    return Statements(
        rows=tuple(rows),
        limits=tuple(islice(limits, _MAX_NOTES)),
        notes=tuple(islice((each for each in sentences if _is_note(each.words, words)), _MAX_NOTES)),
        words=" ".join(normal(each.words) for each in sentences),
    )


def normal(sentence: str) -> str:
    """Give the words and numbers of a sentence alone, in lower case, one blank between them."""
    return " ".join(_WORD.findall(page_tables.plain(sentence).lower()))


def day(sentence: str) -> date | None:
    """Give the first day that a sentence names."""
    for found in _DAY.finditer(sentence):
        try:
            return date(*map(int, found.groups()))
        except ValueError:
            continue
    return None


def _is_note(sentence: str, words: Vocabulary) -> bool:
    said = sentence.lower()
    return day(sentence) is not None and not any(phrase in said for phrase in words.own_times)


def _sentences(text: str, section: Span, examples: Sequence[Span]) -> Iterator[Statement]:
    """Yield the lines of a section outside of its examples and of what stands before the page."""
    matter = _FRONT_MATTER.match(text, 0, _BEGINNING)
    start = max(section.start, matter.end() if matter else 0)
    for example in (*examples, Span(start=section.end, end=section.end)):
        for line in _SENTENCE.finditer(text, start, max(start, example.start)):
            words = page_tables.plain(line[0][:_MAX_SENTENCE])
            if words:
                yield Statement(words=words, start=line.start() + len(line[0]) - len(line[0].lstrip(" \t>*-\u2022")))
        start = max(start, example.end)


def _rows(grid: Grid, text: str, words: Vocabulary, section_start: int) -> Iterator[TableRow]:
    columns = {column: at for at, cell in enumerate(grid.head) if (column := words.tables.column(cell.words))}
    kind = _kind(columns.keys(), lambda: _heading(text, grid.head[0].start, section_start, words))
    if kind:
        found = (_row(row, kind, columns, words.tables) for row in grid.rows)
        yield from (replace(each, table=page_tables.start(grid)) for each in found if each)


def _kind(columns: Collection[Column], heading: Callable[[], str | None]) -> TableKind | None:
    """Tell what the rows of a table are, by its columns and where these leave it open by its heading."""
    if Column.CODE in columns and {Column.NAME, Column.MESSAGE, Column.DESCRIPTION} & set(columns):
        return TableKind.ERRORS
    if Column.NAME not in columns or len(columns) == 1:
        return None
    named = heading()
    if Column.MANDATORY in columns:
        return TableKind.FIELDS if named == "response" else TableKind.PARAMETERS
    kinds = {"request": TableKind.PARAMETERS, "response": TableKind.FIELDS}
    return kinds.get(named or "") if Column.TYPE in columns else None


def _heading(text: str, offset: int, section_start: int, words: Vocabulary) -> str | None:
    lines = text[max(section_start, offset - _HEADING_DISTANCE) : offset].splitlines()
    short = [each for line in reversed(lines) if (each := page_tables.plain(line)) and len(each) <= _MAX_HEADING]
    return vocabulary.first_named(short, words.headings)


def _row(row: Row, kind: TableKind, columns: Mapping[Column, int], words: TableWords) -> TableRow | None:
    def cell(column: Column) -> str:
        at = columns.get(column)
        return row[at].words if at is not None and at < len(row) else ""

    first = columns[Column.CODE if kind is TableKind.ERRORS else Column.NAME]
    written = row[first].words if first < len(row) else ""
    name = written if kind is TableKind.ERRORS else _INSIDE.sub("", written)
    if not (_CODE if kind is TableKind.ERRORS else _NAME).fullmatch(name):
        return None
    said = (cell(column) for column in (Column.MESSAGE, Column.DESCRIPTION, Column.VALUES))
    described = [cell(Column.NAME) if kind is TableKind.ERRORS else "", *said]
    return TableRow(
        name=name,
        start=row[first].start,
        kind=kind,
        written_type=cell(Column.TYPE),
        type=words.json_type(cell(Column.TYPE)),
        mandatory=words.is_mandatory(cell(Column.MANDATORY)) if name == written else None,
        place=cell(Column.PLACE).lower(),
        description=" ".join(each for each in described if each),
    )
