"""Holds what the tables of a section say against the catalogue, and against the examples of the section."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from wireshape.audit import examples
from wireshape.audit.examples import AuditedExample
from wireshape.audit.table_reach import TableReach
from wireshape.catalog import error_codes
from wireshape.catalog.endpoints import Catalog
from wireshape.findings.build import Findings
from wireshape.findings.violation import JsonValue, Violation
from wireshape.jsontext.paths import ABSENT
from wireshape.jsontext.types import BY_PYTHON_TYPE
from wireshape.model import Finding, InstancePath
from wireshape.pages import facts
from wireshape.pages.facts import Facts, SignedParameter
from wireshape.pages.statements import TableKind, TableRow

_VALUES = re.compile(
    r"""["'`]?[A-Z][A-Z0-9_]+["'`]?(?:\s*(?:,|/|\||、|;|\bor\b|\band\b|或|和)+\s*["'`]?[A-Z][A-Z0-9_]+["'`]?)+\s*\.?"""
)
_VALUE = re.compile(r"[A-Z][A-Z0-9_]+")
_IN_PATH = re.compile(r"(?:\{|/:)([\w-]+)")
_BODY = "body"
"""What tables call the place of what is sent as JSON, and the parameter that is all of it."""
_TAKES = {
    "integer": {"integer", "null"},
    "number": {"integer", "number", "string", "null"},
    "string": {"string", "null"},
    "boolean": {"boolean", "null"},
    "array": {"array", "null", "string"},
    "object": {"object", "null", "string"},
    "scalar": {"string", "integer", "number", "boolean", "null"},
}
"""The JSON types that an example may have for the type of a table: lists and objects are sent as text too."""


def find(sections: Sequence[Sequence[AuditedExample]], catalog: Catalog) -> Iterator[Finding]:
    """Yield what tables say wrongly; examples come by the section they stand in, requests among them."""
    known = _of_operations(sections)
    for section in sections:
        first, found = section[0], Findings(by_value=True)
        about = replace(examples.subject(first), mode=None)
        found.add(_of_parameters(first, facts.load(catalog.schemas)), about)
        found.add(_of_errors(first, catalog), about)
        yield from found.all()
        reach = TableReach(section)
        for each in section:
            held, request = Findings(by_value=True), each.page_example.request
            if request:
                violations = _of_request(each, _parameters(each, reach, known), catalog)
            else:
                violations = _of_fields(each, reach.rows(each, TableKind.FIELDS))
            held.add(violations, examples.subject(each))
            yield from held.all()


def _of_operations(sections: Iterable[Sequence[AuditedExample]]) -> dict[tuple[int, str], list[Sequence[TableRow]]]:
    """Collect the tables of parameters by the page and the operation that they are of."""
    found: dict[tuple[int, str], list[Sequence[TableRow]]] = {}
    for first, *_ in sections:
        if rows := first.section.statements.of_kind(TableKind.PARAMETERS):
            found.setdefault((id(first.page), first.section.operation), []).append(rows)
    return found


def _parameters(
    each: AuditedExample, reach: TableReach, known: Mapping[tuple[int, str], list[Sequence[TableRow]]]
) -> Sequence[TableRow]:
    """Give the parameters of a request: those of its section, else of the one other that documents its operation."""
    if each.section.statements.of_kind(TableKind.PARAMETERS):
        return reach.rows(each, TableKind.PARAMETERS)
    others = known.get((id(each.page), each.section.operation), [])
    return others[0] if len(others) == 1 else ()


def _of_parameters(each: AuditedExample, known: Facts) -> Iterator[Violation]:
    """Hold the parameters of a signed request against those that the catalogue knows."""
    expected = {wanted.name for wanted in known.signed} | known.accepted
    tables = each.section.statements.of_kind(TableKind.PARAMETERS)
    # A table without any of them is of something else: of headers, or of what an answer has.
    about = {row.table for row in tables if row.name in expected}
    rows = [row for row in tables if row.table in about]
    # Of an operation of several endpoints, and of one outside the catalogue, no parameter is known.
    if not rows or not each.section.endpoints:
        return
    named = {row.name: row for row in rows}
    for wanted in known.signed:
        row = named.get(wanted.name)
        differs = row is None or (row.mandatory is not None and row.mandatory is not wanted.mandatory)
        if differs or (row and row.type and row.type != wanted.type):
            at = each.page.position((row or rows[0]).start)
            there = _said(row) if row else ABSENT
            yield Violation(
                rule="page-parameter-differs",
                path=(wanted.name,),
                expected=(_wanted(wanted),),
                actual=(there,),
                position=at,
            )
    for name, row in named.items():
        if name not in expected:
            yield Violation(
                rule="page-parameter-differs",
                path=(name,),
                expected=(ABSENT,),
                actual=(_said(row),),
                position=each.page.position(row.start),
            )


def _wanted(parameter: SignedParameter) -> str:
    return f"{parameter.type}, {'mandatory' if parameter.mandatory else 'optional'}"


def _said(row: TableRow) -> str:
    return ", ".join([row.written_type or "no type", *_mandatory(row)])


def _mandatory(row: TableRow) -> list[str]:
    return [] if row.mandatory is None else ["mandatory" if row.mandatory else "optional"]


def _of_errors(each: AuditedExample, catalog: Catalog) -> Iterator[Violation]:
    """Find codes that lost their minus: the exchange has none above 0."""
    codes = {error.code for error in error_codes.load(catalog.schemas).errors}
    for row in each.section.statements.of_kind(TableKind.ERRORS):
        if each.section.endpoints and int(row.name) > 0 and -int(row.name) in codes:
            at = each.page.position(row.start)
            yield Violation(
                rule="page-error-code-differs", expected=("a code below 0",), actual=("above 0",), position=at
            )


def _of_request(each: AuditedExample, listed: Sequence[TableRow], catalog: Catalog) -> Iterator[Violation]:
    """Hold a request against the tables of its parameters."""
    value, rows = each.page_example.example.value, {row.name: row for row in listed}
    if not rows or not isinstance(value, dict) or value.get("method", each.section.operation) != each.section.operation:
        return
    prefix: InstancePath = ("params",) if "method" in value else ()
    sent = value.get("params", {}) if prefix else value
    # A table that has none of them is of something else: of headers, or of what every frame has.
    if not isinstance(sent, dict) or not rows.keys() & sent.keys():
        return
    accepted = facts.load(catalog.schemas).accepted
    whole = prefix not in each.page_example.example.incomplete_paths
    for name, there in sent.items():
        if name in rows:
            yield from _of_value(rows[name], (*prefix, name), [there])
        else:
            yield Violation(rule="example-parameter-unlisted", path=(*prefix, name))
    for name in _asked(listed, sent.keys(), each.section.operation) if whole else ():
        if name not in sent and name not in accepted:
            yield Violation(
                rule="example-parameter-missing",
                path=(*prefix, name),
                expected=(_said(rows[name]),),
                actual=(ABSENT,),
            )


def _asked(listed: Sequence[TableRow], sent: Collection[str], operation: str) -> Iterator[str]:
    """Yield the parameters that every request has to send in its body or as its parameters.

    They are those of the first table, unless it is one of headers, of which a request shows none: a table behind it is
    of what is inside a parameter, or of some requests alone.
    """
    first = [row for row in listed if row.table == min(each.table for each in listed)]
    if not any(row.name in sent for row in first):
        return
    for row in first:
        is_sent = row.place in {"", _BODY} and row.name != _BODY and row.name not in _IN_PATH.findall(operation)
        if row.mandatory and is_sent and _is_plain(row.name):
            yield row.name


def _is_plain(name: str) -> bool:
    return not {".", "[", "$"} & set(name)


def _of_fields(each: AuditedExample, rows: Sequence[TableRow]) -> Iterator[Violation]:
    """Hold an answer against the tables of its fields; of fields that have a name in common, any may be meant."""
    if not rows:
        return
    values: dict[str, list[tuple[InstancePath, Any]]] = {}
    for path, there in _members(each.page_example.example.value, ()):
        values.setdefault(str(path[-1]), []).append((path, there))
    named = {_field(row) for row in rows}
    # Of names of one letter, e and E are two.
    spelled = {name.lower().replace("_", ""): name for name in values if name not in named and len(name) > 1}
    for row in rows:
        name = _field(row)
        if name in values:
            yield from _of_value(row, values[name][0][0], [there for _, there in values[name]])
        elif other := spelled.get(name.lower().replace("_", "")):
            at = each.page.position(row.start)
            yield Violation(
                rule="table-field-differs", path=values[other][0][0], expected=(other,), actual=(name,), position=at
            )


def _field(row: TableRow) -> str:
    return row.name.replace("[]", "").rpartition(".")[2]


def _of_value(row: TableRow, path: InstancePath, values: list[Any]) -> Iterator[Violation]:
    """Hold the values of a field or parameter against the type and the values that its row names."""
    types = {BY_PYTHON_TYPE.get(type(value), "number") for value in values}
    if row.type and not types & _TAKES[row.type]:
        yield Violation(
            rule="table-type-differs", path=path, expected=(row.written_type,), actual=(" or ".join(sorted(types)),)
        )
    listed = set(_VALUE.findall(row.description)) if _VALUES.fullmatch(row.description.strip()) else set()
    names = {value for value in values if isinstance(value, str) and _VALUE.fullmatch(value)}
    if listed and names and not names & listed:
        there = tuple(map(JsonValue, sorted(names)))
        yield Violation(rule="table-value-differs", path=path, expected=tuple(sorted(listed)), actual=there)


def _members(value: Any, path: InstancePath) -> Iterator[tuple[InstancePath, Any]]:
    if isinstance(value, Mapping):
        for key, member in value.items():
            yield (*path, key), member
            yield from _members(member, (*path, key))
    elif isinstance(value, list):
        for index, member in enumerate(value):
            yield from _members(member, (*path, index))
