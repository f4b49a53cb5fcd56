"""Which account modes of an endpoint account best for a value."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import chain
from typing import Any

from wireshape.catalog import contracts, contradictions
from wireshape.catalog.contradictions import Known
from wireshape.catalog.endpoints import Catalog
from wireshape.check import conformance
from wireshape.check.engines import Engine
from wireshape.findings.violation import Operand, Violation
from wireshape.jsontext import paths
from wireshape.model import Endpoint, InstancePath, Level, Mode


@dataclass(frozen=True, kw_only=True, slots=True)
class BestModes:
    """The modes that account best for a value, and the violations that hold in every one of them.

    `breaking` counts those of the worst level, as often as they occur.
    """

    modes: tuple[Mode, ...]
    violations: Sequence[Violation]
    breaking: int


def best_modes(
    endpoint: Endpoint, modes: Sequence[Mode], value: Any, catalog: Catalog, engine: Engine, *, disguised: bool = False
) -> BestModes:
    """Give those of the modes that account best for a value; of one that is disguised, for what a disguise keeps."""
    likely = modes if len(modes) == 1 else _likely(endpoint, modes, value, catalog)
    known = Known(disguised=disguised)
    by_mode = {mode: conformance.check_success(catalog, endpoint, mode, value, engine, known) for mode in likely}
    payload = paths.at(value, (endpoint.payload,)) if endpoint.payload else value
    return _best(
        by_mode, {mode: contradictions.against(catalog.schemas, endpoint, mode, payload, known) for mode in likely}
    )


def _likely(endpoint: Endpoint, modes: Sequence[Mode], value: Any, catalog: Catalog) -> list[Mode]:
    """Narrow the modes down by the values in which their contracts differ: cheaper than listing what breaks each."""
    all_of_them = {mode: contracts.load(catalog, endpoint, mode) for mode in modes}
    weights = dict.fromkeys(modes, 0)
    for path in contracts.mode_dependent_paths(tuple(all_of_them.values())):
        found = Counter(each for each in paths.column(value, path) if isinstance(each, str | bool))
        for mode, contract in all_of_them.items():
            allowed = contracts.choices(contract.at(path))
            weights[mode] += sum(count for each, count in found.items() if each not in allowed)
    least = min(weights.values())
    return [mode for mode, weight in weights.items() if weight == least]


def _best(by_mode: dict[Mode, list[Violation]], against: Mapping[Mode, int]) -> BestModes:
    """Pick the modes that account best for a body, of these those its sums speak for, and what holds in each."""
    weights = {mode: (_count_breaking(violations), against[mode]) for mode, violations in by_mode.items()}
    least, fewest = min(weights.values())
    best = tuple(mode for mode, weight in weights.items() if weight == (least, fewest))
    first = by_mode[best[0]]
    if len(best) == 1:
        return BestModes(modes=best, violations=first, breaking=least)
    shared = set.intersection(*({_key(violation) for violation in by_mode[mode]} for mode in best))
    expected: dict[tuple[str, InstancePath], tuple[Operand, ...]] = {}
    for violation in chain.from_iterable(by_mode[mode] for mode in best):
        key = violation.rule, violation.path
        expected[key] = expected.get(key, ()) + violation.expected
    common = [
        replace(violation, expected=expected[violation.rule, violation.path])
        for violation in first
        if _key(violation) in shared
    ]
    # Modes that each fail in another way must not cancel out to a clean answer.
    violations = common if _count_breaking(common) or not least else first
    return BestModes(modes=best, violations=violations, breaking=_count_breaking(violations))


def _count_breaking(violations: Iterable[Violation]) -> int:
    return sum(violation.count for violation in violations if violation.level is Level.BREAKING)


def _key(violation: Violation) -> tuple[str, str]:
    return violation.rule, paths.collapse(violation.path)
