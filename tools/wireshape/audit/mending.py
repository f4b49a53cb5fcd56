"""Repairs what is mechanical in the examples of a page, in its own text, and nothing that reads otherwise after it."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate
from typing import NamedTuple

from wireshape.audit.source_text import SourceText
from wireshape.jsontext.source_map import SourceMap
from wireshape.lenientjson.defects import Defect, DefectRule, Edit, Unrepairable
from wireshape.lenientjson.reader import Example
from wireshape.model import InstancePath
from wireshape.pages import blocks, markup, page_bytes
from wireshape.pages.exemptions import Exemption

_LINE = re.compile(r"[^\r\n]*(?:\r\n|\r|\n)|[^\r\n]+")
_MAX_ROUNDS = 12
"""What is repaired can show another defect, which is repaired in the next round."""
_MAX_READ = 20_000_000
"""Characters that are read to try what of a page can be repaired together."""

UNSAFE = "what is around it would be read otherwise"
ACCEPTED = "a mark of the page accepts it"
SECRET = "a secret stands beside it, which no output may show"  # noqa: S105 - the words of a message

IsSecret = Callable[[str], bool]


class _Key(NamedTuple):
    """A defect by its example on the page, and among those of its rule and path there by its number."""

    example: int
    rule: DefectRule
    path: InstancePath
    number: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Left:
    """A defect that is not repaired: the line of the page it is on, and why."""

    line: int
    reason: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Mended:
    """The lines of a page before and after; a line that became two is still one, with a line break in it."""

    before: list[str]
    after: list[str]
    defects: int
    left: tuple[Left, ...]


def mend(
    text: str, program_languages: Collection[str], is_secret: IsSecret, accepted: Mapping[int, Collection[Exemption]]
) -> Mended:
    """Repair a page as it is written, as long as something can be; is_secret tells of lines that nobody may be shown.

    accepted are the marks of the page by where the example begins that each exempts, which stays broken. All examples
    have their values after it as before, and no defect that they had not.
    """
    before = lines = _LINE.findall(text)
    repairer = _Repairer(before, program_languages, is_secret)
    examples = enumerate(repairer.original.examples)
    repairer.accepted = {number: accepted.get(example.start, ()) for number, example in examples}
    found = len(repairer.original.defects)
    while (after := repairer.repaired()) != lines:
        lines, marks = after, repairer.accepted
        repairer = _Repairer(lines, program_languages, is_secret)
        repairer.accepted = marks
    left = tuple(Left(line=line, reason=reason) for line, reason in repairer.left())
    return Mended(before=before, after=lines, defects=found, left=left)


@dataclass(frozen=True, kw_only=True, slots=True)
class _Reading:
    """The examples of a page as it is read, and their defects by key; unread counts the blocks that were not read."""

    source_map: SourceMap
    examples: list[Example]
    defects: dict[_Key, Defect]
    unread: int

    def counts(self, keys: Collection[_Key]) -> Counter[tuple[int, DefectRule, InstancePath]]:
        return Counter(key[:3] for key in keys)


class _Repairer:
    """Tries repairs of one page, all of them first, and else the largest groups that can be made together."""

    def __init__(self, lines: list[str], program_languages: Collection[str], is_secret: IsSecret) -> None:
        self._lines = lines
        self._starts = [0, *accumulate(map(len, lines))]
        self._program_languages = program_languages
        self._is_secret = is_secret
        self._read_characters = 0
        self.accepted: dict[int, Collection[Exemption]] = {}
        self.original = self._read(lines)
        self._values = [repr(each.value) for each in self.original.examples]

    def repaired(self) -> list[str]:
        """Give the lines with all repairs that can be made."""
        defects = self.original.defects.items()
        keys = [
            key
            for key, defect in defects
            if isinstance(defect.repair, tuple) and not self._is_accepted(key) and not self._is_hidden(defect)
        ]
        lines = self._attempt(keys) if keys else None
        if lines is not None:
            return lines
        made: list[_Key] = []
        for number in dict.fromkeys(key.example for key in keys):
            made += self._most(made, [key for key in keys if key.example == number])
        return (self._attempt(made) if made else None) or self._lines

    def left(self) -> Iterator[tuple[int, str]]:
        """Yield the line and the reason of each defect that is not repaired."""
        for key, defect in self.original.defects.items():
            line = self._line(defect.offset)
            reason = defect.repair if isinstance(defect.repair, Unrepairable) else UNSAFE
            if self._is_accepted(key):
                reason = ACCEPTED
            yield line, SECRET if reason == UNSAFE and self._shows_secret(self._lines, line - 1) else reason

    def _line(self, offset: int) -> int:
        """Give the line, from 1, of an offset in the text that is read."""
        found = bisect_right(self._starts, self.original.source_map.source_offset(offset))
        return max(min(found, len(self._lines)), 1)

    def _is_hidden(self, defect: Defect) -> bool:
        lines = {self._line(edit.start) for edit in _edits(defect)}
        return any(self._shows_secret(self._lines, line - 1) for line in lines)

    def _is_accepted(self, key: _Key) -> bool:
        return any(mark.has(key.rule) for mark in self.accepted.get(key.example, ()))

    def _most(self, made: list[_Key], group: list[_Key]) -> list[_Key]:
        """Give those of a group that can be made besides what is made already."""
        if self._read_characters > _MAX_READ:
            return []
        if self._attempt([*made, *group]) is not None:
            return group
        if len(group) == 1:
            return []
        half = len(group) // 2
        first = self._most(made, group[:half])
        return [*first, *self._most([*made, *first], group[half:])]

    def _attempt(self, keys: Collection[_Key]) -> list[str] | None:
        """Make repairs, and those of what they show; None where anything else changes by it."""
        others = self.original.defects.keys() - set(keys)
        lines, reading = self._lines, self.original
        for _ in range(_MAX_ROUNDS):
            todo = [defect for key, defect in reading.defects.items() if key not in others]
            edits = [edit for defect in sorted(todo, key=_order) for edit in _edits(defect)]
            changed = SourceText(lines, reading.source_map).edited(edits) if edits else lines
            if changed == lines:
                break
            lines, reading = changed, self._read(changed)
        return lines if self._is_lawful(lines, reading, keys) else None

    def _is_lawful(self, lines: list[str], reading: _Reading, keys: Collection[_Key]) -> bool:
        """Tell whether the values are what they were, the repaired defects gone, and no others there."""
        if reading.unread != self.original.unread or [repr(each.value) for each in reading.examples] != self._values:
            return False
        before, repaired = self.original.counts(self.original.defects), self.original.counts(keys)
        if any(count > before[key] - repaired[key] for key, count in reading.counts(reading.defects).items()):
            return False
        changed = (number for number, line in enumerate(self._lines) if line != lines[number])
        return not any(self._shows_secret(each, number) for number in changed for each in (self._lines, lines))

    def _shows_secret(self, lines: list[str], number: int) -> bool:
        return self._is_secret("".join(lines[max(number - 1, 0) : number + 2]))

    def _read(self, lines: Sequence[str]) -> _Reading:
        text = "".join(lines)
        self._read_characters += len(text)
        page_text = markup.read(page_bytes.as_read(text))
        found = list(blocks.read(page_text, self._program_languages))
        examples = [each for each in found if isinstance(each, Example)]
        defects: dict[_Key, Defect] = {}
        for number, example in enumerate(examples):
            counts: Counter[tuple[DefectRule, InstancePath]] = Counter()
            for defect in example.defects:
                counts[defect.rule, defect.path] += 1
                key = _Key(number, defect.rule, defect.path, counts[defect.rule, defect.path])
                defects[key] = defect
        return _Reading(
            source_map=page_text.source_map,
            examples=examples,
            defects=defects,
            unread=len(found) - len(examples),
        )


def _order(defect: Defect) -> int:
    return defect.found


def _edits(defect: Defect) -> tuple[Edit, ...]:
    return defect.repair if isinstance(defect.repair, tuple) else ()
