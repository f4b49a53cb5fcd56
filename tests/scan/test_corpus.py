"""Plants are found or said to be incomplete, look-alikes are left alone, whatever they are wrapped in."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from canaries import filled
from casebook import cases
from wireshape.findings import ledger
from wireshape.findings.waivers import ValueKey
from wireshape.scan import scanner
from wireshape.scan.scanner import Leak
from wrappings import available, wrapped

ACCEPTED = ledger.load(ledger.LEDGER).value_reasons(ledger.today(), "")
PLANTS_WANTED, LOOKALIKES_WANTED = 223, 201


def _wrapped(folder: str) -> list[Any]:
    """List the cases of a folder, each in all of its wrappings."""
    return [
        pytest.param(
            case.values[0],
            tuple(names),
            id=", ".join([case.id, *names]),
            marks=pytest.mark.skipif(not available(tuple(names)), reason="the library that makes it is not installed"),
        )
        for case in cases(f"scan/{folder}")
        for names in case.values[0].get("wrappings", [[]])
    ]


def _leaks(case: dict[str, Any], names: tuple[str, ...]) -> Iterator[Leak]:
    """Yield what is found and not accepted."""
    seed = " ".join([case["description"], *names])
    known = [filled(secret, seed) for secret in case.get("known", ())]
    for leak in scanner.scan(wrapped(filled(case["text"], seed), names), known):
        if ValueKey(leak.rule, leak.sha256) not in ACCEPTED:
            yield leak


@pytest.mark.parametrize(("case", "names"), _wrapped("plants"))
def test_a_plant_is_found(case: dict[str, Any], names: tuple[str, ...]) -> None:
    found = list(_leaks(case, names))
    assert found
    assert not case.get("known") or scanner.KNOWN in {leak.rule for leak in found}


@pytest.mark.parametrize(("case", "names"), _wrapped("lookalikes"))
def test_a_lookalike_is_no_leak(case: dict[str, Any], names: tuple[str, ...]) -> None:
    assert list(_leaks(case, names)) == []


def test_there_are_enough_of_them() -> None:
    assert len(_wrapped("plants")) >= PLANTS_WANTED
    assert len(_wrapped("lookalikes")) >= LOOKALIKES_WANTED
