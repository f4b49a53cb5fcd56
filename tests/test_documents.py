"""The documents say what the code does: commands, outputs, options, rules, layers, files and links."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import click
import pytest

import documents
from documents import DOCUMENTS, ROOT
from wireshape import exchange
from wireshape.cli.main import cli
from wireshape.findings import rules
from wireshape.model import Exit

README = (ROOT / "README.md").read_text("utf-8")
COMMANDS = (ROOT / "tools/wireshape/cli/COMMANDS.md").read_text("utf-8")
RULES = (ROOT / "tools/wireshape/findings/RULES.md").read_text("utf-8")
ARCHITECTURE = (ROOT / "tools/wireshape/README.md").read_text("utf-8")
CHANGELOG = (ROOT / "CHANGELOG.md").read_text("utf-8")
EACH = pytest.mark.parametrize("document", DOCUMENTS, ids=documents.name)
FILE = re.compile(r"`((?![A-Z]+/)(?:[\w.+-]+/)+(?:[\w.+-]+\.(?:py|toml|json|md|yml|yaml|txt))?)`")


@EACH
def test_output_is_what_the_command_prints(document: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    text = document.read_text("utf-8")
    monkeypatch.chdir(tmp_path)
    env: dict[str, str] = {}
    with exchange.running(documents.served(text) if "--live custom" in text else None) as loopback:
        if loopback.made_up:
            hosts = {"REST": loopback.rest, "WS": loopback.ws}
            env = {f"WIRESHAPE_CUSTOM_USDM_{name}": url for name, url in hosts.items()}
            env |= {"WIRESHAPE_CUSTOM_KEY": loopback.made_up.name, "WIRESHAPE_CUSTOM_SECRET": loopback.made_up.secret}
        for command in documents.shown(text):
            assert documents.printed(command, tmp_path, env) == command.output, command.line


@EACH
def test_links_lead_somewhere(document: Path) -> None:
    for link in re.findall(r"\]\(([^)]+)\)", documents.prose(document.read_text("utf-8"))):
        path, _, anchor = link.partition("#")
        if path.startswith("https:"):
            continue
        target = document.parent / path if path else document
        assert target.exists(), link
        assert not anchor or anchor in documents.anchors(target), link


@EACH
def test_files_that_are_named_exist(document: Path) -> None:
    text = re.sub(r"^New file .*", "", documents.prose(document.read_text("utf-8")), flags=re.MULTILINE)
    homes = (ROOT, ROOT / "tools" / "wireshape", document.parent)
    named = [file for file in FILE.findall(text) if not file.partition("/")[0].isupper()]  # those are placeholders
    assert [file for file in named if not any((home / file).exists() for home in homes)] == []


def test_readme_lists_its_sections() -> None:
    headings = re.findall(r"^## (.*)$", documents.prose(README), re.MULTILINE)
    assert re.findall(r"^- \[(.*)\]\(#", README, re.MULTILINE) == headings


def test_ci_runs_the_command_of_the_readme() -> None:
    (tests,) = [line for line in documents.commands(README) if line.endswith("/pytest")]
    assert (ROOT / ".ci" / "run").read_text("utf-8").splitlines()[-1] == tests


def test_readme_lists_the_exit_codes() -> None:
    codes = [int(row[0]) for row in documents.rows(documents.section(README, "Exit codes"))]
    assert codes == list(map(int, Exit))


def test_every_rule_is_listed_with_its_level_and_meaning() -> None:
    listed = documents.rows(RULES)
    known = [[f"`{rule.id}`", rule.level.value, rule.message] for rule in rules.load().values()]
    assert listed == known
    families = re.findall(r"^## `(\w+)`$", RULES, re.MULTILINE)
    assert families == list(dict.fromkeys(rule.family for rule in rules.load().values()))


@pytest.mark.parametrize("command", cli.commands)
def test_every_option_of_a_command_is_described(command: str) -> None:
    text = documents.section(COMMANDS, command)
    options = {
        name
        for parameter in cli.commands[command].params
        if isinstance(parameter, click.Option)
        for name in parameter.opts
        if name.startswith("--")
    }
    described = {name for row in documents.rows(text) for name in re.findall(r"`(--[a-z-]+)", row[0])}
    shared = set(re.findall(r"`(--[a-z-]+)", documents.section(COMMANDS, "Reports")))
    assert described <= options
    assert options <= described | shared | set(re.findall(r"`(--[a-z-]+)", documents.prose(text)))


def test_every_command_has_an_example() -> None:
    used = {line.split()[1] for line in documents.commands(README + COMMANDS) if line.startswith("wireshape ")}
    used |= {command.args[0] for command in documents.shown(README + COMMANDS)}
    assert used >= cli.commands.keys()


def test_the_layers_are_those_of_the_import_contract() -> None:
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["importlinter"]
    layers = next(contract["layers"] for contract in settings["contracts"] if contract["type"] == "layers")
    declared = [
        [package, str(number)] for number, layer in enumerate(layers, 1) for package in re.findall(r"\w+", layer)
    ]
    described = documents.rows(documents.section(ARCHITECTURE, "Packages"))
    assert [[row[1].strip("`"), row[0]] for row in described] == declared


def test_the_core_types_are_defined() -> None:
    code = "".join(file.read_text("utf-8") for file in (ROOT / "tools" / "wireshape").rglob("*.py"))
    cells = [row[0] for row in documents.rows(documents.section(ARCHITECTURE, "Core types"))]
    types = re.findall(r"`(\w+)`", " ".join(cells))
    assert "Violation" in types
    assert [name for name in types if not re.search(rf"^(class {name}\b|{name} = )", code, re.MULTILINE)] == []


def test_changelog_keeps_its_form() -> None:
    version = (ROOT / "tools/wireshape/__init__.py").read_text("utf-8").split('"')[-2]
    headings = re.findall(r"^## (.*)$", CHANGELOG, re.MULTILINE)
    assert headings[0] == "[Unreleased]"
    assert headings[1].startswith(f"[{version}] - ")
    assert all(re.fullmatch(r"\[\d+\.\d+\.\d+\] - \d{4}-\d{2}-\d{2}", heading) for heading in headings[1:])
    kinds = re.findall(r"^### (.*)$", CHANGELOG, re.MULTILINE)
    assert set(kinds) <= {"Added", "Changed", "Deprecated", "Removed", "Fixed", "Security"}
