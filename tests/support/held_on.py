"""Counts on how many answers, and on how many rows and sums of them, each invariant holds.

    python tests/support/held_on.py ENDPOINT MODE FILE [ENDPOINT MODE FILE ...]

prints a line for each invariant: answers and places it holds on, and places where it does not. The numbers under
`held-on` in schemas/invariants.json are those of answers that came off the wire.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from wireshape.catalog import (
    contradictions,
    endpoints,
    invariant_equations,
    invariant_products,
    invariant_rates,
    invariants,
)
from wireshape.catalog.endpoints import Catalog
from wireshape.catalog.invariants import Invariant, InvariantKind, Row
from wireshape.catalog.row_checks import ROW_CHECKS, names
from wireshape.model import Endpoint, Mode


@dataclass(frozen=True, kw_only=True, slots=True)
class Answer:
    """A payload, and the endpoint and mode it is of."""

    endpoint: Endpoint
    mode: Mode
    payload: Row


@dataclass(kw_only=True, slots=True)
class Count:
    """Answers and places that keep an invariant, and places that do not."""

    bodies: int = 0
    places: int = 0
    broken: int = 0


def answer(known: Catalog, endpoint: str, mode: str, value: Any) -> Answer:
    """Give the payload of an answer with what it is of."""
    found = known.get(endpoint)
    payload = value[found.payload] if found.payload and found.payload in value else value
    return Answer(endpoint=found, mode=Mode.parse(mode), payload=payload)


def counts(known: Catalog, answers: Iterable[Answer]) -> dict[str, Count]:
    """Count for each invariant the places that keep it."""
    found = {invariant.id: Count() for invariant in invariants.load(known.schemas)}
    for each in answers:
        for invariant in invariants.load(known.schemas):
            if contradictions.applies(invariant, each.endpoint, each.mode):
                _add(found[invariant.id], invariant, each.payload)
    return found


def _add(count: Count, invariant: Invariant, payload: Row) -> None:
    outcome = contradictions.outcome(invariant, payload)
    broken = len(outcome.contradictions) + len(outcome.broken)
    kept = max(0, sum(1 for _ in _places(invariant, payload)) - broken)
    count.bodies += bool(kept)
    count.places += kept
    count.broken += broken


def _places(invariant: Invariant, payload: Row) -> Iterator[Any]:
    """Yield what an invariant says something of: sums, rows, or the answer as a whole."""
    if invariant.kind in invariant_equations.LINEAR:
        yield from invariant_equations.of(invariant, payload)
    elif invariant.kind is InvariantKind.PRODUCT:
        yield from invariant_products.of(invariant, payload)
    elif invariant.kind is InvariantKind.RATE:
        yield from invariant_rates.of(invariant, payload)
    elif invariant.kind in ROW_CHECKS or invariant.each is None:
        for _, row in invariant_equations.places(invariant, payload):
            if (set(names(invariant)) - set(invariant.condition.names)) & row.keys():
                yield row
    elif payload.get(invariant.each):
        yield payload


def main() -> None:
    """Count over the answers that the command line names."""
    known = endpoints.load()
    words = iter(sys.argv[1:])
    named = [
        answer(known, endpoint, mode, json.loads(Path(file).read_text("utf-8")))
        for endpoint, mode, file in zip(words, words, words, strict=True)
    ]
    for name, count in counts(known, named).items():
        sys.stdout.write(f"{name:40} {count.bodies:5} {count.places:6} {count.broken:6}\n")


if __name__ == "__main__":
    main()
