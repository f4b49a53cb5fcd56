"""Runs `wireshape check --live` against a small exchange, and reads its report."""

from __future__ import annotations

import json
from typing import Any

from click.testing import CliRunner, Result
from jsonschema import Draft202012Validator

from smallexchange import KEY, SECRET, Exchange
from wireshape import resources
from wireshape.cli.main import cli

SCHEMA = json.loads((resources.SCHEMAS / "report.schema.json").read_text("utf-8"))


def check(exchange: Exchange, *args: str) -> Result:
    """Run the command; whatever comes of it, no secret of the exchange is in its output."""
    run = CliRunner().invoke(cli, ["check", "--live", "custom", *args], env={**exchange.env, "COLUMNS": "200"})
    assert run.exception is None or isinstance(run.exception, SystemExit), run.exception
    assert not [secret for secret in (KEY, SECRET, *filter(None, exchange.signatures)) if secret in run.output]
    return run


def report(run: Result) -> Any:
    """Give the JSON report of a run, which keeps its schema."""
    document = json.loads(run.stdout)
    Draft202012Validator(SCHEMA).validate(document)
    return document
