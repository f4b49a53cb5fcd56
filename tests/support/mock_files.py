"""Writes a recorded call as mock servers, API clients and terminals do."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import urlsplit

from calls import Call, as_base64, as_json


def talkback(call: Call) -> bytes:
    body = json.dumps(call.value, indent=4)
    return (
        "{\n  meta: {\n"
        f"    createdAt: '{call.iso_date}',\n    host: '{call.scope}', // where it came from\n"
        "    resHumanReadable: true,\n  },\n"
        f"  req: {{\n    url: '{call.path}',\n    method: '{call.method}',\n    body: '',\n  }},\n"
        f"  res: {{\n    status: {call.status},\n    headers: {{\n"
        "      'content-type': [\n        'application/json',\n"
        f"      ],\n    }},\n    body: {body},\n  }},\n}}\n"
    ).encode()


def wiremock(call: Call, **response: Any) -> dict[str, Any]:
    headers = {"Content-Type": "application/json", "Date": call.http_date, "Host": urlsplit(call.url).netloc}
    request = {"url": call.path, "method": call.method, "headers": {"Host": {"equalTo": headers["Host"]}}}
    return {
        "id": "0f2d1c1e-8f2f-4a63-9a06-0d5b1b0e8a11",
        "request": request,
        "response": {"status": call.status, "headers": headers, **response},
    }


def mockserver(call: Call, body: Any) -> bytes:
    path, _, _ = call.path.partition("?")
    host = urlsplit(call.url).netloc
    request = {"method": call.method, "path": path, "headers": {"Host": [host]}}
    response = {"statusCode": call.status, "headers": {"Date": [call.http_date]}, "body": body}
    return as_json([{"id": "a", "priority": 0, "httpRequest": request, "httpResponse": response}])


def hoverfly(call: Call, *, encoded: bool) -> bytes:
    parts = urlsplit(call.url)
    request = {
        name: [{"matcher": "exact", "value": value}]
        for name, value in (
            ("path", parts.path),
            ("method", call.method),
            ("destination", parts.netloc),
            ("scheme", parts.scheme),
        )
    }
    body = as_base64(call.body) if encoded else call.text
    response = {"status": call.status, "body": body, "encodedBody": encoded, "headers": {}, "templated": False}
    meta = {"schemaVersion": "v5", "hoverflyVersion": "v1.10.0", "timeExported": call.iso_date}
    return as_json({"data": {"pairs": [{"request": request, "response": response}], "globalActions": {}}, "meta": meta})


def postman(call: Call) -> bytes:
    parts = urlsplit(call.url)
    url = {
        "raw": call.url,
        "protocol": parts.scheme,
        "host": parts.netloc.split("."),
        "path": parts.path.strip("/").split("/"),
    }
    request = {"method": call.method, "header": [], "url": url}
    saved = {
        "name": "ok",
        "originalRequest": request,
        "status": "OK",
        "code": call.status,
        "header": [{"key": "Date", "value": call.http_date}],
        "body": call.text,
    }
    info = {
        "name": "account",
        "schema": "https://schema.getpostman.com/json/collection/v2.1.0/collection.json",
    }
    item = {"name": "folder", "item": [{"name": "account", "request": request, "response": [saved]}]}
    return as_json({"info": info, "item": [item]})


def newman(call: Call) -> bytes:
    parts = urlsplit(call.url)
    url = {"protocol": parts.scheme, "host": parts.netloc.split("."), "path": parts.path.strip("/").split("/")}
    response = {
        "code": call.status,
        "header": [{"key": "Date", "value": call.http_date}],
        "stream": {"type": "Buffer", "data": list(call.body)},
    }
    return as_json({"run": {"executions": [{"request": {"method": call.method, "url": url}, "response": response}]}})


def bruno(call: Call) -> bytes:
    body = "\n".join(f"        {line}" for line in json.dumps(call.value, indent=2).split("\n"))
    return (
        f"meta {{\n  name: Account\n  type: http\n}}\n\nget {{\n  url: {call.url}\n  body: none\n}}\n\n"
        f"example {{\n  name: ok\n  \n  request: {{\n    url: {call.url}\n    method: {call.method.lower()}\n  }}\n  \n"
        "  response: {\n    headers: {\n      content-type: application/json\n    }\n  \n"
        f"    status: {{\n      code: {call.status}\n      text: OK\n    }}\n  \n"
        f"    body: {{\n      type: json\n      content: '''\n{body}\n      '''\n    }}\n  }}\n}}\n"
    ).encode()


def bruno_collection(call: Call) -> bytes:
    body = {"type": "json", "content": call.text}
    headers = [{"name": "Date", "value": call.http_date}]
    example = {
        "name": "ok",
        "type": "example",
        "request": {"url": call.url, "method": call.method},
        "response": {"status": call.status, "headers": headers, "body": body},
    }
    item = {"type": "http", "name": "Account", "request": {"url": call.url}, "examples": [example]}
    return as_json({"name": "account", "version": "1", "items": [{"type": "folder", "items": [item]}]})


def ccxt(call: Call) -> bytes:
    case = {"description": "account", "method": "fetchBalance", "input": [], "httpResponse": call.value}
    return as_json({"exchange": "binance", "options": {}, "methods": {"fetchBalance": [case]}})


def gocryptotrader(call: Call) -> bytes:
    path, _, query = call.path.partition("?")
    recorded = {"data": call.value, "queryString": query, "bodyParams": "", "headers": {}}
    return as_json({"routes": {path: {call.method: [recorded]}}})


def curl(call: Call, *, verbose: bool) -> bytes:
    host = urlsplit(call.url).netloc
    asked = f"* Connected to {host}\n> {call.method} {call.path} HTTP/2\n> Host: {host}\n> Accept: */*\n>\n"
    mark = "< " if verbose else ""
    lines = (f"HTTP/2 {call.status}", "content-type: application/json", f"date: {call.http_date}", "")
    head = "".join(f"{mark}{line}\r\n" for line in lines)
    end = "\n* Connection #0 to host left intact\n" if verbose else "\n"
    return ((asked if verbose else "") + head + call.text + end).encode()


def log(line: str) -> bytes:
    return f"starting\n{line}\nstopped\n".encode()
