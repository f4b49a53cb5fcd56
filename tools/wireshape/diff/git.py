"""The catalogue as of a git revision."""

from __future__ import annotations

import atexit
import io
import os
import shutil
import subprocess
import tarfile
import tempfile
from functools import cache
from pathlib import Path
from typing import IO

from wireshape import resources
from wireshape.catalog import endpoints
from wireshape.catalog.endpoints import Catalog
from wireshape.errors import ContractError, UsageError

_MAX_BYTES = 64_000_000
"""Of the schemas of a revision, as an archive; those of today have less than one million."""
_MAX_SAID = 10_000


@cache
def catalog_at(revision: str) -> Catalog:
    """Unpack the schemas of a git revision; UsageError where there is no such revision, or no repository."""
    if revision.startswith("-"):
        raise UsageError(f"{revision!r} is not a git revision")
    folder = Path(tempfile.mkdtemp(prefix="wireshape-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    with tarfile.open(fileobj=io.BytesIO(_archive(revision))) as archive:
        archive.extractall(folder, filter="data")
    try:
        return endpoints.load(folder / "schemas")
    except (ContractError, OSError, LookupError, TypeError, ValueError) as error:
        raise unreadable(revision, error) from None


def unreadable(revision: str, error: Exception) -> UsageError:
    """Give the error for the schemas of a revision that are not those of this version: no bug of ours."""
    return UsageError(f"this version cannot read the schemas of git revision {revision!r}: {error}")


def _archive(revision: str) -> bytes:
    command = ["git", "-C", str(resources.SCHEMAS.parent), "archive", "--format=tar", revision, "schemas"]
    try:
        with tempfile.TemporaryFile() as said, _started(command, said) as process:
            archive = process.stdout.read(_MAX_BYTES + 1) if process.stdout else b""
            if len(archive) > _MAX_BYTES:
                process.kill()
                size = f"{_MAX_BYTES // 1_000_000} MB"
                raise UsageError(f"the schemas of git revision {revision!r} are larger than {size}")
            if process.wait():
                raise UsageError(f"no schemas at git revision {revision!r}: {_last_line(said)}")
    except FileNotFoundError:
        raise UsageError("git is not installed, so no revision can be read") from None
    return archive


def _started(command: list[str], said: IO[bytes]) -> subprocess.Popen[bytes]:
    """Start git, which reads nothing and asks nobody."""
    environment = {**os.environ, "GIT_TERMINAL_PROMPT": "0"}
    return subprocess.Popen(  # noqa: S603 - git reads the revision as one
        command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=said, env=environment
    )


def _last_line(said: IO[bytes]) -> str:
    """Give the last line that git said of what is wrong."""
    said.seek(0)
    lines = said.read(_MAX_SAID).decode(errors="replace").strip().splitlines()
    return lines[-1] if lines else "git fails"
