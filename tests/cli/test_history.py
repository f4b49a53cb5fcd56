"""`wireshape history`: the timeline of endpoints and fields as text, JSON and Markdown."""

from __future__ import annotations

import json
import re

import pytest
from click.testing import CliRunner

from wireshape.catalog import endpoints
from wireshape.cli.main import cli

KNOWN = endpoints.load()
V2 = "usdm.rest.v2.account"


def _run(*args: str, columns: int = 80) -> str:
    run = CliRunner().invoke(cli, ["history", *args], env={"COLUMNS": str(columns)})
    assert run.exit_code == 0, run.output
    return run.output


def test_the_whole_history_is_shown_and_fits_a_terminal() -> None:
    text = _run()
    assert max(map(len, text.splitlines())) <= 80
    for endpoint in KNOWN.endpoints:
        assert re.search(rf"^{re.escape(endpoint.id)}$", text, re.MULTILINE)
    flat = re.sub(r"\s+", " ", text)
    rows = json.loads((KNOWN.schemas / "history.json").read_text("utf-8"))
    parts = ("endpoints", "modes", "fields", "meanings")
    for citation in (each for name in parts for row in rows[name] for each in row["citations"]):
        assert f"{citation['says']} ({citation['source']})" in flat


@pytest.mark.parametrize(
    ("args", "lines"),
    [
        ((V2, "multiAssetsMargin"), [V2, "  after 2022-08-01, by 2023-07-29: multiAssetsMargin"]),
        ((V2, "positions[].notional"), [V2, "  after 2020-10-08, by 2021-10-14: positions[].notional"]),
        ((V2, "canTrade"), [V2, "  since 2020-06-04: canTrade", "      as old as the endpoint"]),
        (("usdm.rest.v1.account", "isolated"), ["usdm.rest.v1.account", "  by 2020-01-03: positions[].isolated"]),
        (("usdm.rest.v1.account", "leverage"), ["usdm.rest.v1.account", "  after 2019-09-01: positions[].leverage"]),
        (
            ("usdm.ws.v2.account.status", "marginAvailable"),
            [
                "usdm.ws.v2.account.status",
                "  at times nobody knows: assets[].marginAvailable (in multi-assets.one-way and",
            ],
        ),
    ],
)
def test_a_field(args: tuple[str, str], lines: list[str]) -> None:
    assert _run(*args).splitlines()[: len(lines)] == lines


def test_a_name_of_several_fields_shows_each() -> None:
    assert re.findall(r": (\S+)$", _run(V2, "updateTime"), re.MULTILINE) == [
        "updateTime",
        "assets[].updateTime",
        "positions[].updateTime",
    ]


def test_json_has_days_and_citations() -> None:
    (entry,) = json.loads(_run(V2, "feeBurn", "--format", "json"))["entries"]
    assert entry["interval"] == {"absent_until": "2024-04-01", "present_since": "2024-10-31", "gone_since": None}
    assert (entry["about"], entry["subject"], entry["names"]) == ("field", V2, ["feeBurn"])
    assert all(citation["source"] and citation["says"] for citation in entry["citations"])


def test_markdown_is_one_table() -> None:
    text = _run(V2, "--format", "markdown")
    rows = [line for line in text.splitlines() if line.startswith("|")]
    assert rows[0].startswith("| of | what | modes | absent until | present since | gone since |")
    assert {row.count("|") - row.count("\\|") for row in rows} == {9}


@pytest.mark.parametrize(
    ("args", "words"),
    [
        (["usdm.rest.v2.acount"], "unknown endpoint 'usdm.rest.v2.acount' (did you mean usdm.rest.v2.account?)"),
        ([V2, "levrage"], f"{V2} has no field 'levrage' (did you mean leverage?)"),
        ([V2, "positions[].notionl"], "(did you mean positions[].notional?)"),
    ],
)
def test_a_misspelt_name_is_told_the_nearest(args: list[str], words: str) -> None:
    run = CliRunner().invoke(cli, ["history", *args])
    assert run.exit_code == 2
    assert words in run.output
