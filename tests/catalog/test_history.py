"""The history: every row speaks of something there is, and contracts of a day are those of its intervals."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import pytest

from casebook import SPECIMENS
from wireshape import resources
from wireshape.catalog import contracts, endpoints, eras, error_codes, history
from wireshape.catalog.history import Interval, State
from wireshape.jsontext import paths
from wireshape.model import Endpoint, Mode

KNOWN = endpoints.load()
HISTORY = history.load(KNOWN.schemas)
TODAY = date(2026, 11, 20)
DAY = timedelta(days=1)
IN_MODES = [
    pytest.param(endpoint, mode, path, interval, id=f"{path} of {endpoint.id} in {mode}")
    for endpoint in KNOWN.endpoints
    for mode in endpoint.modes
    for path, interval in HISTORY.of_fields(endpoint, mode).items()
]
EACH = pytest.mark.parametrize(("endpoint", "mode", "path", "interval"), IN_MODES)


def _required(endpoint: Endpoint, mode: Mode, day: date) -> set[str]:
    contract = contracts.load(eras.at(KNOWN, day), endpoint, mode)
    found: set[str] = set()
    for path in contract.fields():
        if path[-1] in contract.at(path[:-1]).get("required", ()):
            found.add(paths.collapse(contracts.payload_path(endpoint, path)))
    return found


@EACH
def test_a_row_speaks_of_a_field_that_the_contract_has(
    endpoint: Endpoint, mode: Mode, path: str, interval: Interval
) -> None:
    contract = contracts.load(KNOWN, endpoint, mode)
    known = {paths.collapse(contracts.payload_path(endpoint, each)) for each in contract.fields()}
    assert path in known
    assert interval is not history.ALWAYS


@EACH
def test_a_contract_requires_a_field_from_its_first_day_on(
    endpoint: Endpoint, mode: Mode, path: str, interval: Interval
) -> None:
    required = path in _required(endpoint, mode, eras.living(KNOWN, endpoint, TODAY))
    if interval.present_since:
        assert (path in _required(endpoint, mode, interval.present_since)) is required
        assert path not in _required(endpoint, mode, interval.present_since - DAY)
    if interval.absent_until:
        for day, there in ((interval.absent_until, False), (interval.absent_until + DAY, True)):
            contract = contracts.load(eras.at(KNOWN, day), endpoint, mode)
            absent = contracts.inside(endpoint, contract.absent)
            assert (path not in absent) is there


def test_the_contracts_of_today_require_what_the_files_require() -> None:
    now = eras.at(KNOWN, TODAY)
    assert [endpoint.id for endpoint in now.endpoints] == [endpoint.id for endpoint in KNOWN.answering]
    for endpoint in now.endpoints:
        assert endpoint.modes == KNOWN.get(endpoint.id).modes
        for mode in endpoint.modes:
            assert (
                contracts.load(now, endpoint, mode).schema["required"]
                == (contracts.load(KNOWN, endpoint, mode).schema["required"])
            )
            assert _required(endpoint, mode, TODAY) == {
                paths.collapse(contracts.payload_path(endpoint, path))
                for path in contracts.load(KNOWN, endpoint, mode).fields()
                if path[-1] in contracts.load(KNOWN, endpoint, mode).at(path[:-1]).get("required", ())
            }


@pytest.mark.parametrize(
    ("day", "known", "states"),
    [
        ("2020-01-01", Interval(absent_until=date(2020, 1, 1), present_since=date(2020, 3, 1)), State.ABSENT),
        ("2020-01-02", Interval(absent_until=date(2020, 1, 1), present_since=date(2020, 3, 1)), State.OPTIONAL),
        ("2020-02-29", Interval(absent_until=date(2020, 1, 1), present_since=date(2020, 3, 1)), State.OPTIONAL),
        ("2020-03-01", Interval(absent_until=date(2020, 1, 1), present_since=date(2020, 3, 1)), State.PRESENT),
        ("2030-01-01", Interval(absent_until=date(2020, 1, 1)), State.OPTIONAL),
        ("2010-01-01", Interval(present_since=date(2020, 3, 1)), State.OPTIONAL),
        ("2024-12-31", Interval(present_since=date(2020, 3, 1), gone_since=date(2025, 1, 1)), State.PRESENT),
        ("2025-01-01", Interval(present_since=date(2020, 3, 1), gone_since=date(2025, 1, 1)), State.ABSENT),
        ("2025-01-01", Interval(), State.OPTIONAL),
    ],
)
def test_state_of_a_day(day: str, known: Interval, states: State) -> None:
    assert known.state(date.fromisoformat(day)) is states


@pytest.mark.parametrize(
    ("day", "modes"),
    [
        ("2020-04-05", ["single-asset.one-way"]),
        ("2020-04-06", ["single-asset.one-way", "single-asset.hedge"]),
        ("2021-05-05", ["single-asset.one-way", "single-asset.hedge"]),
        ("2021-05-06", ["single-asset.one-way", "single-asset.hedge", "multi-assets.one-way", "multi-assets.hedge"]),
    ],
)
def test_a_day_has_the_modes_of_then(day: str, modes: list[str]) -> None:
    then = eras.at(KNOWN, date.fromisoformat(day))
    (oldest,) = (endpoint for endpoint in then.endpoints if endpoint.retired)
    assert list(map(str, oldest.modes)) == modes


def test_a_day_has_the_endpoints_of_then() -> None:
    for name, interval in HISTORY.lives.items():
        days = [(interval.absent_until, False), (interval.present_since, True), (interval.gone_since, False)]
        for day, there in ((day, there) for day, there in days if day):
            assert (name in {each.id for each in eras.at(KNOWN, day).endpoints}) is there, (name, day)


def test_days_between_two_changes_share_a_catalogue() -> None:
    starts = HISTORY.starts()
    assert len({id(eras.at(KNOWN, date(2019, 1, 1) + DAY * number)) for number in range(3000)}) <= len(starts) + 1
    assert eras.at(KNOWN, TODAY) is eras.at(KNOWN, TODAY + DAY)


def test_the_retired_are_those_that_the_exchange_refuses() -> None:
    refused = {(each.operation, each.since) for each in error_codes.load().retired}
    assert {(each.operation, each.retired) for each in KNOWN.endpoints if each.retired} <= refused


def _bodies() -> Iterator[Any]:
    for file in sorted((SPECIMENS / "answers").rglob("*.note.json")):
        yield from json.loads(file.read_text("utf-8")).get("checks", ())


def test_every_endpoint_has_a_specimen() -> None:
    # A retired endpoint has no recording: nothing records what no longer answers.
    assert {check["endpoint"] for check in _bodies()} == {endpoint.id for endpoint in KNOWN.endpoints}
    recorded = {file.parent.relative_to(resources.CASSETTES) for file in resources.CASSETTES.rglob("*.yaml")}
    for endpoint in KNOWN.endpoints:
        folder = KNOWN.contract_file(endpoint, endpoint.modes[0]).parent.relative_to(KNOWN.schemas)
        assert (folder in recorded) is not bool(endpoint.retired)
