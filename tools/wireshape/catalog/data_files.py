"""The data files of a schema folder: read here, and nowhere else."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

import orjson

from wireshape.errors import ContractError


@cache
def read(schemas: Path, name: str) -> Any:
    """Give what a data file of a schema folder holds; ContractError where it cannot be read as JSON."""
    try:
        return orjson.loads((schemas / name).read_bytes())
    except OSError as error:
        raise ContractError(f"{name}: {error.strerror}") from None
    except orjson.JSONDecodeError as error:
        raise ContractError(f"{name}:{error.lineno}:{error.colno}: {error.msg}") from None
