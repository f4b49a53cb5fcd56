"""The catalogue as of a git revision."""

from __future__ import annotations

import atexit
import io
import shutil
import subprocess
import tarfile
import tempfile
from functools import cache
from pathlib import Path

from wireshape import resources
from wireshape.catalog import endpoints
from wireshape.catalog.endpoints import Catalog
from wireshape.errors import ContractError, UsageError


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
        return subprocess.run(command, check=True, capture_output=True).stdout  # noqa: S603 - git reads it as a revision
    except FileNotFoundError:
        raise UsageError("git is not installed, so no revision can be read") from None
    except subprocess.CalledProcessError as error:
        lines = error.stderr.decode(errors="replace").strip().splitlines()
        raise UsageError(f"no schemas at git revision {revision!r}: {lines[-1] if lines else 'git fails'}") from None
