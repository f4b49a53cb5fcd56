"""The contracts themselves: the dialect they keep, the values they take, and that any validator agrees."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jsonschema_rs
import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from casebook import cases, prepared
from wireshape import resources
from wireshape.catalog import contracts, endpoints
from wireshape.catalog.contracts import Contract
from wireshape.catalog.flatten import flatten
from wireshape.check import engines
from wireshape.errors import ContractError
from wireshape.model import InstancePath

KNOWN = endpoints.load()
MODES = [(endpoint, mode) for endpoint in KNOWN.endpoints for mode in endpoint.modes]
IN_MODES = pytest.mark.parametrize(("endpoint", "mode"), MODES, ids=[f"{e.id}[{m}]" for e, m in MODES])


def _document(file: Path) -> Any:
    return json.loads(file.read_text("utf-8"))


def _dialect_files() -> list[Path]:
    """List the contracts and what they share: not the schemas of data files, of reports and of the dialect."""
    data = {file.stem for file in resources.SCHEMAS.glob("*.json") if not file.name.endswith(".schema.json")}
    others = {f"{name}.schema.json" for name in (*data, "report", "contract")}
    return [file for file in sorted(resources.SCHEMAS.rglob("*.schema.json")) if file.name not in others]


@pytest.mark.parametrize("file", _dialect_files(), ids=lambda file: str(file.relative_to(resources.SCHEMAS)))
def test_contract_keeps_the_dialect(file: Path) -> None:
    Draft202012Validator(_document(resources.SCHEMAS / "contract.schema.json")).validate(_document(file))


def test_every_mode_has_its_contract_and_no_file_is_astray() -> None:
    wanted = {KNOWN.contract_file(e, m) for e, m in MODES}
    assert wanted == {file for folder in {file.parent for file in wanted} for file in folder.iterdir()}


def _fields(schema: dict[str, Any], path: str = "") -> Iterator[tuple[str, dict[str, Any]]]:
    for name, field in schema.get("properties", {}).items():
        yield f"{path}.{name}", field
        yield from _fields(field.get("items", field), f"{path}.{name}")


@IN_MODES
def test_every_field_is_described_and_typed(endpoint: Any, mode: Any) -> None:
    for path, field in _fields(contracts.load(KNOWN, endpoint, mode).schema):
        assert field.get("title"), path
        assert field.get("description"), path
        assert field.get("type"), path


@pytest.mark.parametrize("case", cases("forms"))
def test_form(case: dict[str, Any]) -> None:
    schema = {"$ref": f"#/$defs/{case['form']}", "$defs": _document(resources.SCHEMAS / "common.schema.json")["$defs"]}
    assert Draft202012Validator(schema).is_valid(case["data"]) is case["valid"]
    assert jsonschema_rs.Draft202012Validator(schema).is_valid(case["data"]) is case["valid"]


@pytest.mark.parametrize("case", cases("contracts"))
def test_mode(case: dict[str, Any]) -> None:
    item = prepared(case)
    contract = contracts.load(KNOWN, item.endpoint, item.mode)
    value = json.loads(item.body)
    assert (engines.reference(contract, value) == []) is case["valid"]
    assert engines.fast(contract, value) == engines.reference(contract, value)
    assert Draft202012Validator(contract.schema).is_valid(value) is case["valid"]


_TEXTS = st.text("01259-+.E\neAZ \u0661\uff11", max_size=8) | st.from_regex(r"\A-?[0-9.]{1,4}(E-?[0-9])?\Z")


@given(text=_TEXTS, end=st.sampled_from(["", "\n", "\r\n", " "]))
def test_a_pattern_takes_the_same_strings_whatever_reads_it(text: str, end: str) -> None:
    text += end
    endpoint = KNOWN.get("usdm.rest.v2.account")
    contract = contracts.load(KNOWN, endpoint, endpoint.modes[0])
    paths: list[InstancePath] = [("assets", 0, "asset"), ("assets", 0, "walletBalance"), ("totalMarginBalance",)]
    for path in [*paths, ("positions", 0, "symbol"), ("positions", 0, "leverage")]:
        schema = contract.at(path)
        whole = re.compile(schema["pattern"].removesuffix("$") + r"\Z").search(text) is not None
        assert Draft202012Validator(schema).is_valid(text) is whole
        assert jsonschema_rs.Draft202012Validator(schema).is_valid(text) is whole
        assert engines.fits(contract, path, text) is whole


@pytest.mark.parametrize(
    ("edits", "code", "lines"),
    [([], 0, []), ([{"set": "assets[0].walletBalance", "to": 1}], 1, ["1 is not of type 'string'"])],
    ids=["clean", "broken"],
)
def test_a_third_party_validator_takes_a_contract_from_disk(
    tmp_path: Path, edits: list[Any], code: int, lines: list[str]
) -> None:
    recording = "usdm/rest/v3/account/multi-assets.hedge.loopback.yaml"
    item = prepared({"recording": recording, "edits": edits})
    answer = tmp_path / "answer.json"
    answer.write_bytes(item.body)
    assert item.mode
    contract = KNOWN.contract_file(item.endpoint, item.mode)
    # By its id alone the contract would be looked for on a host that does not exist.
    command = [sys.executable, "-m", "check_jsonschema", "--base-uri", contract.as_uri(), "--schemafile", str(contract)]
    run = subprocess.run([*command, str(answer)], capture_output=True, check=False, text=True)
    assert run.returncode == code, run.stdout + run.stderr
    found = [line.partition("$.")[2].partition(": ")[2] for line in run.stdout.splitlines() if "$." in line]
    assert found == lines


@pytest.mark.parametrize(
    ("schema", "words"),
    [
        ({"oneOf": []}, "oneOf"),
        ({"$ref": "#/$defs/gone"}, "has no #/$defs/gone"),
        ({"$ref": "gone.schema.json"}, "gone.schema.json: No such file"),
        ({"$ref": "#"}, "contract.schema.json refers to itself"),
        ([], r"has \[\] in place of an object"),
        ({"properties": ["a"]}, r'has \["a"\] in place of an object'),
        ({"items": True}, "has true in place of an object"),
        ({"allOf": [{"type": "string"}, {"type": "object"}]}, "type twice"),
        ({"allOf": [{"enum": ["A"]}, {"enum": ["B"]}]}, "leaves no value"),
    ],
)
def test_a_contract_outside_the_dialect_is_refused(tmp_path: Path, schema: Any, words: str) -> None:
    file = tmp_path / "contract.schema.json"
    file.write_text(json.dumps(schema), "utf-8")
    with pytest.raises(ContractError, match=words.replace("$", r"\$")):
        flatten(file)


def test_a_contract_that_is_no_json_is_named_with_line_and_column(tmp_path: Path) -> None:
    file = tmp_path / "contract.schema.json"
    file.write_text('{\n  "type": "object"\n  "items": {}\n}', "utf-8")
    with pytest.raises(ContractError, match=r"^contract\.schema\.json:3:3: "):
        flatten(file)


def test_errors_have_a_contract_per_transport() -> None:
    for endpoint in KNOWN.endpoints:
        assert contracts.error_contract(KNOWN, endpoint).schema["type"] == "object"
        assert isinstance(contracts.error_contract(KNOWN, endpoint), Contract)
