"""`wireshape schema`: contracts that need no other file, of a mode, of an endpoint, of all."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jsonschema_rs
import pytest
from click.testing import CliRunner, Result
from jsonschema import Draft202012Validator

from casebook import edited, interaction, recordings
from wireshape import resources
from wireshape.catalog import contracts, endpoints, standalone
from wireshape.cli.main import cli

KNOWN = endpoints.load()
MODES = [(endpoint, mode) for endpoint in KNOWN.endpoints for mode in endpoint.modes]
IN_MODES = pytest.mark.parametrize(("endpoint", "mode"), MODES, ids=[f"{e.id}[{m}]" for e, m in MODES])
ENDPOINTS = pytest.mark.parametrize("endpoint", KNOWN.endpoints, ids=lambda endpoint: endpoint.id)
# Keywords of the 2020-12 vocabularies that ajv knows in strict mode.
STANDARD = {"$schema", "$id", "$comment", "title", "description", "deprecated", "type", "properties", "required"}
STANDARD |= {"items", "enum", "const", "pattern", "not", "anyOf", "minimum", "maximum", "examples"}
ANNOTATIONS = {"x-form", "x-evidence"}


def _nodes(schema: dict[str, Any], path: str = "") -> Iterator[tuple[str, dict[str, Any]]]:
    yield path, schema
    for name, field in schema.get("properties", {}).items():
        yield from _nodes(field, f"{path}.{name}")
    if "items" in schema:
        yield from _nodes(schema["items"], f"{path}[]")


def _run(*args: str) -> Result:
    return CliRunner().invoke(cli, ["schema", *args], prog_name="wireshape")


@IN_MODES
def test_a_contract_has_no_references_and_no_keyword_that_is_not_standard_or_told(endpoint: Any, mode: Any) -> None:
    schema = standalone.contract(KNOWN, endpoint, mode)
    strict = standalone.contract(KNOWN, endpoint, mode, strict=True)
    Draft202012Validator.check_schema(schema)
    assert {key for _, node in _nodes(schema) for key in node} <= STANDARD | ANNOTATIONS
    assert {key for _, node in _nodes(strict) for key in node} <= STANDARD


@IN_MODES
def test_evidence_is_there_for_programs_and_for_readers(endpoint: Any, mode: Any) -> None:
    source = dict(_nodes(contracts.load(KNOWN, endpoint, mode).schema))
    strict = dict(_nodes(standalone.contract(KNOWN, endpoint, mode, strict=True)))
    for path, node in _nodes(standalone.contract(KNOWN, endpoint, mode)):
        evidence = source[path].get("x-evidence")
        assert node.get("x-evidence") == evidence
        if evidence and evidence["status"] != "documented":
            assert evidence["citation"] in node["$comment"]
            assert strict[path]["$comment"] == node["$comment"]


@pytest.mark.parametrize("endpoint", KNOWN.answering, ids=lambda endpoint: endpoint.id)
def test_the_schema_of_an_endpoint_takes_what_one_of_its_modes_takes(endpoint: Any) -> None:
    schema = json.loads(_run(endpoint.id).output)
    Draft202012Validator.check_schema(schema)
    assert list(schema["$defs"]) == [str(mode) for mode in endpoint.modes]
    assert len({member["title"] for member in schema["$defs"].values()}) == len(endpoint.modes)
    judge = jsonschema_rs.Draft202012Validator(schema)
    answers = [item for item in map(interaction, recordings()) if not item.expects_error]
    mine = [json.loads(item.body) for item in answers if item.endpoint.id == endpoint.id]
    assert len(mine) >= len(endpoint.modes)
    for value in mine:
        assert judge.is_valid(value)
        path = f"{endpoint.payload}.assets" if endpoint.payload else "assets"
        assert not judge.is_valid(edited(value, {"remove": path}))


def test_all_contracts_in_one_document_each_under_its_name() -> None:
    schema = json.loads(_run("--all").output)
    Draft202012Validator.check_schema(schema)
    assert list(schema["$defs"]) == [f"{endpoint.id}/{mode}" for endpoint, mode in MODES]
    judge = jsonschema_rs.Draft202012Validator(schema)
    item = interaction("usdm/rest/v3/account/single-asset.one-way.loopback.yaml")
    assert judge.is_valid(json.loads(item.body))
    assert not judge.is_valid({})


@pytest.mark.parametrize("strict", [[], ["--strict"]], ids=["whole", "strict"])
def test_all_contracts_as_files_that_load_together(tmp_path: Path, strict: list[str]) -> None:
    folder = tmp_path / "contracts"
    run = _run("--all", "--output", str(folder), *strict)
    assert (run.exit_code, run.output) == (0, f"wrote {len(MODES)} contracts\n")
    written = {file.relative_to(folder): json.loads(file.read_text("utf-8")) for file in folder.rglob("*.json")}
    assert set(written) == {KNOWN.contract_file(e, m).relative_to(resources.SCHEMAS) for e, m in MODES}
    assert len({schema["$id"] for schema in written.values()}) == len(MODES)
    assert all(("x-form" in json.dumps(schema)) is not bool(strict) for schema in written.values())


def test_one_schema_as_a_file(tmp_path: Path) -> None:
    file = tmp_path / "new" / "contract.json"
    run = _run("coinm.rest.v1.account/hedge", "--output", str(file))
    assert (run.exit_code, run.output) == (0, "")
    assert file.read_text("utf-8") == _run("coinm.rest.v1.account/hedge").output


@pytest.mark.parametrize(
    ("args", "words"),
    [
        ([], "name ENDPOINT or ENDPOINT/MODE, or pass --all"),
        (["--all", "usdm.rest.v3.account"], "--all takes no ENDPOINT"),
        (["usdm.rest.v3.acount"], "unknown endpoint 'usdm.rest.v3.acount' (did you mean usdm.rest.v3.account?)"),
        (["coinm.rest.v1.account/hedg"], "unknown mode 'hedg' of coinm.rest.v1.account (did you mean hedge?)"),
        (["coinm.rest.v1.account/"], "unknown mode '' of coinm.rest.v1.account; its modes: one-way, hedge"),
        (["--all", "--output", str(resources.SCHEMAS)], "contracts are read from that folder; name another one"),
    ],
)
def test_a_call_that_means_nothing_is_one_line(args: list[str], words: str) -> None:
    run = _run(*args)
    assert run.exit_code == 2
    assert words in run.output
    assert run.output.count("\n") == 1


def test_a_schema_that_cannot_be_written_is_one_line() -> None:
    run = _run("coinm.rest.v1.account", "--output", str(Path(__file__) / "x.json"))
    assert run.exit_code == 3
    assert "cannot write" in run.output
    assert run.output.count("\n") == 1
