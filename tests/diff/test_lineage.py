"""The lineage: what differs between related endpoints is what is documented, and all of it is accepted."""

from __future__ import annotations

from typing import Any

import pytest

from wireshape.catalog import endpoints
from wireshape.catalog.field import Field
from wireshape.diff import compare, lineage, shape, witness
from wireshape.diff.shape import Shape
from wireshape.findings import acceptance, ledger
from wireshape.findings.acceptance import Reach
from wireshape.model import Level

KNOWN = endpoints.load()
V2, V3 = "usdm.rest.v2.account", "usdm.rest.v3.account"
W1, W2 = "usdm.ws.v1.account.status", "usdm.ws.v2.account.status"


def _lineage(base: str, current: str) -> set[tuple[str, str, str | None]]:
    report = lineage.compare(KNOWN)
    return {(f.rule, f.path, f.mode) for f in report.findings if (str(f.base), f.endpoint) == (base, current)}


def test_v2_to_v3_loses_and_gains_what_is_documented() -> None:
    settings_lost = {"feeTier", "feeBurn", "canTrade", "canDeposit", "canWithdraw", "updateTime", "multiAssetsMargin"}
    settings_lost |= {"tradeGroupId", "assets[].marginAvailable"}
    rows = {"leverage", "isolated", "maxNotional", "entryPrice", "positionInitialMargin", "openOrderInitialMargin"}
    rows |= {"bidNotional", "askNotional"}
    found = _lineage(V2, V3)
    assert {path for rule, path, _ in found if rule == "field-removed"} == settings_lost | {
        f"positions[].{r}" for r in rows
    }
    gained = {path for rule, path, _ in found if rule in {"field-added", "became-required"}}
    assert gained == {"positions[].isolatedMargin", "positions[].isolatedWallet", "positions[].notional"}
    rest = {(rule, path) for rule, path, _ in found} - {("membership-changed", "positions")}
    assert {rule for rule, _ in rest} <= {"field-removed", "field-added", "became-required", "field-undocumented-known"}


def test_lost_settings_say_where_they_are_now() -> None:
    report = lineage.compare(KNOWN)
    said = {
        f.path: f.message for f in report.findings if (str(f.base), f.endpoint, f.rule) == (V2, V3, "field-removed")
    }
    assert all("; now " in message for message in said.values())
    assert said["feeTier"].endswith("now feeTier of GET /fapi/v1/accountConfig")
    assert "GET /fapi/v1/feeBurn, and nowhere else" in said["feeBurn"]


def test_mirrors_differ_only_as_documented() -> None:
    multi = {"multi-assets.one-way", "multi-assets.hedge"}
    assert _lineage(V3, W2) == {("field-added", "assets[].marginAvailable", mode) for mode in multi}
    price = {("evidence-changed", "positions[].breakEvenPrice", mode) for mode in multi}
    assert _lineage(V2, W1) == {("became-optional", "feeBurn", None)} | price


def test_a_clean_checkout_has_no_difference_that_is_not_accepted() -> None:
    shipped = ledger.load(ledger.LEDGER)
    report = acceptance.apply(lineage.compare(KNOWN), shipped, ledger.today(), Reach(lineage=True))
    assert [finding for finding in report.findings if not finding.waiver] == []


def test_a_field_the_successor_never_had_says_where_it_is_to_be_found() -> None:
    report = lineage.compare(KNOWN)
    (burn,) = (f for f in report.findings if (str(f.base), f.endpoint, f.path) == (W1, W2, "feeBurn"))
    assert burn.message.endswith("; absent here; now feeBurn of GET /fapi/v1/feeBurn, and nowhere else")


def test_what_holds_in_every_mode_is_worded_for_every_mode() -> None:
    report = lineage.compare(KNOWN)
    (flag,) = (f for f in report.findings if (str(f.base), f.endpoint, f.path) == (V2, V3, "multiAssetsMargin"))
    assert (flag.mode, flag.expected, flag.actual) == (None, "false or true", "absent")


def test_contracts_named_without_a_mode_are_compared_in_each() -> None:
    shipped = ledger.load(ledger.LEDGER)
    for base, current in ((W1, W2), (V2, V3), (V2, W1), (V3, W2)):
        sides = [witness.of(KNOWN, f"contract:{each}") for each in (base, current)]
        report = acceptance.apply(compare.given(KNOWN, sides[0], sides[1]), shipped, ledger.today(), Reach())
        assert [finding for finding in report.findings if not finding.waiver] == []
        assert report.findings
    margins = [witness.of(KNOWN, f"contract:{V2}/{margin}.one-way") for margin in ("single-asset", "multi-assets")]
    report = acceptance.apply(compare.given(KNOWN, margins[0], margins[1]), shipped, ledger.today(), Reach())
    assert [finding.waiver for finding in report.findings] == ["it tells the margin mode"] * 2


def test_an_addition_to_one_of_two_mirrors_is_not_accepted(monkeypatch: pytest.MonkeyPatch) -> None:
    real = shape.of_contract

    def planted(name: str, schema: dict[str, Any], membership: str | None = None) -> Shape:
        known = real(name, schema, membership)
        if name == W2 and membership:
            known.fields["brandNew"] = Field(types=frozenset(["string"]))
        return known

    monkeypatch.setattr(shape, "of_contract", planted)
    shipped = ledger.load(ledger.LEDGER)
    report = acceptance.apply(lineage.compare(KNOWN), shipped, ledger.today(), Reach(lineage=True))
    new = {(f.rule, str(f.base), f.path) for f in report.findings if not f.waiver}
    assert new == {("field-added", V3, "brandNew"), ("field-added", W1, "brandNew")}
    assert report.exit_code(Level.INFO) == 1
