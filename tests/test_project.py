"""The project as a whole: layers, start-up, packaging, lint and types."""

from __future__ import annotations

import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from wireshape.catalog import endpoints

ROOT = Path(__file__).parents[1]
PACKAGE = ROOT / "tools" / "wireshape"


def test_files_stay_short() -> None:
    for file in [*PACKAGE.rglob("*.py"), *(ROOT / "tests").rglob("*.py")]:
        assert len(file.read_text("utf-8").splitlines()) <= 250, file


def test_no_python_names_an_endpoint() -> None:
    words = [word for endpoint in endpoints.load().endpoints for word in (endpoint.id, endpoint.operation.path)]
    for file in PACKAGE.rglob("*.py"):
        text = file.read_text("utf-8")
        assert not [word for word in words if word in text], file


def _python(code: str, **env: str) -> str:
    run = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, check=True, text=True, env={**os.environ, **env}, cwd="/"
    )
    return run.stdout


def test_check_imports_neither_vcr_nor_deepdiff_nor_jsonschema() -> None:
    loaded = _python(
        "import sys\n"
        "from click.testing import CliRunner\n"
        "from wireshape.cli.main import cli\n"
        "assert CliRunner().invoke(cli, ['check', '--bundled']).exit_code == 0\n"
        "print(*sys.modules)"
    ).split()
    heavy = {"vcr", "deepdiff", "jsonschema", "requests", "httpx", "aiohttp", "cryptography", "websockets", "asyncio"}
    assert not heavy & set(loaded)


def test_help_imports_nothing_heavy() -> None:
    loaded = _python("import sys, wireshape.cli.main; print(*sys.modules)").split()
    assert not {"orjson", "yaml", "jsonschema_rs", "rich", "jsonschema"} & set(loaded)


def test_a_wheel_carries_schemas_and_recordings(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(tmp_path), str(ROOT)]
    subprocess.run(command, check=True, capture_output=True)
    (wheel,) = tmp_path.glob("*.whl")
    zipfile.ZipFile(wheel).extractall(tmp_path / "site")
    home, clean = _python(
        "import wireshape.resources as d\n"
        "from click.testing import CliRunner\n"
        "from wireshape.cli.main import cli\n"
        "print(d.SCHEMAS)\n"
        "print(CliRunner().invoke(cli, ['check', '--bundled']).output.splitlines()[-1])",
        PYTHONPATH=str(tmp_path / "site"),
    ).splitlines()
    assert Path(home) == tmp_path / "site" / "wireshape" / "schemas"
    assert clean.startswith("22 answers checked, 22 clean")


@pytest.mark.parametrize(
    "command", [["ruff", "check"], ["ruff", "format", "--check"], ["mypy"], ["importlinter.cli"]], ids=" ".join
)
def test_lint_types_and_layers(command: list[str]) -> None:
    run = subprocess.run([sys.executable, "-m", *command], check=False, capture_output=True, text=True, cwd=ROOT)
    assert run.returncode == 0, run.stdout + run.stderr
