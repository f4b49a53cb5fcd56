"""Reads vcrpy cassettes as the YAML or JSON they are: importing vcrpy costs more than checking every recording."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Iterator
from typing import Any

import orjson
import yaml

from wireshape.errors import InputError
from wireshape.inputs.context import Context
from wireshape.jsontext import parser
from wireshape.jsontext.paths import at
from wireshape.model import Item, Location, Origin, Skipped

WS = "WS"
"""The request method that marks a recorded WebSocket frame."""
METADATA = "wireshape"
"""The key under a cassette's metadata that holds origin, mode and whether an error is meant."""
ORIGINS = ("documentation", "report", "loopback", "testnet", "production")


class _Loader(yaml.CSafeLoader if hasattr(yaml, "CSafeLoader") else yaml.SafeLoader):  # type: ignore[misc]
    """The safe loader, and the tags of plain text and tuples that old cassettes carry."""


_Loader.add_constructor("tag:yaml.org,2002:python/str", lambda loader, node: loader.construct_scalar(node))
_Loader.add_constructor("tag:yaml.org,2002:python/unicode", lambda loader, node: loader.construct_scalar(node))
_Loader.add_constructor("tag:yaml.org,2002:python/tuple", lambda loader, node: loader.construct_sequence(node))


def load(raw: bytes) -> Any:
    """Parse a YAML cassette; InputError for what is no YAML, or YAML that would build Python objects."""
    try:
        _require_harmless(raw)
        return yaml.load(raw, _Loader)  # noqa: S506 - a subclass of the safe loader
    except yaml.constructor.ConstructorError as error:
        reason = (
            "YAML with Python objects is never loaded"
            if "tag:yaml.org,2002:python" in str(error)
            else str(error.problem)
        )
        raise InputError(reason, **_place(error.problem_mark)) from None
    except yaml.MarkedYAMLError as error:
        raise InputError(f"no YAML: {error.problem or error.context}", **_place(error.problem_mark)) from None
    except (yaml.YAMLError, ValueError, LookupError, AttributeError, ArithmeticError) as error:
        # PyYAML constructs tagged scalars without checking them, and fails in as many ways as there are types.
        raise InputError(f"no YAML: {str(error).partition(chr(10))[0] or 'a value is not of its tag'}") from None


def _require_harmless(raw: bytes) -> None:
    """Refuse what the loader would not survive: nesting that overflows its stack, merges that multiply; events do."""
    depth = 0
    for event in yaml.parse(raw, _Loader):
        if isinstance(event, yaml.CollectionStartEvent):
            depth += 1
            if depth > parser.MAX_DEPTH:
                raise InputError(f"nested deeper than {parser.MAX_DEPTH} levels", **_place(event.start_mark))
        elif isinstance(event, yaml.ScalarEvent) and event.value == "<<":
            raise InputError("YAML merge keys are not read", **_place(event.start_mark))
        elif isinstance(event, yaml.CollectionEndEvent):
            depth -= 1


def _place(mark: Any) -> dict[str, int]:
    return {"line": mark.line + 1, "column": mark.column + 1} if mark else {}


def is_cassette(document: Any) -> bool:
    """Tell a cassette from any other JSON."""
    return isinstance(document, dict) and "interactions" in document


def looks_like_yaml(raw: bytes) -> bool:
    """Tell whether text that is no JSON may be a YAML cassette."""
    return b"interactions:" in raw


def read(document: Any, context: Context) -> Iterator[Item]:
    """Yield an interaction per recorded answer; InputError where the file is no cassette at all."""
    if not isinstance(document, dict) or not isinstance(document.get("interactions"), list):
        raise InputError("no cassette: it has no list of interactions")
    stated = at(document, ("metadata", METADATA))
    stated = stated if isinstance(stated, dict) else {}
    origin = _origin(stated.get("origin"))
    mode = stated.get("mode")
    for number, recorded in enumerate(document["interactions"], 1):
        yield _interaction(recorded, context, number, origin, mode, expects_error=stated.get("answer") == "error")


def _origin(stated: Any) -> Origin | None:
    if stated is None:
        return None
    if not isinstance(stated, dict) or stated.get("kind") not in ORIGINS:
        raise InputError(f"the recording's origin is none of {', '.join(ORIGINS)}")
    times = {name: str(stated[name]) for name in ("recorded_at", "citation") if stated.get(name)}
    return Origin(kind=stated["kind"], **times)


def _interaction(
    recorded: Any, context: Context, number: int, origin: Origin | None, mode: Any, *, expects_error: bool
) -> Item:
    method, uri = at(recorded, ("request", "method")), at(recorded, ("request", "uri"))
    if not isinstance(method, str) or not isinstance(uri, str):
        return context.problem(InputError("the interaction has no request with method and uri"), number)
    if method == WS:
        method = _frame_method(at(recorded, ("request", "body")))
    endpoint = context.find(method, uri)
    if endpoint is None:
        return Skipped(location=Location(file=context.file, entry=number))
    body = _body(at(recorded, ("response", "body")))
    if body is None:
        return context.problem(InputError("the interaction has no response with a body"), number)
    status = at(recorded, ("response", "status", "code"))
    return context.interaction(
        endpoint,
        body,
        entry=number,
        status=status if isinstance(status, int) else None,
        encoding=_encoding(at(recorded, ("response", "headers"))),
        mode=str(mode) if mode else None,
        origin=origin,
        expects_error=expects_error,
    )


def _frame_method(frame: Any) -> str:
    try:
        method = at(orjson.loads(frame), ("method",))
    except (orjson.JSONDecodeError, TypeError):
        return ""
    return method if isinstance(method, str) else ""


def _encoding(headers: Any) -> str:
    """Give the content encoding a recording states; headers are lists or single values, their names in any case."""
    for name, value in headers.items() if isinstance(headers, dict) else ():
        if str(name).lower() == "content-encoding":
            return str(value[0] if isinstance(value, list) and value else value).strip().lower()
    return ""


def _body(recorded: Any) -> bytes | None:
    text = at(recorded, ("string",))
    if isinstance(text, str):
        return text.encode("utf-8", "surrogatepass")
    if isinstance(text, bytes):
        return text
    encoded = at(recorded, ("base64_string",))
    try:
        return base64.b64decode(encoded) if isinstance(encoded, str | bytes) else None
    except binascii.Error:
        return None
