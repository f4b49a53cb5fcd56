"""Compares two shapes, and says of every difference what a reader of the response would feel."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum

from wireshape.catalog.field import Evidence, Field
from wireshape.diff.shape import Shape
from wireshape.findings.violation import Operand, Values
from wireshape.jsontext.paths import ABSENT

_ALIKE = 0.6
_FEW = 10_000
MEMBERS = "positions"
"""The array whose rows the catalogue says are of all symbols or of open ones."""


class Kind(StrEnum):
    """What changed about a field, by the id of its rule."""

    FIELD_REMOVED = "field-removed"
    FIELD_ADDED = "field-added"
    FIELD_UNDOCUMENTED_KNOWN = "field-undocumented-known"
    TYPE_CHANGED = "type-changed"
    FORM_CHANGED = "form-changed"
    BECAME_NULLABLE = "became-nullable"
    BECAME_OPTIONAL = "became-optional"
    BECAME_REQUIRED = "became-required"
    ENUM_VALUE_ADDED = "enum-value-added"
    ENUM_VALUE_REMOVED = "enum-value-removed"
    EVIDENCE_CHANGED = "evidence-changed"
    MEMBERSHIP_CHANGED = "membership-changed"


@dataclass(frozen=True, kw_only=True, slots=True)
class Change:
    """One difference at one path, and how either side has the field; `rename` is what it is likely called now."""

    kind: Kind
    path: str
    base: Operand
    current: Operand
    rename: str | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Changes:
    """What differs between two shapes, and how many fields with a value of their own both could speak of."""

    changes: tuple[Change, ...]
    fields: int


def compare(base: Shape, current: Shape) -> Changes:
    """List what changes from base to current; what either side never saw is no difference."""
    return Changes(changes=tuple(_changes(base, current)), fields=_comparable_fields(base, current))


def _changes(base: Shape, current: Shape) -> list[Change]:
    mine, theirs = _comparable(base, current), _comparable(current, base)
    paths = sorted(path for path in mine.keys() | theirs.keys() if mine.get(path) != theirs.get(path))
    removed = [path for path in _only_here(paths, mine, theirs) if _removed(path, base, current)]
    added = [path for path in _only_here(paths, theirs, mine) if _added(path, base, current)]
    renames = _renames(removed, added, base, current)
    changes = [_lost(path, base.fields[path], current, renames.get(path)) for path in removed]
    changes += [_gained(path, current.fields[path], base) for path in added]
    changes += [change for p in paths if p in mine and p in theirs for change in _changed(p, base, current)]
    if base.membership and current.membership and base.membership != current.membership:
        here, there = base.membership, current.membership
        changes.append(Change(kind=Kind.MEMBERSHIP_CHANGED, path=MEMBERS, base=here, current=there))
    return changes


def _comparable_fields(base: Shape, current: Shape) -> int:
    """Count the fields with a value of their own that both sides could speak of."""
    containers = {"array", "object"}
    return sum(
        1
        for mine, theirs in ((base, current), (current, base))
        for path, field in mine.fields.items()
        if field.types - containers and not below(path, theirs.unobserved) and (mine is base or path not in base.fields)
    )


def _lost(path: str, field: Field, current: Shape, rename: str | None) -> Change:
    undocumented = field.evidence is Evidence.UNDOCUMENTED and current.exact
    kind = Kind.FIELD_UNDOCUMENTED_KNOWN if undocumented else Kind.FIELD_REMOVED
    return Change(kind=kind, path=path, base=field, current=ABSENT, rename=rename)


def _gained(path: str, field: Field, base: Shape) -> Change:
    undocumented = field.evidence is Evidence.UNDOCUMENTED and base.exact
    kind = Kind.FIELD_UNDOCUMENTED_KNOWN if undocumented else Kind.FIELD_ADDED
    return Change(kind=kind, path=path, base=ABSENT, current=field)


@dataclass(frozen=True, slots=True)
class _Compared:
    """What of a field can matter to the other side."""

    types: frozenset[str]
    forms: frozenset[str]
    required: bool
    values: frozenset[str] | None
    evidence: Evidence


def _comparable(shape: Shape, other: Shape) -> dict[str, _Compared]:
    """Give of each field what can matter to the other side.

    Values differ from answer to answer where no contract limits them, so between answers they are left out.
    Between contracts a field withdrawn from its page counts as gone: only an answer can still have it.
    """
    exact, either = shape.exact and other.exact, shape.exact or other.exact
    return {
        path: _Compared(
            field.types,
            field.forms,
            field.required,
            (field.values or frozenset()) if either or path in shape.limited else None,
            field.evidence,
        )
        for path, field in shape.fields.items()
        if not exact or field.evidence is not Evidence.WITHDRAWN
    }


def below(path: str, containers: frozenset[str]) -> bool:
    """Tell whether a path is one of some containers, or inside one."""
    return any(path == container or path.startswith(f"{container}.") for container in containers)


def _removed(path: str, base: Shape, current: Shape) -> bool:
    """Tell whether a path current lacks was lost: not where its rows were never seen, nor where it may be absent."""
    if below(path, current.unobserved):
        return False
    return current.exact or not base.exact or base.fields[path].required


def _added(path: str, base: Shape, current: Shape) -> bool:
    """Tell whether a path base lacks is new: not where base never saw a row, nor where current may leave it out."""
    if below(path, base.unobserved):
        return False
    return base.exact or not current.exact or current.fields[path].required


def _only_here(paths: list[str], here: Collection[str], there: Collection[str]) -> list[str]:
    """List the paths that one side alone has, without what lies below another of them."""
    alone = [path for path in paths if path in here and path not in there]
    return [path for path in alone if not any(parent in here and parent not in there for parent in _parents(path))]


def _parents(path: str) -> Iterator[str]:
    while path:
        path = path[:-2] if path.endswith("[]") else path.rpartition(".")[0]
        yield path


def _renames(removed: list[str], added: list[str], base: Shape, current: Shape) -> dict[str, str]:
    """Suggest for a lost field the new one most like it, beside it and of the same type; each new one once."""
    if len(removed) * len(added) > _FEW:  # nobody reads a thousand suggestions
        return {}
    alike = [
        (SequenceMatcher(None, gone.rpartition(".")[2].lower(), new.rpartition(".")[2].lower()).ratio(), gone, new)
        for gone in removed
        for new in added
        if gone.rpartition(".")[0] == new.rpartition(".")[0] and base.fields[gone].types == current.fields[new].types
    ]
    renames: dict[str, str] = {}
    for ratio, gone, new in sorted(alike, reverse=True):
        if ratio >= _ALIKE and gone not in renames and new not in renames.values():
            renames[gone] = new
    return renames


def _changed(path: str, base: Shape, current: Shape) -> Iterator[Change]:
    """Yield what changed about a field that both sides have."""
    mine, theirs = base.fields[path], current.fields[path]
    kinds: list[Kind] = []
    if _departs(mine.types, theirs.types, base, current):
        nullable = theirs.types - mine.types == {"null"} and mine.types <= theirs.types
        kinds.append(Kind.BECAME_NULLABLE if nullable else Kind.TYPE_CHANGED)
    else:
        limited = any(side.exact and side.fields[path].values is not None for side in (base, current))
        kinds += [Kind.FORM_CHANGED] if not limited and _departs(mine.forms, theirs.forms, base, current) else []
        kinds += _values_changed(path, base, current)
    if mine.required and not theirs.required and (base.exact or not current.exact):
        kinds.append(Kind.BECAME_OPTIONAL)
    if theirs.required and not mine.required and base.exact == current.exact:
        kinds.append(Kind.BECAME_REQUIRED)
    if not kinds and base.exact and mine.evidence is not theirs.evidence:
        known = mine.evidence in {Evidence.UNDOCUMENTED, Evidence.WITHDRAWN}
        kinds += [Kind.EVIDENCE_CHANGED] if current.exact else [Kind.FIELD_UNDOCUMENTED_KNOWN] if known else []
    for kind in kinds:
        values = kind is Kind.ENUM_VALUE_ADDED and theirs.values is not None
        yield Change(kind=kind, path=path, base=mine, current=Values(theirs) if values else theirs)


def _departs(mine: frozenset[str], theirs: frozenset[str], base: Shape, current: Shape) -> bool:
    """Tell whether current has what base excludes. A contract allows more than any one answer shows."""
    if base.exact and current.exact:
        return mine != theirs
    if not mine or not theirs:
        return False
    return not mine <= theirs if current.exact else not theirs <= mine


def _values_changed(path: str, base: Shape, current: Shape) -> Iterator[Kind]:
    """Compare the values a contract limits a field to; an answer limits nothing, but may show a value that is new."""
    mine, theirs = base.fields[path].values, current.fields[path].values
    named = base.exact or (path in base.limited and not current.exact)
    if named and mine is not None and (theirs is None or theirs - mine):
        yield Kind.ENUM_VALUE_ADDED
    if current.exact and theirs is not None and (mine is None or mine - theirs):
        yield Kind.ENUM_VALUE_REMOVED
