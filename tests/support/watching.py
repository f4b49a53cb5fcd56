"""Runs a watch in a folder, and small pages for it to look at."""

from __future__ import annotations

import json
import os
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from click.testing import CliRunner

from wireshape.cli.main import cli


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """What a run came to: its exit code, and the lines it printed on either stream."""

    code: int
    lines: list[str]

    @property
    def last(self) -> str:
        return self.lines[-1]


def watch(store: Path, *args: str | Path) -> Outcome:
    """Run `wireshape watch` without waits."""
    words = ["watch", "--store", str(store), *map(str, args)]
    words[3:3] = [] if "--since" in args else ["--pause", "0", "--timeout", "2"]
    run = CliRunner().invoke(cli, words, prog_name="wireshape", env={"COLUMNS": "200"})
    assert run.exception is None or isinstance(run.exception, SystemExit), run.exception
    return Outcome(code=run.exit_code, lines=run.output.splitlines())


def records(store: Path, name: str) -> list[dict[str, Any]]:
    """Read a file of JSON lines of a store."""
    return [json.loads(line) for line in (store / name).read_text("utf-8").splitlines()]


def rules(store: Path) -> list[str]:
    """List the rules of the events of a store."""
    return [each["rule"] for each in records(store, "events.jsonl")]


def page(operation: str = "GET /api/v1/thing", *, weight: int | None = None, **members: Any) -> str:
    """Write a page of HTML that documents an operation outside of the catalogue with one example."""
    body = json.dumps(members or {"name": "a", "size": 1}, indent=2)
    said = f"<p>Request Weight</p><p>{weight}</p>" if weight is not None else ""
    return f"<html><body><h1>Thing</h1>\n<p>{operation}</p>\n{said}<pre>{body}</pre>\n</body></html>\n"


class Repository:
    """A git repository of pages, made commit by commit."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        folder.mkdir()
        self.git("init", "--quiet", ".")

    def git(self, *args: str, day: str = "2025-01-01T00:00:00Z") -> str:
        who = {f"GIT_{role}_{part}": "a@example.org" for role in ("AUTHOR", "COMMITTER") for part in ("NAME", "EMAIL")}
        env = {**os.environ, **who, "GIT_AUTHOR_DATE": day, "GIT_COMMITTER_DATE": day, "GIT_CONFIG_GLOBAL": os.devnull}
        command = ["git", "-C", str(self.folder), *args]
        return subprocess.run(command, check=True, capture_output=True, text=True, env=env).stdout.strip()

    def commit(self, day: str, files: dict[str, str | bytes | None]) -> str:
        """Write files, remove those that are None, and give the hash of the commit."""
        for name, content in files.items():
            file = self.folder / name
            file.parent.mkdir(parents=True, exist_ok=True)
            if content is None:
                file.unlink()
            else:
                file.write_bytes(content.encode() if isinstance(content, str) else content)
        self.git("add", "--all")
        self.git("commit", "--quiet", "--allow-empty", "--message", "a", day=day)
        return self.git("rev-parse", "HEAD")
