"""The reports: JSON that keeps its schema, text that fits a terminal."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest
from casebook import cases, interaction, prepared
from jsonschema import Draft202012Validator

from wireshape import catalog, data
from wireshape.check import check, exit_code
from wireshape.model import Exit, Interaction, Level, Location, Problem, Report, Skipped
from wireshape.reports import FORMATS, render

SCHEMA = json.loads((data.SCHEMAS / "report.schema.json").read_text("utf-8"))
NOWHERE = Location(file="gone.json")
RECORDING = "usdm/rest/v3/account/single-asset.one-way.documentation.yaml"


def _report(*items: Interaction | Problem | Skipped) -> Report:
    return check(items, catalog.load())


@pytest.mark.parametrize("case", cases("rules"))
def test_json_keeps_its_schema(case: dict[str, Any]) -> None:
    report = _report(prepared(case), Problem(location=NOWHERE, reason="no such file"), Skipped(location=NOWHERE))
    document = json.loads(render(report, "json"))
    Draft202012Validator(SCHEMA).validate(document)
    assert document["summary"]["problems"] == document["summary"]["skipped"] == 1
    assert len(document["findings"]) == len(report.findings)


def test_json_tells_clean_from_nothing_seen() -> None:
    clean = json.loads(render(_report(interaction(RECORDING)), "json"))
    nothing = json.loads(render(_report(), "json"))
    assert clean["findings"] == nothing["findings"] == []
    assert clean["checked"] == [
        {
            "endpoint": "usdm.rest.v3.account",
            "mode": "single-asset.one-way",
            "fits": [],
            "origin": "documentation",
            "answer": "success",
            "verdict": "clean",
            "file": RECORDING,
            "count": 1,
        }
    ]
    assert nothing["checked"] == []


@pytest.mark.parametrize("width", [80, 120])
@pytest.mark.parametrize("case", cases("rules"))
def test_text_fits_the_terminal(case: dict[str, Any], width: int) -> None:
    text = render(_report(prepared(case)), "text", width=width)
    indented = [line for line in text.splitlines() if line.startswith((" " * 12, "verdict", "clean"))]
    assert all(len(line) <= width for line in indented if " " in line.strip())
    assert not any(line.endswith(" ") for line in text.splitlines())


def test_the_bundled_table_fits_80_columns() -> None:
    items = [interaction(file.relative_to(data.CASSETTES)) for file in sorted(data.CASSETTES.rglob("*.yaml"))]
    assert all(len(line) <= 80 for line in render(_report(*items), "text", width=80).splitlines())


def test_color_only_where_asked_for() -> None:
    report = _report(interaction(RECORDING))
    assert "\x1b[" not in render(report, "text")
    assert "\x1b[" in render(report, "text", color=True)


@pytest.mark.parametrize("form", FORMATS)
def test_no_format_shows_a_secret(form: str) -> None:
    key = "fakeKey0fakeKey0fakeKey0fakeKey0fakeKey0fakeKey0fakeKey0fakeKey0"
    item = interaction(RECORDING)
    value = json.loads(item.body)
    value[key] = key
    value["assets"][0]["asset"] = f"apiKey={key}"
    value["positions"][0]["positionSide"] = key
    value["availableBalance"] = "signature=MEUCIQ/short+b64=="
    item = replace(item, body=json.dumps(value).encode(), location=Location(file=f"{key}.json"))
    problem = Problem(location=Location(file=f"{key}.json"), reason=f"signature={key}")
    text = render(_report(item, problem), form)
    assert key not in text
    assert "MEUCIQ" not in text


def test_a_number_however_long_is_no_secret() -> None:
    item = interaction(RECORDING)
    body = item.body.replace(b'"availableBalance":"', b'"availableBalance":"x' + b"1" * 45, 1)
    (finding,) = (f for f in _report(replace(item, body=body)).findings if f.rule == "value-malformed")
    assert finding.actual is not None
    assert "redacted" in finding.actual or "1111" in finding.actual


@pytest.mark.parametrize(
    ("wanted", "case", "problems"),
    [
        (Exit.CLEAN, {}, ()),
        (Exit.FINDINGS, {"edits": [{"remove": "assets"}]}, ()),
        (Exit.FINDINGS, {"edits": [{"remove": "assets"}]}, (Exit.UNCHECKED,)),
        (Exit.UNCHECKED, {}, (Exit.UNCHECKED,)),
        (Exit.UNCHECKED, {}, (Exit.UNCHECKED, Exit.USAGE)),
        (Exit.USAGE, {}, (Exit.USAGE,)),
        (Exit.UNCHECKED, {"body": '{"code": -1003, "msg": ""}', "status": 429}, ()),
        (Exit.NOTHING, None, ()),
    ],
)
def test_exit_code(wanted: Exit, case: dict[str, Any] | None, problems: tuple[Exit, ...]) -> None:
    items: list[Any] = [Problem(location=NOWHERE, reason="", exit_code=code) for code in problems]
    items += [prepared({"recording": RECORDING, **case})] if case is not None else [Skipped(location=NOWHERE)]
    assert exit_code(_report(*items), Level.BREAKING) is wanted


@pytest.mark.parametrize("level", Level)
def test_fail_on_takes_its_level_and_worse(level: Level) -> None:
    worse = {"breaking": {"remove": "assets"}, "risky": {"set": "zzz", "to": 1}}
    edits = [edit for name, edit in worse.items() if Level(name).rank >= level.rank]
    report = _report(prepared({"recording": RECORDING, "edits": edits}))
    at_level = any(finding.level is level for finding in report.findings)
    assert (exit_code(report, level) is Exit.FINDINGS) is at_level
