"""Entries of a ledger that tests write: one that accepts what the lineage has, and one of nothing."""

from __future__ import annotations

from dataclasses import replace

from wireshape.findings.waivers import Waiver

LOST = Waiver(
    rule="field-removed",
    base="usdm.rest.v2.account",
    current="usdm.rest.v3.account",
    mode="*",
    paths=("positions[].leverage",),
    reason="moved to symbolConfig",
    citation="the change log",
    owner="somebody",
    expires=None,
    accepted="2026-01-01",
)
GONE = replace(LOST, paths=("positions[].neverThere",), reason="nothing of the kind")
