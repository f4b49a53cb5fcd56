"""Tells which tables of a section are about which of its examples, by the headings that they stand below."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence

from wireshape.audit.examples import AuditedExample
from wireshape.pages.page_text import Heading
from wireshape.pages.statements import TableKind, TableRow


class TableReach:
    """The tables of the section that some examples stand in."""

    def __init__(self, section: Sequence[AuditedExample]) -> None:
        self._headings = section[0].page.text.headings
        self._heading_starts = [heading.start for heading in self._headings]
        self._examples = sorted(each.page_example.example.start for each in section)

    def rows(self, each: AuditedExample, kind: TableKind) -> tuple[TableRow, ...]:
        """Give the rows of the tables of a kind that can be about an example."""
        rows = each.section.statements.of_kind(kind)
        start = each.page_example.example.start
        apart = {table for table in {row.table for row in rows} if self._are_apart(table, start)}
        return tuple(row for row in rows if row.table not in apart)

    def _are_apart(self, table: int, example: int) -> bool:
        """Tell whether a table stands below a heading that has examples of its own, and not this one."""
        heading = self._outermost_without(table, example)
        if heading is None:
            return False
        return bisect_left(self._examples, heading.start) < bisect_left(self._examples, heading.end)

    def _outermost_without(self, table: int, example: int) -> Heading | None:
        """Give the outermost heading above a table that is none above an example."""
        index = bisect_right(self._heading_starts, table) - 1
        above = self._headings[index] if index >= 0 else None
        found = None
        while above and not above.start <= example < above.end:
            found = above if above.end > table else found
            above = None if above.parent is None else self._headings[above.parent]
        return found
