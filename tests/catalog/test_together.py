"""All schema files at once, as a validator of anybody loads them: by their ids, with nothing fetched."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jsonschema_rs
import pytest
from jsonschema import Draft202012Validator
from referencing import Registry, Resource

from casebook import edited, interaction, recordings
from wireshape import resources
from wireshape.catalog import contracts, endpoints

KNOWN = endpoints.load()
BASE = "https://wireshape.invalid/schemas/"
FILES = sorted(resources.SCHEMAS.rglob("*.schema.json"))
DOCUMENTS: dict[str, Any] = {
    file.relative_to(resources.SCHEMAS).as_posix(): json.loads(file.read_text("utf-8")) for file in FILES
}
REGISTRY: Registry[Any] = Registry().with_resources(
    (document["$id"], Resource.from_contents(document)) for document in DOCUMENTS.values()
)
RUST = jsonschema_rs.Registry([(document["$id"], document) for document in DOCUMENTS.values()])


def _errors(schema: dict[str, Any], value: Any) -> tuple[list[str], list[str]]:
    """List the keywords that each of two validators finds broken."""
    python = Draft202012Validator(schema, registry=REGISTRY).iter_errors(value)
    rust = jsonschema_rs.Draft202012Validator(schema, registry=RUST).iter_errors(value)
    return [str(error.validator) for error in python], [str(error.schema_path[-1]) for error in rust]


@pytest.mark.parametrize("name", DOCUMENTS)
def test_the_id_says_where_the_file_lies(name: str) -> None:
    assert DOCUMENTS[name]["$id"] == BASE + name
    Draft202012Validator.check_schema(DOCUMENTS[name])


def _references(node: Any) -> Iterator[str]:
    if isinstance(node, dict):
        if isinstance(node.get("$ref"), str):
            yield node["$ref"]
        node = list(node.values())
    for child in node if isinstance(node, list) else ():
        yield from _references(child)


def test_a_file_that_others_reference_references_no_third() -> None:
    # Validators that resolve references against the first file would not find the third.
    for name, document in DOCUMENTS.items():
        for target in (reference.partition("#")[0] for reference in _references(document)):
            if target:
                shared = json.loads((resources.SCHEMAS / name).parent.joinpath(target).read_text("utf-8"))
                assert all(reference.startswith("#") for reference in _references(shared)), name


@pytest.mark.parametrize("name", DOCUMENTS)
def test_a_reference_leads_to_the_same_place_by_id_and_on_disk(name: str) -> None:
    resolver = REGISTRY.resolver(base_uri=BASE + name)
    for reference in _references(DOCUMENTS[name]):
        target, _, pointer = reference.partition("#")
        node = DOCUMENTS[name]
        if target:
            node = json.loads((resources.SCHEMAS / name).parent.joinpath(target).read_text("utf-8"))
        for step in pointer.split("/")[1:]:
            node = node[step]
        assert resolver.lookup(reference).contents == node, reference


def _successes() -> list[Path]:
    return [recording for recording in recordings() if not interaction(recording).expects_error]


@pytest.mark.parametrize("recording", _successes(), ids=Path.as_posix)
def test_recordings_keep_their_contract_by_its_id(recording: Path) -> None:
    item = interaction(recording)
    assert item.mode
    name = KNOWN.contract_file(item.endpoint, item.mode).relative_to(resources.SCHEMAS).as_posix()
    assert _errors(DOCUMENTS[name], json.loads(item.body)) == ([], [])


@pytest.mark.parametrize(
    ("path", "value", "keywords"),
    [
        ("assets[0].walletBalance", 1.5, ["type"]),
        ("assets[0].walletBalance", None, ["type"]),
        ("assets[0].asset", 7, ["type"]),
        ("totalWalletBalance", 0, ["type"]),
        ("assets[0].updateTime", "0", ["type"]),
        ("assets[0].walletBalance", "1,5", ["pattern"]),
    ],
)
def test_one_fault_is_one_error_of_any_validator(path: str, value: Any, keywords: list[str]) -> None:
    item = interaction("usdm/rest/v3/account/single-asset.one-way.loopback.yaml")
    assert item.mode
    name = KNOWN.contract_file(item.endpoint, item.mode).relative_to(resources.SCHEMAS).as_posix()
    answer = edited(json.loads(item.body), {"set": path, "to": value})
    assert _errors(DOCUMENTS[name], answer) == (keywords, keywords)


def _examples(schema: dict[str, Any], path: str = "") -> Iterator[tuple[str, dict[str, Any], Any]]:
    yield from ((path, schema, value) for value in schema.get("examples", ()))
    for name, field in schema.get("properties", {}).items():
        yield from _examples(field, f"{path}.{name}")
    if "items" in schema:
        yield from _examples(schema["items"], f"{path}[]")


@pytest.mark.parametrize("endpoint", KNOWN.endpoints, ids=lambda endpoint: endpoint.id)
def test_every_example_is_a_value_its_field_takes(endpoint: Any) -> None:
    for mode in endpoint.modes:
        found = list(_examples(contracts.load(KNOWN, endpoint, mode).schema))
        assert len(found) > 30
        for path, schema, value in found:
            assert _errors(schema, value) == ([], []), path
    for path, schema, value in _examples(contracts.error_contract(KNOWN, endpoint).schema):
        assert _errors(schema, value) == ([], []), path
