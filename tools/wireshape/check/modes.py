"""Which account modes of an endpoint account best for a value."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace
from itertools import chain
from typing import Any

from wireshape.catalog import contracts
from wireshape.catalog.endpoints import Catalog
from wireshape.check import conformance
from wireshape.check.engines import Engine
from wireshape.findings import rules
from wireshape.findings.violation import Mark
from wireshape.jsontext import paths
from wireshape.model import Endpoint, Level, Mode, Path


def fitting(
    endpoint: Endpoint, modes: Sequence[Mode], value: Any, catalog: Catalog, run: Engine
) -> tuple[tuple[Mode, ...], list[Mark]]:
    """Give those of the modes that account best for a value, and the marks that hold in every one of them."""
    likely = modes if len(modes) == 1 else _likely(endpoint, modes, value, catalog)
    return _fitting({mode: conformance.success(catalog, endpoint, mode, value, run) for mode in likely})


def _likely(endpoint: Endpoint, modes: Sequence[Mode], value: Any, catalog: Catalog) -> list[Mode]:
    """Narrow the modes down by the values in which their contracts differ: cheaper than listing what breaks each."""
    all_of_them = {mode: contracts.load(catalog, endpoint, mode) for mode in modes}
    weights = dict.fromkeys(modes, 0)
    for path in contracts.telling(tuple(all_of_them.values())):
        found = Counter(each for each in paths.column(value, path) if isinstance(each, str | bool))
        for mode, contract in all_of_them.items():
            allowed = contracts.choices(contract.at(path))
            weights[mode] += sum(count for each, count in found.items() if each not in allowed)
    least = min(weights.values())
    return [mode for mode, weight in weights.items() if weight == least]


def _fitting(by_mode: dict[Mode, list[Mark]]) -> tuple[tuple[Mode, ...], list[Mark]]:
    """Pick the modes that account best for a body, and what holds in every one of them."""
    weights = {mode: breaking(marks) for mode, marks in by_mode.items()}
    least = min(weights.values())
    best = tuple(mode for mode, weight in weights.items() if weight == least)
    first = by_mode[best[0]]
    if len(best) == 1:
        return best, first
    shared = set.intersection(*({_key(mark) for mark in by_mode[mode]} for mode in best))
    expected: dict[tuple[str, Path], dict[str, None]] = {}
    for mark in chain.from_iterable(by_mode[mode] for mode in best):
        if mark.expected:
            expected.setdefault((mark.rule, mark.path), {})[mark.expected] = None
    common = [
        replace(mark, expected=" or ".join(expected.get((mark.rule, mark.path), ())) or None)
        for mark in first
        if _key(mark) in shared
    ]
    # Modes that each fail in another way must not cancel out to a clean answer.
    return best, common if breaking(common) or not least else first


def breaking(marks: Iterable[Mark]) -> int:
    """Count the marks of the worst level, as often as they occur."""
    return sum(mark.count for mark in marks if rules.get(mark.rule).level is Level.BREAKING)


def _key(mark: Mark) -> tuple[str, str]:
    return mark.rule, paths.collapse(mark.path)
