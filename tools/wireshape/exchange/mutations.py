"""Mutations on demand: what an account answer loses, gains or renames, so that a client meets it before it happens."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from enum import StrEnum
from typing import Any

from wireshape.catalog import contracts
from wireshape.catalog.endpoints import Catalog
from wireshape.errors import UsageError, nearest


class Verb(StrEnum):
    """What a mutation does to a field."""

    DROP = "drop"
    RETYPE = "retype"
    RENAME = "rename"
    ADD = "add"


@dataclass(frozen=True, kw_only=True, slots=True)
class MutationKind:
    """One row: how a mutation is written, and what it does."""

    form: str
    description: str


KINDS = {
    Verb.DROP: MutationKind(form="drop:PATH", description="leaves the field out"),
    Verb.RETYPE: MutationKind(form="retype:PATH", description="gives the field another JSON type"),
    Verb.RENAME: MutationKind(form="rename:PATH=NAME", description="gives the field another name"),
    Verb.ADD: MutationKind(form="add:PATH", description="adds a field that no contract has"),
}
_SPELLING = re.compile(r"(?P<verb>[^:]*):(?P<path>[^=]+)(?:=(?P<name>\w+))?")
_STEP = re.compile(r"(\w+)((?:\[\])*)")
_ROW = ""
"""The step that stands for every row of an array."""
_ADDED = 2
"""The value of a field that is added."""
Steps = tuple[str, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Mutation:
    """One change to payloads: at the objects `within` leads to ("" is every row), to the field `name`."""

    verb: Verb
    within: Steps
    name: str
    new_name: str | None = None

    def apply(self, payload: dict[str, Any]) -> None:
        """Change a payload in place; where it does not have the path, nothing happens."""
        for container in _objects(payload, self.within):
            if self.verb is Verb.ADD:
                container[self.name] = _ADDED
            elif self.name in container and self.verb is Verb.RETYPE:
                container[self.name] = _retyped(container[self.name])
            elif self.name in container:
                self._replace(container)

    def _replace(self, container: dict[str, Any]) -> None:
        """Drop or rename the field, and keep all others in their order."""
        fields = dict(container)
        container.clear()
        for name, value in fields.items():
            if name != self.name:
                container[name] = value
            elif self.new_name:
                container[self.new_name] = value


def parse(spelling: str, catalog: Catalog) -> Mutation:
    """Read `drop:positions[].leverage`; UsageError where it is malformed, or no answer has the path."""
    match = _SPELLING.fullmatch(spelling)
    forms = ", ".join(kind.form for kind in KINDS.values())
    if match and match["verb"] not in KINDS:
        raise UsageError(f"unknown drift {match['verb']!r}{nearest(match['verb'], KINDS)}; known: {forms}")
    if not match or (match["verb"] == Verb.RENAME) != bool(match["name"]):
        raise UsageError(f"drift {spelling!r} has none of the forms {forms}")
    verb, steps = Verb(match["verb"]), _steps(match["path"])
    within = steps[:-1]
    known = _paths(catalog)
    if not steps or not steps[-1] or (verb is not Verb.ADD and steps not in known):
        raise UsageError(f"{spelling}: no answer has a field `{match['path']}`")
    if verb is Verb.ADD and within not in known:
        raise UsageError(f"{spelling}: no answer has an object `{_written(within)}`")
    if verb is Verb.ADD and steps in known:
        raise UsageError(f"{spelling}: the field already exists; add takes a new one")
    return Mutation(verb=verb, within=within, name=steps[-1], new_name=match["name"])


def _steps(path: str) -> Steps:
    """Split a path such as `positions[].leverage` into steps; none where it is malformed."""
    parts = [_STEP.fullmatch(part) for part in path.split(".")]
    steps: list[str] = []
    for part in parts:
        if part is None:
            return ()
        steps += [part[1], *[_ROW] * (len(part[2]) // 2)]
    return tuple(steps)


def _written(steps: Steps) -> str:
    text = "".join(f".{step}" if step else "[]" for step in steps)
    return text.removeprefix(".")


def _paths(catalog: Catalog) -> set[Steps]:
    """Collect every path of every payload, containers included."""
    found: set[Steps] = {()}
    for endpoint in catalog.endpoints:
        for mode in endpoint.modes:
            for path in contracts.load(catalog, endpoint, mode).leaves():
                inner = contracts.payload_path(endpoint, path)
                steps = tuple(_ROW if isinstance(step, int) else step for step in inner)
                found.update(steps[:length] for length in range(1, len(steps) + 1))
    return found


def _objects(value: Any, steps: Iterable[str]) -> Iterator[dict[str, Any]]:
    """Yield the objects of a payload that the steps lead to."""
    found = [value]
    for step in steps:
        if step:
            found = [each[step] for each in found if isinstance(each, dict) and step in each]
        else:
            found = [row for each in found if isinstance(each, list) for row in each]
    yield from (each for each in found if isinstance(each, dict))


def _retyped(value: Any) -> Any:
    """Write a decimal string as a number, any other string as its length, and anything else as a string."""
    if isinstance(value, str):
        try:
            return float(Decimal(value))
        except InvalidOperation:
            return len(value)
    return {} if isinstance(value, list) else str(value).lower()
