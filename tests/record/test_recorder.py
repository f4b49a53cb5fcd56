"""Recording: what a cassette of a live answer holds, what it never holds, and that it is there whole or not at all."""

from __future__ import annotations

import importlib.util
import json
import logging
import os
import signal
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from click.testing import CliRunner, Result

import chance
import smallexchange
from smallexchange import KEY, SECRET, Exchange, response
from wireshape import resources
from wireshape.catalog import endpoints
from wireshape.cli.main import cli
from wireshape.errors import InputError
from wireshape.inputs import files, folders, read
from wireshape.inputs.cassette import METADATA
from wireshape.inputs.context import Context
from wireshape.live.collector import LiveAnswer
from wireshape.live.run import collect
from wireshape.model import Interaction, Reason
from wireshape.record import recorder
from wireshape.record.recorder import RecordResult
from wireshape.record.replay import Frames

CATALOG = endpoints.load()
V3 = CATALOG.get("usdm.rest.v3.account").operation.path
SECRETS = (KEY.encode(), SECRET.encode())
MODE = "multi-assets.hedge"
ADDRESS, ALIAS = "203.0.113.7", "SgsRsRsRuXAuFzmY"
FILES = {
    Path(*endpoint.id.split(".", 3), f"{MODE if endpoint.product == 'usdm' else 'hedge'}.loopback.yaml")
    for endpoint in CATALOG.answering
}


@pytest.fixture(autouse=True)
def _no_chance(monkeypatch: pytest.MonkeyPatch) -> None:
    chance.fix(monkeypatch)


@pytest.fixture
def exchange() -> Iterator[Exchange]:
    with smallexchange.running(MODE) as started:
        yield started


def _record(exchange: Exchange, into: Path, *args: str) -> Result:
    args = ("record", "--live", "custom", "--into", str(into), *args)
    run = CliRunner().invoke(cli, args, env=exchange.env)
    assert run.exception is None or isinstance(run.exception, SystemExit), run.exception
    return run


def _files(folder: Path) -> set[Path]:
    return {file.relative_to(folder) for file in folder.rglob("*") if file.is_file()}


def _read(folder: Path) -> dict[str, Interaction]:
    found = [files.Input(path=file, name=file.name) for file in folders.listing(folder).files]
    items = list(read.items(found, Context(catalog=CATALOG)))
    return {item.endpoint.id: item for item in items if isinstance(item, Interaction)}


def test_every_answer_becomes_a_cassette_that_is_read_and_replayed(exchange: Exchange, tmp_path: Path) -> None:
    run = _record(exchange, tmp_path, "--keep-amounts")
    assert run.exit_code == 0, run.output
    assert _files(tmp_path) == FILES
    assert set(run.stdout.split()) == {str(tmp_path / file) for file in FILES}
    for endpoint, item in _read(tmp_path).items():
        expected = json.loads(exchange.body(item.endpoint.operation.method, item.endpoint.operation.path))
        assert {**json.loads(item.body), "id": None} == {**expected, "id": None}, endpoint
        assert item.origin
        assert (item.origin.kind, item.origin.observed) == ("loopback", False)
    frames = Frames(tmp_path / "usdm" / "ws" / "v2" / "account.status" / f"{MODE}.loopback.yaml")
    frame = json.dumps({"id": 5, "method": "v2/account.status", "params": {"timestamp": 1}}).encode()
    assert json.loads(frames.answer("wss://ws-fapi.binance.com/ws-fapi/v1", frame))["id"] == 5


def test_a_cassette_holds_no_secret_no_host_and_no_time_of_day(exchange: Exchange, tmp_path: Path) -> None:
    body = json.loads(exchange.body("GET", V3))
    body |= {"accountAlias": ALIAS, "note": f"request ip: {ADDRESS}", "apiKey": KEY, "listenKey": "short", "x": SECRET}
    headers = {"Set-Cookie": f"id={KEY}", "Date": "Thu, 01 Jan 1970 00:00:01 GMT", "X-MBX-UUID": "timing"}
    exchange.script[V3] = [response(body, headers=headers)]
    assert _record(exchange, tmp_path).exit_code == 0
    texts = {file: (tmp_path / file).read_text("utf-8") for file in _files(tmp_path)}
    hidden = (
        KEY,
        SECRET,
        ALIAS,
        ADDRESS,
        "short",
        "127.0.0.1",
        "1970",
        "timing",
        "Cookie",
        *filter(None, exchange.signatures),
    )
    for file, text in texts.items():
        assert not [word for word in hidden if word in text], file
        document = yaml.safe_load(text)
        (recorded,) = document["interactions"]
        assert document["metadata"][METADATA]["origin"]["recorded_at"].endswith("T00:00:00Z")
        assert set(recorded["response"]["headers"]) <= {"Content-Type"}
        assert recorded["request"]["headers"] == {}
        assert "signature" not in str(recorded["request"])
    amount = body["totalWalletBalance"]
    assert all(amount not in text for text in texts.values())


def test_a_pretty_printed_answer_stays_as_it_was_sent(exchange: Exchange, tmp_path: Path) -> None:
    body = json.dumps(json.loads(exchange.body("GET", V3)), indent="\t", ensure_ascii=False).replace("\n", "\r\n")
    exchange.script[V3] = [response(body.encode())]
    assert _record(exchange, tmp_path, "--keep-amounts").exit_code == 0
    assert _read(tmp_path)["usdm.rest.v3.account"].body == body.encode()


def test_what_was_not_answered_is_not_recorded(exchange: Exchange, tmp_path: Path) -> None:
    exchange.script[V3] = [response({"code": -2015, "msg": f"Invalid API-key, IP. request ip: {ADDRESS}"}, 401)]
    run = _record(exchange, tmp_path)
    assert run.exit_code == 3
    assert "wireshape: custom:usdm.rest.v3.account: auth: HTTP 401, error -2015" in run.stderr
    assert ADDRESS not in run.output
    assert len(_files(tmp_path)) == len(FILES) - 1


def test_the_bundled_recordings_are_what_the_client_records_of_the_loopback_exchange(tmp_path: Path) -> None:
    script = Path(__file__).parents[2] / "tools" / "record_cassettes.py"
    spec = importlib.util.spec_from_file_location("record_cassettes", script)
    assert spec
    assert spec.loader
    recorder = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(recorder)
    recorder.main(tmp_path)
    made = {file: (tmp_path / file).read_bytes() for file in _files(tmp_path)}
    assert made == {file: (resources.CASSETTES / file).read_bytes() for file in _files(resources.CASSETTES)}


def _answers(exchange: Exchange) -> tuple[LiveAnswer, ...]:
    return collect(["custom"], CATALOG, exchange.env, endpoint=CATALOG.get("usdm.rest.v3.account")).answers


def test_a_leak_is_no_file(exchange: Exchange, tmp_path: Path) -> None:
    scanned: list[tuple[bytes, ...]] = []

    def leaks(raw: bytes, secrets: Any) -> list[str]:
        scanned.append((raw, *secrets))
        return ["an address"]

    recorded = recorder.record(_answers(exchange), tmp_path, secrets=SECRETS, leaks=leaks)
    (problem,) = recorded.problems
    assert recorded.files == ()
    assert _files(tmp_path) == set()
    assert problem.reason == "leak: not written: the cassette would contain an address"
    assert problem.code is Reason.LEAK
    assert scanned[0][1:] == SECRETS
    assert b"interactions:" in scanned[0][0]


def test_a_disguise_that_brings_a_secret_back_is_caught(exchange: Exchange, tmp_path: Path) -> None:
    recorded = recorder.record(
        _answers(exchange), tmp_path, secrets=SECRETS, make_disguise=lambda: lambda _, body: body + SECRET.encode()
    )
    assert (recorded.files, len(recorded.problems)) == ((), 1)
    assert _files(tmp_path) == set()


def test_amounts_that_cannot_be_replaced_are_no_file(exchange: Exchange, tmp_path: Path) -> None:
    def replace_amounts(*_: object) -> bytes:
        raise InputError("they do not add up")

    recorded = recorder.record(_answers(exchange), tmp_path, secrets=SECRETS, make_disguise=lambda: replace_amounts)
    assert recorded.files == ()
    assert [(problem.reason, problem.code) for problem in recorded.problems] == [
        ("amounts: they do not add up; --keep-amounts writes them as they are", Reason.AMOUNTS)
    ]
    assert _files(tmp_path) == set()


def _interrupt() -> None:
    raise KeyboardInterrupt


@pytest.mark.parametrize(
    "stop", [_interrupt, lambda: os.kill(os.getpid(), signal.SIGTERM)], ids=["interrupted", "killed"]
)
def test_a_run_that_is_stopped_leaves_the_cassette_that_was_there(
    exchange: Exchange, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, stop: Callable[[], None]
) -> None:
    answers = _answers(exchange)
    (file,) = recorder.record(answers, tmp_path, secrets=SECRETS).files
    before = file.read_bytes()

    monkeypatch.setattr(os, "fsync", lambda _: stop())
    with pytest.raises((KeyboardInterrupt, SystemExit)):
        recorder.record(answers, tmp_path, secrets=SECRETS, make_disguise=lambda: lambda _, body: body[:10])
    assert file.read_bytes() == before
    assert _files(tmp_path) == {file.relative_to(tmp_path)}


def test_a_draft_of_a_killed_run_is_removed(exchange: Exchange, tmp_path: Path) -> None:
    answers = _answers(exchange)
    (file,) = recorder.record(answers, tmp_path, secrets=SECRETS).files
    left = file.with_name(".wireshape-draft-abc")
    left.write_text("half a cassette", "utf-8")
    assert recorder.record(answers, tmp_path, secrets=SECRETS) == RecordResult(files=(file,), problems=())
    assert not left.exists()


def test_no_library_logs_a_body(exchange: Exchange, tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    for name in ("vcr", "vcr.cassette", "vcr.serialize"):
        caplog.set_level(logging.DEBUG, name)
    recorder.record(_answers(exchange), tmp_path, secrets=SECRETS)
    assert caplog.records == []


def test_a_folder_that_cannot_be_written_is_one_line_each(exchange: Exchange, tmp_path: Path) -> None:
    (tmp_path / "usdm").write_text("in the way", "utf-8")
    run = _record(exchange, tmp_path)
    assert run.exit_code == 3
    assert run.stderr.count(": the cassette cannot be written: ") == 4
    assert len(_files(tmp_path)) == 3
    assert _record(exchange, tmp_path / "usdm").exit_code == 2


def test_a_second_account_in_one_mode_has_files_of_its_own(exchange: Exchange, tmp_path: Path) -> None:
    env = exchange.env | {"WIRESHAPE_CUSTOM_2_KEY": KEY, "WIRESHAPE_CUSTOM_2_SECRET": SECRET}
    args = ["record", "--live", "custom", "--endpoint", "usdm.rest.v3.account", "--into", str(tmp_path)]
    assert CliRunner().invoke(cli, args, env=env).exit_code == 0
    assert {file.name for file in _files(tmp_path)} == {f"{MODE}.loopback.yaml", f"{MODE}.custom-2.loopback.yaml"}
