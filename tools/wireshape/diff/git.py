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
def _at_revision(revision: str) -> Catalog:
    """Unpack the schemas of a git revision; UsageError where there is no such revision, or no repository."""
    if revision.startswith("-"):
        raise UsageError(f"{revision!r} is no git revision")
    command = ["git", "-C", str(resources.SCHEMAS.parent), "archive", "--format=tar", revision, "schemas"]
    try:
        packed = subprocess.run(command, check=True, capture_output=True).stdout  # noqa: S603 - git reads it as a revision
    except FileNotFoundError:
        raise UsageError("git is not installed, so no revision can be read") from None
    except subprocess.CalledProcessError as error:
        reason = error.stderr.decode(errors="replace").strip().splitlines()
        said = reason[-1] if reason else "git fails"
        raise UsageError(f"no schemas at git revision {revision!r}: {said}") from None
    folder = Path(tempfile.mkdtemp(prefix="wireshape-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    with tarfile.open(fileobj=io.BytesIO(packed)) as archive:
        archive.extractall(folder, filter="data")
    try:
        return endpoints.load(folder / "schemas")
    except (OSError, KeyError, ValueError, ContractError) as error:
        raise UsageError(f"the schemas of git revision {revision!r} are not of this version: {error}") from None
