"""Holds two witnesses, and every pair the catalogue relates, against each other: changes become placed findings."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import cache
from itertools import chain, combinations
from pathlib import Path as File
from typing import Any

import orjson

from wireshape import contracts, drift, redact, rules, shape, wirejson
from wireshape.catalog import Catalog
from wireshape.drift import Change
from wireshape.errors import UsageError
from wireshape.model import ABSENT, Compared, Endpoint, Finding, Interaction, Level, Location, Matrix, Path, Report
from wireshape.shape import UNDOCUMENTED, WITHDRAWN, Field, Shape
from wireshape.witness import Witness, of_contract

SAME = "same"
UNOBSERVED = "unobserved"
ENVELOPE = "envelope"
"""What paths in a WebSocket envelope begin with, since a payload may have members of the same names."""


def pair(catalog: Catalog, base: Witness, current: Witness, relation: str = "given") -> Report:
    """Compare two witnesses; UsageError where both are answers, of endpoints that do not mirror each other."""
    related = base.endpoint.id == current.endpoint.id or current.endpoint.id in base.endpoint.mirrors
    if base.answers and current.answers and not related:
        raise UsageError(
            f"BASE answers {base.endpoint.id} and CURRENT {current.endpoint.id}: compare their contracts instead, "
            f"contract:{base.endpoint.id} and contract:{current.endpoint.id}"
        )
    found = [(change, base.payload, "") for change in drift.compare(base.payload, current.payload)]
    if base.envelope and current.envelope:
        outer = drift.compare(base.envelope, current.envelope)
        found += [(change, base.envelope, ENVELOPE) for change in outer]
    findings = tuple(_finding(catalog, base, current, *each) for each in found)
    worst = min((finding.level for finding in findings), key=lambda level: level.rank, default=None)
    compared = Compared(
        base=base.name,
        current=current.name,
        relation=relation,
        mode=str(current.mode or base.mode) if current.mode or base.mode else None,
        fields=len(base.payload.fields.keys() | current.payload.fields.keys()),
        verdict=worst.value if worst else SAME,
        unobserved=tuple(sorted(base.payload.unobserved | current.payload.unobserved)),
    )
    return Report(
        command="diff",
        checked=(),
        findings=tuple(sorted(findings, key=_rank)),
        problems=(),
        compared=(compared,),
        matrix=matrix([base, current]),
    )


def lineage(catalog: Catalog) -> Report:
    """Compare every pair of contracts that the catalogue relates, and list the fields of all endpoints."""
    reports: dict[tuple[str, str, str], list[Report]] = {}
    for relation, base, current in _related(catalog):
        report = pair(catalog, base, current, relation)
        reports.setdefault((relation, report.compared[0].base, report.compared[0].current), []).append(report)
    return Report(
        command="diff",
        checked=(),
        findings=tuple(sorted(chain.from_iterable(map(_of_all_modes, reports.values())), key=_rank)),
        problems=(),
        compared=tuple(_compared_in_all(group) for group in reports.values()),
        matrix=matrix([of_contract(catalog, each, each.modes, each.id) for each in catalog.endpoints]),
    )


def matrix(witnesses: Sequence[Witness]) -> Matrix:
    """List the payload fields of witnesses, with how each of them has them."""
    shapes = [witness.payload for witness in witnesses]
    paths = dict.fromkeys(path for each in shapes for path in each.fields if not path.endswith("[]"))
    # Fields of the account first, then what lies in its arrays, each in the order of the contracts.
    ordered = sorted(paths, key=lambda path: path.partition("[]")[0] if "[]" in path else "")
    rows = tuple((path, tuple(_mark(path, each) for each in shapes)) for path in ordered)
    return Matrix(columns=tuple(redact.name(witness.name) for witness in witnesses), rows=rows)


def _mark(path: str, known: Shape) -> str:
    field = known.fields.get(path)
    if field is None:
        return UNOBSERVED if drift.below(path, known.unobserved) else ABSENT
    if field.evidence in {UNDOCUMENTED, WITHDRAWN}:
        return field.evidence
    return "present" if field.required else "optional"


def _related(catalog: Catalog) -> Iterator[tuple[str, Witness, Witness]]:
    """Yield the pairs that are alike or whose difference is known, in each mode that both sides have."""
    for endpoint in catalog.endpoints:
        for other in map(catalog.get, endpoint.replaces):
            yield from (("replaces", *each) for each in _by_mode(catalog, other, endpoint))
        for other in map(catalog.get, endpoint.mirrors):
            if catalog.endpoints.index(endpoint) < catalog.endpoints.index(other):
                yield from (("mirrors", *each) for each in _by_mode(catalog, endpoint, other))
        for other in map(catalog.get, endpoint.counterparts):
            yield from (("counterparts", *each) for each in _by_position(catalog, endpoint, other))
        margins = list(dict.fromkeys(mode.margin for mode in endpoint.modes))
        groups = [[mode for mode in endpoint.modes if mode.margin == margin] for margin in margins]
        named = [of_contract(catalog, endpoint, g, f"{endpoint.id}/{g[0].margin}") for g in groups]
        yield from (("modes", base, current) for base, current in combinations(named, 2))


def _by_mode(catalog: Catalog, base: Endpoint, current: Endpoint) -> Iterator[tuple[Witness, Witness]]:
    for mode in base.modes:
        if mode in current.modes:
            yield of_contract(catalog, base, [mode], base.id), of_contract(catalog, current, [mode], current.id)


def _by_position(catalog: Catalog, base: Endpoint, current: Endpoint) -> Iterator[tuple[Witness, Witness]]:
    """Pair endpoints of products that have other margin modes: what holds in any mode of the same position mode."""
    for mode in current.modes:
        mine = [each for each in base.modes if each.position == mode.position]
        yield of_contract(catalog, base, mine, base.id), of_contract(catalog, current, [mode], current.id)


def _of_all_modes(reports: list[Report]) -> Iterator[Finding]:
    """Say once, of no mode, what is found in every mode of a pair."""
    found: dict[tuple[str, str], list[Finding]] = {}
    for report in reports:
        for finding in report.findings:
            found.setdefault((finding.rule, finding.path), []).append(finding)
    for same in found.values():
        yield from [replace(same[0], mode=None)] if len(same) == len(reports) > 1 else same


def _compared_in_all(reports: list[Report]) -> Compared:
    each = [report.compared[0] for report in reports]
    verdicts = [compared.verdict for compared in each]
    worst = min(verdicts, key=[*map(str, Level), SAME].index)
    return replace(each[0], mode=None, fields=max(compared.fields for compared in each), verdict=worst)


def _rank(finding: Finding) -> int:
    return finding.level.rank


def _finding(catalog: Catalog, base: Witness, current: Witness, change: Change, mine: Shape, prefix: str) -> Finding:
    rule = rules.get(change.kind)
    location, sample, count = _placed(change, mine.fields.get(change.path), current, prefix)
    message = rule.message
    moved = _moves(catalog.schemas).get((base.endpoint.id, current.endpoint.id, change.path))
    if change.kind == "field-removed" and moved:
        message += f"; now {moved}"
    elif change.hint:
        message += f"; maybe renamed to {change.hint}"
    named = "" if current.answers else current.name.partition("@")[0].partition("/")[2]
    mode = current.mode or named or base.mode
    path = shape.join(prefix, change.path)
    return Finding(
        rule=rule.id,
        level=rule.level,
        endpoint=current.endpoint.id,
        mode=str(mode) if mode else None,
        path=redact.text(path),
        message=redact.text(message),
        expected=redact.text(change.base or ABSENT),
        actual=redact.text(change.current or ABSENT),
        location=location,
        sample=redact.text(shape.join(prefix, sample) if sample else path),
        count=max(count, 1),
        base=redact.name(base.name if base.endpoint.id == current.endpoint.id else base.endpoint.id),
    )


@cache
def _moves(schemas: File) -> dict[tuple[str, str, str], str]:
    """Read where fields moved to, by base endpoint, current endpoint and path."""
    return {
        (old, new, path): place
        for row in orjson.loads((schemas / "moves.json").read_bytes())["moves"]
        for old in row["from"]
        for new in row["to"]
        for path, place in row["fields"].items()
    }


def _placed(change: Change, base: Field | None, current: Witness, prefix: str) -> tuple[Location, str, int]:
    """Find where current first shows a change, and how often; a contract shows it nowhere in particular."""
    first: tuple[Interaction, Path] | None = None
    count = 0
    for item, value in current.answers:
        payload = current.endpoint.payload
        root: Path = (payload,) if payload and not prefix else ()
        for path, there in wirejson.places(wirejson.at(value, root), change.path):
            if _shows(change, base, there):
                count += 1
                first = first or (item, root + path)
    if first is None:
        return Location(file=redact.name(current.name)), "", 0
    item, path = first
    location = replace(item.location, file=redact.name(item.location.file))
    if item.bare:
        line, column = wirejson.locate(item.body, [path])[path]
        location = replace(location, line=line + (location.line or 1) - 1, column=column)
    inner = path[1:] if current.endpoint.payload and not prefix else path
    return location, contracts.sample(inner), count


def _shows(change: Change, base: Field | None, there: Any) -> bool:
    """Tell whether what stands in one place is what changed."""
    if change.kind in {"field-removed", "became-optional"}:
        return there is wirejson.NOTHING
    if there is wirejson.NOTHING:
        return False
    if base is None or change.kind == "field-undocumented-known":
        return True
    if change.kind in {"type-changed", "became-nullable"}:
        return shape.type_of(there) not in base.types
    if change.kind == "form-changed":
        return not shape.forms_of([there]) <= base.forms
    return base.values is None or shape.written(there) not in base.values
