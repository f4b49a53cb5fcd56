"""Two validators behind one question: which paths of a value break a contract, and by which keyword.

`fast` compiles the flat schema with jsonschema-rs, `reference` walks the files as they lie on disk with jsonschema.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import jsonschema_rs
import orjson

from wireshape.catalog.contracts import Contract
from wireshape.catalog.flatten import constraints
from wireshape.check import columns
from wireshape.check.failures import REQUIRED, TYPE, Failure, Failures, kind_of
from wireshape.jsontext.paths import at
from wireshape.model import InstancePath

Engine = Callable[[Contract, Any], list[Failure]]


def fast(contract: Contract, value: Any) -> list[Failure]:
    """List the failures jsonschema-rs finds, in the order of the value; those alike are one."""
    # A verdict costs a small part of a list of what is wrong.
    return [] if _compiled(contract).is_valid(value) else columns.failures(contract, value)


def reference(contract: Contract, value: Any) -> list[Failure]:
    """List the failures jsonschema finds, in the order of the value; those alike are one."""
    errors = _reference(contract).iter_errors(value)
    broken = {(tuple(error.absolute_path), kind_of(str(error.validator))) for error in errors}
    mistyped = {path for path, keyword in broken if keyword == TYPE}
    found = Failures()
    for failure in sorted((Failure(path, keyword) for path, keyword in broken), key=_document_order):
        if failure.keyword == REQUIRED:
            there = at(value, failure.path)
            for name in contract.at(failure.path)[REQUIRED]:
                if name not in there:
                    found.add((*failure.path, name), REQUIRED)
        elif failure.keyword == TYPE or failure.path not in mistyped:
            found.add(failure.path, failure.keyword, at(value, failure.path))
    return found.ordered()


ENGINES: dict[str, Engine] = {"fast": fast, "reference": reference}


def fits(contract: Contract, path: InstancePath, value: Any) -> bool:
    """Tell whether a value keeps what the contract says at a path."""
    return _compiled(contract, path).is_valid(value)


def _document_order(failure: Failure) -> list[tuple[bool, str | int]]:
    return [(isinstance(step, str), step) for step in failure.path]


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
