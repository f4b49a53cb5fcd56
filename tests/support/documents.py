"""Reads the documents of the project: their blocks, tables and links, and what the commands they show print."""

from __future__ import annotations

import re
import shlex
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from click.testing import CliRunner

from wireshape import exchange
from wireshape.cli.main import cli
from wireshape.model import Exit

ROOT = Path(__file__).parents[2]
DOCUMENTS = sorted(
    file
    for pattern in ("*.md", ".github/*.md", "schemas/**/*.md", "cassettes/**/*.md", "tools/**/*.md")
    for file in ROOT.glob(pattern)
)
WIDTH = "80"


def name(document: Path) -> str:
    """Give the path of a document as a reader of the repository sees it."""
    return document.relative_to(ROOT).as_posix()


def blocks(text: str, fence: str) -> list[str]:
    """List the fenced blocks of a language, without their fences."""
    return re.findall(rf"^```{fence}\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)


def commands(text: str) -> list[str]:
    """List the command lines of the `sh` blocks."""
    return [line for block in blocks(text, "sh") for line in block.splitlines()]


def prose(text: str) -> str:
    """Give a document without its fenced blocks."""
    return re.sub(r"^```.*?^```$", "", text, flags=re.MULTILINE | re.DOTALL)


def section(text: str, heading: str) -> str:
    """Give what stands below a heading of the second level."""
    return next(part for part in text.split("\n## ") if part.startswith(f"{heading}\n"))


def rows(text: str) -> list[list[str]]:
    """List the cells of every table row, headings and rules apart."""
    cells = [[cell.strip() for cell in line.strip("|").split(" | ")] for line in text.splitlines() if line[:2] == "| "]
    rules = [number for number, row in enumerate(cells) if set(row[0]) == {"-"}]
    return [row for number, row in enumerate(cells) if number not in rules and number + 1 not in rules]


def anchors(document: Path) -> set[str]:
    """List the anchors that a reader's browser makes of the headings."""
    headings = re.findall(r"^#+ (.*)$", prose(document.read_text("utf-8")), re.MULTILINE)
    return {re.sub(r"[^\w -]", "", heading.lower()).replace(" ", "-") for heading in headings}


@dataclass(frozen=True, kw_only=True, slots=True)
class Shown:
    """A command line of a `console` block, what the block shows of its output, and the filter behind a pipe."""

    line: str
    output: str
    lines: slice

    @property
    def args(self) -> list[str]:
        """The arguments of the command."""
        return shlex.split(self.line)[1:]


def shown(text: str) -> Iterator[Shown]:
    """Yield the commands of the `console` blocks; a backslash continues a line, `head` and `tail` take their part."""
    for block in blocks(text, "console"):
        for part in re.split(r"^\$ ", block.replace("\\\n", " "), flags=re.MULTILINE)[1:]:
            line, _, output = part.partition("\n")
            command, _, end = line.partition(" | ")
            count = int(end.rpartition(" ")[2]) if end else None
            lines = slice(-count, None) if count and end.startswith("tail") else slice(count)
            yield Shown(line=command, output=output, lines=lines)


def printed(command: Shown, folder: Path, env: dict[str, str]) -> str:
    """Give what a command prints in a folder, which gets the files of the project that the command names."""
    for arg in command.args:
        source, target = ROOT / arg, folder / arg
        if source.exists() and not target.exists():
            target.parent.mkdir(parents=True, exist_ok=True)
            (shutil.copytree if source.is_dir() else shutil.copy)(source, target)
    run = CliRunner().invoke(cli, command.args, prog_name="wireshape", env={"COLUMNS": WIDTH, **env})
    assert run.exit_code in {Exit.CLEAN, Exit.FINDINGS}, f"{command.line} ends with {run.exit_code}: {run.output}"
    return "".join(run.output.splitlines(keepends=True)[command.lines])


def served(text: str) -> exchange.Settings:
    """Give the settings of the `wireshape serve` that a document shows."""
    line = next(line for line in commands(text) if line.startswith("wireshape serve"))
    args = shlex.split(line)[2:]
    told = dict(zip(args[::2], args[1::2], strict=True))
    return exchange.Settings(mode=told.pop("--mode"), drifts=(told.pop("--drift"),), **told)  # type: ignore[arg-type]
