"""The options and the help of the commands."""

from __future__ import annotations

import shlex

import click
import pytest
from click.testing import CliRunner

from wireshape.cli.main import cli
from wireshape.reports import FORMATS


def _help(name: str) -> str:
    return CliRunner().invoke(cli, [name, "--help"], prog_name="wireshape", env={"COLUMNS": "80"}).output


@pytest.mark.parametrize("name", cli.commands)
def test_a_help_fits_the_terminal_and_ends_with_examples_that_can_be_typed(name: str) -> None:
    text = _help(name)
    assert all(len(line) <= 80 for line in text.splitlines())
    _, _, examples = text.partition("\nExample")
    lines = examples.replace("\\\n", "").splitlines()[1:]
    assert lines
    for line in lines:
        program, command, *args = shlex.split(line)
        assert (program, command) == ("wireshape", name)
        cli.commands[name].make_context(name, args)


def test_the_commands_and_their_order() -> None:
    text = CliRunner().invoke(cli, ["--help"], env={"COLUMNS": "80"}).output
    listed = [line.split()[0] for line in text.partition("Commands:\n")[2].splitlines()]
    assert listed == list(cli.commands)
    assert "..." not in text.partition("Commands:")[2]


@pytest.mark.parametrize("name", ["check", "diff", "audit", "scan"])
def test_every_report_has_the_same_options(name: str) -> None:
    options = [param.opts[0] for param in cli.commands[name].params if isinstance(param, click.Option)]
    assert options[-4:] == ["--format", "--output", "--fail-on", "-q"]
    text = _help(name)
    assert all(word in text for word in (*FORMATS, "breaking", "risky", "info"))


@pytest.mark.parametrize(
    ("args", "line"),
    [
        ("check --format jsn", "--format: unknown value 'jsn' (did you mean json?); known: text, json, markdown"),
        ("check --format xml", "--format: unknown value 'xml'; known: text, json, markdown"),
        (
            "diff --fail-on riski",
            "--fail-on: unknown value 'riski' (did you mean risky?); known: breaking, risky, info",
        ),
        ("check --engine fats", "--engine: unknown value 'fats' (did you mean fast?); known: fast, reference"),
    ],
)
def test_an_unknown_value_names_the_nearest(args: str, line: str) -> None:
    run = CliRunner().invoke(cli, args.split())
    assert (run.exit_code, run.output) == (2, f"wireshape: {line}\n")
