"""Mutation on demand: what an account answer loses, gains or renames, so that a reader meets it before it happens."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any

from wireshape.catalog import contracts
from wireshape.catalog.endpoints import Catalog
from wireshape.errors import UsageError

VERBS = {
    "drop": "drop:PATH leaves the field out",
    "retype": "retype:PATH gives it another JSON type",
    "rename": "rename:PATH=NAME calls it something else",
    "add": "add:PATH adds a field that nobody knows",
}
_SPELLING = re.compile(r"(?P<verb>[a-z]+):(?P<path>[^=]+)(?:=(?P<name>\w+))?")
_STEP = re.compile(r"(\w+)((?:\[\])*)")


@dataclass(frozen=True, kw_only=True, slots=True)
class Mutation:
    """One change to payloads: at the containers `within` leads to ("" is every row), to the field `name`."""

    verb: str
    within: tuple[str, ...]
    name: str
    becomes: str | None = None

    def apply(self, payload: dict[str, Any]) -> None:
        """Change a payload in place; where it does not have the path, nothing happens."""
        for container in _at(payload, self.within):
            if self.verb == "add":
                container[self.name] = 2
            elif self.name in container:
                _change(container, self)


def parse(spelling: str, catalog: Catalog) -> Mutation:
    """Read `drop:positions[].leverage`; UsageError where no answer of the catalogue has the path."""
    match = _SPELLING.fullmatch(spelling)
    if not match or match["verb"] not in VERBS or (match["verb"] == "rename") != bool(match["name"]):
        raise UsageError(f"no drift {spelling!r}; known: {'; '.join(VERBS.values())}")
    steps = [
        step for name, rows in _STEP.findall(match["path"]) for step in (name, *("" for _ in range(len(rows) // 2)))
    ]
    known = _paths(catalog)
    wanted = (*steps[:-1],) if match["verb"] == "add" else (*steps,)
    spelled = re.sub(r"\[\]", "", match["path"]).split(".") == [step for step in steps if step]
    if not spelled or not steps[-1] or wanted not in known or (match["verb"] == "add" and (*steps,) in known):
        raise UsageError(f"the drift {spelling!r} is at a path that {_why(match['verb'])}")
    return Mutation(verb=match["verb"], within=tuple(steps[:-1]), name=steps[-1], becomes=match["name"])


def _why(verb: str) -> str:
    return "is already there, or in nothing that is" if verb == "add" else "no answer has"


def _paths(catalog: Catalog) -> set[tuple[str, ...]]:
    """Collect every path of every payload, containers included, with "" for any row."""
    found: set[tuple[str, ...]] = {()}
    for endpoint in catalog.endpoints:
        for mode in endpoint.modes:
            for path in contracts.load(catalog, endpoint, mode).leaves():
                inner = path[1:] if endpoint.payload and path[0] == endpoint.payload else path
                steps = tuple("" if isinstance(step, int) else step for step in inner)
                found.update(steps[:length] for length in range(1, len(steps) + 1))
    return found


def _at(value: Any, steps: Iterable[str]) -> Iterator[dict[str, Any]]:
    found = [value]
    for step in steps:
        if step:
            found = [each[step] for each in found if isinstance(each, dict) and step in each]
        else:
            found = [row for each in found if isinstance(each, list) for row in each]
    yield from (each for each in found if isinstance(each, dict))


def _change(container: dict[str, Any], drift: Mutation) -> None:
    if drift.verb == "retype":
        container[drift.name] = _retyped(container[drift.name])
        return
    kept = dict(container)
    container.clear()
    for name, value in kept.items():
        if name != drift.name:
            container[name] = value
        elif drift.becomes:
            container[drift.becomes] = value


def _retyped(value: Any) -> Any:
    """Write a decimal string as a number, any other string as its length, and anything else as a string."""
    if isinstance(value, str):
        try:
            return float(Decimal(value))
        except InvalidOperation:
            return len(value)
    return {} if isinstance(value, list) else str(value).lower()
