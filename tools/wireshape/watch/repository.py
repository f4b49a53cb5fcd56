"""The pages of a git repository, commit by commit; git itself is asked, and nothing of the repository is run."""

from __future__ import annotations

import os
import re
import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from wireshape.errors import InputError, UsageError
from wireshape.inputs import dates
from wireshape.pages import page_bytes

_MAX_LISTED = 256_000_000
"""Bytes of a list of commits, or of files."""
_SAFE = (
    "-c", "core.fsmonitor=false", "-c", "log.showSignature=false", "-c", "core.quotePath=false", "--no-optional-locks",
)  # fmt: skip
_MAX_SAID = 10_000
_MARK = b"commit "
_FILES = {b"100644", b"100755"}
_REVISION = re.compile(r"[0-9a-f]{40,64}")


@dataclass(frozen=True, kw_only=True, slots=True)
class Commit:
    """A commit: when it was made, the files that it wrote by the hash that git gives them, and those that it removed.

    Of a whole one, what is written are all files of its tree.
    """

    revision: str
    date: str
    written: dict[str, str]
    gone: tuple[str, ...]
    whole: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class Repository:
    """A repository by the name that it was given."""

    name: str

    def commits(self, revisions: str, known: str | None) -> Iterator[Commit]:
        """Yield the commits of a range `A..B`, or up to one, oldest first, along first parents.

        Of those up to a known one none is yielded; without that, the tree a range starts from comes first. Where the
        known one is not there any more, only the tree at the end is.
        """
        self._run(["rev-parse", "--git-dir"], 10_000)
        base, dots, end = revisions.partition("..")
        tip = self._resolved((end if dots else base) or "HEAD")
        if known:
            try:
                start = self._resolved(known)
            except InputError:
                yield self._tree(tip)
                return
            yield from self._log([tip, f"^{start}"])
        elif dots and base:
            start = self._resolved(base)
            yield self._tree(start)
            yield from self._log([tip, f"^{start}"])
        else:
            yield from self._log([tip])

    def content(self, blob: str) -> bytes:
        """Give the content of a file by the hash of git; InputError for one larger than a page."""
        return self._run(["cat-file", "blob", blob], page_bytes.MAX_BYTES)

    def _resolved(self, revision: str) -> str:
        """Give the hash of a commit; InputError where there is none."""
        if revision.startswith("-"):
            raise UsageError(f"{revision!r} is not a git revision")
        arguments = ["rev-parse", "--verify", "--quiet", "--end-of-options", f"{revision}^{{commit}}"]
        try:
            found = self._run(arguments, 1000).decode().strip()
        except InputError:
            raise InputError(f"no git revision {revision!r}") from None
        if not _REVISION.fullmatch(found):
            raise InputError(f"no git revision {revision!r}")
        return found

    def _tree(self, revision: str) -> Commit:
        listed = self._run(["ls-tree", "-r", "-z", "--full-tree", revision], _MAX_LISTED)
        written = {}
        for row in listed.split(b"\0")[:-1]:
            head, _, path = row.partition(b"\t")
            mode, _, blob = head.split(b" ")
            if mode in _FILES:
                written[os.fsdecode(path)] = blob.decode()
        said = self._run(["show", "-s", "--format=%cI", revision], 1000).decode()
        return Commit(revision=revision, date=_date(said), written=written, gone=(), whole=True)

    def _log(self, arguments: Sequence[str]) -> Iterator[Commit]:
        command = [
            "log", "--first-parent", "-m", "--reverse", "--root", "--raw", "-z", "--no-abbrev", "--no-renames",
            "--no-ext-diff", "--no-textconv", "--format=commit %H %cI", *arguments,
        ]  # fmt: skip
        pieces = iter(self._run(command, _MAX_LISTED).split(b"\0"))
        commit: Commit | None = None
        written: dict[str, str] = {}
        gone: list[str] = []
        for piece in pieces:
            text = piece.lstrip(b"\n")
            if text.startswith(_MARK):
                if commit:
                    yield commit
                _, revision, date = text.split(b"\n")[0].decode().split(" ")
                written, gone = {}, []
                commit = Commit(revision=revision, date=_date(date), written=written, gone=())
                text = text.partition(b"\n")[2].lstrip(b"\n")
            if text.startswith(b":") and commit:
                _, mode, _, blob, _ = text.split(b" ")
                path = os.fsdecode(next(pieces))
                if mode in _FILES:
                    written[path] = blob.decode()
                else:
                    gone.append(path)
                commit = Commit(revision=commit.revision, date=commit.date, written=written, gone=tuple(gone))
        if commit:
            yield commit

    def _run(self, arguments: Sequence[str], most: int) -> bytes:
        """Run git and give what it prints; InputError says what it said where it fails."""
        environment = {**os.environ, "GIT_TERMINAL_PROMPT": "0", "GIT_PAGER": "cat"}
        command = ["git", "-C", str(Path(self.name)), *_SAFE, *arguments]
        try:
            with (
                tempfile.TemporaryFile() as said,
                subprocess.Popen(  # noqa: S603 - git is given revisions as such
                    command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=said, env=environment
                ) as process,
            ):
                printed = process.stdout.read(most + 1) if process.stdout else b""
                if len(printed) > most:
                    process.kill()
                    raise InputError(f"larger than {most // 1_000_000} MB, the most that is read")
                if process.wait():
                    raise InputError(_last_line(said))
        except FileNotFoundError:
            raise UsageError("git is not installed, so no repository can be read") from None
        return printed


def _last_line(said: IO[bytes]) -> str:
    """Give the last line that git said of what is wrong."""
    said.seek(0)
    lines = said.read(_MAX_SAID).decode(errors="replace").strip().splitlines()
    return lines[-1].removeprefix("fatal: ") if lines else "git fails"


def _date(written: str) -> str:
    return dates.iso(written.strip()) or dates.iso(0) or ""
