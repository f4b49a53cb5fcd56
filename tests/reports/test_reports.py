"""The reports: JSON that keeps its schema, text that fits a terminal."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from casebook import cases, interaction, prepared
from wireshape import resources
from wireshape.catalog import endpoints
from wireshape.check.run import check
from wireshape.findings.report import AnswerKind, Coverage, Presence, Relation, Report, Verdict
from wireshape.model import Exit, Interaction, Level, Location, Problem, Skipped
from wireshape.reports import FORMATS, View, render
from wireshape.reports.text import COMMANDS

SCHEMA = json.loads((resources.SCHEMAS / "report.schema.json").read_text("utf-8"))
NOWHERE = Location(file="gone.json")
RECORDING = "usdm/rest/v3/account/single-asset.one-way.loopback.yaml"


def _report(*items: Interaction | Problem | Skipped) -> Report:
    return check(items, endpoints.load())


@pytest.mark.parametrize("case", cases("check"))
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
            "origin": "loopback",
            "observed": False,
            "answer": "success",
            "verdict": "clean",
            "file": RECORDING,
            "count": 1,
            "edition": None,
            "line": None,
            "as_of": "2026-11-20",
            "as_of_source": "recording",
            "told_by": "url",
            "in_catalogue": True,
        }
    ]
    assert nothing["checked"] == []


def _enum(*path: str) -> list[Any]:
    node = SCHEMA["properties"]
    for step in path:
        node = node[step]
    return list(node["enum"])


def test_the_schema_names_every_value_the_reports_can_have() -> None:
    row = ("items", "properties")
    verdicts = {*_enum("checked", *row, "verdict"), *_enum("compared", *row, "verdict")}
    assert verdicts == set(Verdict)
    assert _enum("checked", *row, "answer") == list(AnswerKind)
    assert set(_enum("compared", *row, "relation")) == set(Relation)
    assert _enum("matrix", "properties", "rows", *row, "marks", "items") == list(Presence)
    assert _enum("command") == list(COMMANDS)


@pytest.mark.parametrize("command", COMMANDS)
@pytest.mark.parametrize("name", FORMATS)
def test_a_report_of_nothing_says_so(command: str, name: str) -> None:
    shown = render(Report(command=command, checked=(), findings=(), problems=()), name)
    assert name != "text" or shown in {"nothing was checked\n", "nothing was compared\n", "nothing was scanned\n"}
    assert name != "markdown" or "nothing was seen" in shown
    assert shown.endswith("\n")


@pytest.mark.parametrize("width", [80, 120])
@pytest.mark.parametrize("case", cases("check"))
def test_text_fits_the_terminal(case: dict[str, Any], width: int) -> None:
    text = render(_report(prepared(case)), "text", View(width=width))
    wide = [line for line in text.splitlines() if len(line) > width]
    # What cannot be broken: the heading of a file, a path longer than a line, a citation.
    assert all(line.startswith(("usdm/", "coinm/")) or " " not in line.strip() for line in wide), wide
    assert not any(line.endswith(" ") for line in text.splitlines())


def test_the_bundled_table_fits_80_columns() -> None:
    items = [interaction(file.relative_to(resources.CASSETTES)) for file in sorted(resources.CASSETTES.rglob("*.yaml"))]
    assert all(len(line) <= 80 for line in render(_report(*items), "text").splitlines())


MISSED = "no account of this run is in this mode"


@pytest.mark.parametrize("name", FORMATS)
def test_a_live_run_says_what_it_observed_and_what_not(name: str) -> None:
    coverage = tuple(
        Coverage(endpoint=e.id, mode=str(m), observed=m == e.modes[0], reason=None if m == e.modes[0] else MISSED)
        for e in endpoints.load().endpoints
        for m in e.modes
    )
    text = render(replace(_report(interaction(RECORDING)), coverage=coverage), name, View(width=80))
    assert " ".join(text.split()).count(MISSED) >= 2
    assert all(each.endpoint in text and each.mode in text for each in coverage)
    assert name != "text" or all(len(line) <= 80 for line in text.splitlines())
    assert MISSED not in render(_report(interaction(RECORDING)), name)
    assert name != "text" or MISSED not in render(replace(_report(), coverage=coverage), name, View(quiet=True))


def test_color_only_where_asked_for() -> None:
    report = _report(interaction(RECORDING))
    assert "\x1b[" not in render(report, "text")
    assert "\x1b[" in render(report, "text", View(color=True))


KEY = "fakeKey0fakeKey0fakeKey0fakeKey0fakeKey0fakeKey0fakeKey0fakeKey0"
ED25519 = "BwgJCgsMDQ4PEBESExQVFhcYGRobHB0eHyAhIiMkJSYnKCkqKywtLi8wMTIzNDU2Nzg5Ojs8PT4/QEFCQ0RFRg=="


@pytest.mark.parametrize("name", FORMATS)
def test_no_format_shows_a_secret(name: str) -> None:
    item = interaction(RECORDING)
    value = json.loads(item.body)
    value[KEY] = KEY
    value["apiKey"] = "short secret"
    value["assets"][0]["asset"] = f"apiKey={KEY}"
    value["positions"][0]["positionSide"] = KEY
    value["availableBalance"] = f"signature={ED25519}"
    value["totalWalletBalance"] = ED25519
    wrong = replace(item, body=json.dumps(value).encode())
    error = {"code": -2015, "msg": f"key {ED25519}, request ip: 2001:db8::17 or 203.0.113.7"}
    refused = replace(item, body=json.dumps(error).encode(), status=401)
    problem = Problem(location=Location(file=f"signature={KEY}"), reason=f"signature={KEY}")
    text = render(_report(wrong, refused, problem), name, View(fail_on=Level.INFO))
    for secret in (KEY, "short secret", ED25519[:20], ED25519[-20:], "2001:db8", "203.0.113"):
        assert secret not in text


@pytest.mark.parametrize("name", ["text", "markdown"])
def test_no_input_moves_the_cursor(name: str) -> None:
    item = interaction(RECORDING)
    body = item.body.replace(b"{", b'{"a\\u001b[31mb\\nc": "\\u001b[2J",', 1)
    text = render(_report(replace(item, body=body, location=Location(file="\x1b[31m.json"))), name)
    assert "\x1b" not in text
    assert "\\x1b" in text


def test_a_file_named_by_a_hash_keeps_its_name() -> None:
    name = f"{'0123456789abcdef' * 4}.json"
    report = _report(replace(interaction(RECORDING), body=b"{}", location=Location(file=name)))
    assert report.checked[0].file == report.findings[0].location.file == name


@pytest.mark.parametrize("number", ["1" * 200, "-" + "9" * 60, "5" * 45 + "E-4"])
def test_an_amount_however_long_is_no_secret(number: str) -> None:
    item = interaction(RECORDING)
    body = item.body.replace(b'"leverage"', b'"x"').replace(
        b'"availableBalance":"', f'"availableBalance":"{number},'.encode(), 1
    )
    (finding,) = (f for f in _report(replace(item, body=body)).findings if f.rule == "value-malformed")
    assert finding.actual is not None
    assert number[:40] in finding.actual


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
    assert _report(*items).exit_code(Level.BREAKING) is wanted


@pytest.mark.parametrize("level", Level)
def test_fail_on_takes_its_level_and_worse(level: Level) -> None:
    worse = {"breaking": {"remove": "assets"}, "risky": {"set": "zzz", "to": 1}}
    edits = [edit for name, edit in worse.items() if Level(name).rank >= level.rank]
    report = _report(prepared({"recording": RECORDING, "edits": edits}))
    at_level = any(finding.level is level for finding in report.findings)
    assert (report.exit_code(level) is Exit.FINDINGS) is at_level
