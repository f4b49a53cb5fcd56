"""Two validators behind one question: which paths of a value break a contract, and by which keyword.

`fast` compiles the flat schema with jsonschema-rs, `reference` walks the files as they lie on disk with jsonschema.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import jsonschema_rs
import orjson

from wireshape.catalog.contracts import Contract
from wireshape.catalog.flatten import constraints
from wireshape.model import InstancePath


class Failure(NamedTuple):
    """Where a value breaks a contract, and the keyword it breaks there; FORM for any that speaks of a value's form."""

    path: InstancePath
    keyword: str


FORM = "form"
_OF_THE_FORM = {"pattern", "not", "anyOf", "minimum", "maximum"}

Engine = Callable[[Contract, Any], list[Failure]]


def fast(contract: Contract, value: Any) -> list[Failure]:
    """List the failures jsonschema-rs finds, in a stable order."""
    validator = _compiled(contract)
    if validator.is_valid(value):  # listing errors costs many times a verdict
        return []
    errors = validator.iter_errors(value)
    return _ordered(Failure(tuple(error.instance_path), _keyword(error.schema_path)) for error in errors)


def reference(contract: Contract, value: Any) -> list[Failure]:
    """List the failures jsonschema finds, in a stable order."""
    errors = _reference(contract).iter_errors(value)
    return _ordered(Failure(tuple(error.absolute_path), str(error.validator)) for error in errors)


ENGINES: dict[str, Engine] = {"fast": fast, "reference": reference}


def fits(contract: Contract, path: InstancePath, value: Any) -> bool:
    """Tell whether a value keeps what the contract says at a path."""
    return _compiled(contract, path).is_valid(value)


def _ordered(failures: Iterable[Failure]) -> list[Failure]:
    """Make one failure of all that mean the same: `required` of one object, and the form of one value."""
    merged = {Failure(path, FORM if keyword in _OF_THE_FORM else keyword) for path, keyword in failures}
    return sorted(
        merged, key=lambda failure: ([(isinstance(step, str), step) for step in failure.path], failure.keyword)
    )


def _keyword(schema_path: list[str | int]) -> str:
    return next(part for part in reversed(schema_path) if isinstance(part, str))


@cache
def _compiled(contract: Contract, path: InstancePath = ()) -> jsonschema_rs.Draft202012Validator:
    return jsonschema_rs.Draft202012Validator(constraints(contract.at(path)))


@cache
def _reference(contract: Contract) -> Any:
    # Together these take longer to import than the bundled check takes to run.
    from urllib.parse import urlsplit
    from urllib.request import url2pathname

    from jsonschema import Draft202012Validator
    from referencing import Registry, Resource
    from referencing.jsonschema import DRAFT202012

    def read(uri: str) -> Resource[Any]:
        contents = orjson.loads(Path(url2pathname(urlsplit(uri).path)).read_bytes())
        contents.pop("$id", None)  # references lead to the files beside this one
        return DRAFT202012.create_resource(contents)

    registry: Registry[Any] = Registry(retrieve=read)  # type: ignore[call-arg]
    return Draft202012Validator({"$ref": contract.file.resolve().as_uri()}, registry=registry)
