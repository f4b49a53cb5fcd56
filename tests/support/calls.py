"""A recorded call, and how its parts are written in the files of recorders."""

from __future__ import annotations

import base64
import json
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import format_datetime
from typing import Any
from urllib.parse import urlsplit

import yaml

from casebook import RECORDING, interaction


@dataclass(frozen=True, kw_only=True)
class Call:
    """A call and its answer: the body is JSON in UTF-8, the address has a host."""

    method: str
    url: str
    status: int
    body: bytes
    at: datetime

    @property
    def value(self) -> Any:
        return json.loads(self.body)

    @property
    def text(self) -> str:
        return self.body.decode()

    @property
    def path(self) -> str:
        parts = urlsplit(self.url)
        return f"{parts.path}?{parts.query}" if parts.query else parts.path

    @property
    def scope(self) -> str:
        parts = urlsplit(self.url)
        return f"{parts.scheme}://{parts.netloc}"

    @property
    def http_date(self) -> str:
        return format_datetime(self.at.astimezone(UTC), usegmt=True)

    @property
    def iso_date(self) -> str:
        return self.at.astimezone(UTC).isoformat()


ITEM = interaction(RECORDING)
CALL = Call(
    method="GET",
    url=f"https://fapi.binance.com{ITEM.endpoint.operation.path}?timestamp=1760000000000",
    status=200,
    body=ITEM.body,
    at=datetime(2025, 10, 9, 8, 53, 20, tzinfo=UTC),
)
"""The call of the sample recording."""


def as_json(value: Any) -> bytes:
    return json.dumps(value, indent=1).encode()


def as_yaml(value: Any) -> bytes:
    return yaml.safe_dump(value, sort_keys=False).encode()


def as_base64(raw: bytes) -> str:
    return base64.b64encode(raw).decode()
