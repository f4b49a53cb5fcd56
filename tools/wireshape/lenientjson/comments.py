"""Comments of an example: where they end, the values they belong to, and the members that a lost line break hid."""

from __future__ import annotations

import json
import re
from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import Any

from wireshape.lenientjson import indentation, joined_lines, strings, tokens
from wireshape.lenientjson.containers import CLOSING_BRACKETS, CommentedMember, Container
from wireshape.lenientjson.cursor import Cursor
from wireshape.lenientjson.defects import DefectRule, Edit, Unrepairable
from wireshape.lenientjson.joined_lines import KEY, SCALAR, Expected
from wireshape.lenientjson.keys import KeyReader
from wireshape.model import InstancePath

COMMENT_OPENINGS = ("//", "/*", "#", "--", "<!--")
_BLOCK_COMMENTS = {"/*": "*/", "<!--": "-->"}
_DELIMITERS = "/*# \t\r\n\xa0"

_BEHIND_MEMBER = rf"[ \t]*(?:,[ \t]*)?(?=$|\r|//|/\*|\#|--|<!--|{KEY})"
_MEMBER = re.compile(
    rf'"(?P<key>[\w.$-]{{1,64}})"[ \t]*:[ \t]*(?:(?P<value>{SCALAR}){_BEHIND_MEMBER}|(?P<nested>[{{\[]))', re.MULTILINE
)
"""A member with only another, a comment or the end of the line behind it; or where one with a nested value begins."""
_AFTER_NESTED_MEMBER = re.compile(_BEHIND_MEMBER, re.MULTILINE)
_MEMBER_START = re.compile(rf"{KEY}\s*[{{\[]\s*(?:(?://|\#).*)?\Z")
"""A member at the end of a comment whose object or array goes on behind it."""
_GAP_BEFORE_MEMBER = re.compile(rf"(?:[ \xa0]{{2,}}|\t)\s*{KEY}")
"""What is left between a comment and the line that was joined to it; a sentence has one blank between words."""
_STARTS_WITH_MEMBER = re.compile(rf"[/*#\s-]*{KEY}")

_BLANK = re.compile(r"\s*\Z")
_MAX_PROSE = 1000
"""Characters of a comment that are kept."""
_INDENT = "  "
"""How much further a member is indented than the bracket that opens its object."""
_FIRST_LINE = 1000
"""Characters of the first line that are searched for members."""
_MAX_MEMBERS_PER_LINE = 2
"""One lost line break leaves two members on a line; more of them are a page without any line breaks."""
_DECODER = json.JSONDecoder()


@dataclass(frozen=True, kw_only=True, slots=True)
class Comment:
    """The text of a comment, without its delimiters, and the offset of the comment."""

    text: str
    offset: int


class CommentReader(KeyReader, ABC):
    """Reads comments; containers are the objects and arrays around the cursor, the innermost last."""

    def __init__(self, text: str, start: int, end: int) -> None:
        super().__init__(text, start, end)
        self.containers: list[Container] = []
        self.comments: dict[InstancePath, list[Comment]] = {}
        self.one_line = _is_one_line(text, start, end)
        self.awaits_value = False
        # Closing delimiters that stand nowhere behind the comments that were read.
        self._missing: set[str] = set()

    def skip_whitespace_and_comments(self) -> None:
        """Move on to the next token; comments on the way are kept."""
        self.skip_whitespace()
        while self.text.startswith(COMMENT_OPENINGS, self.offset, self.end):
            self._comment()
            self.skip_whitespace()

    def _comment(self) -> None:
        """Read a comment, which belongs to the value before it, but for members in it."""
        start = self.offset
        self.offset = self._comment_end(start)
        text = self.text[start : self.offset]
        if text.startswith("/*"):
            if not text.endswith("*/"):
                detail = "the comment has no closing */"
                self.add_defect(DefectRule.UNCLOSED, self.current_path, start, detail, Unrepairable.OPEN_COMMENT)
            text = text.removesuffix("*/")
        container = next((each for each in reversed(self.containers) if each.is_object), None)
        prose = self._prose(text, start, container) if container and not self._is_commented_out(text, start) else text
        if prose := strings.without_half_pairs(prose.strip(_DELIMITERS)):
            self.comments.setdefault(self.current_path, []).append(Comment(text=prose[:_MAX_PROSE], offset=start))

    def _comment_end(self, start: int) -> int:
        """Give where a comment ends: by its delimiter, at its line break, or where a joined line goes on."""
        is_block = self.text.startswith(tuple(_BLOCK_COMMENTS), start)
        if self.one_line and not is_block:
            return joined_lines.resumption(self.text, start + 2, self.end, self._expected())
        stop = self._delimited_end(start)
        if is_block or not self.containers or self.awaits_value or indentation.begins_line(self.text, start):
            return stop
        container = self.containers[-1]
        hidden = self._hidden_items(container, start, stop)
        if hidden is not None:
            detail = "the values stand inside a comment"
            return self._resumed(DefectRule.SWALLOWED_FIELD, container, start + hidden, detail)
        bracket = joined_lines.last_bracket(self.text[start:stop], container.closing)
        if bracket is not None and self._is_left_behind(container, stop):
            detail = f"the {container.closing} stands inside a comment"
            return self._resumed(DefectRule.UNCLOSED, container, start + bracket, detail)
        return stop

    def _delimited_end(self, start: int) -> int:
        """Give where a comment with a closing delimiter ends; one that lacks it, or has none, ends with its line."""
        for opening, closing in _BLOCK_COMMENTS.items():
            if self.text.startswith(opening, start) and closing not in self._missing:
                close = self.text.find(closing, start + len(opening), self.end)
                if close >= 0:
                    return close + len(closing)
                self._missing.add(closing)
        stop = self.text.find("\n", start, self.end)
        return self.end if stop < 0 else stop

    def _resumed(self, rule: DefectRule, container: Container, offset: int, detail: str) -> int:
        """End a comment before what a lost line break put into it."""
        self.add_defect(rule, container.path, offset, detail, self._own_line(container, offset))
        return offset

    def _is_left_behind(self, container: Container, offset: int) -> bool:
        """Tell by the indentation of what follows that a container ends before it."""
        following = tokens.whitespace_end(self.text, offset, self.end)
        indent = indentation.of_token(self.text, following)
        if indent is None or container.item_indent is None or indent >= container.item_indent:
            return False
        return indent != container.indent or not self.text.startswith(container.closing, following, self.end)

    def _own_line(self, container: Container, offset: int) -> tuple[Edit, ...]:
        """Put what stands at an offset on a line of its own, instead of the blanks before it."""
        line_start = self.text.rfind("\n", 0, offset) + 1
        line = self.text[line_start:offset]
        opens_here = self.text.find("\n", container.start, offset) < 0
        indent = line[: len(line) - len(line.lstrip())] + (_INDENT if opens_here else "")
        start = line_start + len(line.rstrip(" \t\xa0"))
        return (Edit(start=start, end=offset, replacement=f"\n{indent}", with_next=True),)

    def _hidden_items(self, container: Container, start: int, stop: int) -> int | None:
        """Give where in a comment the items of a container begin that a lost line break put there; None without any."""
        comment = self.text[start:stop]
        if container.item_end is None and "\n" not in self.text[container.start : start]:
            # The bracket was opened on this line: a comment that closes it hides what is between them.
            return joined_lines.first_item(comment, in_object=container.is_object)
        if container.is_object or container.comma is None or isinstance(container.value[-1], dict | list):
            return None
        following = tokens.whitespace_end(self.text, stop, self.end)
        return joined_lines.last_elements(comment, ends_array=self.text.startswith("]", following, self.end))

    def _expected(self) -> Expected:
        """Tell what has to follow here."""
        if self.awaits_value:
            return Expected.VALUE
        container = self.containers[-1] if self.containers else None
        if container and not container.is_object and (container.comma is not None or container.item_end is None):
            return Expected.ELEMENT
        return Expected.MEMBER

    def _is_commented_out(self, text: str, start: int) -> bool:
        """Tell whether a comment is a whole line, which is no accident; a line joined to it leaves a gap."""
        if self.one_line or not indentation.begins_line(self.text, start):
            return False
        line_end = self.text.find("\n", self.offset, self.end)
        behind = self.text[self.offset : self.end if line_end < 0 else line_end]
        if behind.strip(f"{_DELIMITERS},"):
            return False
        if _MEMBER_START.search(text):
            following = tokens.whitespace_end(self.text, self.offset, self.end)
            return self.text.startswith(COMMENT_OPENINGS, following, self.end)
        return bool(_STARTS_WITH_MEMBER.match(text)) or not _GAP_BEFORE_MEMBER.search(text)

    def _prose(self, text: str, start: int, container: Container) -> str:
        """Give a comment up to the first member in it; members are kept for their object, or read next."""
        if members := _members(text, start):
            container.commented_members += members
            return text[: members[0].offset - start]
        member = None if self.one_line else _MEMBER_START.search(text)
        if not member:
            return text
        key = member[0][1:].partition('"')[0]
        self.offset = start + member.start()
        detail = "the member begins inside a comment"
        repair = self._own_line(container, self.offset)
        self.add_defect(DefectRule.SWALLOWED_FIELD, (*container.path, key), self.offset, detail, repair)
        return text[: member.start()]

    def restore_commented_members(self, container: Container) -> None:
        """Give an object the members that only its comments have, in the order in which they are written."""
        restored = False
        for member in container.commented_members:
            path = (*container.path, member.key)
            if member.key in container.value:
                self.add_defect(DefectRule.REPEATED_IN_COMMENT, path, member.offset, repair=Unrepairable.REPEATED)
                continue
            repair = self._own_line(container, member.offset)
            self.add_defect(DefectRule.SWALLOWED_FIELD, path, member.offset, repair=repair)
            container.value[member.key] = self._commented_value(member.token, path)
            self.value_offsets[path] = member.value_offset
            restored = True
        if restored:
            offsets = {key: self.value_offsets[(*container.path, key)] for key in container.value}
            ordered = {key: container.value[key] for key in sorted(offsets, key=offsets.__getitem__)}
            container.value.clear()
            container.value.update(ordered)

    def _commented_value(self, token: str, path: InstancePath) -> Any:
        """Read the value of a member that stands whole in a comment."""
        if token[0] in CLOSING_BRACKETS:
            return self.nested_value(token)
        cursor = Cursor(token, 0, len(token))
        return cursor.string(path) if token.startswith('"') else cursor.scalar(path)

    @abstractmethod
    def nested_value(self, token: str) -> Any:
        """Read an object or array that stands whole in a comment."""


def _is_one_line(text: str, start: int, end: int) -> bool:
    """Tell whether an example has lost its line breaks, so that no comment in it ends by one."""
    stop = text.find("\n", start, end)
    if stop < 0 or _BLANK.match(text, stop, end):
        return True
    first_line = text[start : min(stop, start + _FIRST_LINE)]
    return "//" in first_line and first_line.count('":') > _MAX_MEMBERS_PER_LINE


def _members(comment: str, start: int) -> list[CommentedMember]:
    """List the whole members in a comment that begins at an offset of the example."""
    members = []
    offset = 0
    while match := _MEMBER.search(comment, offset):
        offset = match.end()
        token, value_start = match["value"], match.start("value")
        if token is None:
            value_start = match.start("nested")
            try:
                _, offset = _DECODER.raw_decode(comment, value_start)
            except (ValueError, RecursionError):
                continue
            if not _AFTER_NESTED_MEMBER.match(comment, offset):
                continue
            token = comment[value_start:offset]
        members.append(
            CommentedMember(
                key=match["key"], token=token, offset=start + match.start(), value_offset=start + value_start
            )
        )
    return members
