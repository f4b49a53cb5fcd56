"""The suite against the exchange itself: `pytest -m live`, with keys of one environment or more set."""

from __future__ import annotations

import json
import os
import re

import pytest

from wireshape.catalog import contracts, endpoints
from wireshape.check import engines
from wireshape.check.envelope import with_envelope
from wireshape.check.run import check
from wireshape.disguise.answers import disguised
from wireshape.live.collector import LiveRun
from wireshape.live.run import collect
from wireshape.model import Interaction, Level

CATALOG = endpoints.load()
KEY = re.compile(r"WIRESHAPE_([A-Z]+)(?:_[0-9]+)?_KEY")
pytestmark = pytest.mark.live


@pytest.fixture(scope="module")
def run_live() -> LiveRun:
    names = sorted({match[1].lower() for name in os.environ if (match := KEY.fullmatch(name))})
    if not names:
        pytest.skip("no API key is set, such as WIRESHAPE_TESTNET_KEY with WIRESHAPE_TESTNET_SECRET")
    return collect(names, CATALOG, os.environ)


@pytest.mark.parametrize("endpoint", [endpoint.id for endpoint in CATALOG.answering])
def test_what_the_exchange_answers_keeps_its_contract(run_live: LiveRun, endpoint: str) -> None:
    answers = (item for item in run_live.items if isinstance(item, Interaction) and item.endpoint.id == endpoint)
    # What a failing test shows is public in many places: amounts are those of a disguise.
    items = [item for item in disguised(answers) if isinstance(item, Interaction)]
    assert items, [problem.reason for problem in run_live.problems]
    for item in items:
        assert item.mode
        value = with_envelope(item.endpoint, json.loads(item.body), CATALOG).value
        assert engines.reference(contracts.load(CATALOG, item.endpoint, item.mode), value) == []
    found = check(items, CATALOG).findings
    assert [f"{finding.rule} {finding.path}" for finding in found if finding.level is not Level.INFO] == []


def test_everything_was_answered(run_live: LiveRun) -> None:
    assert [problem.reason for problem in run_live.problems] == []
