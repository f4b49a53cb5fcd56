"""The loopback exchange answers with one account: every endpoint keeps its contract, until a drift changes it."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest

from loopback import PROTOCOL, ask, call, calls, get, keys, settings
from wireshape import exchange
from wireshape.catalog.operations import Call, Purpose, Transport
from wireshape.check.run import check
from wireshape.errors import UsageError
from wireshape.exchange.account_kinds import KINDS
from wireshape.findings.report import Report
from wireshape.model import Interaction, Level, Location

MODES = [str(mode) for mode in PROTOCOL.catalog.answering[0].modes]
ACCOUNTS = [*calls(Transport.REST), *calls(Transport.WS)]


def _body(server: exchange.RunningExchange, target: Call) -> bytes:
    if target.transport == Transport.REST:
        return get(server, target).content
    return json.dumps(ask(server, target)).encode()


def _checked(server: exchange.RunningExchange, mode: str) -> Report:
    """Hold an answer of every endpoint against its contract."""
    items = [
        Interaction(
            endpoint=target.endpoint,
            mode=settings(mode=mode).mode_of(target.product),
            origin=None,
            status=None,
            body=_body(server, target),
            location=Location(file=target.id),
        )
        for target in ACCOUNTS
        if target.endpoint
    ]
    return check(items, PROTOCOL.catalog)


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("kind", KINDS)
def test_every_answer_keeps_to_its_contract(kind: str, mode: str) -> None:
    with exchange.running(settings(mode=mode, account=KINDS[kind].account)) as server:
        report = _checked(server, mode)
    assert len(report.checked) == len(PROTOCOL.catalog.answering)
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
@pytest.mark.parametrize("kind", KINDS)
def test_answers_of_one_account_agree(kind: str, mode: str) -> None:
    with exchange.running(settings(mode=mode, account=KINDS[kind].account)) as server:
        for target in calls(Transport.WS):
            assert target.endpoint
            for mirror in target.endpoint.mirrors:
                _agree(ask(server, target)["result"], get(server, call(mirror)).json())
        lean, full = (get(server, call(f"usdm.rest.{version}.account")).json() for version in ("v3", "v2"))
        config = get(server, call("usdm.rest.account-config")).json()
    held = {(row["symbol"], row["positionSide"]) for row in lean["positions"]}
    assert held < {(row["symbol"], row["positionSide"]) for row in full["positions"]}
    assert config["canTrade"] == full["canTrade"]
    assert config["dualSidePosition"] == mode.endswith("hedge")
    assert config["multiAssetsMargin"] == full["multiAssetsMargin"] == mode.startswith("multi")


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize(
    ("kind", "held", "listed", "trades", "total"),
    [
        ("open-positions", True, 3, True, "23724.69206417"),
        ("flat", False, 3, True, "23724.69206417"),
        ("many-symbols", True, 700, True, "23724.69206417"),
        ("inactive", False, 3, False, ""),
    ],
)
def test_an_account_is_what_its_name_says(
    kind: str, mode: str, *, held: bool, listed: int, trades: bool, total: str
) -> None:
    with exchange.running(settings(mode=mode, account=KINDS[kind].account)) as server:
        lean, full, coinm = (
            get(server, call(each)).json()
            for each in ("usdm.rest.v3.account", "usdm.rest.v2.account", "coinm.rest.v1.account")
        )
    assert bool(lean["positions"]) == held
    for answer in (full, coinm):
        assert len({row["symbol"] for row in answer["positions"]}) >= listed
        assert any(float(row["positionAmt"]) for row in answer["positions"]) == held
        assert answer["canTrade"] == trades
    if mode.startswith("single"):
        assert lean["totalWalletBalance"] == full["totalWalletBalance"] == total
    rich = {each["asset"] for each in coinm["assets"] if float(each["walletBalance"])}
    assert bool(rich) == (kind != "inactive")


@pytest.mark.parametrize("target", calls(Transport.REST, Purpose.MODE), ids=lambda target: target.id)
def test_an_operation_tells_the_mode(target: Call) -> None:
    with exchange.running(settings(mode="multi-assets.hedge")) as server:
        answer = get(server, target).json()
    assert {name: answer[name] for name in target.tells} == dict.fromkeys(target.tells, True)


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
    with exchange.running(settings(mode=mode, drifts=(drift,))) as server:
        report = _checked(server, mode)
    where = {finding.endpoint for finding in report.findings if (finding.rule, finding.path) == found}
    assert where == {endpoint.id for endpoint in PROTOCOL.catalog.answering}


def test_drift_leaves_alone_who_does_not_have_the_field() -> None:
    with exchange.running(settings(drifts=("drop:positions[].leverage",))) as server:
        report = _checked(server, "single-asset.one-way")
    where = {finding.endpoint for finding in report.findings if finding.rule == "field-missing"}
    assert where == {e.id for e in PROTOCOL.catalog.answering if e.positions == "all-symbols"}


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"faults": ("nonsense",)}, "unknown fault 'nonsense'; known: late, "),
        ({"faults": ("slowdrip:5",)}, "unknown fault 'slowdrip' (did you mean slow-drip?); known: late, "),
        ({"faults": ("late:soon",)}, "fault 'late:soon' does not have the form NAME[:VALUE][xTIMES][@WORDS]"),
        ({"faults": ("reset:5",)}, "fault 'reset:5': reset takes no value"),
        ({"faults": ("resetx0",)}, "fault 'resetx0' would never happen: TIMES must be 1 or more"),
        ({"faults": ("clockx2",)}, "fault 'clockx2': clock concerns the whole run"),
        ({"faults": ("429@usdm.rest.v8",)}, "fault '429@usdm.rest.v8' applies to no request"),
        ({"faults": ("duplicate-id@rest",)}, "fault 'duplicate-id@rest' applies to no request"),
        ({"drifts": ("bend:assets",)}, "unknown drift 'bend'; known: drop:PATH, "),
        ({"drifts": ("renam:assets=x",)}, "unknown drift 'renam' (did you mean rename?); known: "),
        (
            {"drifts": ("drop:positions[].wings",)},
            "drop:positions[].wings: no answer has a field",
        ),
        ({"drifts": ("drop:positions.leverage",)}, "no answer has a field `positions.leverage`"),
        ({"drifts": ("drop:positions[]",)}, "no answer has a field `positions[]`"),
        ({"drifts": ("add:positions[]..x",)}, "no answer has a field `positions[]..x`"),
        (
            {"drifts": ("rename:positions[].symbol",)},
            "drift 'rename:positions[].symbol' has none of the forms",
        ),
        ({"drifts": ("add:positions[].symbol",)}, "add:positions[].symbol: the field already exists"),
        ({"drifts": ("add:wings[].symbol",)}, "add:wings[].symbol: no answer has an object `wings[]`"),
        ({"mode": "sideways"}, "'sideways'"),
        ({"keys": (keys()[0], keys()[0])}, "the same API key is given twice"),
    ],
    ids=str,
)
def test_a_wrong_setting_is_a_usage_error(options: dict[str, Any], words: str) -> None:
    with pytest.raises(UsageError, match=re.escape(words)):
        settings(**options)


def test_a_position_mode_alone_is_a_mode() -> None:
    hedge = settings(mode="hedge")
    assert [str(hedge.mode_of(product)) for product in ("usdm", "coinm")] == ["single-asset.hedge", "hedge"]
