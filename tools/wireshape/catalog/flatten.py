"""Turns a contract file with its references into one flat schema: no $ref, no allOf, one place per field.

The flat form is what the fast engine compiles, what `wireshape schema` prints and what findings are worded from.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

import orjson

from wireshape import resources
from wireshape.catalog import data_files
from wireshape.errors import ContractError

Schema = dict[str, Any]

_LATER_WINS = {"title", "description", "deprecated", "$comment", "examples", "x-evidence", "x-form"}
_LEAVES = {"type", "const", "pattern", "not", "anyOf", "minimum", "maximum"}
_STRUCTURE = {"properties", "items", "required", "enum"}
_DROPPED = {"$schema", "$id", "$defs", "$ref", "allOf"}
# Stands beside each pattern, because Python's `$` matches before a trailing line break.
_GUARD = {"type": "string", "pattern": "\\n"}


def flatten(file: Path) -> Schema:
    """Give the flat form of a contract file; ContractError where it leaves the dialect or contradicts itself."""
    try:
        return _resolve(file, "")
    except RecursionError:
        raise ContractError(f"{_name(file)} refers to itself") from None


def part(file: Path, name: str) -> Schema:
    """Give the flat form of one of the schemas that a file keeps for others."""
    return _resolve(file, f"/$defs/{name}")


def parts(file: Path) -> list[str]:
    """Name the schemas that a file keeps for others."""
    return list(_document(file).get("$defs", {}))


def identifier(file: Path) -> str | None:
    """Give the `$id` of a contract file, None where it has none."""
    name: str | None = _document(file).get("$id")
    return name


def constraints(schema: Schema) -> Schema:
    """Give what a flat schema asks of a value, for an engine whose `$` matches at the end alone: no annotations."""
    bare = {key: value for key, value in schema.items() if key not in _LATER_WINS and (key, value) != ("not", _GUARD)}
    if "properties" in bare:
        bare["properties"] = {name: constraints(field) for name, field in bare["properties"].items()}
    if "items" in bare:
        bare["items"] = constraints(bare["items"])
    return bare


@cache
def _resolve(file: Path, pointer: str) -> Schema:
    node: Any = _document(file)
    for part in pointer.removeprefix("/").split("/") if pointer else ():
        if not isinstance(node, dict) or part not in node:
            raise ContractError(f"{_name(file)} has no #{pointer}")
        node = node[part]
    return _flat(node, file)


@cache
def _target(folder: Path, reference: str) -> Path:
    """Give the file that a reference leads to; most references of a contract lead to the same few."""
    return (folder / reference).resolve()


@cache
def _document(file: Path) -> Schema:
    document = data_files.decode(file, _name(file))
    return _object(document, file)


def _name(file: Path) -> str:
    """Name a contract file as its folder does, since many have the same name."""
    known = file.is_relative_to(resources.SCHEMAS)
    return file.relative_to(resources.SCHEMAS).as_posix() if known else file.name


def _object(node: Any, file: Path) -> Schema:
    if not isinstance(node, dict):
        raise ContractError(
            f"{_name(file)} has {orjson.dumps(node)[:60].decode(errors='ignore')} in place of an object"
        )
    return node


def _flat(node: Any, file: Path) -> Schema:
    schema = _object(node, file)
    unknown = schema.keys() - _LATER_WINS - _LEAVES - _STRUCTURE - _DROPPED
    if unknown:
        raise ContractError(f"{_name(file)} uses {', '.join(sorted(unknown))}, which the contract dialect lacks")
    flat: Schema = {}
    if "$ref" in schema:
        target, _, pointer = schema["$ref"].partition("#")
        flat = _resolve(_target(file.parent, target) if target else file, pointer)
    for part in schema.get("allOf", ()):
        flat = _merge(flat, _flat(part, file), file)
    own = {key: value for key, value in schema.items() if key not in _DROPPED}
    if "properties" in own:
        own["properties"] = {name: _flat(field, file) for name, field in _object(own["properties"], file).items()}
    if "items" in own:
        own["items"] = _flat(own["items"], file)
    return _merge(flat, own, file)


def _merge(base: Schema, over: Schema, file: Path) -> Schema:
    """Lay one flat schema over another: annotations are replaced, constraints add up."""
    merged = dict(base)
    for key, value in over.items():
        if key not in merged or key in _LATER_WINS:
            merged[key] = value
        elif key == "properties":
            fields = {name: _merge(merged[key].get(name, {}), field, file) for name, field in value.items()}
            merged[key] = {**merged[key], **fields}
        elif key == "items":
            merged[key] = _merge(merged[key], value, file)
        else:
            merged[key] = _both(key, merged[key], value, file)
    return merged


def _both(key: str, mine: Any, other: Any, file: Path) -> Any:
    """Give the constraint that two constraints of one keyword amount to; ContractError where there is none."""
    if key == "required":
        return [*mine, *(name for name in other if name not in mine)]
    if key == "minimum":
        return max(mine, other)
    if key == "maximum":
        return min(mine, other)
    if key == "enum":
        if common := [member for member in mine if member in other]:
            return common
        raise ContractError(f"{_name(file)} leaves no value of {other!r}")
    if mine != other:
        raise ContractError(f"{_name(file)} states {key} twice: {mine!r} and {other!r}")
    return mine
