"""The text of a page in the order in which it is read, with its headings and code blocks."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from wireshape.jsontext.source_map import SourceMap


@dataclass(frozen=True, kw_only=True, slots=True)
class Heading:
    """A heading with all that is below it; parent is the index of the heading it is below itself."""

    start: int
    end: int
    parent: int | None


@dataclass(frozen=True, kw_only=True, slots=True)
class HeadingStart:
    """Where a heading begins, and its level, 1 for the highest."""

    offset: int
    level: int


class BlockForm(StrEnum):
    """How a page sets code apart from text; pasted is text that is not set apart."""

    FENCED = "fenced"
    INDENTED = "indented"
    HTML = "html"
    PASTED = "pasted"


@dataclass(frozen=True, kw_only=True, slots=True)
class CodeBlock:
    """The inside of a code block: its form, the language that it names in lower case, and whether its fence closes.

    escaped is where its quotes are written as HTML has them and shown like that, None where they are quotes.
    """

    start: int
    end: int
    form: BlockForm
    language: str = ""
    closed: bool = True
    escaped: int | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class TableCell:
    """A cell of a table of HTML: the number of its table and of its row on the page, and where its text stands.

    height and width are the rows and columns that it takes.
    """

    table: int
    row: int
    start: int
    end: int
    height: int = 1
    width: int = 1


@dataclass(slots=True)
class PageText:
    """The text of a page, without markup where that is HTML; all offsets are those in this text."""

    text: str = ""
    source_map: SourceMap = field(default_factory=SourceMap)
    headings: list[Heading] = field(default_factory=list)
    code_blocks: list[CodeBlock] = field(default_factory=list)
    table_cells: list[TableCell] = field(default_factory=list)

    def blocks(self) -> Iterator[CodeBlock]:
        """Yield all of the page as blocks: code that is set apart, and the text between it as pasted."""
        done = 0
        for block in self.code_blocks:
            if block.form is not BlockForm.INDENTED:
                yield CodeBlock(start=done, end=block.start, form=BlockForm.PASTED)
                yield block
                done = block.end
        yield CodeBlock(start=done, end=len(self.text), form=BlockForm.PASTED)

    def indented_blocks(self, start: int, end: int) -> list[CodeBlock]:
        """List the indented code between two offsets; pasted text can be indented by chance, so it is part of it."""
        first, last = (bisect_left(self.code_blocks, offset, key=lambda block: block.start) for offset in (start, end))
        return [block for block in self.code_blocks[first:last] if block.form is BlockForm.INDENTED]

    def indented_block(self, offset: int) -> CodeBlock | None:
        """Give the indented code that holds an offset."""
        number = bisect_right(self.code_blocks, offset, key=lambda block: block.start)
        block = self.code_blocks[number - 1] if number else None
        return block if block and block.form is BlockForm.INDENTED and offset < block.end else None

    def finish(self, headings: Sequence[HeadingStart]) -> None:
        """Join the pieces of the text, and let each heading reach to the next one of its level or above."""
        self.text = "".join(self.source_map.pieces)
        ends = [len(self.text)] * len(headings)
        parents: list[int | None] = []
        ancestors: list[int] = []
        for index, heading in enumerate(headings):
            while ancestors and headings[ancestors[-1]].level >= heading.level:
                ends[ancestors.pop()] = heading.offset
            parents.append(ancestors[-1] if ancestors else None)
            ancestors.append(index)
        self.headings = [
            Heading(start=heading.offset, end=end, parent=parent)
            for heading, end, parent in zip(headings, ends, parents, strict=True)
        ]
