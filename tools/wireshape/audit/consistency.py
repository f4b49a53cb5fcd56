"""What an example says against itself: fields in some rows only, and comments that fit another field or no value."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Any

from wireshape.findings.violation import JsonValue, RowShare, Violation
from wireshape.jsontext.paths import at
from wireshape.lenientjson.reader import Example
from wireshape.model import InstancePath
from wireshape.pages.vocabulary import Vocabulary


@dataclass(frozen=True, slots=True)
class Remark:
    """What a comment says wrongly, and the offset of the comment."""

    violation: Violation
    offset: int


_UPPER = r"[A-Z][A-Z0-9_]+"
_LISTED = re.compile(rf"""["']?{_UPPER}["']?(?:\s*(?:/|,|\||、|\bor\b|\band\b|或|和)+\s*["']?{_UPPER}["']?)+""")
_NAME = re.compile(_UPPER)
_MAX_KINDS = 100
"""Kinds of rows in an array that later rows are held against; one of more kinds is no table."""
_PARTS = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])")


def partial(example: Example) -> Iterator[Violation]:
    """Find fields that only some rows of an array have, among rows of one kind."""
    for path, rows in _arrays(example.value, ()):
        for numbers in _kinds(rows):
            having = Counter(key for number in numbers for key in rows[number])
            everywhere = RowShare(len(numbers), len(numbers))
            for key, count in having.items():
                if count < len(numbers):
                    # Point at what is the exception: the few rows that have it, or the first that lacks it.
                    rare = count <= len(numbers) - count
                    first = next(number for number in numbers if (key in rows[number]) is rare)
                    there = RowShare(count, len(numbers))
                    at_row = (*path, first, key)
                    yield Violation(rule="example-partial-field", path=at_row, expected=(everywhere,), actual=(there,))


def _kinds(rows: list[dict[str, Any]]) -> list[list[int]]:
    """Group the numbers of rows of which one has all fields of the other, or that share more than half of them.

    An order is no error beside it, and a filter of prices is none of quantities.
    """
    kinds: list[list[int]] = []
    fields: list[set[str]] = []
    for number, row in enumerate(rows):
        alike = (at for at, known in enumerate(islice(fields, _MAX_KINDS)) if _are_alike(known, set(row)))
        kind = next(alike, None)
        if kind is None:
            kinds.append([number])
            fields.append(set(row))
        else:
            kinds[kind].append(number)
            fields[kind] |= row.keys()
    return kinds


def _are_alike(one: set[str], other: set[str]) -> bool:
    return one <= other or other <= one or len(one & other) * 2 > max(len(one), len(other))


def _arrays(value: Any, path: InstancePath) -> Iterator[tuple[InstancePath, list[dict[str, Any]]]]:
    """Yield every array of objects."""
    if isinstance(value, list) and value and all(isinstance(row, dict) for row in value):
        yield path, value
    children = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for step, child in children:
        yield from _arrays(child, (*path, step))


def copied(example: Example, vocabulary: Vocabulary) -> Iterator[Remark]:
    """Find comments that describe another field: by known phrases, else by the field before."""
    said: dict[tuple[InstancePath, str], InstancePath] = {}
    for path, comments in example.comments.items():
        field = path[-1] if path else None
        if not isinstance(field, str) or isinstance(at(example.value, path), dict | list):
            continue
        for comment in (each for each in comments if not vocabulary.is_derivation(each.text)):
            others = vocabulary.fields_described(comment.text)
            original = said.setdefault((path[:-1], comment.text), path)
            is_short = original == path and vocabulary.is_short_for(comment.text, field)
            if others and field not in others and vocabulary.has_phrases_for(field) and not is_short:
                meant = sorted(others)
            elif original != path and not others and _about(str(original[-1]), field, comment.text):
                meant = [str(original[-1])]
            else:
                continue
            violation = Violation(rule="comment-copied", path=path, expected=(field,), actual=tuple(meant))
            yield Remark(violation, comment.offset)


def _about(field: str, other: str, comment: str) -> bool:
    """Tell whether a comment has more words of one field's name than of another's."""
    words = set(re.findall(r"[a-z]+", comment.lower()))
    mine, others = (words & set(map(str.lower, _PARTS.findall(name))) for name in (field, other))
    return len(mine) > len(others)


def contradicted(
    example: Example, vocabulary: Vocabulary, choices: Callable[[InstancePath], Collection[Any]]
) -> Iterator[Remark]:
    """Find comments that list values, such as `LONG or SHORT`, where the example has another.

    choices gives the values a field can have at all; where none are known, a list may be anything.
    """
    for path, comments in example.comments.items():
        value = at(example.value, path)
        for comment in comments:
            for listed in _LISTED.finditer(comment.text):
                names = _NAME.findall(listed[0])
                open_list = vocabulary.is_open_list(comment.text, listed.start())
                for place in _against(value, path, names, choices(path)) if not open_list else ():
                    there = (JsonValue(at(example.value, place)),)
                    yield Remark(
                        Violation(rule="comment-contradicts-example", path=place, expected=tuple(names), actual=there),
                        comment.offset,
                    )


def _against(value: Any, path: InstancePath, names: list[str], choices: Collection[Any]) -> Iterator[InstancePath]:
    """Yield where a value is none of the names: the value itself, or in rows the field some of them are values of."""
    if isinstance(value, str) and value not in names and set(names) & set(choices):
        yield path
    rows = value if isinstance(value, list) and all(isinstance(row, dict) for row in value) else []
    for field in dict.fromkeys(key for row in rows for key, held in row.items() if held in names):
        for index, row in enumerate(rows):
            if isinstance(row.get(field), str) and row[field] not in names:
                yield (*path, index, field)
