"""Single faults in whole answers: each is found at its place, or listed here with the reason why nobody could know."""

from __future__ import annotations

import json
import re
from collections import Counter
from dataclasses import replace
from typing import NamedTuple

import pytest

from casebook import interaction, recordings
from mutants import FaultClass, Mutant, mutants
from wireshape.catalog import endpoints
from wireshape.check.run import check
from wireshape.jsontext import paths
from wireshape.model import Interaction

KNOWN = endpoints.load()
_SOME = ("usdm/rest/v3/account/single-asset.one-way.loopback.yaml", "coinm/rest/v1/account/hedge.loopback.yaml")
_LEAST = 0.99
_ELSEWHERE = 0.08
"""The most of faults in what values say that are found at another amount of the same relation alone."""


class Unknowable(NamedTuple):
    """Faults that no finding tells of: fields and faults as regular expressions, and why nobody could know."""

    fields: str
    faults: str
    reason: str


UNKNOWABLE = (
    Unknowable(r".*", "one in the last place", "a sum of several amounts that were cut may be off by as much"),
    Unknowable(r"can\w+|feeBurn|tradeGroupId|.*marginAvailable", "other truth|negative", "a setting"),
    Unknowable(r"positions\[\]\.isolated", "other truth", "a setting, as long as the position is flat"),
    Unknowable(r"assets|.*\.asset", "row lost|unknown asset", "which assets an account has is open"),
    Unknowable(r"positions", "row lost|no rows", "which symbols are listed is open where not all are"),
    Unknowable(r".*\.(?:maxNotional|maxQty)", "ten times", "a limit by tables that are not in the answer"),
    Unknowable(r".*\.(?:bid|ask)Notional", "something", "orders are not in the answer, and some bind no margin"),
    Unknowable(
        r".*\.(?:positionAmt|notional|notionalValue|entryPrice)",
        "ten times|swap",
        "version 3 has no entryPrice and no leverage, and COIN-M no contract size",
    ),
    Unknowable(
        r".*\.(?:positionAmt|notionalValue)",
        "other sign",
        "a row of one-way mode without notional does not say its side",
    ),
    Unknowable(r".*\.leverage", "ten times|something", "a setting, as long as the position is flat or has no notional"),
    Unknowable(
        r"assets\[\]\.availableBalance", "ten times|nothing", "in multi-assets mode at a rate that is not there"
    ),
    Unknowable(
        r"rateLimits", "drop|row .*|no rows", "the exchange sends what was asked for, and which limits there are"
    ),
    Unknowable(r"id", ".*", "whatever was sent, null included, where the request is not known"),
)


def _found(item: Interaction) -> Counter[tuple[str, str]]:
    findings = check([item], KNOWN).findings
    return Counter({(each.rule, each.path.removeprefix("result.")): each.count for each in findings})


def _is_at(path: str, mutant: Mutant) -> bool:
    """Tell whether a finding is of the field itself, or of what is in it."""
    places = {place.removeprefix("result.") for place in mutant.places}
    return any(path == place or path.startswith((f"{place}[", f"{place}.")) for place in places)


def _unknowable(mutant: Mutant) -> bool:
    path = paths.collapse(mutant.path).removeprefix("result.")
    return any(re.fullmatch(each.fields, path) and re.fullmatch(each.faults, mutant.fault) for each in UNKNOWABLE)


def _require_seen(item: Interaction) -> None:
    value, before = json.loads(item.body), _found(item)
    tried: Counter[FaultClass] = Counter()
    missed: dict[FaultClass, list[str]] = {each: [] for each in FaultClass}
    elsewhere: dict[FaultClass, list[str]] = {each: [] for each in FaultClass}
    for mutant in mutants(value):
        found = _found(replace(item, body=json.dumps(mutant.value).encode())) - before
        if _unknowable(mutant) and not any(_is_at(path, mutant) for _, path in found):
            continue
        tried[mutant.fault_class] += 1
        said = f"{paths.sample(mutant.path)}: {mutant.fault}"
        if not found:
            missed[mutant.fault_class].append(said)
        elif not any(_is_at(path, mutant) for _, path in found):
            elsewhere[mutant.fault_class].append(said)
    for fault_class, number in tried.items():
        most = _ELSEWHERE if fault_class is FaultClass.MEANING else 1 - _LEAST
        assert len(missed[fault_class]) <= (1 - _LEAST) * number, missed[fault_class]
        assert len(elsewhere[fault_class]) <= most * number, elsewhere[fault_class]


def _answers(*names: str) -> list[object]:
    chosen = [recording for recording in recordings() if not names or recording.as_posix() in names]
    items = [(str(recording), interaction(recording)) for recording in chosen if "all-symbols" not in recording.name]
    return [
        pytest.param(
            replace(item, mode=item.mode if given else None), id=f"{name} {'with' if given else 'without'} mode"
        )
        for name, item in items
        if item.mode and not item.expects_error
        for given in (True, False)
    ]


@pytest.mark.parametrize("item", _answers(*_SOME))
def test_a_single_fault_is_found(item: Interaction) -> None:
    _require_seen(item)


@pytest.mark.whole
@pytest.mark.parametrize("item", _answers())
def test_a_single_fault_in_any_recording_is_found(item: Interaction) -> None:
    _require_seen(item)
