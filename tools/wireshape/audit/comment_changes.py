"""Which fields the comments of one language describe, and those of the other leave without a word."""

from __future__ import annotations

from collections.abc import Iterator

from wireshape.audit import examples
from wireshape.audit.examples import AuditedExample
from wireshape.findings import build
from wireshape.findings.violation import Violation
from wireshape.jsontext import paths
from wireshape.model import Base, Finding, InstancePath

_MIN_LACKING = 3
"""Fields of an object without a comment that are more than an oversight of a line."""


def find(one: AuditedExample, other: AuditedExample) -> Iterator[Finding]:
    """Yield for each object of two examples what one of them alone describes, where it describes anything at all."""
    yield from _lacking(one, other)
    yield from _lacking(other, one)


def _lacking(where: AuditedExample, what: AuditedExample) -> Iterator[Finding]:
    here, there = _described(where), _described(what)
    if not here or not there:
        return
    places = _places(where)
    by_object: dict[str, list[str]] = {}
    for path in there - here:
        if path in places:
            by_object.setdefault(path.rpartition(".")[0], []).append(path)
    edition = Base(name=what.page.name, language=what.section.language)
    for found in by_object.values():
        if len(found) < _MIN_LACKING:
            continue
        first = min((places[path] for path in found), key=where.page_example.example.value_offsets.__getitem__)
        names = sorted((path.rpartition(".")[2] for path in found), key=lambda name: name.lower())
        lacking = Violation(
            rule="edition-comment-missing",
            path=first[:-1],
            expected=(", ".join(names),),
            position=examples.position(where, first),
        )
        yield from build.made([lacking], examples.subject(where, edition))


def _described(each: AuditedExample) -> set[str]:
    """Give the scalar fields that have a comment in any row."""
    example = each.page_example.example
    return {
        paths.collapse(path)
        for path in example.comments
        if path and isinstance(path[-1], str) and not isinstance(paths.at(example.value, path), dict | list)
    }


def _places(each: AuditedExample) -> dict[str, InstancePath]:
    """Give the first place of each field."""
    places: dict[str, InstancePath] = {}
    for path in each.page_example.example.value_offsets:
        places.setdefault(paths.collapse(path), path)
    return places
