"""Writes a recorded call as the libraries do that record what a client asks."""

from __future__ import annotations

import base64
import gzip
from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

from calls import Call, as_json, as_yaml


def headers(call: Call) -> dict[str, list[str]]:
    return {"Content-Type": ["application/json"], "Date": [call.http_date]}


def go_vcr(call: Call, *, version: int, body: str | bytes) -> bytes:
    request = {"body": "", "form": {}, "headers": {}, "url": call.url, "method": call.method}
    response = {"body": body, "headers": headers(call), "status": f"{call.status} OK", "code": call.status}
    if version > 1:
        request = {"proto": "HTTP/1.1", "host": urlsplit(call.url).netloc, **request}
        response = {"uncompressed": False, **response, "duration": "12.5ms"}
    return b"---\n" + as_yaml(
        {"version": version, "interactions": [{"id": 0, "request": request, "response": response}]}
    )


def vcr(call: Call, body: dict[str, Any]) -> dict[str, Any]:
    return {
        "http_interactions": [
            {
                "request": {
                    "method": call.method.lower(),
                    "uri": call.url,
                    "body": {"encoding": "US-ASCII", "string": ""},
                    "headers": {"Accept": ["*/*"]},
                },
                "response": {
                    "status": {"code": call.status, "message": "OK"},
                    "headers": headers(call),
                    "body": {"encoding": "UTF-8", **body},
                    "http_version": None,
                },
                "recorded_at": call.http_date,
            }
        ],
        "recorded_with": "VCR 6.2.0",
    }


def php_vcr(call: Call) -> list[Any]:
    status = {"http_version": "1.1", "code": str(call.status), "message": "OK"}
    headers = {"Content-Type": "application/json", "Date": call.http_date}
    request = {"method": call.method, "url": call.url, "headers": {"Host": urlsplit(call.url).netloc}}
    return [{"request": request, "response": {"status": status, "headers": headers, "body": call.text}, "index": 0}]


def exvcr(call: Call, *, binary: bool) -> bytes:
    compressed = gzip.compress(call.body)
    term = b"\x83m" + len(compressed).to_bytes(4, "big") + compressed
    response = {
        "binary": binary,
        "body": base64.b64encode(term).decode() if binary else call.text,
        "headers": {"Date": call.http_date, **({"Content-Encoding": "gzip"} if binary else {})},
        "status_code": call.status,
        "type": "ok",
    }
    request = {"body": "", "headers": [], "method": call.method.lower(), "options": [], "request_body": ""}
    return as_json([{"request": {**request, "url": call.url}, "response": response}])


def nock(call: Call, response: Any) -> bytes:
    entry = {"scope": call.scope, "method": call.method, "path": call.path, "body": "", "status": call.status}
    raw = ["Content-Type", "application/json", "Date", call.http_date]
    return as_json([{**entry, "response": response, "rawHeaders": raw, "responseIsBinary": False}])


def chunks(body: bytes, encode: Callable[[bytes], str]) -> list[str]:
    compressed = gzip.compress(body)
    return [encode(compressed[start : start + 100]) for start in range(0, len(compressed), 100)]


def har(call: Call, content: dict[str, Any], **log: Any) -> bytes:
    entry = {
        "startedDateTime": call.iso_date,
        "request": {"method": call.method, "url": call.url, "headers": []},
        "response": {"status": call.status, "headers": [], "content": content},
    }
    return as_json({"log": {"version": "1.2", **log, "entries": [entry]}})
