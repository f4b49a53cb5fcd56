"""The text of a page in the order in which it is read, with its headings and code blocks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

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


@dataclass(frozen=True, kw_only=True, slots=True)
class CodeBlock:
    """The inside of a code block, and whether its fence closes."""

    start: int
    end: int
    closed: bool = True


@dataclass(slots=True)
class PageText:
    """The text of a page, without markup where that is HTML; all offsets are those in this text."""

    text: str = ""
    source_map: SourceMap = field(default_factory=SourceMap)
    headings: list[Heading] = field(default_factory=list)
    code_blocks: list[CodeBlock] = field(default_factory=list)

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
