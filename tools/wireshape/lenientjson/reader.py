"""A recovering reader for examples that are nearly JSON: it reads what can be read, and says what is wrong and where.

Documentation pages show JSON with comments, lost commas, lost line breaks and worse. Any text is read; one of more
values or defects than an example can have is an InputError.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from wireshape.errors import InputError
from wireshape.lenientjson import tokens
from wireshape.lenientjson.comments import Comment, CommentReader
from wireshape.lenientjson.containers import CLOSING_BRACKETS, Container
from wireshape.lenientjson.defects import Defect, DefectRule
from wireshape.model import InstancePath

MAX_DEPTH = 64
"""Levels of nesting read; the deepest example of the exchange has five."""

MAX_VALUES = 100_000
"""Values of an example that are read; an answer of 700 symbols has twenty thousand."""

_MAX_ELLIPSIS = 40
_MORE_MEMBERS = re.compile(r',\s*["“]|"[\w.$ -]{1,64}"[ \t]*:')
"""What follows a bracket that closed an example too early."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Example:
    """What was read: the value with exact numbers, where the value of each path begins, its comments, and its defects.

    incomplete_paths are those of objects and arrays that the example shows in part; unexpected_tokens counts those
    that were skipped.
    """

    value: Any
    start: int
    end: int
    value_offsets: dict[InstancePath, int]
    comments: dict[InstancePath, tuple[Comment, ...]]
    defects: tuple[Defect, ...]
    incomplete_paths: frozenset[InstancePath]
    unexpected_tokens: int


def read(text: str, start: int = 0, end: int | None = None) -> Example | None:
    """Read the example that begins at or after start; None where nothing there opens one."""
    reader = _Reader(text, start, len(text) if end is None else end)
    return reader.read()


class _Reader(CommentReader):
    def __init__(self, text: str, start: int, end: int) -> None:
        super().__init__(text, start, end)
        self._incomplete_paths: set[InstancePath] = set()

    def read(self) -> Example | None:
        """Read one example and the stray brackets right behind it."""
        self.skip_whitespace_and_comments()
        implied = self._at_key()
        if not implied and self.peek() not in CLOSING_BRACKETS:
            return None
        start = self.offset
        value = self._container((), "{" if implied else self.peek(), implied=implied)
        self._skip_stray_brackets()
        return Example(
            value=value,
            start=start,
            end=self.offset,
            value_offsets=self.value_offsets,
            comments={path: tuple(comments) for path, comments in self.comments.items()},
            defects=tuple(sorted(self.defects, key=lambda defect: defect.offset)),
            incomplete_paths=frozenset(self._incomplete_paths),
            unexpected_tokens=self.unexpected_tokens,
        )

    def _skip_stray_brackets(self) -> None:
        """Skip closing brackets and commas behind the example, which nothing opened."""
        stop = self._whitespace_end(self.offset)
        while stop < self.end and self.text[stop] in "}],":
            rule = DefectRule.TRAILING_COMMA if self.text[stop] == "," else DefectRule.UNCLOSED
            self.add_defect(rule, (), stop, f"{self.text[stop]} follows the end of the example")
            self.offset = stop + 1
            stop = self._whitespace_end(self.offset)

    def _container(self, path: InstancePath, opening: str, *, implied: bool = False) -> Any:
        """Read an object or array up to its closing bracket, or to where it must have ended."""
        value: Any = {} if opening == "{" else []
        container = Container(path=path, opening=opening, start=self.offset, value=value, implied=implied)
        self.value_offsets[path] = self.offset
        self.current_path = path
        if len(self.containers) >= MAX_DEPTH:
            self.add_defect(
                DefectRule.UNCLOSED, path, self.offset, f"the example is nested deeper than {MAX_DEPTH} levels"
            )
            self.offset = self.end
            return value
        if implied:
            self.add_defect(DefectRule.UNCLOSED, path, self.offset, "the member is outside of any object")
        else:
            self.skip_punctuation(path)
        self.containers.append(container)
        while not container.ended:
            self.skip_whitespace_and_comments()
            self._item_or_punctuation(container)
        self.restore_commented_members(container)
        self.containers.pop()
        return value

    def _item_or_punctuation(self, container: Container) -> None:
        char = self.peek()
        if not char:
            self._end_unclosed(container)
            self._incomplete_paths.add(container.path)
        elif char in "}]":
            self._closing_bracket(container, char)
        elif char == ",":
            self._comma(container)
        elif ellipsis := tokens.ELLIPSIS.match(self.text, self.offset, self.end):
            detail = f"{ellipsis[0][:_MAX_ELLIPSIS]} stands for items that the example leaves out"
            self.add_defect(DefectRule.FOREIGN_LITERAL, container.path, self.offset, detail)
            self.offset = ellipsis.end()
            container.comma, container.item_end, container.after_ellipsis = None, None, True
            self._incomplete_paths.add(container.path)
        elif container.is_object:
            self._member(container)
        else:
            self._element(container)

    def _end_unclosed(self, container: Container) -> None:
        detail = "the object has no closing }" if container.implied else f"{container.opening} is never closed"
        self.add_defect(DefectRule.UNCLOSED, container.path, container.start, detail)
        container.ended = True

    def _comma(self, container: Container) -> None:
        if container.comma is None and container.item_end is not None:
            container.comma = self.offset
        elif not container.after_ellipsis:
            self.add_defect(DefectRule.TRAILING_COMMA, container.path, self.offset, "the comma has no value before it")
        container.after_ellipsis = False
        self.skip_punctuation(container.path)

    def _closing_bracket(self, container: Container, char: str) -> None:
        matches = char == container.closing
        if not matches and self._closes_outer(container, char):
            self._end_unclosed(container)
            return
        if not matches:
            self.add_defect(DefectRule.UNCLOSED, container.path, self.offset, f"{char} has no opening bracket")
        elif len(self.containers) == 1 and container.is_object and self._more_members_follow():
            detail = f"{char} closes the example before its last member"
            self.add_defect(DefectRule.UNCLOSED, container.path, self.offset, detail)
        else:
            container.ended = True
            if container.comma is not None and not container.lacks_member_commented_after(container.comma):
                detail = "the comma has no value after it"
                self.add_defect(DefectRule.TRAILING_COMMA, container.path, container.comma, detail)
        self.skip_punctuation(container.path)

    def _closes_outer(self, container: Container, char: str) -> bool:
        """Tell whether a bracket that does not match closes an outer container, and this one lacks its own."""
        stop = self._whitespace_end(self.offset + 1)
        follows = self.text[stop : min(stop + 1, self.end)]
        return follows != container.closing and any(outer.closing == char for outer in self.containers[:-1])

    def _more_members_follow(self) -> bool:
        return bool(_MORE_MEMBERS.match(self.text, self._whitespace_end(self.offset + 1), self.end))

    def _whitespace_end(self, start: int) -> int:
        return tokens.whitespace_end(self.text, start, self.end)

    def _member(self, container: Container) -> None:
        start, before = self.offset, self.current_path
        if self.peek() in CLOSING_BRACKETS:
            self._value_without_key(container)
            return
        key = self.key(container.path)
        if key is None:
            return
        self._require_comma(container, before)
        path = (*container.path, key)
        if key in container.value:
            self.add_defect(DefectRule.DUPLICATE_KEY, path, start)
        self.current_path = path
        self.skip_whitespace_and_comments()
        if self.peek() == ":":
            self.skip_punctuation(path)
            self.skip_whitespace_and_comments()
        else:
            self.add_defect(DefectRule.UNCLOSED, path, start, "the key has no colon after it")
            if self._lacks_value():
                container.item_end = self.offset
                return
        container.value[key] = self._value(path, start)
        container.item_end, self.current_path = self.offset, path

    def _value_without_key(self, container: Container) -> None:
        """Take a new row for the end of one that was not closed, and skip any other bracket."""
        outer = self.containers[-2] if len(self.containers) > 1 else None
        if outer and not outer.is_object and self.peek() == "{" and container.value:
            outer.comma, container.comma = container.comma, None
            self._end_unclosed(container)
            return
        detail = f"the value that {self.peek()} opens has no key"
        self.add_defect(DefectRule.UNCLOSED, container.path, self.offset, detail)
        self.offset += 1

    def _element(self, container: Container) -> None:
        self._require_comma(container, self.current_path)
        path = (*container.path, len(container.value))
        value = self._container(path, "{", implied=True) if self._at_key() else self._value(path, self.offset)
        container.value.append(value)
        container.item_end, self.current_path = self.offset, path

    def _require_comma(self, container: Container, before: InstancePath) -> None:
        """Add a defect where the comma between the item at the path before and the next one is missing."""
        if container.item_end is not None and container.comma is None:
            self.add_defect(DefectRule.MISSING_COMMA, before, container.item_end)
        container.comma = None

    def _value(self, path: InstancePath, item_start: int) -> Any:
        if len(self.value_offsets) > MAX_VALUES:
            raise InputError(f"an example has more than {MAX_VALUES:,} values, the most that are read")
        char = self.peek()
        if char in CLOSING_BRACKETS:
            return self._container(path, char)
        self.value_offsets[path] = min(self.offset, self.end - 1)
        if self._lacks_value():
            self.add_defect(DefectRule.UNCLOSED, path, item_start, "the key has no value")
            return None
        if self.text[self.offset] in tokens.QUOTES:
            return self.string(path)
        return self.scalar(path)

    def _lacks_value(self) -> bool:
        return self.peek() in {"", ",", "}", "]"} or self._at_key()

    def _at_key(self) -> bool:
        return bool(tokens.NEXT_KEY.match(self.text, self.offset, self.end))
