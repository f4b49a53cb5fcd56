"""Comments of an example: where they end, the values they belong to, and the members that a lost line break hid."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from wireshape.lenientjson.containers import CLOSING_BRACKETS, CommentedMember, Container
from wireshape.lenientjson.cursor import Cursor
from wireshape.lenientjson.defects import DefectRule
from wireshape.model import InstancePath

COMMENT_OPENINGS = ("//", "/*", "#", "--", "<!--")
_BLOCK_COMMENTS = {"/*": "*/", "<!--": "-->"}
_DELIMITERS = "/*# \t\r\n\xa0"

_KEY = r'"[\w.$ -]{1,64}"[ \t]*:'
_SCALAR = r'(?:"(?:[^"\\\n]|\\.)*"|-?[0-9]+(?:\.[0-9]+)?(?:[eE][-+]?[0-9]+)?|true|false|null)'
_BEHIND_MEMBER = rf"[ \t]*(?:,[ \t]*)?(?=$|\r|//|/\*|{_KEY})"
_MEMBER = re.compile(
    rf'"(?P<key>[\w.$-]{{1,64}})"[ \t]*:[ \t]*(?:(?P<value>{_SCALAR}){_BEHIND_MEMBER}|(?P<nested>[{{\[]))', re.MULTILINE
)
"""A member with only another, a comment or the end of the line behind it; or where one with a nested value begins."""
_AFTER_NESTED_MEMBER = re.compile(_BEHIND_MEMBER, re.MULTILINE)
_MEMBER_START = re.compile(rf"{_KEY}\s*[{{\[]\s*(?://.*)?\Z")
"""A member at the end of a comment whose object or array goes on behind it."""
_EXAMPLE_RESUMES = re.compile(
    rf'{_KEY}\s*(?=["0-9\-tfn\[{{])|(?P<row>[{{\[]\s*(?={_KEY}|[\[{{}}\]]))|(?P<open>[{{\[(])|(?P<close>[}}\])])'
)
"""Where a comment must be over on a page without line breaks: at a member, a row, or a bracket that closes one."""

_BLANK = re.compile(r"\s*\Z")
_MAX_PROSE = 1000
"""Characters of a comment that are kept."""
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


class CommentReader(Cursor):
    """Reads comments; containers are the objects and arrays around the cursor, the innermost last."""

    def __init__(self, text: str, start: int, end: int) -> None:
        super().__init__(text, start, end)
        self.containers: list[Container] = []
        self.comments: dict[InstancePath, list[Comment]] = {}
        self.one_line = _is_one_line(text, start, end)

    def skip_whitespace_and_comments(self) -> None:
        """Move on to the next token; comments on the way are kept."""
        self.skip_whitespace()
        while self.text.startswith(COMMENT_OPENINGS, self.offset, self.end):
            self._comment()
            self.skip_whitespace()

    def _comment(self) -> None:
        """Read a comment, which belongs to the value before it, but for members in it."""
        start = self.offset
        self.offset = _comment_end(self.text, start, self.end, one_line=self.one_line)
        text = self.text[start : self.offset]
        if text.startswith("/*"):
            if not text.endswith("*/"):
                self.add_defect(DefectRule.UNCLOSED, self.current_path, start, "the comment has no closing */")
            text = text.removesuffix("*/")
        container = next((each for each in reversed(self.containers) if each.is_object), None)
        prose = self._prose(text, start, container) if container else text
        if prose := prose.strip(_DELIMITERS):
            self.comments.setdefault(self.current_path, []).append(Comment(text=prose[:_MAX_PROSE], offset=start))

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
        self.add_defect(DefectRule.SWALLOWED_FIELD, (*container.path, key), self.offset, detail)
        return text[: member.start()]

    def restore_commented_members(self, container: Container) -> None:
        """Give an object the members that only its comments have, in the order in which they are written."""
        restored = False
        for member in container.commented_members:
            path = (*container.path, member.key)
            if member.key in container.value:
                self.add_defect(DefectRule.REPEATED_IN_COMMENT, path, member.offset)
                continue
            self.add_defect(DefectRule.SWALLOWED_FIELD, path, member.offset)
            container.value[member.key] = _value(member.token, path)
            self.value_offsets[path] = member.value_offset
            restored = True
        if restored:
            offsets = {key: self.value_offsets[(*container.path, key)] for key in container.value}
            ordered = {key: container.value[key] for key in sorted(offsets, key=offsets.__getitem__)}
            container.value.clear()
            container.value.update(ordered)


def _value(token: str, path: InstancePath) -> Any:
    """Read the value of a member that stands whole in a comment."""
    if token[0] in CLOSING_BRACKETS:
        return json.loads(token, parse_float=Decimal)
    cursor = Cursor(token, 0, len(token))
    return cursor.string(path) if token.startswith('"') else cursor.scalar(path)


def _is_one_line(text: str, start: int, end: int) -> bool:
    """Tell whether an example has lost its line breaks, so that no comment in it ends by one."""
    stop = text.find("\n", start, end)
    if stop < 0 or _BLANK.match(text, stop, end):
        return True
    first_line = text[start : min(stop, start + _FIRST_LINE)]
    return "//" in first_line and first_line.count('":') > _MAX_MEMBERS_PER_LINE


def _comment_end(text: str, start: int, end: int, *, one_line: bool) -> int:
    """Give where a comment ends: at its line break, or on a page without any where the example goes on."""
    for opening, closing in _BLOCK_COMMENTS.items():
        if text.startswith(opening, start):
            close = text.find(closing, start + len(opening), end)
            return end if close < 0 else close + len(closing)
    if not one_line:
        stop = text.find("\n", start, end)
        return end if stop < 0 else stop
    depth = 0
    for match in _EXAMPLE_RESUMES.finditer(text, start + 2, end):
        if match["open"]:
            depth += 1
        elif match["close"] and depth:
            depth -= 1
        elif match["close"] != ")":
            return match.start()
    return end


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
