"""Where changes stand: the first place in the answers of the current side that shows one, and how many there are."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from wireshape.catalog import data_files
from wireshape.catalog.endpoints import Catalog
from wireshape.diff import changes, shape
from wireshape.diff.changes import Change, Kind
from wireshape.diff.shape import Shape
from wireshape.diff.witness import Answer, Witness
from wireshape.findings import build
from wireshape.findings.build import Place
from wireshape.findings.violation import Violation
from wireshape.jsontext import paths
from wireshape.jsontext.paths import ABSENT, Instance
from wireshape.model import Field, InstancePath, Location

ENVELOPE = "envelope"
"""What paths in a WebSocket envelope begin with, since a payload may have members of the same names."""


@dataclass(frozen=True, kw_only=True, slots=True)
class PlacedChange:
    """A change as a violation, and where it first shows."""

    violation: Violation
    place: Place


def placed(catalog: Catalog, base: Witness, current: Witness) -> Iterator[PlacedChange]:
    """Yield what changes in the payload, then in the envelope."""
    for change in changes.compare(base.payload, current.payload):
        moved = _moves(catalog.schemas).get((base.endpoint.id, current.endpoint.id, change.path))
        payload = (current.endpoint.payload,) if current.endpoint.payload else ()
        yield _placed(change, base.payload, current, payload, moved)
    if base.envelope and current.envelope:
        for change in changes.compare(base.envelope, current.envelope):
            yield _placed(change, base.envelope, current, (), None, ENVELOPE)


def _placed(
    change: Change, base: Shape, current: Witness, root: InstancePath, moved: str | None, prefix: str = ""
) -> PlacedChange:
    found = list(_shown(change, base.fields.get(change.path), current, root))
    inner: InstancePath = ()
    location = Location(file=current.name)
    if found:
        answer, path = found[0].answer, found[0].path
        inner = (*((prefix,) if prefix else ()), *path[len(root) :])
        location = answer.item.location
        if answer.item.bare:
            inside = path[len(answer.enveloped.added) :]
            location = build.shifted(location, answer.document.positions([inside])[inside])
    violation = Violation(
        rule=change.kind,
        path=inner,
        field=paths.join(prefix, change.path),
        expected=(change.base,),
        actual=(change.current,),
        note=_note(change, moved),
        count=max(len(found), 1),
    )
    return PlacedChange(violation=violation, place=Place(location=location))


def _note(change: Change, moved: str | None) -> str | None:
    """Say of a field that is gone where it is now."""
    if change.current is not ABSENT:
        return None
    gone = "" if change.kind is Kind.FIELD_REMOVED else "absent here"
    now = f"now {moved}" if moved else f"possibly renamed to {change.rename}" if change.rename else ""
    return "; ".join(filter(None, (gone, now))) or None


@cache
def _moves(schemas: Path) -> dict[tuple[str, str, str], str]:
    """Read where fields moved to, by base endpoint, current endpoint and path."""
    return {
        (old, new, path): place
        for row in data_files.read(schemas, "moves.json")["moves"]
        for old in row["from"]
        for new in row["to"]
        for path, place in row["fields"].items()
    }


@dataclass(frozen=True, slots=True)
class _Shown:
    answer: Answer
    path: InstancePath


def _shown(change: Change, base: Field | None, current: Witness, root: InstancePath) -> Iterator[_Shown]:
    """Yield every place of the current side's answers that shows a change; a contract shows it nowhere."""
    for answer in current.answers:
        for each in paths.instances(paths.at(answer.enveloped.value, root), change.path):
            if _shows(change, base, each):
                yield _Shown(answer, (*root, *each.path))


def _shows(change: Change, base: Field | None, instance: Instance) -> bool:
    """Tell whether what stands in one place is what changed."""
    there: Any = instance.value
    if change.kind in {Kind.FIELD_REMOVED, Kind.BECAME_OPTIONAL}:
        return there is ABSENT
    if there is ABSENT:
        return False
    if base is None or change.kind is Kind.FIELD_UNDOCUMENTED_KNOWN:
        return True
    if change.kind in {Kind.TYPE_CHANGED, Kind.BECAME_NULLABLE}:
        return shape.type_of(there) not in base.types
    if change.kind is Kind.FORM_CHANGED:
        return not shape.forms_of([there]) <= base.forms
    return base.values is None or shape.written(there) not in base.values
