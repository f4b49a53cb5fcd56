"""A recovering reader for examples that are nearly JSON: it reads what can be read, and says what is wrong and where.

Documentation pages show JSON with comments, lost commas, lost line breaks and worse. Any text is read; one of more
values or defects than an example can have is an InputError.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, NamedTuple

from wireshape.errors import InputError
from wireshape.lenientjson import defects, nesting, tokens
from wireshape.lenientjson.brackets import BracketReader, Evidence
from wireshape.lenientjson.comments import Comment
from wireshape.lenientjson.containers import CLOSING_BRACKETS, Container
from wireshape.lenientjson.defects import Defect, DefectRule, Repair, Unrepairable
from wireshape.model import InstancePath

MAX_DEPTH = 64
"""Levels of nesting read; the deepest example of the exchange has five."""

MAX_VALUES = 100_000
"""Values of an example that are read; an answer of 700 symbols has twenty thousand."""

_MAX_ELLIPSIS = 40


@dataclass(frozen=True, kw_only=True, slots=True)
class Example:
    """What was read: the value with exact numbers, where the value of each path begins, its comments, and its defects.

    incomplete_paths are those of objects and arrays that the example shows in part; unexpected_tokens counts those
    that were skipped, scalars the values that are no object or array, and bare_words those of them that are words.
    """

    value: Any
    start: int
    end: int
    value_offsets: dict[InstancePath, int]
    comments: dict[InstancePath, tuple[Comment, ...]]
    defects: tuple[Defect, ...]
    incomplete_paths: frozenset[InstancePath]
    unexpected_tokens: int
    scalars: int
    bare_words: int


def read(text: str, start: int = 0, end: int | None = None) -> Example | None:
    """Read the example that begins at or after start; None where nothing there opens one."""
    end = len(text) if end is None else end
    plain = _Reader(text, start, end)
    example = plain.read()
    if example is None or not plain.bracket_defects:
        return example
    # Indentation is trusted only where brackets are at fault, and where it leaves no more of them.
    indented, strict = (_Reader(text, start, end, each) for each in (Evidence.INDENTATION, Evidence.BRACKETS))
    readings = [_Reading(each.disorder(found), found) for each in (indented, strict) if (found := each.read())]
    readings.insert(1, _Reading(plain.disorder(example), example))
    return min(readings, key=lambda reading: reading.disorder).example


class _Disorder(NamedTuple):
    """How much is wrong in the structure of an example as it was read; the less, the likelier it was meant so."""

    bracket_defects: int
    misplaced_tokens: int
    defects: int


class _Reading(NamedTuple):
    """An example as it was read by one kind of evidence."""

    disorder: _Disorder
    example: Example


class _Reader(BracketReader):
    def __init__(self, text: str, start: int, end: int, evidence: Evidence = Evidence.TOKENS) -> None:
        super().__init__(text, start, end, evidence)
        self._incomplete_paths: set[InstancePath] = set()
        self._scalars = 0

    def disorder(self, example: Example) -> _Disorder:
        """Say how much is wrong in the structure of the example that was read."""
        return _Disorder(self.bracket_defects, self.misplaced_tokens, len(example.defects))

    def nested_value(self, token: str) -> Any:
        example = read(token)
        return example.value if example else None

    def read(self) -> Example | None:
        """Read one example and the stray brackets right behind it."""
        self.skip_whitespace_and_comments()
        implied = self._at_key()
        if not implied and self.peek() not in CLOSING_BRACKETS:
            return None
        start = self.offset
        value = self._container((), "{" if implied else self.opening(), implied=implied)
        self.skip_stray_brackets()
        return Example(
            value=value,
            start=start,
            end=self.offset,
            value_offsets=self.value_offsets,
            comments={path: tuple(comments) for path, comments in self.comments.items()},
            defects=tuple(sorted(self.defects, key=lambda defect: defect.offset)),
            incomplete_paths=frozenset(self._incomplete_paths),
            unexpected_tokens=self.unexpected_tokens,
            scalars=self._scalars,
            bare_words=self.bare_words,
        )

    def _container(self, path: InstancePath, opening: str, *, implied: bool = False) -> Any:
        """Read an object or array up to its closing bracket, or to where it must have ended."""
        value: Any = {} if opening == "{" else []
        container = Container(path=path, opening=opening, start=self.offset, value=value, implied=implied)
        self.value_offsets[path] = self.offset
        self.current_path = path
        if len(self.containers) >= MAX_DEPTH:
            detail = f"the example is nested deeper than {MAX_DEPTH} levels"
            self.add_defect(DefectRule.UNCLOSED, path, self.offset, detail, Unrepairable.TOO_DEEP)
            self.offset = self.end
            return value
        if implied:
            outside = "the member is outside of any object" if opening == "{" else "the values are outside of any array"
            self.bracket_defect(path, self.offset, outside, defects.inserted_before(self.offset, opening))
            container.indent = self.containers[-1].item_indent if self.containers else None
        else:
            self.skip_opening(path, opening)
            container.indent = self.indent_of_opening(container)
        self.containers.append(container)
        while not container.ended:
            self.skip_whitespace_and_comments()
            if not self.ended_by_indentation(container):
                self._item_or_punctuation(container)
        self.restore_commented_members(container)
        self.containers.pop()
        return value

    def _item_or_punctuation(self, container: Container) -> None:
        char = self.peek()
        if not char:
            self.end_unclosed(container)
            self._incomplete_paths.add(container.path)
        elif char in "}]":
            self.read_closing_bracket(container, char)
        elif char == ",":
            self.read_comma(container)
        elif char == ")" and self.ends_item():
            self.read_round_bracket(container)
        elif ellipsis := tokens.ELLIPSIS.match(self.text, self.offset, self.end):
            detail = f"{ellipsis[0][:_MAX_ELLIPSIS]} stands for items that the example leaves out"
            self.add_defect(DefectRule.FOREIGN_LITERAL, container.path, self.offset, detail, Unrepairable.LEFT_OUT)
            self.offset = ellipsis.end()
            container.comma, container.item_end, container.after_ellipsis = None, None, True
            self._incomplete_paths.add(container.path)
        elif container.is_object:
            self._member(container)
        else:
            self._element(container)

    def _member(self, container: Container) -> None:
        start, before = self.offset, self.current_path
        if self.peek() in CLOSING_BRACKETS:
            self._value_without_key(container)
            return
        key = self.key(container.path)
        if key is None:
            if container.comma is not None:
                container.comma, container.item_end, container.after_ellipsis = None, None, True
            return
        self.require_comma(container, before)
        key = self.without_invisible(container.path, key, start)
        path, key_end = (*container.path, key), self.offset
        if key in container.value:
            self.add_defect(DefectRule.DUPLICATE_KEY, path, start, repair=Unrepairable.REPEATED)
        self.current_path = path
        self.skip_whitespace_and_comments()
        is_no_set = bool(container.value) or container.indent is not None
        if self.skip_colon(path) or (is_no_set and self.skip_comma_for_colon(path)):
            self.awaits_value = True
            self.skip_whitespace_and_comments()
            self.awaits_value = False
        else:
            lacks_value = self._lacks_value()
            repair: Repair = Unrepairable.NO_VALUE if lacks_value else defects.inserted_behind(key_end, ":")
            self.add_defect(DefectRule.UNCLOSED, path, start, "the key has no colon after it", repair)
            if lacks_value:
                container.item_end = self.offset
                return
        container.value[key] = self._value(path, start)
        container.item_end, self.current_path = self.offset, path

    def _value_without_key(self, container: Container) -> None:
        """Take a new row for the end of one that was not closed, and skip any other bracket."""
        outer = self.containers[-2] if len(self.containers) > 1 else None
        if outer and not outer.is_object and self.peek() == "{" and container.value:
            self.end_before_outer_item(container)
            return
        detail = f"the value that {self.peek()} opens has no key"
        self.bracket_defect(container.path, self.offset, detail, Unrepairable.NO_KEY)
        mark = tokens.REFERENCE_MARK.match(self.text, self.offset, self.end)
        self.offset = mark.end() if mark else self.offset + 1

    def _element(self, container: Container) -> None:
        if (key := tokens.NEXT_KEY.match(self.text, self.offset, self.end)) and nesting.ends_before_key(
            self.containers, key[0][1:-1]
        ):
            self.end_before_outer_item(container)
            return
        self.require_comma(container, self.current_path)
        path = (*container.path, len(container.value))
        value = self._container(path, "{", implied=True) if self._at_key() else self._value(path, self.offset)
        container.value.append(value)
        container.item_end, self.current_path = self.offset, path

    def _value(self, path: InstancePath, item_start: int) -> Any:
        if len(self.value_offsets) > MAX_VALUES:
            raise InputError(f"an example has more than {MAX_VALUES:,} values, the most that are read")
        if missing := self.missing_opening():
            return self._container(path, missing, implied=True)
        is_template = tokens.TEMPLATE.match(self.text, self.offset, self.end)
        char = self.peek()
        is_bracket = char in CLOSING_BRACKETS or (char == "(" and self.ends_line(self.offset + 1))
        if is_bracket and not is_template and (opening := self.opening()):
            return self._container(path, opening)
        self.value_offsets[path] = min(self.offset, self.end - 1)
        if self._lacks_value():
            self.add_defect(DefectRule.UNCLOSED, path, item_start, "the key has no value", Unrepairable.NO_VALUE)
            return None
        self._scalars += 1
        if self.text[self.offset] in tokens.QUOTES or tokens.WRITTEN_STRING.match(self.text, self.offset, self.end):
            return self.string(path)
        return self.scalar(path)

    def _lacks_value(self) -> bool:
        return self.peek() in {"", ",", "}", "]"} or self._at_key()

    def _at_key(self) -> bool:
        return bool(tokens.NEXT_KEY.match(self.text, self.offset, self.end))
