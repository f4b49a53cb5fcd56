"""Compares two shapes, and says of every difference what a reader of the response would feel."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher

from deepdiff import DeepDiff

from wireshape.diff.shape import DOCUMENTED, OBSERVED, UNDOCUMENTED, WITHDRAWN, Field, Shape

_ALIKE = 0.6
_FEW = 10_000
_PLAIN = {"text", "small"}
"""Forms that say nothing a type does not."""
MEMBERS = "positions"
"""The array whose rows the catalogue says are of all symbols or of open ones."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Change:
    """One difference at one path: `kind` is the id of its rule, `hint` a likely rename."""

    kind: str
    path: str
    base: str | None
    current: str | None
    hint: str | None = None


def compare(base: Shape, current: Shape) -> list[Change]:
    """List what changes from base to current; what either side never saw is no difference."""
    mine, theirs = _mapping(base, current), _mapping(current, base)
    paths = _touched(mine, theirs) if mine != theirs else []
    removed = [path for path in _only_here(paths, mine, theirs) if _removed(path, base, current)]
    added = [path for path in _only_here(paths, theirs, mine) if _added(path, base, current)]
    renames = _renames(removed, added, base, current)
    changes = [_lost(path, base.fields[path], current, renames.get(path)) for path in removed]
    changes += [_gained(path, current.fields[path], base) for path in added]
    changes += [change for p in paths if p in mine and p in theirs for change in _changed(p, base, current)]
    if base.membership and current.membership and base.membership != current.membership:
        here, there = base.membership, current.membership
        changes.append(Change(kind="membership-changed", path=MEMBERS, base=here, current=there))
    return changes


def _lost(path: str, field: Field, current: Shape, hint: str | None) -> Change:
    undocumented = field.evidence == UNDOCUMENTED and current.exact
    kind = "field-undocumented-known" if undocumented else "field-removed"
    return Change(kind=kind, path=path, base=word(field), current=None, hint=hint)


def _gained(path: str, field: Field, base: Shape) -> Change:
    undocumented = field.evidence == UNDOCUMENTED and base.exact
    return Change(
        kind="field-undocumented-known" if undocumented else "field-added", path=path, base=None, current=word(field)
    )


def word(field: Field) -> str:
    """Word a field and what is special about it: `string (decimal)`, `"BOTH"`, as observed `string (fixed)`."""
    text = " or ".join(sorted(field.types))
    if field.values is not None and field.evidence != OBSERVED:
        text = _named(field)
    elif field.form:
        text += f" ({field.form})"
    elif field.evidence == OBSERVED and field.forms - _PLAIN:
        text += f" ({', '.join(sorted(field.forms - _PLAIN))})"
    notes = [] if field.required else ["optional"]
    notes += [field.evidence] if field.evidence not in {DOCUMENTED, OBSERVED} else []
    return ", ".join([text, *notes])


def _named(field: Field) -> str:
    return " or ".join(f'"{value}"' if "string" in field.types else value for value in sorted(field.values or ()))


def _mapping(shape: Shape, other: Shape) -> dict[str, str]:
    """Write each field as one line for deepdiff, with what can matter to the other side.

    Values differ from answer to answer where no contract limits them, so between answers they are left out.
    Between contracts a field withdrawn from its page counts as gone: only an answer can still have it.
    """
    exact, told = shape.exact and other.exact, shape.exact or other.exact
    return {
        path: f"{sorted(f.types)} {sorted(f.forms)} {f.required} {values and sorted(f.values or ())} {f.evidence}"
        for path, f in shape.fields.items()
        if not exact or f.evidence != WITHDRAWN
        for values in [told or path in shape.limited]
    }


def _touched(mine: dict[str, str], theirs: dict[str, str]) -> list[str]:
    """List the paths at which deepdiff finds anything, in a stable order."""
    # By default deepdiff compares mappings that share few keys as a whole, and not key by key.
    tree = DeepDiff(mine, theirs, view="tree", threshold_to_diff_deeper=0)
    return sorted({item.path(output_format="list")[0] for group in tree.values() for item in group})


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


def _only_here(paths: list[str], here: dict[str, str], there: dict[str, str]) -> list[str]:
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
        (SequenceMatcher(None, old.rpartition(".")[2].lower(), new.rpartition(".")[2].lower()).ratio(), old, new)
        for old in removed
        for new in added
        if old.rpartition(".")[0] == new.rpartition(".")[0] and base.fields[old].types == current.fields[new].types
    ]
    renames: dict[str, str] = {}
    for ratio, old, new in sorted(alike, reverse=True):
        if ratio >= _ALIKE and old not in renames and new not in renames.values():
            renames[old] = new
    return renames


def _changed(path: str, base: Shape, current: Shape) -> Iterator[Change]:
    """Yield what changed about a field that both sides have."""
    mine, theirs = base.fields[path], current.fields[path]
    kinds = []
    if _departs(mine.types, theirs.types, base, current):
        nullable = theirs.types - mine.types == {"null"} and mine.types <= theirs.types
        kinds.append("became-nullable" if nullable else "type-changed")
    else:
        limited = any(side.exact and side.fields[path].values is not None for side in (base, current))
        kinds += ["form-changed"] if not limited and _departs(mine.forms, theirs.forms, base, current) else []
        kinds += _values_changed(path, base, current)
    if mine.required and not theirs.required and (base.exact or not current.exact):
        kinds.append("became-optional")
    if theirs.required and not mine.required and base.exact == current.exact:
        kinds.append("became-required")
    if not kinds and base.exact and mine.evidence != theirs.evidence:
        known = mine.evidence in {UNDOCUMENTED, WITHDRAWN}
        kinds += ["evidence-changed"] if current.exact else ["field-undocumented-known"] if known else []
    for kind in kinds:
        values = kind == "enum-value-added" and theirs.values is not None
        yield Change(kind=kind, path=path, base=word(mine), current=_named(theirs) if values else word(theirs))


def _departs(mine: frozenset[str], theirs: frozenset[str], base: Shape, current: Shape) -> bool:
    """Tell whether current has what base excludes. A contract allows more than any one answer shows."""
    if base.exact and current.exact:
        return mine != theirs
    if not mine or not theirs:
        return False
    return not mine <= theirs if current.exact else not theirs <= mine


def _values_changed(path: str, base: Shape, current: Shape) -> Iterator[str]:
    """Compare the values a contract limits a field to; an answer limits nothing, but may show a value that is new."""
    mine, theirs = base.fields[path].values, current.fields[path].values
    named = base.exact or (path in base.limited and not current.exact)
    if named and mine is not None and (theirs is None or theirs - mine):
        yield "enum-value-added"
    if current.exact and theirs is not None and (mine is None or mine - theirs):
        yield "enum-value-removed"
