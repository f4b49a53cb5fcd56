"""Accepting what a scan finds: in the one ledger, by hashes, for a time."""

from __future__ import annotations

import gzip
import hashlib
import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from canaries import filled
from wireshape import resources
from wireshape.cli.main import cli

KEY = filled("«key»", "accepted")
ENTRY = {
    "rule": "secret-named",
    "sha256": hashlib.sha256(KEY).hexdigest(),
    "reason": "a key of the testnet, revoked",
    "citation": "its page",
    "owner": "me",
    "expires": None,
    "accepted": "2026-11-20",
}


def _run(*args: str, **env: str) -> Result:
    return CliRunner().invoke(cli, args, env={"COLUMNS": "120", **env})


def _ledger(folder: Path, *entries: dict[str, Any]) -> str:
    file = folder / "my.json"
    file.write_text(json.dumps({"version": 1, "waivers": [], "values": list(entries)}), "utf-8")
    return str(file)


@pytest.fixture
def log(tmp_path: Path) -> str:
    file = tmp_path / "client.log"
    file.write_bytes(b"X-MBX-APIKEY: " + KEY + b"\n")
    return str(file)


def test_a_value_is_accepted_by_its_hash(tmp_path: Path, log: str) -> None:
    assert _run("scan", log).exit_code == 1
    run = _run("scan", log, "--waivers", _ledger(tmp_path, ENTRY), "--format", "json")
    assert run.exit_code == 0
    (finding,) = json.loads(run.output)["findings"]
    assert finding["waiver"] == "a key of the testnet, revoked"
    shown = _run("scan", log, "--waivers", _ledger(tmp_path, ENTRY)).output
    assert "breaking" not in shown
    assert "secret-named, a key of the testnet, revoked: line 1" in shown
    assert shown.endswith("1 file scanned; nothing found; 1 accepted\n")


@pytest.mark.parametrize(
    "change",
    [{"sha256": "0" * 64}, {"rule": "secret-pattern"}, {"expires": "2026-11-20"}],
    ids=lambda change: str(*change),
)
def test_an_entry_accepts_nothing_else(tmp_path: Path, log: str, change: dict[str, str]) -> None:
    assert _run("scan", log, "--waivers", _ledger(tmp_path, ENTRY | change)).exit_code == 1


def test_a_secret_of_the_environment_is_never_accepted(tmp_path: Path, log: str) -> None:
    ledger = _ledger(tmp_path, ENTRY)
    run = _run("scan", log, "--waivers", ledger, WIRESHAPE_TESTNET_KEY=KEY.decode())
    assert run.exit_code == 1
    assert "secret-known" in run.output
    run = _run("scan", log, "--waivers", _ledger(tmp_path, ENTRY | {"rule": "secret-known"}))
    assert (run.exit_code, run.exception.__class__) == (2, SystemExit)


def test_a_file_that_cannot_be_read_whole_is_accepted_by_its_hash(tmp_path: Path) -> None:
    data = b"notes\n" + gzip.compress(bytes(range(256)) * 40)[:-40]
    (tmp_path / "a.bin").write_bytes(data)
    entry = ENTRY | {"rule": "scan-incomplete", "sha256": hashlib.sha256(data).hexdigest()}
    assert _run("scan", str(tmp_path / "a.bin")).exit_code == 1
    assert _run("scan", str(tmp_path / "a.bin"), "--waivers", _ledger(tmp_path, entry)).exit_code == 0


def test_waivers_lists_what_is_accepted_of_scans(tmp_path: Path) -> None:
    ledger = _ledger(tmp_path, ENTRY, ENTRY | {"rule": "secret-pattern", "expires": "2026-11-20"})
    listed = _run("waivers", "--waivers", ledger).output.splitlines()
    assert [line.split("  ")[0] for line in listed if not line.startswith(" ")] == ["in force", "expired"]
    assert sum("a key of the testnet, revoked" in line for line in listed) == 2


def test_changing_the_ledger_keeps_what_is_accepted_of_scans(tmp_path: Path) -> None:
    ledger = Path(_ledger(tmp_path, ENTRY))
    document = json.loads((resources.SCHEMAS / "waivers.json").read_text("utf-8"))
    ledger.write_text(json.dumps(document | {"values": [ENTRY]}), "utf-8")
    assert _run("waivers", "--prune", "--waivers", str(ledger)).exit_code == 0
    assert json.loads(ledger.read_text("utf-8"))["values"] == [ENTRY]


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"sha256": KEY.decode()}, "values[0].sha256"),
        ({"expires": "2026-02-30"}, "'2026-02-30' is no date"),
        ({"owner": ""}, "values[0].owner"),
        ({"value": "x"}, "value"),
    ],
    ids=["no hash", "no date", "no owner", "unknown"],
)
def test_a_wrong_entry_is_named_and_not_shown(tmp_path: Path, log: str, change: dict[str, str], said: str) -> None:
    run = _run("scan", log, "--waivers", _ledger(tmp_path, ENTRY | change))
    assert said in str(run.exception) + run.output
    assert KEY.decode()[:12] not in run.output
