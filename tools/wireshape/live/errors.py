"""Why there is no answer: one reason word first, so that scripts can tell auth from network."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

import orjson

from wireshape import resources
from wireshape.errors import WireshapeError
from wireshape.jsontext import paths

LIMIT = "limit"
NETWORK = "network"
_ERROR = 400
_BUSY = {429, 503}
_LIMITED = {429, 418}


class LiveError(WireshapeError):
    """The exchange gave no answer to check; `again` where asking again may help, `after` so many seconds."""

    def __init__(self, word: str, text: str, *, again: bool = False, after: float | None = None) -> None:
        super().__init__(f"{word}: {text}")
        self.reason = word
        self.retryable = again
        self.retry_after = after


def is_error(status: int | None) -> bool:
    """Tell by an HTTP status, or that of a frame, that the request was refused."""
    return status is not None and status >= _ERROR


def is_error_body(value: Any) -> bool:
    """Tell an error that came with a good status: code and message, and nothing of an account."""
    return isinstance(value, dict) and value.keys() == {"code", "msg"}


def refused(status: int | None, error: Any, after: float | None = None, schemas: Path = resources.SCHEMAS) -> LiveError:
    """Give the failure an error answer stands for; codes and their reasons are those of schemas/errors.json."""
    code, said = paths.at(error, ("code",)), paths.at(error, ("msg",))
    known = reasons(schemas).get(code) if isinstance(code, int) else None
    text = f"error {code}: {said}" if isinstance(code, int) else "an error without a code"
    http = f"HTTP {status}, " if status else ""
    word = LIMIT if status in _LIMITED else known or "refused"
    return LiveError(word, f"{http}{text}", again=status in _BUSY, after=after)


def unlike_json(status: int, content_type: str, body: bytes, after: float | None = None) -> LiveError | None:
    """Give the failure that an answer is which does not even claim to be JSON, None where it does."""
    kind = content_type.partition(";")[0].strip().lower()
    html = body.lstrip()[:1] == b"<" or kind == "text/html"
    if not html and (not kind or kind.endswith("json")):
        return None
    word = LIMIT if status in _LIMITED else "html" if html else "type"
    text = "an HTML page" if html else f"content of type {kind}, which is not JSON"
    return LiveError(word, f"HTTP {status} with {text}", again=status in _BUSY, after=after)


@cache
def reasons(schemas: Path = resources.SCHEMAS) -> dict[int, str]:
    """Read which reason each error code of the exchange stands for."""
    rows = orjson.loads((schemas / "errors.json").read_bytes())["errors"]
    return {row["code"]: row["reason"] for row in rows}
