"""The comments of an example: whose they are, and the members that a lost line break put into them."""

from __future__ import annotations

import json
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from wireshape.lenientjson import tokens
from wireshape.lenientjson.containers import OPENING, Container
from wireshape.lenientjson.cursor import REPEATED, SWALLOWED, UNCLOSED, Cursor
from wireshape.model import InstancePath


@dataclass(frozen=True, kw_only=True, slots=True)
class Comment:
    """The words of a comment, without its marks, and its offset."""

    text: str
    at: int


class Commented(Cursor):
    """Reads comments; frames are the objects and arrays it is inside of, the innermost last."""

    def __init__(self, text: str, start: int, end: int) -> None:
        super().__init__(text, start, end)
        self.frames: list[Container] = []
        self.comments: dict[InstancePath, list[Comment]] = {}
        self.one_line = tokens.is_one_line(text, start, end)

    def gap(self) -> None:
        """Pass over blanks and comments."""
        self.blanks()
        while self.text.startswith(tokens.COMMENTS, self.at, self.end):
            self.comment()
            self.blanks()

    def comment(self) -> None:
        """Keep a comment for what it stands behind, and take the members out that a lost line break put into it."""
        start = self.at
        stop = tokens.comment_end(self.text, start, self.end, one_line=self.one_line)
        words = self.text[start:stop]
        if words.startswith("/*"):
            if not words.endswith("*/"):
                self.defect(UNCLOSED, self.owner, start, "the comment opened here never ends")
            words = words.removesuffix("*/")
        inner = next((frame for frame in reversed(self.frames) if frame.kind == "{"), None)
        members = tokens.members(words) if inner else []
        opened = tokens.OPENED.search(words) if inner and not members and not self.one_line else None
        said = words
        if inner and members:
            inner.in_comments += [(key, value, start + at, start + begins) for key, value, at, begins in members]
            said = words[: members[0][2]]
        elif inner and opened:
            key = opened[0][1:].partition('"')[0]
            self.defect(SWALLOWED, (*inner.path, key), start + opened.start(), "a member begins inside a comment")
            said, stop = words[: opened.start()], start + opened.start()
        if said := said.strip("/*# \t\r\n\xa0"):
            self.comments.setdefault(self.owner, []).append(Comment(text=said, at=start))
        self.at = stop

    def settle(self, frame: Container) -> None:
        """Decide what the members found in comments are: lost, or repeated."""
        lost = False
        for key, token, at, value_at in frame.in_comments:
            path = (*frame.path, key)
            if key in frame.value:
                self.defect(REPEATED, path, at, "")
                continue
            self.defect(SWALLOWED, path, at, "")
            frame.value[key] = self._recovered(token, path)
            self.places[path], lost = value_at, True
        if lost:
            order = sorted(frame.value.items(), key=lambda item: self.places[(*frame.path, item[0])])
            frame.value.clear()
            frame.value.update(order)

    def _recovered(self, token: str, path: InstancePath) -> Any:
        """Read the value of a member that was found whole in a comment."""
        if token[0] in OPENING:
            return json.loads(token, parse_float=Decimal)
        part = Cursor(token, 0, len(token))
        return part.string(path) if token.startswith('"') else part.scalar(path)
