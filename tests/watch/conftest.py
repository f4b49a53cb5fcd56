"""What the tests of a watch share: a server of pages, and the place of a store."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

import docserver
from docserver import Docs


@pytest.fixture
def docs() -> Iterator[Docs]:
    """Run a server of no pages."""
    with docserver.running() as running:
        yield running


@pytest.fixture
def store(tmp_path: Path) -> Path:
    """Name a folder that is not there yet."""
    return tmp_path / "store"
