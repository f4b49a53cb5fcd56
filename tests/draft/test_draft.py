"""Drafts of contracts: made of pages whose examples are the bundled recordings, under a version that there is not."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from functools import reduce
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from jsonschema import Draft202012Validator
from referencing import Registry, Resource

from casebook import cases, edited, filled, interaction, put, recordings
from wireshape import resources
from wireshape.catalog import contracts, endpoints, flatten
from wireshape.check import engines
from wireshape.check import run as checking
from wireshape.cli.main import cli
from wireshape.inputs import files, read
from wireshape.inputs.context import Context
from wireshape.model import Endpoint, Interaction, Mode

CATALOG = endpoints.load()
ANSWERING = [each for each in CATALOG.answering if each.id in {"usdm.rest.v3.account", "usdm.ws.v1.account.status"}]
HEADINGS = {
    "single-asset": "Single-asset",
    "multi-assets": "Multi-assets",
    "one-way": "one-way",
    "hedge": "hedge",
}


def _recorded(endpoint: Endpoint) -> dict[Mode, bytes]:
    """Give the first recording of each mode."""
    found = (interaction(file) for file in recordings())
    own = [each for each in found if each.endpoint == endpoint and each.mode and not each.expects_error]
    return {each.mode: each.body for each in reversed(own) if each.mode}


def _page(endpoint: Endpoint, modes: Iterator[Mode] | None = None) -> str:
    """Write a page about a version 9 of an endpoint, with an example of each mode."""
    sent = endpoint.operation
    named = f"GET {sent.path.replace(endpoint.version, 'v9')}" if endpoint.payload is None else f"`v9/{sent.method}`"
    parts = [f"# Account, USDS-M futures (/{sent.path.split('/')[1]})\n\n{named}\n\n**Weight:** 7\n"]
    for mode, body in _recorded(endpoint).items():
        if modes is None or mode in modes:
            heading = " ".join(HEADINGS[part] for part in str(mode).split("."))
            text = json.dumps(json.loads(body), indent=2)
            parts.append(f"\n## {heading} mode\n\n```json\n{text}\n```\n")
    return "".join(parts)


def _drafted(folder: Path, text: str) -> Path:
    (folder / "page.md").write_text(text, "utf-8")
    into = folder / "drafted"
    run = CliRunner().invoke(cli, ["draft", str(folder / "page.md"), "--into", str(into)])
    assert run.exit_code == 0, run.output
    assert "drafted usdm." in run.output
    return into


def _installed(folder: Path, into: Path) -> endpoints.Catalog:
    """Copy a draft over a copy of the contracts."""
    schemas = folder / "schemas"
    shutil.copytree(resources.SCHEMAS, schemas)
    shutil.copytree(into / "schemas", schemas, dirs_exist_ok=True)
    return endpoints.load(schemas)


@pytest.fixture(params=ANSWERING, ids=lambda each: each.id)
def endpoint(request: pytest.FixtureRequest) -> Endpoint:
    """Give each endpoint whose recordings are put on a page."""
    each: Endpoint = request.param
    return each


def test_a_draft_takes_what_it_was_made_of_and_another_validator_says_the_same(
    endpoint: Endpoint, tmp_path: Path
) -> None:
    into = _drafted(tmp_path, _page(endpoint))
    files_there = [json.loads(file.read_text("utf-8")) for file in into.rglob("*.schema.json")]
    registry = Registry().with_resources((each["$id"], Resource.from_contents(each)) for each in files_there)
    for mode, body in _recorded(endpoint).items():
        (file,) = into.glob(f"schemas/*/*/v9/*/{mode}.schema.json")
        contract = json.loads(file.read_text("utf-8"))
        Draft202012Validator.check_schema(contract)
        assert list(Draft202012Validator(contract, registry=registry).iter_errors(json.loads(body))) == []


def test_what_is_drafted_is_whole_once_it_is_copied(endpoint: Endpoint, tmp_path: Path) -> None:
    into = _drafted(tmp_path, _page(endpoint))
    catalog = _installed(tmp_path, into)
    new = catalog.endpoints[-1]
    assert (new.version, new.weight, new.modes) == ("v9", 7, endpoint.modes)
    assert catalog.endpoints[:-1] == CATALOG.endpoints
    found = list(files.select([str(into / "cassettes")], {".yaml"}).inputs)
    report = checking.check(read.items(found, Context(catalog=catalog)), catalog)
    assert len(report.checked) == len(endpoint.modes)
    assert {entry.endpoint for entry in report.checked} == {new.id}
    assert {entry.origin for entry in report.checked} == {"documentation"}
    assert [finding for finding in report.findings if finding.rule != "invariant-doubtful"] == []
    assert report.problems == ()


def test_the_cases_of_a_draft_hold(endpoint: Endpoint, tmp_path: Path) -> None:
    into = _drafted(tmp_path, _page(endpoint))
    catalog = _installed(tmp_path, into)
    (file,) = into.glob("tests/cases/contracts/*.json")
    for group in json.loads(file.read_text("utf-8")):
        context = Context(catalog=catalog)
        (item,) = read.items(files.select([str(into / "cassettes" / group["recording"])], {".yaml"}).inputs, context)
        assert isinstance(item, Interaction)
        assert item.mode
        contract = contracts.load(catalog, item.endpoint, item.mode)
        assert len(group["tests"]) > len(endpoint.modes)
        for test in group["tests"]:
            body = reduce(edited, test.get("edits", []), json.loads(item.body))
            assert (engines.fast(contract, body) == []) is test["valid"], test
            assert (engines.reference(contract, body) == []) is test["valid"], test


def test_fields_that_contracts_have_are_proposed_as_they_have_them(endpoint: Endpoint, tmp_path: Path) -> None:
    catalog = _installed(tmp_path, _drafted(tmp_path, _page(endpoint)))
    for mode in endpoint.modes:
        known, drafted = (contracts.load(catalog, each, mode) for each in (endpoint, catalog.endpoints[-1]))
        for path in drafted.leaves():
            inside = endpoint.payload is None or path[0] == endpoint.payload
            if inside and "items" not in known.at(path):
                assert flatten.constraints(drafted.at(path)) == flatten.constraints(known.at(path)), path


def test_of_a_mode_without_an_example_the_draft_says_so(tmp_path: Path) -> None:
    endpoint = ANSWERING[0]
    into = _drafted(tmp_path, _page(endpoint, iter(endpoint.modes[:1])))
    notes = (into / "DRAFT.md").read_text("utf-8")
    assert "No example is of these modes" in notes
    assert len(list(into.rglob("*.documentation.yaml"))) == 1
    assert len(list(into.rglob("v9/account/*.schema.json"))) == len(endpoint.modes)


@pytest.mark.parametrize("case", cases("command-lines/draft"))
def test_input(case: dict[str, Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for name, content in case["files"].items():
        put(tmp_path / name, content)
    stdin = filled(case.get("stdin", ""))
    run = CliRunner().invoke(cli, ["draft", *case["args"]], input=stdin, prog_name="wireshape", env={"COLUMNS": "160"})
    assert run.exit_code == case["exit"], run.output
    assert run.exception is None or isinstance(run.exception, SystemExit), run.exception
    for line in case["lines"]:
        assert line in run.output
