"""Brackets of an example: the container that each closes, and where one that is missing should be."""

from __future__ import annotations

import re
from abc import ABC
from enum import StrEnum

from wireshape.lenientjson import defects, indentation, nesting, tokens
from wireshape.lenientjson.comments import COMMENT_OPENINGS, CommentReader
from wireshape.lenientjson.containers import CLOSING_BRACKETS, Container
from wireshape.lenientjson.defects import DefectRule, Repair, Unrepairable
from wireshape.model import InstancePath

_MAX_LINE = 400
"""Characters behind a bracket in which its line ends, where it opens a container over several lines."""
_MORE_MEMBERS = re.compile(r',\s*["“]|"[\w.$ -]{1,64}"[ \t]*:')
_END_OF_ITEM = re.compile(r"[ \t]*(?:$|[,}\]\r]|//|/\*|\#)", re.MULTILINE)
_MORE_ROWS = re.compile(r",\s*[{\[]")
"""What follows a bracket that closed an example too early."""


class Evidence(StrEnum):
    """What tells which container a closing bracket of another kind belongs to.

    The tokens behind it, the indentation of its line, or the bracket alone.
    """

    TOKENS = "tokens"
    INDENTATION = "indentation"
    BRACKETS = "brackets"


class BracketReader(CommentReader, ABC):
    """Reads brackets and commas.

    bracket_defects counts brackets that are missing, or close nothing, misplaced_tokens those that begin a line and are
    not indented as their container has it; unclosed_at is where the last container ended that was not closed.
    """

    def __init__(self, text: str, start: int, end: int, evidence: Evidence = Evidence.TOKENS) -> None:
        super().__init__(text, start, end)
        self.bracket_defects = 0
        self.misplaced_tokens = 0
        self.unclosed_at: int | None = None
        self._by_indentation = evidence is Evidence.INDENTATION
        self._by_brackets = evidence is Evidence.BRACKETS
        # Where the last token of a container that was not closed ends, by where the next token begins.
        self._ends: dict[int, int] = {}

    def bracket_defect(
        self, path: InstancePath, offset: int, detail: str, repair: Repair = Unrepairable.UNKNOWN
    ) -> None:
        """Collect the defect of a bracket that is missing, or that closes nothing."""
        self.bracket_defects += 1
        self.add_defect(DefectRule.UNCLOSED, path, offset, detail, repair)

    def stray_bracket(self, path: InstancePath, detail: str) -> None:
        """Collect the defect of the bracket at the cursor, which closes nothing."""
        self.bracket_defect(path, self.offset, detail, defects.removed(self.offset))

    def end_unclosed(self, container: Container) -> None:
        """End a container whose closing bracket is not there."""
        what = "object" if container.is_object else "array"
        implied = f"the {what} has no closing {container.closing}"
        detail = implied if container.implied else f"{container.opening} is never closed"
        last = container.start + (not container.implied) if container.item_end is None else container.item_end
        place = self._ends.get(last, last)
        self._ends[self.offset] = place
        self.bracket_defect(container.path, container.start, detail, defects.inserted_behind(place, container.closing))
        container.ended = True
        self.unclosed_at = self.offset

    def end_before_outer_item(self, container: Container) -> None:
        """End a container that an item of an outer one follows, to which a comma before this item belongs."""
        self.containers[-2].comma, container.comma = container.comma, None
        self.end_unclosed(container)

    def indent_of_opening(self, container: Container) -> int | None:
        """Give the indentation of the line that opens a container; None where an item is on this line too."""
        return indentation.of_line(self.text, container.start) if self.ends_line(self.offset) else None

    def ends_line(self, offset: int) -> bool:
        """Tell whether nothing but a comment stands behind an offset on its line."""
        stop = self.text.find("\n", offset, offset + _MAX_LINE)
        rest = self.text[offset:stop].strip() if stop >= 0 else "x"
        return not rest or rest.startswith(COMMENT_OPENINGS)

    def ended_by_indentation(self, container: Container) -> bool:
        """End a container before a token that its indentation gives to an outer one, and tell whether it did."""
        char = self.peek()
        closes = char in "}]"
        indent_of = indentation.of_bracket if closes and self._by_indentation else indentation.of_token
        if not char or char == "," or (indent := indent_of(self.text, self.offset)) is None:
            return False
        if closes and self._by_indentation and container.indent is not None and indent > container.indent:
            self.stray_bracket(container.path, f"{char} has no opening bracket")
            self.skip_punctuation(container.path)
            return True
        if self._by_indentation and self._is_of_outer(char, indent):
            self.end_before_outer_item(container)
            return True
        self.misplaced_tokens += nesting.is_misplaced(container, indent, closes=closes)
        if not closes and container.item_indent is None:
            container.item_indent = indent
        return False

    def _is_of_outer(self, char: str, indent: int) -> bool:
        inner = self.containers[-1]
        if len(self.containers) <= 1 or (inner.implied and self.offset == inner.start):
            return False
        if char in "}]":
            return nesting.ends_before_bracket(self.containers, char, indent)
        return nesting.ends_before_item(self.containers, indent, is_member=char not in CLOSING_BRACKETS)

    def skip_opening(self, path: InstancePath, opening: str) -> None:
        """Skip the bracket that opens a container, or another one in its place."""
        if (char := self.peek()) == opening:
            self.skip_punctuation(path)
            return
        detail = f"{char} instead of {opening}"
        self.bracket_defect(path, self.offset, detail, defects.replaced(self.offset, opening))
        self.offset += 1

    def missing_opening(self) -> str:
        """Give the bracket that is missing before a value on a line of its own that is indented further; else none."""
        container, indent = self.containers[-1], indentation.of_token(self.text, self.offset)
        if not self._by_indentation or not container.is_object or indent is None or container.item_indent is None:
            return ""
        if indent <= container.item_indent or self.peek() in {"", ",", "}", "]"}:
            return ""
        if tokens.NEXT_KEY.match(self.text, self.offset, self.end):
            return "{"
        if self.peek() not in CLOSING_BRACKETS:
            return "["
        # A bracket on a line of its own opens the value itself, unless a square one closes behind it.
        outside = indentation.first_outside(self.text, self.offset, self.end, container.item_indent)
        return "[" if outside == "]" else ""

    def opening(self) -> str:
        """Give the bracket that opens what is at the cursor: another one where its items and its end have that."""
        char = self.peek()
        if char == "(":
            return self._kind_of_items(self.offset + 1)
        other = self._kind_of_items(self.offset + 1) if self._by_indentation and self.ends_line(self.offset + 1) else ""
        if other in {"", char}:
            return char
        indent = indentation.of_line(self.text, self.offset)
        outside = indentation.first_outside(self.text, self.offset, self.end, indent)
        return other if outside == CLOSING_BRACKETS[other] else char

    def _kind_of_items(self, offset: int) -> str:
        """Give the bracket of what has items as the first behind an offset, empty where there is no item."""
        item = tokens.FIRST_ITEM.match(self.text, offset, self.end)
        return "" if not item else "{" if item["key"] else "["

    def skip_stray_brackets(self) -> None:
        """Skip closing brackets and commas behind the example, which nothing opened."""
        stop = self.whitespace_end(self.offset)
        while stop < self.end and (char := self.text[stop]) in "}],":
            rule = DefectRule.TRAILING_COMMA if char == "," else DefectRule.UNCLOSED
            self.bracket_defects += char != ","
            self.add_defect(rule, (), stop, f"{char} follows the end of the example", defects.removed(stop))
            self.offset = stop + 1
            stop = self.whitespace_end(self.offset)

    def require_comma(self, container: Container, before: InstancePath) -> None:
        """Add a defect where the comma between the item at the path before and the next one is missing."""
        end = container.item_end if container.comma is None else None
        if end is not None and not self._has_comma_in_quotes(container, before, end):
            self._add_missing_comma(before, end)
        container.comma = None

    def _has_comma_in_quotes(self, container: Container, before: InstancePath, end: int) -> bool:
        """Take a comma at the end of a string for the missing one behind it, and tell whether there is one."""
        is_item = before and before[:-1] == container.path and before in self.value_offsets
        if not is_item or not self.text.endswith(',"', self.value_offsets[before], end):
            return False
        step = before[-1]
        if not str(container.value[step])[1:].endswith(","):
            return False
        container.value[step] = container.value[step][:-1]
        detail = "the comma is inside of the quotes of the string"
        self.add_defect(DefectRule.MISSING_COMMA, before, end - 2, detail, defects.replaced(end - 2, '",', 2))
        return True

    def _add_missing_comma(self, path: InstancePath, item_end: int) -> None:
        """Add the defect of a comma that is missing; with a bracket that is missing, its comma is missing too."""
        if item_end != self.unclosed_at:
            self.add_defect(DefectRule.MISSING_COMMA, path, item_end, repair=defects.inserted_behind(item_end, ","))
        elif self.defects[-1].rule is DefectRule.UNCLOSED:
            self.add_repair(defects.inserted_behind(self._ends[item_end], ","))

    def read_comma(self, container: Container) -> None:
        """Read a comma between items, or one that has none before it."""
        if container.comma is None and container.item_end is not None:
            container.comma = self.offset
        elif not container.after_ellipsis:
            detail, repair = "the comma has no value before it", defects.removed(self.offset)
            self.add_defect(DefectRule.TRAILING_COMMA, container.path, self.offset, detail, repair)
        container.after_ellipsis = False
        self.skip_punctuation(container.path)

    def read_closing_bracket(self, container: Container, char: str) -> None:
        """Read a closing bracket, of whichever container it closes."""
        matches = char == container.closing
        if not matches and self._closes_outer(container, char):
            self.end_unclosed(container)
            return
        if not matches:
            self.stray_bracket(container.path, f"{char} has no opening bracket")
        elif len(self.containers) == 1 and self._more_items_follow(container):
            detail = f"{char} closes the example before its last {'member' if container.is_object else 'row'}"
            self.stray_bracket(container.path, detail)
        else:
            container.ended = True
            if container.comma is not None and not container.lacks_member_commented_after(container.comma):
                detail, repair = "the comma has no value after it", defects.removed(container.comma)
                self.add_defect(DefectRule.TRAILING_COMMA, container.path, container.comma, detail, repair)
        self.skip_punctuation(container.path)

    def read_round_bracket(self, container: Container) -> None:
        """Read a round bracket in the place of one that closes a container."""
        detail = f") instead of {container.closing}"
        repair = defects.replaced(self.offset, container.closing)
        self.bracket_defect(container.path, self.offset, detail, repair)
        self.offset += 1
        container.ended = True

    def ends_item(self) -> bool:
        """Tell whether nothing but a comma, a bracket or a comment stands behind the next character on its line."""
        return bool(_END_OF_ITEM.match(self.text, self.offset + 1, self.end))

    def _closes_outer(self, container: Container, char: str) -> bool:
        """Tell whether a bracket that does not match closes an outer container, and this one lacks its own."""
        stop = self.whitespace_end(self.offset + 1)
        follows = self.text[stop : min(stop + 1, self.end)]
        is_stray = follows == container.closing and not self._by_brackets
        return not is_stray and any(outer.closing == char for outer in self.containers[:-1])

    def _more_items_follow(self, container: Container) -> bool:
        pattern = _MORE_MEMBERS if container.is_object else _MORE_ROWS
        return bool(pattern.match(self.text, self.whitespace_end(self.offset + 1), self.end))

    def whitespace_end(self, start: int) -> int:
        """Give the offset behind the whitespace at an offset."""
        return tokens.whitespace_end(self.text, start, self.end)
