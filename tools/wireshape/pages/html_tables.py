"""Keeps where the cells of tables stand while a page of HTML is read, or the HTML in a page of Markdown."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from wireshape.pages.page_text import TableCell

TAG = re.compile(r"<(?P<end>/?)(?P<name>table|tr|td|th)\b(?P<attributes>[^<>]{0,300})>", re.IGNORECASE)
_SPAN = re.compile(r"""\b(row|col)span\s*=\s*["']?\s*([0-9]{1,3})""", re.IGNORECASE)
_CELLS = {"td", "th"}
_ENDS_CELL = {"td", "th", "tr", "table"}


@dataclass(frozen=True, slots=True)
class _Open:
    """A cell that has not ended: where it begins, and the rows and columns that it takes."""

    start: int
    height: int
    width: int


class HtmlTables:
    """The tables of a page, numbered as they open; of one inside of another, the cells are those of a table apart."""

    def __init__(self) -> None:
        self.cells: list[TableCell] = []
        self._table = 0
        self._row = 0
        self._cell: _Open | None = None

    def open(self, tag: str, attributes: str, offset: int) -> None:
        """Take the start of an element; a cell that is not closed ends with the next."""
        if tag in _ENDS_CELL:
            self._end_cell(offset)
        if tag == "table":
            self._table += 1
        if tag in {"table", "tr"}:
            self._row += 1
        if tag in _CELLS:
            spans = {name.lower(): int(number) for name, number in _SPAN.findall(attributes)}
            self._cell = _Open(offset, max(spans.get("row", 1), 1), max(spans.get("col", 1), 1))

    def close(self, tag: str, offset: int) -> None:
        """Take the end of an element."""
        if tag in _ENDS_CELL:
            self._end_cell(offset)
        if tag == "table":
            self._table += 1

    def _end_cell(self, offset: int) -> None:
        if self._cell:
            self.cells.append(
                TableCell(
                    table=self._table,
                    row=self._row,
                    start=self._cell.start,
                    end=offset,
                    height=self._cell.height,
                    width=self._cell.width,
                )
            )
            self._cell = None


def in_text(text: str, code: list[tuple[int, int]]) -> Iterator[TableCell]:
    """Yield the cells of tables whose elements are part of a text; code has the places in which none are."""
    tables, at = HtmlTables(), 0
    for tag in TAG.finditer(text):
        while at < len(code) and code[at][1] <= tag.start():
            at += 1
        if at < len(code) and code[at][0] <= tag.start():
            continue
        if tag["end"]:
            tables.close(tag["name"].lower(), tag.start())
        else:
            tables.open(
                tag["name"].lower(), tag["attributes"], tag.end() if tag["name"].lower() in _CELLS else tag.start()
            )
    yield from tables.cells
