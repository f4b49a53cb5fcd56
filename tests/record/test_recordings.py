"""The suite itself: every bundled recording, replayed through a real client and held against its contract."""

from __future__ import annotations

import json
import socket
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import orjson
import pytest
import requests
import vcr
import yaml
from vcr.errors import CannotOverwriteExistingCassetteException, UnhandledHTTPRequestError

from casebook import interaction, recordings
from wireshape import resources
from wireshape.catalog import contracts, endpoints
from wireshape.check import engines
from wireshape.findings import redaction
from wireshape.inputs.cassette import METADATA, ORIGINS
from wireshape.record.replay import Frames

CATALOG = endpoints.load()
REPLAY = vcr.VCR(record_mode=vcr.mode.NONE, match_on=["method", "scheme", "host", "port", "path"])
RECORDINGS = recordings()


def _name(recording: Path) -> str:
    item = interaction(recording)
    return f"{item.endpoint.id}[{item.mode or 'error'}] {recording.stem}"


@pytest.fixture(autouse=True)
def _no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise AssertionError("a test tried to reach the network")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)


def _replayed(recording: Path) -> Iterator[bytes]:
    """Yield the answer as each real client hands it out."""
    item = interaction(recording)
    request = yaml.safe_load((resources.CASSETTES / recording).read_text("utf-8"))["interactions"][0]["request"]
    if item.endpoint.payload:
        frame = {**json.loads(request["body"]), "id": "another id"}
        yield Frames(resources.CASSETTES / recording).answer(request["uri"], json.dumps(frame).encode())
        return
    url = request["uri"].partition("?")[0] + "?timestamp=1&signature=none"
    for get in (requests.get, httpx.get):
        with REPLAY.use_cassette(str(resources.CASSETTES / recording)):
            yield get(url, timeout=5).content


@pytest.mark.parametrize("recording", RECORDINGS, ids=_name)
def test_recording(recording: Path) -> None:
    item = interaction(recording)
    contract = contracts.load(CATALOG, item.endpoint, item.mode)
    if item.expects_error:
        contract = contracts.error_contract(CATALOG, item.endpoint)
    for answer in _replayed(recording):
        if item.status == 403:
            assert answer == item.body
            assert answer.startswith(b"<!DOCTYPE html>")
            continue
        value = json.loads(answer)
        assert engines.reference(contract, value) == []
        assert {**value, "id": None} == {**json.loads(item.body), "id": None}


def test_every_endpoint_and_mode_has_a_success_and_every_kind_of_error_one_recording() -> None:
    items = [interaction(recording) for recording in RECORDINGS]
    seen = {(item.endpoint.id, str(item.mode)) for item in items if not item.expects_error}
    assert seen == {(endpoint.id, str(mode)) for endpoint in CATALOG.answering for mode in endpoint.modes}
    errors = [item.body for item in items if item.expects_error]
    for mark in (b'"code":-2015', b'"code":-1021', b'"id":null', b"<!DOCTYPE html>", b'"error":'):
        assert any(mark in body for body in errors), mark


@pytest.mark.parametrize("recording", RECORDINGS, ids=str)
def test_a_recording_states_its_origin_and_holds_no_secret(recording: Path) -> None:
    text = (resources.CASSETTES / recording).read_text("utf-8")
    stated = yaml.safe_load(text)["metadata"][METADATA]
    origin = stated["origin"]
    assert origin["kind"] in ORIGINS
    assert origin["kind"] == recording.stem.rsplit(".", 1)[1]
    assert origin["recorded_at"]
    assert origin.get("citation") or origin["kind"] == "loopback" or interaction(recording).origin.observed  # type: ignore[union-attr]
    assert all(redaction.text(line) == line for line in text.splitlines())
    assert "apiKey" not in text
    assert "signature" not in text


def test_recordings_cover_what_the_wire_is_known_to_send() -> None:
    bodies = {str(recording): interaction(recording).body for recording in RECORDINGS}
    largest = json.loads(bodies["usdm/rest/v2/account/single-asset.one-way.all-symbols.loopback.yaml"])
    assert len(largest["positions"]) == 700
    everything = b"".join(bodies.values())
    for fact in (
        b'"2.8E-4"',
        b'"2490.8759520000003"',
        b'"9223372036854775807"',
        b'"positionAmt":"-',
        b'"positions":[]',
    ):
        assert fact in everything, fact
    assert "币安人生USDT".encode() in everything


def test_replay_never_reaches_the_network() -> None:
    file = resources.CASSETTES / "usdm/rest/v3/account/single-asset.one-way.loopback.yaml"
    with REPLAY.use_cassette(str(file)), pytest.raises(CannotOverwriteExistingCassetteException):
        requests.get("https://fapi.binance.com/fapi/v2/account", timeout=5)


FRAMES = "usdm/ws/v2/account.status/single-asset.one-way.loopback.yaml"
URL = "wss://ws-fapi.binance.com/ws-fapi/v1"


def _frame(method: str = "v2/account.status", **params: Any) -> bytes:
    return orjson.dumps({"id": 77, "method": method, "params": params})


@pytest.mark.parametrize(
    ("url", "frame", "found"),
    [
        (URL, _frame(timestamp=5), True),
        (URL, _frame(timestamp=5, apiKey="k", signature="s"), True),
        (URL, _frame("account.status"), False),
        (URL, _frame(recvWindow=1), False),
        (URL.replace("fapi", "dapi"), _frame(), False),
    ],
    ids=["another time", "signed", "another method", "another parameter", "another host"],
)
def test_frames_match_on_method_and_parameters(url: str, frame: bytes, *, found: bool) -> None:
    frames = Frames(resources.CASSETTES / FRAMES)
    if found:
        assert orjson.loads(frames.answer(url, frame))["id"] == 77
    else:
        with pytest.raises(UnhandledHTTPRequestError):
            frames.answer(url, frame)


def test_a_recorded_answer_is_given_once() -> None:
    frames = Frames(resources.CASSETTES / FRAMES)
    frames.answer(URL, _frame())
    with pytest.raises(UnhandledHTTPRequestError):
        frames.answer(URL, _frame())


def test_a_null_id_stays_null() -> None:
    file = resources.CASSETTES / "usdm/ws/v2/account.status/error.null-id.report.yaml"
    assert orjson.loads(Frames(file).answer(URL, _frame()))["id"] is None
