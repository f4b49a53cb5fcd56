"""What no report takes the place of: ledgers, private keys, and the data that comes with wireshape."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from click.testing import CliRunner

from wireshape import resources
from wireshape.cli.main import cli
from wireshape.model import Exit

KEPT = "kept"


def _refused(args: list[str], kept: Path, env: dict[str, str] | None = None) -> None:
    before = kept.read_bytes()
    run = CliRunner().invoke(cli, [*args, "--output", str(kept)], env=env)
    assert (run.exit_code, kept.read_bytes()) == (Exit.USAGE, before)
    assert f"cannot write {kept}: it is one of the inputs" in run.output


@pytest.mark.parametrize("command", [["scan", os.devnull], ["diff", "--bundled"]], ids=lambda command: command[0])
def test_a_report_never_replaces_the_ledger_that_was_read(command: list[str], tmp_path: Path) -> None:
    ledger = tmp_path / "ledger.json"
    ledger.write_bytes((resources.SCHEMAS / "waivers.json").read_bytes())
    _refused([*command, "--waivers", str(ledger)], ledger)


@pytest.mark.parametrize("command", ["scan", "check", "audit"])
def test_a_report_never_replaces_a_private_key(command: str, tmp_path: Path) -> None:
    key = tmp_path / "key.pem"
    key.write_text(KEPT, "utf-8")
    (tmp_path / "a.json").write_text("{}", "utf-8")
    _refused([command, str(tmp_path / "a.json")], key, {"WIRESHAPE_TESTNET_PRIVATE_KEY_FILE": str(key)})


def test_a_report_of_live_answers_never_replaces_a_private_key(tmp_path: Path) -> None:
    key = tmp_path / "key.pem"
    key.write_text(KEPT, "utf-8")
    _refused(["check", "--live", "testnet"], key, {"WIRESHAPE_TESTNET_PRIVATE_KEY_FILE": str(key)})


@pytest.mark.parametrize(
    "command", [["check", "--bundled"], ["diff", "--bundled"], ["scan", os.devnull]], ids=lambda command: command[0]
)
def test_a_report_never_replaces_the_data_of_wireshape(command: list[str]) -> None:
    _refused(command, resources.SCHEMAS / "waivers.json")


@pytest.mark.parametrize("command", [["waivers", "--prune"], ["diff", "--bundled"], ["scan", os.devnull]])
def test_an_empty_name_does_not_stand_for_the_bundled_ledger(command: list[str]) -> None:
    run = CliRunner().invoke(cli, [*command, "--waivers", ""])
    assert run.exit_code == Exit.USAGE
    assert "--waivers: the name of the file is empty" in run.output
