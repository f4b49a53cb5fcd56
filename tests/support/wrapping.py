"""Every form in which a recorder writes a call."""

from __future__ import annotations

import gzip
import json
from collections.abc import Callable
from dataclasses import dataclass

from calls import Call, as_base64, as_json, as_yaml
from cassette_files import chunks, exvcr, go_vcr, har, nock, php_vcr, vcr
from mock_files import (
    bruno,
    bruno_collection,
    ccxt,
    curl,
    gocryptotrader,
    hoverfly,
    log,
    mockserver,
    newman,
    postman,
    talkback,
    wiremock,
)


@dataclass(frozen=True, kw_only=True)
class Wrapping:
    """A format: what a file is called, whether it says endpoint and date, and how it is written."""

    file: str
    write: Callable[[Call], bytes]
    says_endpoint: bool = True
    says_date: bool = True


WRAPPINGS = (
    Wrapping(file="govcr1.yaml", write=lambda call: go_vcr(call, version=1, body=call.text)),
    Wrapping(file="govcr3.yaml", write=lambda call: go_vcr(call, version=2, body=call.text)),
    Wrapping(file="govcr3.gzip.yml", write=lambda call: go_vcr(call, version=2, body=gzip.compress(call.body))),
    Wrapping(file="vcr.yml", write=lambda call: as_yaml(vcr(call, {"string": call.text}))),
    Wrapping(file="vcr.json", write=lambda call: as_json(vcr(call, {"string": call.text}))),
    Wrapping(file="vcr.base64.yml", write=lambda call: as_yaml(vcr(call, {"base64_string": as_base64(call.body)}))),
    Wrapping(
        file="betamax.json",
        write=lambda call: as_json(vcr(call, {"base64_string": as_base64(gzip.compress(call.body))})),
    ),
    Wrapping(file="phpvcr.yml", write=lambda call: as_yaml(php_vcr(call))),
    Wrapping(file="phpvcr.json", write=lambda call: as_json(php_vcr(call))),
    Wrapping(file="exvcr.json", write=lambda call: exvcr(call, binary=False)),
    Wrapping(file="exvcr.gzip.json", write=lambda call: exvcr(call, binary=True)),
    Wrapping(file="nock.json", write=lambda call: nock(call, call.value)),
    Wrapping(file="nock.gzip.json", write=lambda call: nock(call, chunks(call.body, bytes.hex))),
    Wrapping(file="browser.har", write=lambda call: har(call, {"text": call.text})),
    Wrapping(
        file="polly.har",
        write=lambda call: har(
            call, {"text": json.dumps(chunks(call.body, as_base64)), "encoding": "base64"}, _recordingName="account"
        ),
    ),
    Wrapping(
        file="polly.hex.har",
        write=lambda call: har(call, {"text": json.dumps(chunks(call.body, bytes.hex)), "_isBinary": True}),
    ),
    Wrapping(file="talkback.json5", write=talkback),
    Wrapping(file="wiremock.json", write=lambda call: as_json(wiremock(call, jsonBody=call.value))),
    Wrapping(file="wiremock.text.json", write=lambda call: as_json({"mappings": [wiremock(call, body=call.text)]})),
    Wrapping(file="wiremock.base64.json", write=lambda call: as_json(wiremock(call, base64Body=as_base64(call.body)))),
    Wrapping(file="mockserver.json", write=lambda call: mockserver(call, {"type": "JSON", "json": call.value})),
    Wrapping(file="mockserver.text.json", write=lambda call: mockserver(call, call.text)),
    Wrapping(file="mockserver.raw.json", write=lambda call: mockserver(call, call.value)),
    Wrapping(
        file="mockserver.binary.json",
        write=lambda call: mockserver(call, {"type": "BINARY", "base64Bytes": as_base64(call.body)}),
    ),
    Wrapping(file="hoverfly.json", write=lambda call: hoverfly(call, encoded=False)),
    Wrapping(file="hoverfly.base64.json", write=lambda call: hoverfly(call, encoded=True)),
    Wrapping(file="postman.json", write=postman),
    Wrapping(file="newman.json", write=newman),
    Wrapping(file="bruno.bru", write=bruno, says_date=False),
    Wrapping(file="bruno.json", write=bruno_collection),
    Wrapping(file="ccxt.json", write=ccxt, says_endpoint=False, says_date=False),
    Wrapping(file="gocryptotrader.json", write=gocryptotrader, says_date=False),
    Wrapping(file="body.json", write=lambda call: call.body, says_endpoint=False, says_date=False),
    Wrapping(
        file="wrapper.json",
        write=lambda call: as_json({"body": call.value, "date": call.iso_date}),
        says_endpoint=False,
    ),
    Wrapping(file="data.json", write=lambda call: as_json({"data": call.text}), says_endpoint=False, says_date=False),
    Wrapping(file="array.json", write=lambda call: as_json([call.value]), says_endpoint=False, says_date=False),
    Wrapping(file="curl-i.txt", write=lambda call: curl(call, verbose=False), says_endpoint=False),
    Wrapping(file="curl-v.txt", write=lambda call: curl(call, verbose=True)),
    Wrapping(
        file="bot.log",
        write=lambda call: log(
            f"{call.iso_date} DEBUG {call.method} {call.url} {call.status} -> {json.dumps(call.value)}"
        ),
    ),
    Wrapping(
        file="cryptofeed.1.0",
        write=lambda call: log(f"{call.at.timestamp()}: {json.dumps(call.value)}"),
        says_endpoint=False,
    ),
    Wrapping(
        file="lines.ndjson",
        write=lambda call: json.dumps(call.value).encode() + b"\n",
        says_endpoint=False,
        says_date=False,
    ),
)
"""Every format, in the forms that a tool has of it."""
