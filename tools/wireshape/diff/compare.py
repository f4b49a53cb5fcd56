"""Holds two witnesses against each other: changes become findings with a place."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import chain
from typing import Any

from wireshape.catalog import moves
from wireshape.catalog.endpoints import Catalog
from wireshape.diff import changes, shape
from wireshape.diff.changes import Change
from wireshape.diff.shape import UNDOCUMENTED, WITHDRAWN, Field, Shape
from wireshape.diff.witness import Witness
from wireshape.errors import InputError, UsageError
from wireshape.findings import redaction, rules
from wireshape.findings.report import Compared, Matrix, Report
from wireshape.jsontext import paths, positions
from wireshape.model import ABSENT, Exit, Finding, InstancePath, Interaction, Level, Location, Mode

SAME = "same"
UNOBSERVED = "unobserved"
ENVELOPE = "envelope"
"""What paths in a WebSocket envelope begin with, since a payload may have members of the same names."""


def given(catalog: Catalog, base: Witness, current: Witness) -> Report:
    """Compare two witnesses as they were named; contracts named without a mode in each mode that both sides have."""
    if base.by_mode and current.by_mode:
        pairs = [(mine, theirs) for mine in base.by_mode for theirs in current.by_mode if mine.mode == theirs.mode]
        if pairs:
            return folded([[pair(catalog, mine, theirs) for mine, theirs in pairs]], matrix([base, current]))
    return pair(catalog, _in_mode(base, current.mode), _in_mode(current, base.mode))


def _in_mode(side: Witness, mode: Mode | None) -> Witness:
    """Give the contract of the mode the other side is in, where it is named without one."""
    return next((each for each in side.by_mode if mode and each.mode == mode), side)


def pair(catalog: Catalog, base: Witness, current: Witness, relation: str = "given") -> Report:
    """Compare two witnesses; UsageError where both are answers, of endpoints that do not mirror each other."""
    related = base.endpoint.id == current.endpoint.id or current.endpoint.id in base.endpoint.mirrors
    if base.answers and current.answers and not related:
        raise UsageError(
            f"BASE answers {base.endpoint.id} and CURRENT {current.endpoint.id}: compare their contracts instead, "
            f"contract:{base.endpoint.id} and contract:{current.endpoint.id}"
        )
    comparable = _comparable(base.payload, current.payload)
    if not comparable:
        raise InputError(f"{base.name} and {current.name} have nothing in common to compare", exit_code=Exit.NOTHING)
    found = [(change, base.payload, "") for change in changes.compare(base.payload, current.payload)]
    if base.envelope and current.envelope:
        outer = changes.compare(base.envelope, current.envelope)
        found += [(change, base.envelope, ENVELOPE) for change in outer]
    findings = tuple(_finding(catalog, base, current, *each) for each in found)
    mode = current.mode or base.mode
    compared = Compared(
        base=redaction.name(base.name),
        current=redaction.name(current.name),
        relation=relation,
        mode=str(mode) if mode else None,
        fields=comparable,
        verdict=min((finding.level for finding in findings), key=lambda level: level.rank, default=SAME),
        unobserved=tuple(map(redaction.text, sorted(base.payload.unobserved | current.payload.unobserved))),
    )
    return Report(
        command="diff",
        checked=(),
        findings=tuple(sorted(findings, key=_rank)),
        problems=base.problems + current.problems,
        compared=(compared,),
        matrix=matrix([base, current]),
    )


def _comparable(base: Shape, current: Shape) -> int:
    """Count the fields with a value of their own that both sides could speak of."""
    containers = {"array", "object"}
    return sum(
        1
        for mine, theirs in ((base, current), (current, base))
        for path, field in mine.fields.items()
        if field.types - containers
        and not changes.below(path, theirs.unobserved)
        and (mine is base or path not in base.fields)
    )


def folded(groups: list[list[Report]], whole: Matrix) -> Report:
    """Make one report of the reports of each mode of each pair."""
    return Report(
        command="diff",
        checked=(),
        findings=tuple(sorted(chain.from_iterable(map(_of_all_modes, groups)), key=_rank)),
        problems=(),
        compared=tuple(_compared_in_all(group) for group in groups),
        matrix=whole,
    )


def matrix(witnesses: Sequence[Witness]) -> Matrix:
    """List the payload fields of witnesses, with how each of them has them."""
    shapes = [witness.payload for witness in witnesses]
    paths = dict.fromkeys(path for each in shapes for path in each.fields if not path.endswith("[]"))
    # Fields of the account first, then what lies in its arrays, each in the order of the contracts.
    ordered = sorted(paths, key=lambda path: path.partition("[]")[0] if "[]" in path else "")
    rows = tuple((redaction.text(path), tuple(_mark(path, each) for each in shapes)) for path in ordered)
    return Matrix(columns=tuple(redaction.name(witness.name) for witness in witnesses), rows=rows)


def _mark(path: str, known: Shape) -> str:
    field = known.fields.get(path)
    if field is None:
        return UNOBSERVED if changes.below(path, known.unobserved) else ABSENT
    if field.evidence in {UNDOCUMENTED, WITHDRAWN}:
        return field.evidence
    return "present" if field.required else "optional"


def _of_all_modes(reports: list[Report]) -> Iterator[Finding]:
    """Say once, of no mode, what is found in every mode of a pair."""
    found: dict[tuple[str, str], list[Finding]] = {}
    for report in reports:
        for finding in report.findings:
            found.setdefault((finding.rule, finding.path), []).append(finding)
    for same in found.values():
        if len(same) == len(reports) > 1:
            expected, actual = (_any_of([getattr(each, side) for each in same]) for side in ("expected", "actual"))
            yield replace(same[0], mode=None, expected=expected, actual=actual)
        else:
            yield from same


def _any_of(words: list[str | None]) -> str | None:
    return " or ".join(dict.fromkeys(word for word in words if word)) or None


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
    message = rule.message if change.current or rule.id == "field-removed" else f"{rule.message}; here it is gone"
    move = moves.find(catalog, base.endpoint, current.endpoint, change.path)
    if change.current is None and move:
        message += f"; now {move.place}"
    elif change.hint:
        message += f"; maybe renamed to {change.hint}"
    if current.answers:
        mode = current.mode or (base.mode if all(item.mode is None for item, _ in current.answers) else None)
        told = str(mode) if mode else None
    else:
        told = str(current.mode) if current.mode else current.name.partition("/")[2] or None
    path = paths.join(prefix, change.path)
    return Finding(
        rule=rule.id,
        level=rule.level,
        endpoint=current.endpoint.id,
        mode=told,
        path=redaction.text(path),
        message=redaction.text(message),
        expected=redaction.text(change.base or ABSENT),
        actual=redaction.text(change.current or ABSENT),
        location=location,
        sample=redaction.text(paths.join(prefix, sample) if sample else path),
        count=max(count, 1),
        base=redaction.name(base.name if base.endpoint.id == current.endpoint.id else base.endpoint.id),
    )


def _placed(change: Change, base: Field | None, current: Witness, prefix: str) -> tuple[Location, str, int]:
    """Find where current first shows a change, and how often; a contract shows it nowhere in particular."""
    first: tuple[Interaction, InstancePath] | None = None
    count = 0
    for item, value in current.answers:
        payload = current.endpoint.payload
        root: InstancePath = (payload,) if payload and not prefix else ()
        for path, there in paths.places(paths.at(value, root), change.path):
            if _shows(change, base, there):
                count += 1
                first = first or (item, root + path)
    if first is None:
        return Location(file=redaction.name(current.name)), "", 0
    item, path = first
    location = replace(item.location, file=redaction.name(item.location.file))
    if item.bare:
        line, column = positions.locate(item.body, [path])[path]
        location = replace(location, line=line + (location.line or 1) - 1, column=column)
    inner = path[1:] if current.endpoint.payload and not prefix else path
    return location, paths.sample(inner), count


def _shows(change: Change, base: Field | None, there: Any) -> bool:
    """Tell whether what stands in one place is what changed."""
    if change.kind in {"field-removed", "became-optional"}:
        return there is paths.NOTHING
    if there is paths.NOTHING:
        return False
    if base is None or change.kind == "field-undocumented-known":
        return True
    if change.kind in {"type-changed", "became-nullable"}:
        return shape.type_of(there) not in base.types
    if change.kind == "form-changed":
        return not shape.forms_of([there]) <= base.forms
    return base.values is None or shape.written(there) not in base.values
