"""Where the bundled schemas and recordings are, in a wheel as in a checkout."""

from __future__ import annotations

from pathlib import Path

_PACKAGE = Path(__file__).resolve().parent
_HOME = _PACKAGE if (_PACKAGE / "schemas").is_dir() else _PACKAGE.parent.parent

SCHEMAS = _HOME / "schemas"
CASSETTES = _HOME / "cassettes"
