"""The project as a whole: floors, start-up, packaging, lint, types, and documents that say what the code does."""

from __future__ import annotations

import ast
import os
import re
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner

from wireshape.catalog import endpoints
from wireshape.cli.main import cli
from wireshape.findings import rules
from wireshape.model import Exit

ROOT = Path(__file__).parents[1]
PACKAGE = ROOT / "tools" / "wireshape"
README = (ROOT / "README.md").read_text("utf-8")

# Lowest first; a module imports only from floors below its own.
FLOORS = [
    {"__init__", "errors", "model", "data"},
    {"outcome", "catalog", "rules", "wirejson", "redact", "flatten", "age", "peel", "leaves"},
    {"operations", "contracts", "invariants", "waivers", "shape", "kinds"},
    {"engine", "drift", "scanner", "relations"},
    {"judge", "amounts"},
    {"answer", "disguise"},
    {"check"},
    {"sources.context", "sources.conversation"},
    {"sources.body", "sources.cassette", "sources.har"},
    {"sources.ndjson", "sources.recording"},
    {"sources.live.__init__", "sources.live.failures", "sources.live.signing", "sources.live.quiet"},
    {"sources.live.keys", "sources.live.environments", "sources.live.calls", "sources.live.manners"},
    {"sources.live.talk"},
    {"sources.live.rest"},
    {"sources.live.connection", "sources.live.discovery"},
    {"sources.live.ws"},
    {"sources.live.collect"},
    {"sources.live.keeping"},
    {"sources.__init__"},
    {"docs.__init__", "docs.source", "docs.tokens", "docs.wording", "docs.editions", "docs.frame"},
    {"docs.cursor", "docs.markup"},
    {"docs.commented"},
    {"docs.example"},
    {"docs.blocks", "docs.remarks"},
    {"docs.pages"},
    {"docs.collect", "docs.repair"},
    {"docs.held"},
    {"audit"},
    {"witness"},
    {"comparison"},
    {"lineage"},
    {"exchange.account", "exchange.protocol", "exchange.keys", "exchange.faults", "exchange.drifts"},
    {"exchange.settings", "exchange.gate", "exchange.weights", "exchange.wire"},
    {"exchange.desk"},
    {"exchange.rest", "exchange.socket_api"},
    {"exchange.server"},
    {"exchange.running"},
    {"exchange.__init__"},
    {"reports.__init__", "reports.json", "reports.listing"},
    {"reports.console", "reports.markdown"},
    {"reports.audit", "reports.drift"},
    {"reports.text"},
    {"progress", "options"},
    {"commands.__init__"},
    {"commands.asking"},
    {"commands.audit", "commands.check", "commands.diff", "commands.knowledge"},
    {"commands.record", "commands.scan", "commands.serve", "commands.waivers"},
    {"cli"},
    {"__main__"},
]


def _imports(file: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(file.read_text("utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.module and node.module.split(".")[0] == "wireshape":
            inner = node.module.removeprefix("wireshape").lstrip(".")
            for name in node.names:
                candidate = f"{inner}.{name.name}".lstrip(".")
                yield _module(candidate, inner)


def _module(candidate: str, inner: str) -> str:
    if (PACKAGE / (candidate.replace(".", "/") + ".py")).is_file():
        return candidate
    if (PACKAGE / candidate.replace(".", "/") / "__init__.py").is_file():
        return f"{candidate}.__init__"
    return f"{inner}.__init__".lstrip(".") if (PACKAGE / inner.replace(".", "/")).is_dir() else inner


def test_imports_point_down() -> None:
    floors = {module: number for number, floor in enumerate(FLOORS) for module in floor}
    modules = {str(file.relative_to(PACKAGE).with_suffix("")).replace("/", "."): file for file in PACKAGE.rglob("*.py")}
    assert modules.keys() == floors.keys()
    for module, file in modules.items():
        for other in _imports(file):
            assert floors[other] < floors[module], f"{module} imports {other}"


def test_files_stay_short() -> None:
    for file in [*PACKAGE.rglob("*.py"), *(ROOT / "tests").glob("*.py")]:
        assert len(file.read_text("utf-8").splitlines()) <= 260, file


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
        "from wireshape.cli import cli\n"
        "assert CliRunner().invoke(cli, ['check']).exit_code == 0\n"
        "print(*sys.modules)"
    ).split()
    heavy = {"vcr", "deepdiff", "jsonschema", "requests", "httpx", "aiohttp", "cryptography", "websockets", "asyncio"}
    assert not heavy & set(loaded)


def test_help_imports_nothing_heavy() -> None:
    loaded = _python("import sys, wireshape.cli; print(*sys.modules)").split()
    assert not {"orjson", "yaml", "jsonschema_rs", "rich", "jsonschema"} & set(loaded)


def test_a_wheel_carries_schemas_and_recordings(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(tmp_path), str(ROOT)]
    subprocess.run(command, check=True, capture_output=True)
    (wheel,) = tmp_path.glob("*.whl")
    zipfile.ZipFile(wheel).extractall(tmp_path / "site")
    home, clean = _python(
        "import wireshape.data as d\n"
        "from click.testing import CliRunner\n"
        "from wireshape.cli import cli\n"
        "print(d.SCHEMAS)\n"
        "print(CliRunner().invoke(cli, ['check']).output.splitlines()[-1])",
        PYTHONPATH=str(tmp_path / "site"),
    ).splitlines()
    assert Path(home) == tmp_path / "site" / "wireshape" / "schemas"
    assert clean.startswith("22 answers checked, 22 clean")


@pytest.mark.parametrize("command", [["ruff", "check"], ["ruff", "format", "--check"], ["mypy"]], ids=" ".join)
def test_lint_and_types(command: list[str]) -> None:
    run = subprocess.run([sys.executable, "-m", *command], check=False, capture_output=True, text=True, cwd=ROOT)
    assert run.returncode == 0, run.stdout + run.stderr


def _blocks(fence: str) -> list[str]:
    return re.findall(rf"^```{fence}\n(.*?)^```$", README, re.MULTILINE | re.DOTALL)


def test_ci_runs_the_command_of_the_readme() -> None:
    commands = [line for block in _blocks("sh") for line in block.splitlines()]
    (tests,) = [line for line in commands if line.endswith("/pytest")]
    assert (ROOT / ".ci" / "run").read_text("utf-8").splitlines()[-1] == tests


def test_readme_output_is_what_the_command_prints(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    shown = _blocks("console")
    assert shown
    for block in shown:
        line, _, output = block.partition("\n")
        args = line.removeprefix("$ wireshape ").split()
        run = CliRunner().invoke(cli, args, prog_name="wireshape", env={"COLUMNS": "80"})
        assert run.output == output, line


def test_readme_lists_exit_codes_rules_and_options() -> None:
    assert [int(code) for code in re.findall(r"^\| (\d) \|", README, re.MULTILINE)] == list(map(int, Exit))
    listed = re.findall(r"^\| `([a-z-]+)` \| (\w+) \| (.*) \|$", README, re.MULTILINE)
    assert listed == [(rule.id, rule.level.value, rule.message) for rule in rules.load().values()]
    text = "".join(
        CliRunner().invoke(cli, [command, "--help"]).output for command in ("check", "audit", "record", "scan", "serve")
    )
    for option in re.findall(r"--[a-z]+(?:-[a-z]+)*", text):
        assert option in README, option


def test_changelog_has_this_version() -> None:
    version = CliRunner().invoke(cli, ["--version"], prog_name="wireshape").output.split()[1]
    assert f"## {version}" in (ROOT / "CHANGELOG.md").read_text("utf-8")
