"""A recovering reader for examples that are nearly JSON: it mends what it can, and says what and where.

Documentation pages show JSON with comments, lost commas, lost line breaks and worse. Any text is read, none raises.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from wireshape.lenientjson import tokens
from wireshape.lenientjson.comments import Comment, Commented
from wireshape.lenientjson.containers import OPENING, Container
from wireshape.lenientjson.cursor import DUPLICATE, FOREIGN, MISSING_COMMA, TRAILING_COMMA, UNCLOSED
from wireshape.lenientjson.tokens import Defect
from wireshape.model import InstancePath

MAX_DEPTH = 64
"""Levels of nesting read; the deepest example of the exchange has five."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Example:
    """What was recovered: the value with exact numbers, where each path stands, its comments, and what was mended.

    cut names the objects that are not shown as a whole; junk counts what had no place at all.
    """

    value: Any
    start: int
    end: int
    places: dict[InstancePath, int]
    comments: dict[InstancePath, tuple[Comment, ...]]
    defects: tuple[Defect, ...]
    cut: frozenset[InstancePath]
    junk: int


def read(text: str, start: int = 0, end: int | None = None) -> Example | None:
    """Read the example that begins at or after start; None where nothing there opens one."""
    reader = _Reader(text, start, len(text) if end is None else end)
    return reader.run()


class _Reader(Commented):
    def __init__(self, text: str, start: int, end: int) -> None:
        super().__init__(text, start, end)
        self.cut: set[InstancePath] = set()

    def run(self) -> Example | None:
        """Read one example and the stray brackets right behind it."""
        self.gap()
        implied = bool(tokens.NEXT_KEY.match(self.text, self.at, self.end))
        if not implied and self.char() not in OPENING:
            return None
        start = self.at
        value = self._container((), "{" if implied else self.char(), implied=implied)
        self._rest()
        return Example(
            value=value,
            start=start,
            end=self.at,
            places=self.places,
            comments={path: tuple(found) for path, found in self.comments.items()},
            defects=tuple(sorted(self.defects, key=lambda defect: defect.at)),
            cut=frozenset(self.cut),
            junk=self.junked,
        )

    def _rest(self) -> None:
        """Take closing brackets and commas that nothing opened along with the example they follow."""
        before = self.at
        stop = tokens.gap(self.text, before, self.end)
        while stop < self.end and self.text[stop] in "}],":
            rule = TRAILING_COMMA if self.text[stop] == "," else UNCLOSED
            self.defect(rule, (), stop, "nothing is open here any more")
            before = stop + 1
            stop = tokens.gap(self.text, before, self.end)
        self.at = before

    def _container(self, path: InstancePath, opening: str, *, implied: bool = False) -> Any:
        """Read an object or array up to its closing bracket, or to where it must have ended."""
        frame = Container(path=path, kind=opening, opened=self.at, value={} if opening == "{" else [])
        self.places[path] = self.at
        self.owner = path
        if len(self.frames) >= MAX_DEPTH:
            self.defect(UNCLOSED, path, self.at, f"nested deeper than {MAX_DEPTH} levels")
            self.at = self.end
            return frame.value
        if implied:
            self.defect(UNCLOSED, path, self.at, "a member outside of any object")
        else:
            self.take(path)
        self.frames.append(frame)
        while not frame.done:
            self.gap()
            self._step(frame)
        self.settle(frame)
        self.frames.pop()
        return frame.value

    def _step(self, frame: Container) -> None:
        char = self.char()
        if not char:
            self.defect(UNCLOSED, frame.path, frame.opened, f"{frame.kind} is opened here and never closed")
            self.cut.add(frame.path)
            frame.done = True
        elif char in "}]":
            self._closing(frame, char)
        elif char == ",":
            self._comma(frame)
        elif ellipsis := tokens.ELLIPSIS.match(self.text, self.at, self.end):
            self.defect(FOREIGN, frame.path, self.at, f"{ellipsis[0]} stands for what the example leaves out")
            self.at = ellipsis.end()
            frame.comma, frame.last, frame.elided = None, None, True
            self.cut.add(frame.path)
        elif frame.kind == "{":
            self._member(frame)
        else:
            self._element(frame)

    def _comma(self, frame: Container) -> None:
        if frame.comma is None and frame.last is not None:
            frame.comma = self.at
        elif not frame.elided:
            self.defect(TRAILING_COMMA, frame.path, self.at, "a comma with nothing before it")
        frame.elided = False
        self.take(frame.path)

    def _closing(self, frame: Container, char: str) -> None:
        meant = OPENING[frame.kind]
        if char != meant and self._after() != meant and any(OPENING[f.kind] == char for f in self.frames[:-1]):
            self.defect(UNCLOSED, frame.path, frame.opened, f"{frame.kind} is opened here and never closed")
            frame.done = True
            return
        if char != meant:
            self.defect(UNCLOSED, frame.path, self.at, f"{char} closes nothing")
        elif len(self.frames) == 1 and frame.kind == "{" and self._goes_on():
            self.defect(UNCLOSED, frame.path, self.at, f"{char} closes the example, which goes on")
        else:
            frame.done = True
            if frame.comma is not None and not frame.recovers(frame.comma):
                self.defect(TRAILING_COMMA, frame.path, frame.comma, "a comma with nothing after it")
        self.take(frame.path)

    def _after(self) -> str:
        stop = tokens.gap(self.text, self.at + 1, self.end)
        return self.text[stop : min(stop + 1, self.end)]

    def _goes_on(self) -> bool:
        stop = tokens.gap(self.text, self.at + 1, self.end)
        return bool(tokens.GOES_ON.match(self.text, stop, self.end))

    def _member(self, frame: Container) -> None:
        at, before = self.at, self.owner
        if self.char() in OPENING:
            self._value_without_key(frame)
            return
        key = self.key(frame.path)
        if key is None:
            return
        self._separate(frame, before)
        path = (*frame.path, key)
        if key in frame.value:
            self.defect(DUPLICATE, path, at, "")
        self.owner = path
        self.gap()
        if self.char() == ":":
            self.take(path)
            self.gap()
        else:
            self.defect(UNCLOSED, path, at, "no colon after the key")
            if self._lacks_value():
                frame.last = self.at
                return
        frame.value[key] = self._value(path, at)
        frame.last, self.owner = self.at, path

    def _value_without_key(self, frame: Container) -> None:
        """Take a new row for the end of one that was not closed, and pass over any other bracket."""
        outer = self.frames[-2] if len(self.frames) > 1 else None
        if outer and outer.kind == "[" and self.char() == "{" and frame.value:
            self.defect(UNCLOSED, frame.path, frame.opened, "{ is opened here and never closed")
            outer.comma, frame.comma, frame.done = frame.comma, None, True
            return
        self.defect(UNCLOSED, frame.path, self.at, f"{self.char()} opens a value that has no key")
        self.at += 1

    def _element(self, frame: Container) -> None:
        self._separate(frame, self.owner)
        path = (*frame.path, len(frame.value))
        implied = bool(tokens.NEXT_KEY.match(self.text, self.at, self.end))
        frame.value.append(self._container(path, "{", implied=True) if implied else self._value(path, self.at))
        frame.last, self.owner = self.at, path

    def _separate(self, frame: Container, before: InstancePath) -> None:
        """Note the comma that is missing between the item before and this one."""
        if frame.last is not None and frame.comma is None:
            self.defect(MISSING_COMMA, before, frame.last, "")
        frame.comma = None

    def _value(self, path: InstancePath, key_at: int) -> Any:
        char = self.char()
        if char in OPENING:
            return self._container(path, char)
        self.places[path] = min(self.at, self.end - 1)
        if self._lacks_value():
            self.defect(UNCLOSED, path, key_at, "the key has no value")
            return None
        if self.text[self.at] in tokens.QUOTES:
            return self.string(path)
        return self.scalar(path)

    def _lacks_value(self) -> bool:
        return self.char() in {"", ",", "}", "]"} or bool(tokens.NEXT_KEY.match(self.text, self.at, self.end))
