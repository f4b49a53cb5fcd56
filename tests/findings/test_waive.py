"""Changing the ledger of accepted drift: `wireshape waive`, `wireshape waivers`, and ledgers that cannot be read."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from entries import GONE, LOST
from wireshape.cli.main import cli
from wireshape.findings import ledger
from wireshape.findings.waivers import Waiver

PLACE = [LOST.rule, str(LOST.base), LOST.current]


def _run(*args: str) -> Result:
    return CliRunner().invoke(cli, args, prog_name="wireshape", env={"COLUMNS": "160"})


def _told(file: Path, **words: str) -> list[str]:
    given = {"reason": "r", "citation": "c", "owner": "o", "waivers": str(file)} | words
    return [word for name, value in given.items() for word in (f"--{name}", value)]


def _entries(file: Path) -> tuple[Waiver, ...]:
    return ledger.load(file).waivers


def test_waive_writes_an_entry_that_the_next_diff_keeps(tmp_path: Path) -> None:
    file = tmp_path / "waivers.json"
    shipped = [(each, [p for p in each.paths if p != "positions[].leverage"]) for each in _entries(ledger.LEDGER)]
    ledger.save(file, [replace(each, paths=tuple(rest)) for each, rest in shipped if rest])
    assert _run("diff", "--bundled", "--waivers", str(file)).exit_code == 1
    for side, other in (
        ("usdm.rest.v2.account", "usdm.rest.v3.account"),
        ("usdm.ws.v1.account.status", "usdm.ws.v2.account.status"),
    ):
        args = ["field-removed", side, other, "positions[].leverage", *_told(file, expires="2099-01-01")]
        run = _run("waive", *args)
        assert (run.exit_code, run.output) == (0, "accepted 1 finding\n")
    assert _run("diff", "--bundled", "--waivers", str(file)).exit_code == 0
    assert _entries(file)[-1].expires == "2099-01-01"
    assert _entries(file)[-1].accepted == ledger.today().isoformat()


def test_waive_adds_a_path_to_the_entry_that_says_the_same(tmp_path: Path) -> None:
    file = tmp_path / "waivers.json"
    ledger.save(file, [])
    for path in ("feeTier", "canTrade", "canDeposit"):
        assert _run("waive", *PLACE, path, *_told(file)).exit_code == 0
    assert _run("waive", *PLACE, "updateTime", *_told(file, reason="another")).exit_code == 0
    assert [each.paths for each in _entries(file)] == [("feeTier", "canTrade", "canDeposit"), ("updateTime",)]


def test_waive_again_renews_an_entry(tmp_path: Path) -> None:
    file = tmp_path / "waivers.json"
    ledger.save(file, [GONE, replace(LOST, expires="2020-01-01"), replace(LOST, paths=("feeTier",))])
    run = _run("waive", *PLACE, LOST.paths[0], *_told(file, reason="still so"))
    assert run.exit_code == 0, run.output
    renewed = replace(LOST, reason="still so", citation="c", owner="o")
    assert _entries(file) == (GONE, renewed, replace(LOST, paths=("feeTier",)))


def test_waive_again_for_one_of_several_paths_leaves_the_others(tmp_path: Path) -> None:
    file = tmp_path / "waivers.json"
    ledger.save(file, [replace(LOST, paths=("feeTier", "canTrade", "canDeposit")), GONE])
    assert _run("waive", *PLACE, "canTrade", *_told(file)).exit_code == 0
    renewed = replace(LOST, paths=("canTrade",), reason="r", citation="c", owner="o")
    assert _entries(file) == (replace(LOST, paths=("feeTier", "canDeposit")), renewed, GONE)
    before = file.read_bytes()
    assert _run("waive", *PLACE, "canTrade", *_told(file)).exit_code == 0
    assert file.read_bytes() == before


@pytest.mark.parametrize(
    ("args", "words"),
    [
        ([*PLACE, "assets[].asset"], "no finding field-removed at assets[].asset between usdm.rest.v2.account and "),
        ([*PLACE, "positions[].levrage"], "at positions[].levrage (did you mean positions[].leverage?) between"),
        (
            [LOST.rule, "usdm.rest.v2.acount", "usdm.rest.v3.accounts", "feeTier"],
            "between usdm.rest.v2.acount (did you mean usdm.rest.v2.account?) and usdm.rest.v3.accounts (did you mean ",
        ),
        ([*PLACE, "feeTier", "--mode", "hedge"], "in mode hedge; `wireshape diff --bundled` shows what there is"),
        (["field-addd", *PLACE[1:], "feeTier"], "unknown rule 'field-addd' (did you mean field-added?)"),
        ([*PLACE, "feeTier", "--expires", "tomorrow"], "`--expires tomorrow` is no date; write YYYY-MM-DD"),
        ([*PLACE, "feeTier", "--expires", "2026-02-30"], "`--expires 2026-02-30` is no date; write YYYY-MM-DD"),
        ([*PLACE, "feeTier", "--expires", "20990101"], "`--expires 20990101` is no date; write YYYY-MM-DD"),
        ([*PLACE, "feeTier", "--expires", "2020-01-01"], "`--expires 2020-01-01` is in the past"),
        ([*PLACE, "feeTier", "--reason", ""], "`--reason` is empty"),
        ([*PLACE, ""], "`PATH` is empty"),
        ([*PLACE, "feeTier", "--reason", "a\udcff"], "`--reason` is no valid Unicode text"),
    ],
)
def test_waive_refuses_what_waives_nothing(tmp_path: Path, args: list[str], words: str) -> None:
    file = tmp_path / "waivers.json"
    ledger.save(file, [])
    run = _run("waive", *_told(file), *args)
    assert run.exit_code == 2
    assert words in run.output
    assert run.output.count("\n") == 1
    assert _entries(file) == ()


def test_a_ledger_that_cannot_be_written_is_one_line(tmp_path: Path) -> None:
    run = _run("waive", *PLACE, LOST.paths[0], *_told(tmp_path / "no" / "w.json"))
    assert run.exit_code == 2
    assert run.output == "wireshape: w.json: No such file or directory\n"


def test_waivers_lists_states_and_prunes_what_is_stale(tmp_path: Path) -> None:
    file = tmp_path / "waivers.json"
    mixed = replace(LOST, paths=("canTrade", *GONE.paths), reason="both")
    ledger.save(file, [LOST, GONE, replace(LOST, paths=("feeTier",), expires="2020-01-01"), mixed])
    listed = _run("waivers", "--waivers", str(file)).output
    states = [line[:9].strip() for line in listed.splitlines() if not line.startswith(" ")]
    assert states == ["in force", "stale", "expired", "in force", "stale"]
    assert "\\n" not in listed
    assert "\\n" not in _run("waivers").output
    assert _run("waivers", "--prune", "--waivers", str(file)).output == "removed 2 of 5 paths\n"
    assert _entries(file) == (
        LOST,
        replace(LOST, paths=("feeTier",), expires="2020-01-01"),
        replace(mixed, paths=("canTrade",)),
    )


def test_prune_writes_a_ledger_of_the_form_before_lists(tmp_path: Path) -> None:
    file = tmp_path / "waivers.json"
    ledger.save(file, [LOST, GONE])
    document = json.loads(file.read_text("utf-8"))
    for row in document["waivers"]:
        (row["path"],) = row.pop("paths")
    file.write_text(json.dumps(document), "utf-8")
    assert _run("waivers", "--prune", "--waivers", str(file)).output == "removed 1 of 2 paths\n"
    assert _entries(file) == (LOST,)


def test_the_report_names_the_ledger_that_was_given(tmp_path: Path) -> None:
    file = tmp_path / "my.json"
    ledger.save(file, [*_entries(ledger.LEDGER), GONE])
    report = json.loads(_run("diff", "--bundled", "--format", "json", "--waivers", str(file)).output)
    (found,) = [finding for finding in report["findings"] if finding["rule"] == "waiver-stale"]
    assert found["location"]["file"] == str(file)
    assert file.read_text("utf-8").splitlines()[found["location"]["line"] - 1].strip() == f'"{GONE.paths[0]}"'
