"""Holds two witnesses against each other: changes become findings with a place."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import chain

from wireshape.catalog.endpoints import Catalog
from wireshape.catalog.field import Evidence
from wireshape.diff import changes, placement
from wireshape.diff.placement import PlacedChange
from wireshape.diff.shape import Shape
from wireshape.diff.witness import Witness
from wireshape.errors import InputError, UsageError
from wireshape.findings import build
from wireshape.findings.build import Place, Subject
from wireshape.findings.report import Compared, Matrix, MatrixRow, Presence, Relation, Report, Verdict
from wireshape.model import Base, Exit, Finding, Location, Mode


@dataclass(frozen=True, kw_only=True, slots=True)
class Comparison:
    """Two witnesses that were compared, what differs, and what the changes are about."""

    base: Witness
    current: Witness
    compared: Compared
    changes: tuple[PlacedChange, ...]

    @property
    def subject(self) -> Subject:
        """What findings of this comparison are about."""
        same = self.base.endpoint.id == self.current.endpoint.id
        return Subject(
            location=Location(file=self.current.name),
            endpoint=self.current.endpoint.id,
            mode=_mode_named(self.base, self.current),
            base=Base(name=self.base.name if same else self.base.endpoint.id),
        )


def given(catalog: Catalog, base: Witness, current: Witness) -> Report:
    """Compare two witnesses as they were named; contracts named without a mode in each mode that both sides have."""
    if base.by_mode and current.by_mode:
        pairs = [(mine, theirs) for mine in base.by_mode for theirs in current.by_mode if mine.mode == theirs.mode]
        if pairs:
            return folded([[witnesses(catalog, *sides) for sides in pairs]], matrix([base, current]))
    return pair(catalog, _in_mode(base, current.mode), _in_mode(current, base.mode))


def _in_mode(side: Witness, mode: Mode | None) -> Witness:
    """Give the contract of the mode the other side is in, where it is named without one."""
    return next((each for each in side.by_mode if mode and each.mode == mode), side)


def pair(catalog: Catalog, base: Witness, current: Witness) -> Report:
    """Compare two witnesses; UsageError where both are answers, of endpoints that do not mirror each other."""
    comparison = witnesses(catalog, base, current)
    return Report(
        command="diff",
        checked=(),
        findings=tuple(sorted(_findings(comparison.changes, comparison.subject), key=_rank)),
        problems=base.problems + current.problems,
        compared=(comparison.compared,),
        matrix=matrix([base, current]),
    )


def witnesses(catalog: Catalog, base: Witness, current: Witness, relation: Relation = Relation.GIVEN) -> Comparison:
    """Compare two witnesses; UsageError where both are answers, of endpoints that do not mirror each other."""
    related = base.endpoint.id == current.endpoint.id or current.endpoint.id in base.endpoint.mirrors
    if base.answers and current.answers and not related:
        raise UsageError(
            f"BASE answers {base.endpoint.id} and CURRENT {current.endpoint.id}: compare their contracts instead, "
            f"contract:{base.endpoint.id} and contract:{current.endpoint.id}"
        )
    found = changes.compare(base.payload, current.payload)
    if not found.fields:
        raise InputError(f"{base.name} and {current.name} have nothing in common to compare", exit_code=Exit.NOTHING)
    outer = changes.compare(base.envelope, current.envelope) if base.envelope and current.envelope else None
    placed = tuple(placement.placed(catalog, base, current, found.changes, outer.changes if outer else ()))
    mode = current.mode or base.mode
    compared = Compared(
        base=base.name,
        current=current.name,
        relation=relation,
        mode=str(mode) if mode else None,
        fields=found.fields,
        verdict=_worst(Verdict(each.violation.level) for each in placed),
        unobserved=tuple(sorted(base.payload.unobserved | current.payload.unobserved)),
    )
    return Comparison(base=base, current=current, compared=compared, changes=placed)


def _mode_named(base: Witness, current: Witness) -> str | None:
    """Name the mode that findings are of, as far as the two sides tell it."""
    if current.answers:
        mode = current.mode or (base.mode if all(each.item.mode is None for each in current.answers) else None)
        return str(mode) if mode else None
    return str(current.mode) if current.mode else current.group


def folded(groups: Sequence[Sequence[Comparison]], whole: Matrix) -> Report:
    """Make one report of the comparisons in each mode of each pair."""
    return Report(
        command="diff",
        checked=(),
        findings=tuple(sorted(chain.from_iterable(map(_of_all_modes, groups)), key=_rank)),
        problems=(),
        compared=tuple(_compared_in_all(group) for group in groups),
        matrix=whole,
    )


def _of_all_modes(group: Sequence[Comparison]) -> Iterator[Finding]:
    """Say once, of no mode, what is found in every mode of a pair."""
    found: dict[tuple[str, str], list[tuple[PlacedChange, Subject]]] = {}
    for comparison in group:
        for change in comparison.changes:
            key = change.violation.rule, change.violation.field or ""
            found.setdefault(key, []).append((change, comparison.subject))
    for same in found.values():
        if len(same) == len(group) > 1:
            first, subject = same[0]
            violations = [change.violation for change, _ in same]
            whole = replace(
                first.violation,
                expected=tuple(chain.from_iterable(each.expected for each in violations)),
                actual=tuple(chain.from_iterable(each.actual for each in violations)),
            )
            yield from _findings([replace(first, violation=whole)], replace(subject, mode=None))
        else:
            for change, subject in same:
                yield from _findings([change], subject)


def _findings(found: Iterable[PlacedChange], subject: Subject) -> list[Finding]:
    listed = list(found)
    places = [Place(location=each.location) for each in listed]
    return build.made([each.violation for each in listed], replace(subject, places=lambda _: places))


def _compared_in_all(group: Sequence[Comparison]) -> Compared:
    each = [comparison.compared for comparison in group]
    worst = _worst(compared.verdict for compared in each)
    return replace(each[0], mode=None, fields=max(compared.fields for compared in each), verdict=worst)


def _worst(verdicts: Iterable[Verdict]) -> Verdict:
    return min(verdicts, key=list(Verdict).index, default=Verdict.SAME)


def _rank(finding: Finding) -> int:
    return finding.level.rank


def matrix(sides: Sequence[Witness]) -> Matrix:
    """List the payload fields of witnesses, with how each of them has them."""
    shapes = [witness.payload for witness in sides]
    paths = dict.fromkeys(path for each in shapes for path in each.fields if not path.endswith("[]"))
    # Fields of the account first, then what lies in its arrays, each in the order of the contracts.
    ordered = sorted(paths, key=lambda path: path.partition("[]")[0] if "[]" in path else "")
    rows = tuple(MatrixRow(path, tuple(_presence(path, each) for each in shapes)) for path in ordered)
    return Matrix(columns=tuple(witness.name for witness in sides), rows=rows)


def _presence(path: str, known: Shape) -> Presence:
    field = known.fields.get(path)
    if field is None:
        return Presence.UNOBSERVED if changes.below(path, known.unobserved) else Presence.ABSENT
    if field.evidence in {Evidence.UNDOCUMENTED, Evidence.WITHDRAWN}:
        return Presence(field.evidence)
    return Presence.PRESENT if field.required else Presence.OPTIONAL
