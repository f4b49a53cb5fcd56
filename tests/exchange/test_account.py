"""The loopback exchange answers with one account: every endpoint keeps to its contract, and drifts as it is told."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest

from loopback import KNOWN, ask, call, calls, get, keys, settings
from wireshape import exchange
from wireshape.catalog.operations import Call
from wireshape.check.run import check
from wireshape.errors import UsageError
from wireshape.findings.report import Report
from wireshape.model import Interaction, Level, Location

MODES = [str(mode) for mode in KNOWN.catalog.endpoints[0].modes]
ACCOUNTS = [*calls("rest"), *calls("ws")]


def _body(served: exchange.RunningExchange, asked: Call) -> bytes:
    if asked.transport == "rest":
        return get(served, asked).content
    return json.dumps(ask(served, asked)).encode()


def _checked(served: exchange.RunningExchange, mode: str) -> Report:
    """Hold an answer of every endpoint against its contract."""
    items = [
        Interaction(
            endpoint=asked.endpoint,
            mode=settings(mode=mode).mode_of(asked.product),
            origin=None,
            status=None,
            body=_body(served, asked),
            location=Location(file=asked.id),
        )
        for asked in ACCOUNTS
        if asked.endpoint
    ]
    return check(items, KNOWN.catalog)


@pytest.mark.parametrize("mode", MODES)
def test_every_answer_keeps_to_its_contract(mode: str) -> None:
    with exchange.running(settings(mode=mode)) as served:
        report = _checked(served, mode)
    assert len(report.checked) == len(KNOWN.catalog.endpoints)
    assert [finding for finding in report.findings if finding.level is not Level.INFO] == []
    assert {finding.rule for finding in report.findings} <= {"field-undocumented-known"}


def _agree(one: Any, other: Any) -> None:
    """Hold two answers to one value for every field both have; the contracts say which of them has which."""
    if isinstance(one, list):
        for mine, theirs in zip(one, other, strict=True):
            _agree(mine, theirs)
    elif isinstance(one, dict):
        for name in one.keys() & other.keys():
            _agree(one[name], other[name])
    else:
        assert one == other


@pytest.mark.parametrize("mode", MODES)
def test_answers_of_one_account_agree(mode: str) -> None:
    with exchange.running(settings(mode=mode)) as served:
        for asked in calls("ws"):
            assert asked.endpoint
            for mirror in asked.endpoint.mirrors:
                _agree(ask(served, asked)["result"], get(served, call(mirror)).json())
        lean, full = (get(served, call(f"usdm.rest.{version}.account")).json() for version in ("v3", "v2"))
        told = get(served, call("usdm.rest.account-config")).json()
    held = {(row["symbol"], row["positionSide"]) for row in lean["positions"]}
    assert held < {(row["symbol"], row["positionSide"]) for row in full["positions"]}
    assert told["dualSidePosition"] == mode.endswith("hedge")
    assert told["multiAssetsMargin"] == full["multiAssetsMargin"] == mode.startswith("multi")


@pytest.mark.parametrize("asked", calls("rest", "mode"), ids=lambda asked: asked.id)
def test_an_operation_tells_the_mode(asked: Call) -> None:
    with exchange.running(settings(mode="multi-assets.hedge")) as served:
        answer = get(served, asked).json()
    assert {name: answer[name] for name in asked.tells} == dict.fromkeys(asked.tells, True)


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize(
    ("drift", "found"),
    [
        ("drop:assets[].walletBalance", ("field-missing", "assets[].walletBalance")),
        ("retype:assets[].walletBalance", ("type-mismatch", "assets[].walletBalance")),
        ("retype:positions[].positionAmt", ("type-mismatch", "positions[].positionAmt")),
        ("rename:positions[].symbol=pair", ("field-undocumented", "positions[].pair")),
        ("add:positions[].adl", ("field-undocumented", "positions[].adl")),
    ],
)
def test_drift_is_found_where_it_was_put_over_rest_and_websocket(mode: str, drift: str, found: tuple[str, str]) -> None:
    with exchange.running(settings(mode=mode, drifts=(drift,))) as served:
        report = _checked(served, mode)
    where = {finding.endpoint for finding in report.findings if (finding.rule, finding.path) == found}
    assert where == {endpoint.id for endpoint in KNOWN.catalog.endpoints}


def test_drift_leaves_alone_who_does_not_have_the_field() -> None:
    with exchange.running(settings(drifts=("drop:positions[].leverage",))) as served:
        report = _checked(served, "single-asset.one-way")
    where = {finding.endpoint for finding in report.findings if finding.rule == "field-missing"}
    assert where == {e.id for e in KNOWN.catalog.endpoints if e.positions == "all-symbols"}


@pytest.mark.parametrize(
    ("told", "words"),
    [
        ({"faults": ("nonsense",)}, "no fault 'nonsense'; known: late, "),
        ({"faults": ("late:soon",)}, "no fault 'late:soon'"),
        ({"faults": ("reset:5",)}, "the fault reset takes no value"),
        ({"faults": ("clockx2",)}, "of the whole run"),
        ({"faults": ("429@usdm.rest.v8",)}, "the fault '429@usdm.rest.v8' meets no request"),
        ({"faults": ("duplicate-id@rest",)}, "meets no request"),
        ({"drifts": ("bend:assets",)}, "no drift 'bend:assets'; known: drop:PATH"),
        ({"drifts": ("drop:positions[].wings",)}, "at a path that no answer has"),
        ({"drifts": ("drop:positions.leverage",)}, "at a path that no answer has"),
        ({"drifts": ("drop:positions[]",)}, "at a path that no answer has"),
        ({"drifts": ("rename:positions[].symbol",)}, "no drift"),
        ({"drifts": ("add:positions[].symbol",)}, "is already there"),
        ({"drifts": ("add:wings[].symbol",)}, "in nothing that is"),
        ({"mode": "sideways"}, "unknown mode 'sideways'"),
        ({"keys": (keys()[0], keys()[0])}, "two keys of the same name"),
    ],
    ids=str,
)
def test_settings_that_cannot_be_meant(told: dict[str, Any], words: str) -> None:
    with pytest.raises(UsageError, match=re.escape(words)):
        settings(**told)


def test_a_position_mode_alone_is_a_mode() -> None:
    told = settings(mode="hedge")
    assert [str(told.mode_of(product)) for product in ("usdm", "coinm")] == ["single-asset.hedge", "hedge"]
