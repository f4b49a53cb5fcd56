"""Live failures: the reason why an exchange gave no answer to check."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any

from wireshape.catalog import error_codes
from wireshape.errors import WireshapeError
from wireshape.jsontext import paths
from wireshape.model import Reason

_OK = 200
_ERROR = 400
_BUSY = {429, 503}
_LIMITED = {429, 418}


class LiveError(WireshapeError):
    """The exchange gave no answer to check; `retryable` where a retry may help, `retry_after` in seconds."""

    def __init__(
        self, reason: Reason, detail: str, *, retryable: bool = False, retry_after: float | None = None
    ) -> None:
        super().__init__(f"{reason}: {detail}")
        self.reason = reason
        self.detail = detail
        self.retryable = retryable
        self.retry_after = retry_after


def is_error(status: int | None) -> bool:
    """Tell by an HTTP status, or that of a frame, that the request was refused."""
    return status is not None and status >= _ERROR


def http_failure(
    status: int, content_type: str, body: bytes, value: Any, retry_after: Sequence[str] = ()
) -> LiveError | None:
    """Give the failure that an HTTP response stands for, None where it is an answer.

    `value` is the body parsed, `retry_after` the values of the headers of that name.
    """
    if failure := _not_json(status, content_type, body, retry_after):
        return failure
    # An error may come with status 200: it has a code and a message, and nothing of an account.
    if status != _OK or (isinstance(value, dict) and value.keys() == {"code", "msg"}):
        return refusal(status, value, retry_after)
    return LiveError(Reason.TYPE, f"HTTP {status} with a body that is null or not JSON") if value is None else None


def refusal(status: int | None, error: Any, retry_after: Sequence[str] = ()) -> LiveError:
    """Give the failure that an error answer stands for, by its status and its code."""
    code, message = paths.at(error, ("code",)), paths.at(error, ("msg",))
    known = error_codes.load().reason(code) if isinstance(code, int) else None
    text = f"error {code}: {message}" if isinstance(code, int) else "no error code"
    http = f"HTTP {status}, " if status else ""
    reason = Reason.LIMIT if status in _LIMITED else known or Reason.REFUSED
    return LiveError(reason, f"{http}{text}", retryable=status in _BUSY, retry_after=_seconds(retry_after))


def _not_json(status: int, content_type: str, body: bytes, retry_after: Sequence[str]) -> LiveError | None:
    """Give the failure of a response that does not even claim to be JSON, None where it does."""
    kind = content_type.partition(";")[0].strip().lower()
    html = body.lstrip()[:1] == b"<" or kind == "text/html"
    if not html and (not kind or kind.endswith("json")):
        return None
    reason = Reason.LIMIT if status in _LIMITED else Reason.HTML if html else Reason.TYPE
    text = "an HTML page" if html else f"content type {kind} instead of JSON"
    return LiveError(reason, f"HTTP {status} with {text}", retryable=status in _BUSY, retry_after=_seconds(retry_after))


def _seconds(values: Sequence[str]) -> float | None:
    """Give the seconds that Retry-After headers ask for, as a number or a date; None where the first is neither."""
    value = values[0].strip() if values else ""
    if value.isascii() and value.isdigit():
        return float(value[:9])
    try:
        date = parsedate_to_datetime(value)
    except ValueError:
        return None
    return max(0.0, (date.replace(tzinfo=date.tzinfo or UTC) - datetime.now(UTC)).total_seconds())
