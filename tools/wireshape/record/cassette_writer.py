"""Writes cassettes with vcrpy, and matches requests as replays do; vcrpy itself knows HTTP alone.

Not imported by `check`: vcrpy takes longer to import than all recordings to check.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import orjson
from vcr.cassette import Cassette
from vcr.record_mode import RecordMode
from vcr.request import Request
from vcr.serialize import serialize

from wireshape import atomic_write
from wireshape.inputs.cassette import METADATA, WS
from wireshape.model import Mode, Origin

_OF_ONE_REQUEST = ("apiKey", "signature", "timestamp")
"""Parameters that differ from call to call and do not change what is asked."""


@dataclass(frozen=True, kw_only=True, slots=True)
class RecordedCall:
    """One request and its answer, as they are to be recorded; frames of a WebSocket have the method `WS`."""

    method: str
    url: str
    answer: bytes
    body: bytes | None = None
    status: int = 200
    reason: str = "OK"
    content_type: str = "application/json"


def same_url(mine: Request, theirs: Request) -> None:
    """Match requests of one kind to one host and path, whatever the query says; AssertionError where they differ."""
    assert (mine.method, mine.scheme, mine.host, mine.path) == (theirs.method, theirs.scheme, theirs.host, theirs.path)  # noqa: S101 - vcrpy's protocol


def same_call(mine: Request, theirs: Request) -> None:
    """Match frames by method and parameters, without id, key, signature and time; AssertionError where they differ."""
    assert mine.method != WS or _asked(mine.body) == _asked(theirs.body)  # noqa: S101 - vcrpy's protocol


def write(
    file: Path,
    calls: Iterable[RecordedCall],
    origin: Origin,
    mode: Mode | None,
    *,
    note: str | None = None,
    error: bool = False,
) -> None:
    """Write a new cassette that states its origin, and its mode or that it is meant to hold an error."""
    atomic_write.write(file, text(calls, origin, mode, note=note, error=error).encode())


def text(
    calls: Iterable[RecordedCall],
    origin: Origin,
    mode: Mode | None,
    *,
    note: str | None = None,
    error: bool = False,
    privacy: dict[str, Any] | None = None,
) -> str:
    """Give the text of such a cassette; `privacy` is what it states of its disguise."""
    serialized: list[str] = []

    class Memory:
        """What vcrpy hands a cassette to, instead of a file."""

        @staticmethod
        def save_cassette(_: object, cassette: Any, serializer: Any) -> None:
            serialized.append(serialize(cassette, serializer))

    cassette = Cassette(path="", persister=Memory, record_mode=RecordMode.ALL, match_on=(same_url, same_call))
    metadata: dict[str, Any] = {"origin": {key: value for key, value in asdict(origin).items() if value}}
    metadata |= {"note": note} if note else {}
    metadata |= {"mode": str(mode)} if mode else {}
    metadata |= {"answer": "error"} if error else {}
    metadata |= {"privacy": privacy} if privacy else {}
    cassette.get_metadata(METADATA, metadata)
    for call in calls:
        cassette.append(Request(call.method, call.url, call.body, {}), _response(call))
    cassette._save(force=True)  # noqa: SLF001 - what vcrpy's own context manager does at its end
    return serialized[0]


def _response(call: RecordedCall) -> dict[str, Any]:
    headers = {} if call.method == WS else {"Content-Type": [call.content_type]}
    return {
        "status": {"code": call.status, "message": call.reason},
        "headers": headers,
        "body": {"string": call.answer},
    }


def _asked(frame: Any) -> dict[str, Any]:
    """Give the method and the parameters of a request frame that say what it asks."""
    value = orjson.loads(frame)
    parameters = {key: each for key, each in (value.get("params") or {}).items() if key not in _OF_ONE_REQUEST}
    return {"method": value.get("method"), "params": parameters}
