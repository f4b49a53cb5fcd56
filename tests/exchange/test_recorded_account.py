"""The loopback exchange answers what a file of recorded answers holds, and refuses what is not in it."""

from __future__ import annotations

import re
import shutil
from pathlib import Path
from typing import Any

import httpx
import orjson
import pytest

from casebook import SPECIMENS
from loopback import PROTOCOL, ask, call, calls, get, settings
from wireshape import exchange, resources
from wireshape.catalog.operations import Purpose, Transport
from wireshape.errors import UsageError, WireshapeError
from wireshape.exchange import account_kinds
from wireshape.exchange.recorded_account import RecordedAccount, read
from wireshape.model import Exit

RECORDINGS = sorted(file for file in resources.CASSETTES.rglob("*.yaml") if "error." not in file.name)
FOLDERS = {
    "rest-v2": "usdm.rest.v2.account",
    "rest-v3": "usdm.rest.v3.account",
    "coinm-rest": "coinm.rest.v1.account",
    "ws-v1": "usdm.ws.v1.account.status",
    "ws-v2": "usdm.ws.v2.account.status",
    "coinm-ws": "coinm.ws.v1.account.status",
}
SAVED = [
    pytest.param(file, endpoint, id=f"{folder}/{file.name}")
    for folder, endpoint in FOLDERS.items()
    for file in sorted((SPECIMENS / "answers" / folder).glob("*.json"))
    if not file.name.endswith(".note.json") and file.read_bytes()[:1] == b"{"
]
V3 = b'{"assets":[{"asset":"USDT"}],"positions":[{"symbol":"BTCUSDT","positionSide":"LONG","isolatedMargin":"0"}]}'


def _running(file: Path, mode: str | None = None, **options: Any) -> Any:
    chosen = exchange.choose(str(file), mode)
    return exchange.running(settings(mode=chosen.mode, account=chosen.account, **options))


def _account(file: Path, mode: str | None = None) -> RecordedAccount:
    return read(str(file), mode, PROTOCOL.catalog)


def _answered(server: exchange.RunningExchange, endpoint: str) -> Any:
    target = call(endpoint)
    return ask(server, target)["result"] if target.transport == Transport.WS else get(server, target).json()


@pytest.mark.parametrize("file", RECORDINGS, ids=lambda file: str(file.relative_to(resources.CASSETTES)))
def test_a_recording_is_answered_again_in_its_mode(file: Path) -> None:
    account = _account(file)
    assert file.name.startswith(f"{account.mode}.")
    endpoint = ".".join(file.parent.relative_to(resources.CASSETTES).parts)
    assert account.endpoints == (endpoint,)
    with _running(file) as server:
        answered = _answered(server, endpoint)
        assert answered == account.answers[endpoint].payload
        for mirror in PROTOCOL.catalog.get(endpoint).mirrors:
            assert _answered(server, mirror) == answered


@pytest.mark.parametrize(("file", "endpoint"), SAVED)
def test_a_saved_body_is_answered_where_it_came_from(file: Path, endpoint: str) -> None:
    saved = orjson.loads(file.read_bytes())
    with _running(file) as server:
        answered = _answered(server, endpoint)
    assert answered == (saved["result"] if "-ws" in str(file.parent) or "ws-" in file.parent.name else saved)


def test_what_the_file_does_not_have_is_refused_in_words(tmp_path: Path) -> None:
    file = tmp_path / "mine.json"
    file.write_bytes(V3)
    with _running(file) as server:
        refused = get(server, call("usdm.rest.v2.account"))
        over_ws = ask(server, call("coinm.ws.v1.account.status"))
        listed = {
            target.product: httpx.get(server.rest + target.operation.path).json()["symbols"]
            for target in calls(Transport.REST, Purpose.EXCHANGE_INFO)
        }
    assert (refused.status_code, over_ws["status"]) == (400, 400)
    assert refused.json()["msg"] == f"{file} has no answer of usdm.rest.v2.account, only of usdm.rest.v3.account"
    assert [symbol["symbol"] for symbol in listed["usdm"]] == ["BTCUSDT"]
    assert listed["coinm"] == []


def test_the_account_is_in_the_mode_of_the_file(tmp_path: Path) -> None:
    (tmp_path / "mine.json").write_bytes(V3)
    with _running(tmp_path / "mine.json") as server:
        config = get(server, call("usdm.rest.account-config")).json()
    assert config["dualSidePosition"] is True


def test_settings_are_those_that_an_answer_tells() -> None:
    file = next(each for each in RECORDINGS if each.parent.parent.name == "v2" and "multi-assets" in each.name)
    with _running(file) as server:
        config = get(server, call("usdm.rest.account-config")).json()
        account = get(server, call("usdm.rest.v2.account")).json()
    assert account["feeTier"] == config["feeTier"] == 1
    assert config["multiAssetsMargin"] is True


@pytest.mark.parametrize("mode", ["single-asset.one-way", "multi-assets.hedge", "hedge"])
def test_a_folder_answers_for_the_mode_that_is_asked_for(mode: str) -> None:
    account = _account(resources.CASSETTES, mode)
    assert set(account.endpoints) == {endpoint.id for endpoint in PROTOCOL.catalog.answering}
    sides = {row["positionSide"] for each in account.answers.values() for row in each.payload["positions"]}
    assert sides >= ({"LONG", "SHORT"} if mode.endswith("hedge") else {"BOTH"})
    with _running(resources.CASSETTES, mode) as server:
        assert {get(server, each).status_code for each in calls(Transport.REST)} == {200}


def test_drift_changes_a_recorded_answer_and_not_the_file() -> None:
    file = RECORDINGS[0]
    (endpoint,) = _account(file).endpoints
    with _running(file, drifts=("drop:assets[].walletBalance",)) as server:
        first, second = _answered(server, endpoint), _answered(server, endpoint)
    assert first == second
    assert "walletBalance" not in first["assets"][0]
    assert "walletBalance" in _account(file).answers[endpoint].payload["assets"][0]


def test_one_broken_file_of_a_folder_is_passed_over(tmp_path: Path) -> None:
    (tmp_path / "broken.json").write_bytes(b"{")
    (tmp_path / "error.json").write_bytes(b'{"code":-2015,"msg":"no"}')
    shutil.copy(RECORDINGS[0], tmp_path)
    assert _account(tmp_path).answers.keys() == _account(RECORDINGS[0]).answers.keys()


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "the body is empty"),
        (b'{"assets": [', "mine.json:1:13: unexpected end"),
        (b"[]", "no answer of an account endpoint is in it"),
        (b'{"a": 1}', "no answer of an account endpoint is in it"),
        (b'{"assets": [1], "positions": [2]}', "no answer of an account endpoint is in it"),
        (b'{"code": -2015, "msg": "no"}', "the exchange answered error -2015: no"),
        (b'{"id": 1, "status": 401, "error": {"code": -2015, "msg": "no"}}', "the exchange answered error -2015: no"),
        (b"\xff\xfe\x00", "not UTF-8"),
        (b'{"assets": [], "positions": [{"x": ' + b"[" * 300 + b"]" * 300 + b"}]}", "nested deeper than 128 levels"),
        (b'{"interactions": [], "version": 1}', "this looks like a cassette without interactions"),
    ],
    ids=str,
)
def test_a_file_without_an_answer_is_not_served(tmp_path: Path, content: bytes, words: str) -> None:
    file = tmp_path / "mine.json"
    file.write_bytes(content)
    with pytest.raises(WireshapeError, match=re.escape(words)) as raised:
        exchange.choose(str(file), None)
    assert raised.value.exit_code == Exit.UNCHECKED
    assert "mine.json" in str(raised.value)


def test_a_mode_that_the_file_is_not_of_is_a_usage_error() -> None:
    file = next(each for each in RECORDINGS if each.name == "multi-assets.hedge.loopback.yaml")
    with pytest.raises(UsageError, match=r"--mode single-asset.one-way: .* has only answers of multi-assets.hedge"):
        exchange.choose(str(file), "single-asset.one-way")
    with pytest.raises(UsageError, match="unknown mode 'sideways'"):
        exchange.choose(str(file), "sideways")


@pytest.mark.parametrize(("name", "words"), [("flatt", "(did you mean flat?)"), ("nowhere.json", "or a file of yours")])
def test_an_account_nobody_knows_is_a_usage_error(name: str, words: str) -> None:
    with pytest.raises(UsageError, match=re.escape(words)):
        exchange.choose(name, None)


@pytest.mark.parametrize("name", account_kinds.KINDS)
def test_a_made_up_account_is_in_any_mode(name: str) -> None:
    assert exchange.choose(name, None).mode == account_kinds.DEFAULT_MODE
    assert exchange.choose(name, "multi-assets.hedge").mode == "multi-assets.hedge"
