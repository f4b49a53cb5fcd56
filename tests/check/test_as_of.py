"""As of which day an answer is judged: by its recording, the call or today; and what the reports say of it."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from jsonschema import Draft202012Validator

from casebook import SPECIMENS, edited, interaction, no_later
from wireshape import resources
from wireshape.catalog import contracts, endpoints, eras, history
from wireshape.catalog.history import State
from wireshape.check.run import check
from wireshape.cli.main import cli
from wireshape.jsontext import paths
from wireshape.model import Interaction, Origin

KNOWN = endpoints.load()
OLD = SPECIMENS / "answers" / "history" / "2021-10.v2-five-assets.json"
V2 = "usdm.rest.v2.account"
URL = "https://fapi.binance.com/fapi/v2/account?timestamp=1"
FULL = [
    "usdm/rest/v2/account/single-asset.hedge.loopback.yaml",
    "usdm/rest/v2/account/multi-assets.hedge.loopback.yaml",
    "usdm/ws/v1/account.status/single-asset.one-way.loopback.yaml",
    "coinm/rest/v1/account/hedge.loopback.yaml",
]


def _run(*args: str | Path) -> tuple[int, dict[str, Any]]:
    run = CliRunner().invoke(cli, ["check", *map(str, args), "--format", "json"])
    report = json.loads(run.stdout)
    Draft202012Validator(json.loads((resources.SCHEMAS / "report.schema.json").read_text("utf-8"))).validate(report)
    return run.exit_code, report


def _judged(report: dict[str, Any]) -> tuple[str, str]:
    (entry,) = report["checked"]
    return entry["as_of"], entry["as_of_source"]


def _cassette(**interaction: Any) -> str:
    answer = {
        "status": {"code": 200},
        "headers": interaction.pop("headers", {}),
        "body": {"string": OLD.read_text("utf-8")},
    }
    return json.dumps({"interactions": [{"request": {"method": "GET", "uri": URL}, "response": answer, **interaction}]})


def _har(**entry: Any) -> str:
    answer = {"status": 200, "content": {"text": OLD.read_text("utf-8")}}
    return json.dumps({"log": {"entries": [{"request": {"method": "GET", "url": URL}, "response": answer, **entry}]}})


@pytest.mark.parametrize(
    ("name", "text", "source"),
    [
        ("dated.json", _cassette(headers={"Date": ["Thu, 14 Oct 2021 08:30:00 GMT"]}), "recording"),
        ("small.json", _cassette(headers={"date": "Thu, 14 Oct 2021 08:30:00 GMT"}), "recording"),
        ("stated.json", _cassette(recorded_at="2021-10-14T23:59:59", headers={"Date": ["x"]}), "recording"),
        ("zero.json", _cassette(recorded_at="0001-01-01T00:00:00Z"), "today"),
        ("words.json", _cassette(headers={"Date": ["last week"]}), "today"),
        ("dated.har", _har(startedDateTime="2021-10-15T01:00:00.000+02:00"), "recording"),
        ("undated.har", _har(), "today"),
        ("number.har", _har(startedDateTime=5), "today"),
    ],
)
def test_the_day_of_a_recording(tmp_path: Path, name: str, text: str, source: str) -> None:
    file = tmp_path / name
    file.write_text(text, "utf-8")
    code, report = _run(file)
    known = source == "recording"
    assert code == (0 if known else 1)
    assert _judged(report)[1] == source
    assert (_judged(report)[0] == "2021-10-14") is known
    # A recording that has a date keeps it, whatever the call says; one without takes that of the call.
    code, report = _run(file, "--as-of", "2021-10-14")
    assert (code, *_judged(report)) == (0, "2021-10-14", "recording" if known else "option")
    code, report = _run(file, "--as-of", "2026-10-01")
    assert (code, _judged(report)[0]) == ((0, "2021-10-14") if known else (1, "2026-10-01"))


def test_websocket_messages_of_an_archive_have_the_day_of_their_connection(tmp_path: Path) -> None:
    item = interaction("usdm/ws/v1/account.status/single-asset.one-way.loopback.yaml")
    frame = {"id": json.loads(item.body)["id"], "method": item.endpoint.operation.method, "params": {}}
    messages = [{"type": "send", "opcode": 1, "data": json.dumps(frame)}]
    messages.append({"type": "receive", "opcode": 1, "data": item.body.decode()})
    url = f"wss://ws-fapi.binance.com{item.endpoint.operation.path}"
    entry = {"request": {"method": "GET", "url": url}, "_webSocketMessages": messages}
    file = tmp_path / "session.har"
    file.write_text(json.dumps({"log": {"entries": [{**entry, "startedDateTime": "2026-01-31T10:00:00Z"}]}}), "utf-8")
    assert _judged(_run(file)[1]) == ("2026-01-31", "recording")


@pytest.mark.parametrize(
    ("day", "code", "words"),
    [
        ("2021-10", 0, "judged as of the day that --as-of names, 2021-10-01"),
        ("2021", 0, "2021-01-01"),
        ("2021-13-01", 2, "--as-of: '2021-13-01' is no date; write 2022-03-31, 2022-03 or 2022"),
        ("14.10.2021", 2, "is no date"),
        ("1999", 2, "is no date"),
        ("", 2, "--as-of: '' is no date"),
        ("2099-01-01", 2, "--as-of: 2099-01-01 is still to come"),
    ],
)
def test_the_day_of_a_call(day: str, code: int, words: str) -> None:
    run = CliRunner().invoke(cli, ["check", str(OLD), "--endpoint", V2, "--as-of", day])
    assert run.exit_code == code, run.output
    assert words in run.output


def test_live_answers_are_of_today() -> None:
    run = CliRunner().invoke(cli, ["check", "--live", "testnet", "--as-of", "2022"])
    assert (run.exit_code, run.output.strip()) == (2, "wireshape: --live takes no --as-of: the exchange answers today")


def test_a_retired_endpoint_is_judged_as_of_its_last_day_and_never_asked() -> None:
    file = SPECIMENS / "answers" / "rest-v1" / "hedge.last-shape.json"
    (retired,) = (endpoint for endpoint in KNOWN.endpoints if endpoint.retired)
    code, report = _run(file, "--endpoint", retired.id)
    assert (code, *_judged(report)) == (0, "2023-07-14", "life")
    run = CliRunner().invoke(cli, ["check", "--live", "testnet", "--endpoint", retired.id])
    assert run.exit_code == 2
    assert f"{retired.id} is retired since 2023-07-15: it is not asked" in run.output
    late = CliRunner().invoke(cli, ["check", str(file), "--endpoint", retired.id, "--as-of", "2024"])
    assert "the nearest day on which the endpoint answered, 2023-07-14" in late.output
    assert "history-outdated" in late.output


def test_a_missing_field_hints_at_an_older_day() -> None:
    _, report = _run(OLD, "--endpoint", V2)
    said = {finding["path"]: finding["message"] for finding in report["findings"]}
    hint = "there since 2023-07-29 at the latest; for an older answer pass --as-of 2021-10-14"
    assert said["multiAssetsMargin"].endswith(hint)
    # As of a day there is nothing to hint at, nor where the answer has a time after the first day of the field.
    _, report = _run(OLD, "--endpoint", V2, "--as-of", "2026-10-01")
    assert {finding["message"].partition(" at the latest")[2] for finding in report["findings"]} == {""}


def test_an_answer_newer_than_the_field_gets_no_hint(tmp_path: Path) -> None:
    body = json.loads(OLD.read_text("utf-8"))
    body["assets"][0]["updateTime"] = 1_790_000_000_000
    file = tmp_path / "answer.json"
    file.write_text(json.dumps(body), "utf-8")
    _, report = _run(file, "--endpoint", V2)
    assert not [finding for finding in report["findings"] if "--as-of" in finding["message"]]


def test_markdown_has_the_day() -> None:
    run = CliRunner().invoke(
        cli, ["check", str(OLD), "--endpoint", V2, "--as-of", "2021-10-14", "--format", "markdown"]
    )
    assert "| as of |" in run.output
    assert "| 2021-10-14 |" in run.output


def _as_of(item: Interaction, day: date, engine: str = "fast") -> set[tuple[str, str, str]]:
    origin = Origin(kind="production", recorded_at=day.isoformat())
    report = check([replace(item, origin=origin, recorded_on=day)], KNOWN, engine)
    return {(finding.level, finding.rule, finding.path) for finding in report.findings}


def _early(item: Interaction, day: date) -> Interaction:
    """Give an answer as it was on a day: without the fields that were not there."""
    era = eras.at(KNOWN, day)
    value = json.loads(item.body)
    no_later(value, day)
    assert item.mode
    for path in contracts.load(era, era.get(item.endpoint.id), item.mode).absent:
        places = paths.instances(value, path)
        if any(each.value is not paths.ABSENT for each in places):
            edited(value, {"remove": path.replace("[]", "[*]")})
    return replace(item, body=json.dumps(value).encode())


def _days(item: Interaction) -> list[date]:
    starts = history.load(KNOWN.schemas).starts()
    return [day for day in starts if eras.living(KNOWN, item.endpoint, day) == day]


@pytest.mark.parametrize("recording", FULL)
def test_an_answer_of_any_day_is_clean_as_of_that_day(recording: str) -> None:
    item = interaction(recording)
    for day in _days(item):
        found = _as_of(_early(item, day), day)
        if any(rule == "history-outdated" and not path for _, rule, path in found):
            continue  # the mode of the recording was still to come
        assert {level for level, _, _ in found} <= {"info"}, (day, found)


@pytest.mark.parametrize("recording", FULL)
def test_a_field_that_was_there_is_missed_as_of_its_day(recording: str) -> None:
    item = interaction(recording)
    assert item.mode
    known = history.load(KNOWN.schemas).of_fields(item.endpoint, item.mode)
    for path, interval in known.items():
        whole = paths.join(item.endpoint.payload or "", path)
        there = paths.instances(json.loads(item.body), whole)
        if not interval.present_since or not there or there[0].value is paths.ABSENT:
            continue
        day = max(interval.present_since, eras.living(KNOWN, item.endpoint, interval.present_since))
        assert interval.state(day) is State.PRESENT
        value = json.loads(_early(item, day).body)
        lacking = json.dumps(edited(value, {"remove": whole.replace("[]", "[*]")})).encode()
        for engine in ("fast", "reference"):
            found = _as_of(replace(item, body=lacking), day, engine)
            assert {rule for level, rule, where in found if where == path and level != "info"} <= {
                "field-missing",
                "field-absent",
            }
            assert {level for level, _, where in found if where == path} & {"breaking", "risky"}, (path, day, found)


@pytest.mark.parametrize("recording", FULL)
def test_engines_agree_as_of_any_day(recording: str) -> None:
    item = interaction(recording)
    for day in _days(item)[::3]:
        assert _as_of(item, day) == _as_of(item, day, "reference")
