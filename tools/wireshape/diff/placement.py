"""Where changes stand: the first place in the answers of the current side that shows one, and how many there are."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from wireshape.catalog import moves
from wireshape.catalog.endpoints import Catalog
from wireshape.catalog.field import Field
from wireshape.catalog.moves import Move
from wireshape.diff import shape
from wireshape.diff.changes import Change, Kind
from wireshape.diff.witness import Answer, Witness
from wireshape.findings.violation import Violation
from wireshape.inputs import sources
from wireshape.jsontext import paths
from wireshape.jsontext.paths import ABSENT, Instance, Rows
from wireshape.jsontext.types import BY_PYTHON_TYPE
from wireshape.model import InstancePath, Location

ENVELOPE = "envelope"
"""What paths in a WebSocket envelope begin with, since a payload may have members of the same names."""


@dataclass(frozen=True, kw_only=True, slots=True)
class PlacedChange:
    """A change as a violation, and the location of the answer, or else the contract, that shows it first."""

    violation: Violation
    location: Location


def placed(
    catalog: Catalog, base: Witness, current: Witness, payload: Iterable[Change], envelope: Iterable[Change]
) -> Iterator[PlacedChange]:
    """Yield what changes in the payload, then in the envelope."""
    rows: dict[int, Rows] = {}
    for change in payload:
        move = moves.find(catalog.schemas, base.endpoint, current.endpoint, change.path)
        root = (current.endpoint.payload,) if current.endpoint.payload else ()
        yield _placed(change, current, root, move, rows=rows)
    for change in envelope:
        yield _placed(change, current, (), None, ENVELOPE)


def _placed(
    change: Change,
    current: Witness,
    root: InstancePath,
    move: Move | None,
    prefix: str = "",
    rows: dict[int, Rows] | None = None,
) -> PlacedChange:
    inner: InstancePath = ()
    location = Location(file=current.name)
    count = 0
    for number, answer in enumerate(current.answers):
        known = None if rows is None else rows.setdefault(number, {})
        instances = paths.instances(paths.at(answer.enveloped.value, root), change.path, known)
        shown = [each for each in instances if _shows(change, each)]
        if shown and not count:
            inner = (*((prefix,) if prefix else ()), *shown[0].path)
            location = _located(answer, (*root, *shown[0].path))
        count += len(shown)
    violation = Violation(
        rule=change.kind,
        path=inner,
        field=paths.join(prefix, change.path),
        expected=(change.base,),
        actual=(change.current,),
        note=_note(change, move),
        count=max(count, 1),
    )
    return PlacedChange(violation=violation, location=location)


def _located(answer: Answer, path: InstancePath) -> Location:
    """Give where a path stands in the file of an answer."""
    inside = path[len(answer.enveloped.added) :]
    offset = answer.document.offsets([inside])[inside]
    return sources.locations(answer.item, [offset])[offset]


def _note(change: Change, move: Move | None) -> str | None:
    """Say of a field that is gone where it is now."""
    if change.current is not ABSENT:
        return None
    gone = "" if change.kind is Kind.FIELD_REMOVED else "absent here"
    now = f"now {move.place}" if move else f"possibly renamed to {change.rename}" if change.rename else ""
    return "; ".join(filter(None, (gone, now))) or None


def _shows(change: Change, instance: Instance) -> bool:
    """Tell whether what stands in one place is what changed."""
    base = change.base
    there: Any = instance.value
    if change.kind in {Kind.FIELD_REMOVED, Kind.BECAME_OPTIONAL}:
        return there is ABSENT
    if there is ABSENT:
        return False
    if not isinstance(base, Field) or change.kind is Kind.FIELD_UNDOCUMENTED_KNOWN:
        return True
    if change.kind in {Kind.TYPE_CHANGED, Kind.BECAME_NULLABLE}:
        return BY_PYTHON_TYPE[type(there)] not in base.types
    if change.kind is Kind.FORM_CHANGED:
        return not shape.forms_of([there]) <= base.forms
    return base.values is None or shape.written(there) not in base.values
