"""Makes findings of violations: looks up the rule, collapses the path, makes the words and masks secrets in them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import TypeVar

from wireshape.findings import describe, redaction, rules
from wireshape.findings.violation import JsonValue, Violation
from wireshape.jsontext import paths
from wireshape.jsontext.positions import Position
from wireshape.model import Base, Excerpt, Finding, InstancePath, Location

MAX_OF_A_RULE = 100
"""Findings of one rule, file, endpoint and mode; what is behind them is one more with a count."""
MAX_PLACES = 50
"""Places of one finding that are listed; the rest is counted."""
_MAX_CHARACTERS = 400
"""Of a path that is shown."""
_REST = f"there are more than {MAX_OF_A_RULE} findings of this rule; the rest is counted here"

Counted = TypeVar("Counted", Finding, Violation)


@dataclass(frozen=True, kw_only=True, slots=True)
class Place:
    """Where a violation stands; `source` is the line of a page around it, `token` a number there as it is written."""

    location: Location
    source: Excerpt | None = None
    token: str | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Subject:
    """What violations are about: an endpoint by its id, in a mode, what it was compared with, a page's language.

    `places` gives where violations stand, one for each; without it they are at `location`. `payload` is the member of
    the envelope that paths are named without, `noun` what a violation without a path is about.
    """

    location: Location
    endpoint: str = ""
    mode: str | None = None
    payload: str | None = None
    base: Base | None = None
    edition: str | None = None
    noun: str = "the answer"
    places: Callable[[Sequence[Violation]], Sequence[Place]] | None = None


class Findings:
    """Findings in the order in which they were first seen; those alike are one, with a count.

    Alike are violations of one rule at one collapsed path of one subject whose values are of one JSON type; with
    by_value, those of which all words are the same, and where each of them stands is listed.
    """

    def __init__(self, *, by_value: bool = False) -> None:
        self._by_value = by_value
        self._found: dict[Hashable, Finding] = {}
        self._kinds: Counter[Hashable] = Counter()

    def add(self, violations: Iterable[Violation], subject: Subject) -> None:
        """Take violations of one subject; only the first of those alike is put into words."""
        new: dict[Hashable, Violation] = {}
        others: dict[Hashable, list[Violation]] = {}
        for violation in violations:
            key = self._key(violation, subject)
            if key not in self._found and key not in new:
                key, violation = self._counted(key, violation, subject)  # noqa: PLW2901 - one of those behind stands for all
            if self._by_value and (key in self._found or key in new):
                others.setdefault(key, []).append(violation)
            if key in self._found:
                self._found[key] = _more(self._found[key], violation.count)
            else:
                new[key] = _more(new[key], violation.count) if key in new else violation
        for key, finding in zip(new, made(tuple(new.values()), subject), strict=True):
            self._found[key] = finding
        for key, alike in others.items():
            self._found[key] = _placed(self._found[key], _places(alike[:MAX_PLACES], subject))

    def _counted(self, key: Hashable, violation: Violation, subject: Subject) -> tuple[Hashable, Violation]:
        """Take note of a finding that is new; those of one rule past a number become one."""
        rule = (*_about(subject), violation.rule)
        self._kinds[rule] += 1
        if self._kinds[rule] <= MAX_OF_A_RULE:
            return key, violation
        return rule, replace(violation, detail=_REST, note=None, expected=(), actual=())

    def all(self) -> list[Finding]:
        """Give the findings."""
        return list(self._found.values())

    def _key(self, violation: Violation, subject: Subject) -> Hashable:
        about = _about(subject)
        where = violation.field or paths.collapse(_inside(subject, violation.path))
        if not self._by_value:
            return (*about, violation.rule, where, violation.detail or _json_type(violation))
        said = (describe.operands(each, violation.path) for each in (violation.expected, violation.actual))
        return (*about, violation.rule, where, violation.detail, *said)


def _about(subject: Subject) -> tuple[Hashable, ...]:
    return subject.location.file, subject.endpoint, subject.mode, subject.base, subject.edition


def made(violations: Sequence[Violation], subject: Subject) -> list[Finding]:
    """Make a finding of each violation of one subject."""
    places = _places(violations, subject)
    return [_made(violation, subject, place) for violation, place in zip(violations, places, strict=True)]


def _places(violations: Sequence[Violation], subject: Subject) -> Sequence[Place]:
    if subject.places:
        return subject.places(violations)
    return [Place(location=shifted(subject.location, violation.position)) for violation in violations]


def _placed(finding: Finding, places: Sequence[Place]) -> Finding:
    """List further places of a finding, each once: several rows may stand on one line."""
    located = [replace(place.location, file=redaction.name(place.location.file)) for place in places]
    known = dict.fromkeys((finding.location, *finding.also, *located))
    return replace(finding, also=tuple(known)[1 : MAX_PLACES + 1])


def shifted(location: Location, position: Position | None) -> Location:
    """Give the location of a position in a text that begins at a line of a file; as it is where there is none."""
    if position is None:
        return location
    return replace(location, line=position.line + (location.line or 1) - 1, column=position.column)


def _made(violation: Violation, subject: Subject, place: Place) -> Finding:
    rule = rules.get(violation.rule)
    path = _inside(subject, violation.path)
    collapsed = _cut(paths.collapse(path) if violation.field is None else violation.field)
    name = _name(path, collapsed) or subject.noun
    return Finding(
        rule=rule.id,
        level=rule.level,
        endpoint=redaction.text(subject.endpoint),
        mode=subject.mode,
        path=redaction.text(collapsed),
        message=describe.message(rule, violation, name),
        expected=describe.operands(violation.expected, violation.path),
        actual=describe.operands(violation.actual, violation.path, place.token),
        location=replace(place.location, file=redaction.name(place.location.file)),
        sample=redaction.text(_cut(paths.sample(path)) or collapsed),
        count=violation.count,
        base=replace(subject.base, name=redaction.name(subject.base.name)) if subject.base else None,
        edition=subject.edition,
        source=place.source,
    )


def _cut(path: str) -> str:
    """Cut a path that no line can show; a member may have any name."""
    return path if len(path) <= _MAX_CHARACTERS else f"{path[: _MAX_CHARACTERS - 1]}…"


def _name(path: InstancePath, collapsed: str) -> str:
    """Name what a violation is about by its last step: a member, or a row of an array; nothing for the whole."""
    last = collapsed.rpartition(".")[2]
    if not path or isinstance(path[-1], str):
        return last
    member = next((index for index in reversed(range(len(path))) if isinstance(path[index], str)), 0)
    return paths.sample(path[member:])


def _inside(subject: Subject, path: InstancePath) -> InstancePath:
    """Give a path inside the payload the same name over REST and WebSocket."""
    return path[1:] if subject.payload and len(path) > 1 and path[0] == subject.payload else path


def _json_type(violation: Violation) -> str:
    first = violation.actual[0] if violation.actual else None
    return type(first.value).__name__ if isinstance(first, JsonValue) else str(first)


def _more(counted: Counted, count: int) -> Counted:
    return replace(counted, count=counted.count + count)
