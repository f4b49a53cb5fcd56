"""The data files of a schema folder: read here and nowhere else, and held against the schemas beside them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import orjson

from wireshape.errors import ContractError, nearest
from wireshape.jsontext import paths
from wireshape.jsontext.document import Document
from wireshape.model import InstancePath

_UNKNOWN_KEY = "additionalProperties"
_LONGEST = 60


@dataclass(frozen=True, kw_only=True, slots=True)
class DataDefect:
    """What is wrong with the value at one path of a data file."""

    path: InstancePath
    reason: str


@cache
def read(schemas: Path, name: str) -> Any:
    """Give what a data file holds; ContractError says where it is no JSON, or not as its schema has it."""
    return parse(_bytes(schemas / name, name), name, schemas / f"{Path(name).stem}.schema.json")


def parse(text: bytes, name: str, schema: Path) -> Any:
    """Give what the text of a data file holds; ContractError as for `read`."""
    import jsonschema_rs  # loading it takes longer than reading all data files

    value = _decoded(text, name)
    wanted = decode(schema, schema.name)
    validator = jsonschema_rs.Draft202012Validator(wanted)
    if not validator.is_valid(value):
        # A key that is misspelt is missing as well: the misspelling is what there is to mend.
        wrong = min(validator.iter_errors(value), key=lambda error: error.kind.name != _UNKNOWN_KEY)
        raise _located(text, name, _defect(wrong, wanted))
    return value


def refuse(text: bytes, name: str, defects: Iterable[DataDefect]) -> None:
    """Raise ContractError for the first of the defects that a data file of that text has."""
    for defect in defects:
        raise _located(text, name, defect)


def refuse_file(schemas: Path, name: str, defects: Iterable[DataDefect]) -> None:
    """Do the same for a data file of a schema folder."""
    for defect in defects:
        refuse(_bytes(schemas / name, name), name, [defect])


def decode(file: Path, name: str) -> Any:
    """Give the JSON of a file; ContractError names it where it is none."""
    return _decoded(_bytes(file, name), name)


def _bytes(file: Path, name: str) -> bytes:
    try:
        return file.read_bytes()
    except OSError as error:
        raise ContractError(f"{name}: {error.strerror}") from None


def _decoded(text: bytes, name: str) -> Any:
    try:
        return orjson.loads(text)
    except orjson.JSONDecodeError as error:
        raise ContractError(f"{name}:{error.lineno}:{error.colno}: {error.msg}") from None


def _located(text: bytes, name: str, defect: DataDefect) -> ContractError:
    line, column = Document(text, None).positions([defect.path])[defect.path]
    field = f"{paths.sample(defect.path)}: " if defect.path else ""
    return ContractError(f"{name}:{line}:{column}: {field}{defect.reason}")


def _defect(error: Any, wanted: Any) -> DataDefect:
    """Word what jsonschema-rs finds."""
    path, kind = tuple(error.instance_path), error.kind
    if kind.name == _UNKNOWN_KEY:
        key = kind.unexpected[0]
        return DataDefect(path=(*path, key), reason=f"unknown key{nearest(key, _keys(wanted, error))}")
    if kind.name == "required":
        reason = f"{kind.property!r} is missing"
    elif kind.name == "type":
        reason = f"expected {' or '.join(map(_with_article, kind.types))}, got {_shown(error.instance)}"
    elif kind.name == "enum":
        reason = f"unknown value {_shown(error.instance)}{nearest(str(error.instance), map(str, kind.options))}"
    elif kind.name == "falseSchema":
        reason = "not allowed here"
    elif kind.name == "const":
        reason = f"expected {_shown(kind.expected_value)}, got {_shown(error.instance)}"
    else:
        reason = error.message
    return DataDefect(path=path, reason=reason)


def _keys(wanted: Any, error: Any) -> Iterable[str]:
    """Give the keys that are known where one is unknown."""
    for step in error.schema_path[:-1]:
        wanted = wanted.get(step, {}) if isinstance(wanted, dict) else wanted[step]
    keys: Iterable[str] = wanted.get("properties", ())
    return keys


def _with_article(name: str) -> str:
    return name if name == "null" else f"{'an' if name[0] in 'aio' else 'a'} {name}"


def _shown(value: Any) -> str:
    if isinstance(value, dict | list):
        return _with_article("object" if isinstance(value, dict) else "array")
    text = orjson.dumps(value).decode()
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1]}…"
