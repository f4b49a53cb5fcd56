"""An official change log: its dated entries, and what each line of them announces of which operation."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date

from wireshape.pages.vocabulary import Vocabulary
from wireshape.watch import log_lines, wording
from wireshape.watch.log_lines import Line
from wireshape.watch.wording import Kind

_DAY = re.compile(r"(?<![0-9])(20[0-9]{2})[-/.\u5e74](0?[1-9]|1[0-2])[-/.\u6708](0?[1-9]|[12][0-9]|3[01])(?![0-9])")
_OF = re.compile(r"\b(?:in|of|from|within|under|to)\s+(?:the\s+|each\s+)?$")
"""What stands before the name of an object that a field is in, and of no field."""
_MAX_WORDS = 16
"""Characters of such words."""
_SENTENCE = re.compile(r"[.;]\s|[\u3002\uff1b]")
_DATED = re.compile(rf"[\s*_\[(]*{_DAY.pattern}(?P<rest>.*)")
_MAX_LINES = 200
"""Before and behind a line that are looked at for what belongs to it."""
_MAX_DEPTH = 10
"""Bullets around a line."""
_MAX_HEADING = 40
"""Characters behind the day on a line that is a heading."""
_NAMES = re.compile(
    r"`([^`\n]{1,100})`|\"([A-Za-z][\w.]{0,60})\"|'([A-Za-z][\w.]{0,60})'|\u201c([A-Za-z][\w.]{0,60})\u201d"
)
_BARE = re.compile(r"(?<![\w/.@<>])([a-z]+(?:[A-Z][a-z0-9]*)+)(?![\w/.@<>])")
"""A name that no sentence has by chance: joined words with capitals."""
_FIELD = re.compile(r"[a-z]\w*(?:(?:\[\])?\.[a-z]\w*)*")
_OPERATION = re.compile(
    r"(?:\b(?P<method>GET|POST|PUT|DELETE|PATCH)[\s`]+)?(?<![\w.:])/?(?P<path>[a-z]+/v[0-9]+/[\w/-]*\w)"
    r"|(?<![\w./@<>])(?P<socket>(?:v[0-9]+/)?[a-z]\w*(?:\.[a-z]\w*)+)(?![\w./(@])"
)
_JOINED = re.compile(
    r"(?i)[\s`,;&/|\"'*_\u3001\u548c\u53ca\u4e0e()\uff0c]{0,12}(?:and|or)?[\s`,;&/|\"'*_(]{0,12}"
    r"(?:GET|POST|PUT|DELETE)?[\s`/]{0,4}"
)
_WEIGHT = re.compile(
    r"(?:(?<![\w.])\d{1,5}\s*(?:->|=>|\u2192|to|\u6539\u4e3a|\u8c03\u6574\u4e3a)"
    r"|\b(?:updated|adjusted|changed|increased|raised|reduced|set)\s+(?:to|as))"
    r"\s*(\d{1,5})(?![\w.])(?!\s*(?:with|for|when|if)\b)"
)


@dataclass(frozen=True, kw_only=True, slots=True)
class Announcement:
    """That an entry of a day names an operation, with fields: `kinds` is what becomes of them, as far as that is clear.

    `operation` is `GET /path`, `/path` where no method is named, or a WebSocket method; `product` is that which the
    entry speaks of, empty for several. `fields` are those of answers; `days` are further days that are named, `weight`
    is the request weight that will be.
    """

    day: date
    line: int
    operation: str
    product: str | None
    fields: frozenset[str]
    kinds: frozenset[Kind]
    days: tuple[date, ...] = ()
    weight: int | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class ChangeLog:
    """What a change log announces, and how many dated entries it has."""

    name: str
    entries: int
    announcements: tuple[Announcement, ...]


def read(text: str, name: str, vocabulary: Vocabulary) -> ChangeLog:
    """Read a change log; one without dated entries announces nothing."""
    entries = list(_entries(log_lines.of(text)))
    found = [each for entry in entries for each in _announcements(entry, vocabulary)]
    return ChangeLog(name=name, entries=len(entries), announcements=tuple(found))


@dataclass(frozen=True, kw_only=True, slots=True)
class _Entry:
    day: date
    lines: Sequence[Line]


def _entries(lines: Sequence[Line]) -> Iterator[_Entry]:
    """Yield what stands below each line that is a day."""
    starts = [(index, day) for index, line in enumerate(lines) if (day := _heading_day(line))]
    ends = [*(index for index, _ in starts[1:]), len(lines)]
    for (index, day), end in zip(starts, ends, strict=False):
        yield _Entry(day=day, lines=lines[index + 1 : end])


def _heading_day(line: Line) -> date | None:
    found = _DATED.fullmatch(line.text)
    if not found or line.depth or (not line.heading and found["rest"].strip("*_ :\u65e5")):
        return None
    return _day(found) if len(found["rest"]) <= _MAX_HEADING else None


def _day(found: re.Match[str]) -> date | None:
    try:
        return date(int(found[1]), int(found[2]), int(found[3]))
    except ValueError:
        return None


def _announcements(entry: _Entry, vocabulary: Vocabulary) -> Iterator[Announcement]:
    """Yield what each line names, with what the lines above and below it on the way through the bullets say of it."""
    product = None
    for index, line in enumerate(entry.lines):
        named = _product(line, vocabulary)
        product = product if named is None else named
        operations = _operations(line.text)
        above = _above(entry.lines, index)
        # Below a line that is about an operation, another one is mentioned by the way.
        if not operations or any(_operations(each.text) for each in above):
            continue
        way = [line, *reversed(above), *_below(entry.lines, index)]
        weight = next((found for one in way if (found := _WEIGHT.search(one.text))), None)
        announced = Announcement(
            day=entry.day,
            line=line.number,
            operation=operations[0],
            product=product,
            fields=_fields(way),
            kinds=_kinds(way),
            days=tuple(day for one in way for found in _DAY.finditer(one.text) if (day := _day(found))),
            weight=int(weight[1]) if weight else None,
        )
        yield from (replace(announced, operation=operation) for operation in operations)


def _above(lines: Sequence[Line], index: int) -> list[Line]:
    """List the lines that a line is below: the bullets around it, and the sentence that ends in a colon before them."""
    found: list[Line] = []
    depth = lines[index].depth
    for line in reversed(lines[max(index - _MAX_LINES, 0) : index]):
        if line.heading:
            break
        if line.depth < depth:
            if line.depth or line.text.endswith((":", "\uff1a")):
                found.insert(0, line)
            depth = line.depth
        if depth == 0 or len(found) == _MAX_DEPTH:
            break
    return found


def _below(lines: Sequence[Line], index: int) -> list[Line]:
    """List the bullets below a line that name no operation of their own."""
    found: list[Line] = []
    line = lines[index]
    for other in lines[index + 1 : index + _MAX_LINES]:
        if other.heading or other.depth <= line.depth:
            break
        if _operations(other.text):
            return []
        found.append(other)
    return found if line.depth or line.text.endswith((":", "\uff1a")) else []


def _operations(text: str) -> tuple[str, ...]:
    """List the operations that a line is about: the first that it names, and those that are joined to it."""
    found: list[str] = []
    end = 0
    for match in _OPERATION.finditer(text):
        if found and not _JOINED.fullmatch(text, end, match.start()):
            break
        path = f"/{match['path']}" if match["path"] else None
        found.append(match["socket"] or (f"{match['method']} {path}" if match["method"] else path or ""))
        end = match.end()
    return tuple(found)


def _fields(way: Sequence[Line]) -> frozenset[str]:
    """List the fields of answers that lines name: set apart as code or in quotes, or written as no word is."""
    words = [_prose(each.text) for each in way]
    said = wording.load()
    if not any(map(said.of_answers.search, words)) or any(map(said.of_requests.search, words)):
        return frozenset()
    found: set[str] = set()
    for line in way:
        own = [match for match in _NAMES.finditer(line.text) if not _is_object(line.text, match.start())]
        bare = set(_BARE.findall(_NAMES.sub(" ", _OPERATION.sub(" ", line.text))))
        named = {next(filter(None, match.groups()), "") for match in own} | bare
        found |= {each for each in named if _FIELD.fullmatch(each) and not _OPERATION.fullmatch(each)}
    return frozenset(found)


def _is_object(text: str, start: int) -> bool:
    """Tell whether a name stands for the object that a field is in, by the words before it."""
    return bool(_OF.search(text, max(start - _MAX_WORDS, 0), start))


def _kinds(way: Sequence[Line]) -> frozenset[Kind]:
    """Tell what becomes of what is named: the nearest line that says it counts, and only where it says one thing."""
    kinds: set[Kind] = set()
    for line in way:
        # A sentence behind the first is about something else.
        text = _prose(_SENTENCE.split(line.text)[0])
        said = {kind for kind, phrases in wording.load().phrases.items() if phrases.search(text)}
        told = said & {Kind.ADDED, Kind.REMOVED}
        kinds |= said - told
        if told:
            return frozenset(kinds | told if len(told) == 1 else kinds)
    return frozenset(kinds)


def _prose(text: str) -> str:
    """Give a line without the names in it, in small letters."""
    return _BARE.sub(" ", _OPERATION.sub(" ", _NAMES.sub(" ", text))).lower()


def _product(line: Line, vocabulary: Vocabulary) -> str | None:
    """Give the product that a line of its own names, empty for several."""
    text = line.text.lower()
    if len(text) > _MAX_HEADING or line.depth or _operations(line.text):
        return None
    named = [name for name, words in vocabulary.products.items() if any(word in text for word in words)]
    return (named[0] if len(named) == 1 else "") if named else None
