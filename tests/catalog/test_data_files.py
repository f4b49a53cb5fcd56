"""A mistake in a data file is one line that says where: file, line, column and field."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from casebook import cases
from wireshape import resources
from wireshape.catalog import contracts, data_files, endpoints, history, invariants, moves
from wireshape.catalog.endpoints import Catalog
from wireshape.errors import ContractError
from wireshape.jsontext import paths
from wireshape.model import Endpoint

KNOWN = endpoints.load()
# Every data file has a schema of its own beside it.
NAMES = sorted(file.name for file in resources.SCHEMAS.glob("*.json") if not file.name.endswith(".schema.json"))
READERS: dict[str, Callable[[Catalog], Any]] = {
    "catalog.json": lambda catalog: catalog,
    "invariants.json": lambda catalog: invariants.load(catalog.schemas),
    "moves.json": lambda catalog: moves.load(catalog.schemas),
    "history.json": lambda catalog: history.load(catalog.schemas),
}


@pytest.fixture
def schemas(tmp_path: Path) -> Path:
    return Path(shutil.copytree(resources.SCHEMAS, tmp_path / "schemas"))


@pytest.mark.parametrize("name", NAMES)
def test_every_data_file_keeps_the_schema_beside_it(name: str) -> None:
    assert data_files.read(resources.SCHEMAS, name)


@pytest.mark.parametrize("case", cases("catalog"))
def test_mistake(case: dict[str, Any], schemas: Path) -> None:
    file = schemas / case["file"]
    text = file.read_text("utf-8")
    assert case["replace"][0] in text
    file.write_text(text.replace(*case["replace"], 1), "utf-8")
    with pytest.raises(ContractError) as caught:
        READERS[case["file"]](endpoints.load(schemas))
    assert case["line"] in str(caught.value)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("command", [["endpoints"], ["check", "--bundled"], ["schema", "--all"]], ids=" ".join)
def test_every_command_ends_with_the_line(command: list[str], schemas: Path) -> None:
    file = schemas / "catalog.json"
    file.write_text(file.read_text("utf-8").replace('"modes"', '"modse"', 1), "utf-8")
    code = (
        "import sys, pathlib, wireshape.resources as resources\n"
        "resources.SCHEMAS = pathlib.Path(sys.argv.pop(1))\n"
        "from wireshape.cli.main import main\n"
        "main()"
    )
    run = subprocess.run(
        [sys.executable, "-c", code, str(schemas), *command], check=False, capture_output=True, text=True
    )
    assert (run.returncode, run.stdout) == (ContractError.exit_code, "")
    assert run.stderr.count("\n") == 1
    assert "catalog.json:16:16: endpoints[0].modse: unknown key (did you mean modes?)" in run.stderr


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("suffix", [".json", ".schema.json"])
def test_a_file_that_is_not_there_is_named(name: str, suffix: str, schemas: Path) -> None:
    gone = name.removesuffix(".json") + suffix
    (schemas / gone).unlink()
    with pytest.raises(ContractError, match=rf"^{gone}: No such file"):
        data_files.read(schemas, name)


def _paths(endpoint: Endpoint) -> list[set[str]]:
    """List the paths of an endpoint's fields, for each of its modes."""
    found = [contracts.load(KNOWN, endpoint, mode).leaves() for mode in endpoint.modes]
    return [{paths.collapse(contracts.payload_path(endpoint, path)) for path in leaves} for leaves in found]


def test_a_move_is_of_a_field_that_base_has_and_current_lacks() -> None:
    found = moves.load(KNOWN.schemas)
    assert found
    for move in found:
        base, current = KNOWN.get(move.base), KNOWN.get(move.current)
        assert all(move.path in mode for mode in _paths(base)), move
        assert not all(move.path in mode for mode in _paths(current)), move
        assert moves.find(KNOWN.schemas, base, current, move.path) == move
