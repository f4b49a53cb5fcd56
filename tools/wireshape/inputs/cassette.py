"""Reads vcrpy cassettes as the YAML or JSON they are: importing vcrpy costs more than checking every recording."""

from __future__ import annotations

import base64
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

import orjson

from wireshape.errors import InputError
from wireshape.inputs import dates, headers, lookalikes, origins, recorders, sources
from wireshape.inputs.content import NOT_JSON, Content
from wireshape.inputs.context import Context
from wireshape.inputs.sources import YAML_SUFFIXES, FileText
from wireshape.jsontext.paths import at
from wireshape.model import Exit, Interaction, Item, Location, Origin, Skipped

WS = "WS"
"""The request method that marks a recorded WebSocket frame."""
METADATA = "wireshape"
"""The key under a cassette's metadata that holds origin, mode and whether an error is meant."""
SUFFIXES = YAML_SUFFIXES
_TEXT = re.compile(rb"interactions:|^- *(?:\n +)?request:", re.MULTILINE)
ORIGINS = ("documentation", "report", "loopback", "testnet", "production")


@dataclass(frozen=True, kw_only=True, slots=True)
class _Stated:
    """What a cassette says of all its interactions."""

    origin: Origin | None
    mode: str | None
    expects_error: bool
    disguised: bool


def recognizes(content: Content) -> bool:
    """Take JSON that has interactions, and text that may be YAML with them."""
    if b"interactions" not in content.raw:  # a body is decoded where it is checked, and need not be here
        return False
    if content.other_text:
        return _TEXT.search(content.raw) is not None
    return isinstance(content.document, dict) and "interactions" in content.document


def read(content: Content, context: Context) -> Iterator[Item]:
    """Yield an interaction per recorded answer; InputError where the file is not a cassette at all."""
    document = _document(content)
    row = recorders.row_of(document, content.raw)
    if row is not None and not row.evidence:
        yield from recorders.entries(row, document, content, context)
        return
    if not isinstance(document, dict) or not isinstance(document.get("interactions"), list):
        looks = lookalikes.name_of(document)
        raise InputError(f"this looks like {looks}" if looks else "not a cassette: no list of interactions")
    if not document["interactions"]:
        raise InputError("this looks like a cassette without interactions", exit_code=Exit.NOTHING)
    stated = at(document, ("metadata", METADATA))
    stated = stated if isinstance(stated, dict) else {}
    said = _Stated(
        origin=_origin(stated.get("origin")),
        mode=_mode(stated.get("mode")),
        expects_error=stated.get("answer") == "error",
        disguised=bool(stated.get("privacy")),
    )
    file = FileText(content)
    for number, recorded in enumerate(document["interactions"], 1):
        yield _interaction(recorded, context, number, said, file)


def _document(content: Content) -> Any:
    if content.suffix not in SUFFIXES and content.document is not NOT_JSON:
        return content.document
    from wireshape.inputs import safe_yaml

    return safe_yaml.load(content.raw)


def _mode(stated: Any) -> str | None:
    # What stands for many values by aliases is never written out.
    if isinstance(stated, dict | list):
        raise InputError("the mode of the recording is no text")
    return str(stated) if stated else None


def _origin(stated: Any) -> Origin | None:
    if stated is None:
        return None
    if not isinstance(stated, dict) or stated.get("kind") not in ORIGINS:
        raise InputError(f"the origin of the recording is none of {', '.join(ORIGINS)}")
    said = {name: stated[name] for name in ("recorded_at", "citation") if stated.get(name)}
    if any(isinstance(each, dict | list) for each in said.values()):
        raise InputError("the origin of the recording holds what is no text")
    times = {name: str(each) for name, each in said.items()}
    return Origin(kind=stated["kind"], **times)


def _interaction(recorded: Any, context: Context, number: int, stated: _Stated, file: FileText) -> Item:
    method, uri = at(recorded, ("request", "method")), at(recorded, ("request", "uri"))
    if not isinstance(method, str) or not isinstance(uri, str):
        return context.problem(InputError("the interaction has no request with method and uri"), number)
    frame = _frame(at(recorded, ("request", "body"))) if method == WS else None
    method = str(at(frame, ("method",)) or "") if method == WS else method
    request_id = at(frame, ("id",))
    endpoint = context.find(method, uri)
    if endpoint is None:
        return Skipped(location=Location(file=context.file, entry=number))
    body = _body(at(recorded, ("response", "body")))
    if body is None:
        return context.problem(InputError("the interaction has no response with a body"), number)
    status = at(recorded, ("response", "status", "code"))
    kept = headers.read(at(recorded, ("response", "headers")))
    item = context.interaction(
        endpoint,
        body,
        entry=number,
        status=status if isinstance(status, int) else None,
        encoding=kept.get("content-encoding", "").lower(),
        mode=stated.mode,
        origin=stated.origin or origins.of(uri, kept.get("date")),
        source=sources.in_document(file, ("interactions", number - 1, "response", "body", _member(recorded))),
    )
    if not isinstance(item, Interaction):
        return item
    day = _recorded_on(recorded, stated.origin, kept.get("date"))
    return replace(
        item,
        recorded_on=day,
        request_id=request_id if isinstance(request_id, str | int) else None,
        expects_error=stated.expects_error,
        disguised=stated.disguised,
    )


def _member(recorded: Any) -> str:
    """Name the member that holds a body, as _body reads it."""
    return "string" if isinstance(at(recorded, ("response", "body", "string")), str | bytes) else "base64_string"


def _recorded_on(recorded: Any, origin: Origin | None, answered: str | None) -> date | None:
    """Give the day the cassette says it is of, else that of the interaction, else that of the answer's Date header."""
    stated = origin.recorded_at if origin else None
    own = at(recorded, ("recorded_at",))
    return dates.day(stated) or dates.day(own) or dates.day(answered)


def _frame(text: Any) -> Any:
    try:
        return orjson.loads(text)
    except (orjson.JSONDecodeError, TypeError):
        return None


def _body(recorded: Any) -> bytes | None:
    text = at(recorded, ("string",))
    if isinstance(text, str):
        return text.encode("utf-8", "surrogatepass")
    if isinstance(text, bytes):
        return text
    encoded = at(recorded, ("base64_string",))
    try:
        return base64.b64decode(encoded) if isinstance(encoded, str | bytes) else None
    except ValueError:  # a digit that is none, or a letter that is not ASCII
        return None
