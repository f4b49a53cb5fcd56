"""What the command says of good and bad input: the lines, the exit code, never a traceback, never a secret."""

from __future__ import annotations

import gzip
import json
from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from click.testing import CliRunner, Result

from casebook import RECORDING, cases, filled, interaction, put
from wireshape.catalog import endpoints
from wireshape.cli.main import cli
from wireshape.inputs import body, read
from wireshape.inputs.content import Content
from wireshape.inputs.context import Context
from wireshape.inputs.files import Input
from wireshape.model import Interaction, Item

BODY = interaction(RECORDING).body.decode()


def _run(*args: str, stdin: bytes = b"") -> Result:
    return CliRunner().invoke(cli, ["check", *args], input=stdin, prog_name="wireshape", env={"COLUMNS": "120"})


@pytest.mark.parametrize("case", cases("command-lines/check"))
def test_input(case: dict[str, Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for name, content in case["files"].items():
        put(tmp_path / name, content)
    run = _run(*case["args"], stdin=filled(case.get("stdin", "")))
    assert run.exit_code == case["exit"], run.output
    assert run.exception is None or isinstance(run.exception, SystemExit), run.exception
    for line in case["lines"]:
        assert line in run.output
    for secret in case.get("absent", ()):
        assert secret not in run.output
        assert secret not in _run(*case["args"], "--format", "json").output
    assert not case.get("silent") or run.output == ""
    if "written" in case:
        name, words = case["written"]
        assert words in (tmp_path / name).read_text("utf-8")


def test_a_format_is_one_module_and_one_row(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    context = Context(catalog=endpoints.load(), endpoint=interaction(RECORDING).endpoint)

    def recognizes(content: Content) -> bool:
        return content.raw.startswith(b"backwards:")

    def backwards(content: Content, context: Context) -> Iterator[Item]:
        yield body.interaction(content.raw.removeprefix(b"backwards:")[::-1], context)

    row = SimpleNamespace(SUFFIXES=frozenset({".sdrawkcab"}), recognizes=recognizes, read=backwards)
    monkeypatch.setattr(read, "FORMATS", (row, *read.FORMATS))
    for name in ("answer.sdrawkcab", "answer.json", "answer"):
        (tmp_path / name).write_bytes(b"backwards:" + BODY[::-1].encode())
        (item,) = read.items([Input(path=tmp_path / name, name=name)], context)
        assert isinstance(item, Interaction)
        assert item.body == BODY.encode()


def test_no_two_formats_claim_a_suffix() -> None:
    claimed = [suffix for each in read.FORMATS for suffix in each.SUFFIXES]
    assert len(claimed) == len(set(claimed))
    assert read.FORMATS[-1].recognizes(Content(raw=b"", suffix=""))


def test_a_body_of_64_megabytes(tmp_path: Path) -> None:
    value = json.loads(BODY)
    row = value["positions"][0]
    value["positions"] = [{**row, "symbol": f"S{n}USDT"} for n in range(64_000_000 // len(json.dumps(row)))]
    value["positions"][-1]["notional"] = 5
    file = tmp_path / "large.json"
    file.write_text(json.dumps(value), "utf-8")
    assert file.stat().st_size > 60_000_000
    run = _run(str(file), "--endpoint", "usdm.rest.v3.account")
    assert run.exit_code == 1
    assert "type-mismatch  positions[].notional" in run.output


@pytest.mark.parametrize("suffix", [".json", ".yaml", ".har", ".ndjson", ""])
def test_nesting_without_end(tmp_path: Path, suffix: str) -> None:
    file = tmp_path / f"deep{suffix}"
    file.write_text("[" * 100_000, "utf-8")
    run = _run(str(file), "--endpoint", "usdm.rest.v3.account")
    assert run.exit_code in {1, 3}
    assert isinstance(run.exception, SystemExit)
    assert len(run.output) < 1000


def test_a_gzip_bomb_is_not_unpacked_whole(tmp_path: Path) -> None:
    file = tmp_path / "bomb.json"
    file.write_bytes(gzip.compress(b" " * 300_000_000, 9))
    run = _run(str(file), "--endpoint", "usdm.rest.v3.account")
    assert run.exit_code == 3
    assert "larger than 72 MB unpacked" in run.output


def test_a_name_that_is_no_text_is_shown_all_the_same(tmp_path: Path) -> None:
    file = Path(str(tmp_path), "a\udcff.json")
    file.write_text(BODY, "utf-8")
    for form in ("text", "json"):
        run = _run(str(file), "--endpoint", "usdm.rest.v3.account", "--format", form)
        assert run.exit_code == 0, run.output


def _ndjson(sent: str, received: str) -> str:
    return f"{sent}\n{received}\n"


def _har(sent: str, received: str) -> str:
    messages = [{"type": "send", "opcode": 1, "data": sent}, {"type": "receive", "opcode": 1, "data": received}]
    request = {"method": "GET", "url": "wss://ws-fapi.binance.com/ws-fapi/v1"}
    return json.dumps({"log": {"version": "1.2", "entries": [{"request": request, "_webSocketMessages": messages}]}})


@pytest.mark.parametrize(("suffix", "write"), [("ndjson", _ndjson), ("har", _har)])
def test_an_answer_to_no_request_of_the_recording_is_judged(
    suffix: str, write: Callable[[str, str], str], tmp_path: Path
) -> None:
    frame = json.loads(interaction("usdm/ws/v1/account.status/single-asset.one-way.loopback.yaml").body)
    del frame["result"]["feeTier"]
    sent = json.dumps({"id": "another", "method": "account.status"})
    file = tmp_path / f"a.{suffix}"
    file.write_text(write(sent, json.dumps(frame)), "utf-8")
    run = _run(str(file))
    assert run.exit_code == 1
    assert "field-missing  feeTier" in run.output
