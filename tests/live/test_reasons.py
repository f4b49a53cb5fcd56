"""Why a live run can fail: every reason stands in the report schema with what it means, and no other does."""

from __future__ import annotations

import json
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from wireshape import resources
from wireshape.catalog import error_codes
from wireshape.findings.report import Coverage, Report
from wireshape.live.errors import LiveError
from wireshape.model import Location, Problem, Reason
from wireshape.reports import render

SCHEMA = json.loads((resources.SCHEMAS / "report.schema.json").read_text("utf-8"))


def test_the_report_schema_lists_every_reason_and_says_what_it_means() -> None:
    meanings = {row["const"]: row.get("description") for row in SCHEMA["$defs"]["code"]["oneOf"]}
    assert list(meanings) == [None, *Reason]
    assert all(meanings[reason] for reason in Reason)


@pytest.mark.parametrize("reason", Reason)
def test_a_report_with_the_reason_keeps_its_schema(reason: Reason) -> None:
    failure = LiveError(reason, "what happened")
    problem = Problem(location=Location(file="testnet:usdm.time"), reason=str(failure), code=failure.reason)
    row = Coverage(endpoint="usdm.time", mode="hedge", observed=False, reason=str(failure), code=failure.reason)
    report = Report(command="check", checked=(), findings=(), problems=(problem,), coverage=(row,))
    document = json.loads(render(report, "json"))
    Draft202012Validator(SCHEMA).validate(document)
    told = {"reason": f"{reason.value}: what happened", "code": reason.value}
    assert document["problems"][0].items() >= told.items()
    assert document["coverage"][0].items() >= told.items()


@pytest.mark.parametrize("code", ["nonsense", "", 3])
def test_no_other_code_keeps_the_schema(code: Any) -> None:
    validator = Draft202012Validator({"$ref": "#/$defs/code", "$defs": SCHEMA["$defs"]})
    assert not validator.is_valid(code)
    assert validator.is_valid(None)


def test_the_reasons_of_error_codes_are_reasons() -> None:
    schema = json.loads((resources.SCHEMAS / "errors.schema.json").read_text("utf-8"))
    stated = schema["properties"]["errors"]["items"]["properties"]["reason"]["enum"]
    assert set(stated) <= set(Reason)
    known = error_codes.load()
    # A live failure has no more than a code to go by.
    assert all(known.reason(error.code) is error.reason for error in known.errors)
    assert known.reason(-99999) is None
