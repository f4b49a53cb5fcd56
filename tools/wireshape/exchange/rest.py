"""The exchange over REST: what is asked, what is answered, and how the answer goes wrong on the wire."""

from __future__ import annotations

import gzip
from dataclasses import dataclass, field

import orjson
from aiohttp import web

from wireshape.catalog.operations import Call
from wireshape.exchange import fault_injection
from wireshape.exchange.faults import Fault
from wireshape.exchange.protocol import Refusal
from wireshape.exchange.settings import RequestRecord
from wireshape.exchange.state import ExchangeState
from wireshape.model import Operation

JSON, HTML = "application/json", "text/html"
PAGE = b"<!DOCTYPE html>\n<html><head><title>%d</title></head><body><h1>%d</h1></body></html>\n"
UNKNOWN = "unknown"


@dataclass(frozen=True, kw_only=True, slots=True)
class RestResponse:
    """A response before anything happens to it on its way."""

    status: int
    body: bytes
    content_type: str = JSON
    headers: dict[str, str] = field(default_factory=dict)
    code: int | None = None


def page(status: int) -> RestResponse:
    """Give the kind of HTML page that a firewall or a proxy answers with."""
    return RestResponse(status=status, body=PAGE % (status, status), content_type=HTML)


def moved(target: str) -> RestResponse:
    """Give a redirect."""
    return RestResponse(status=302, body=b"", headers={"Location": target})


def refused(refusal: Refusal) -> RestResponse:
    """Give a refusal as an error answer."""
    headers = {"Retry-After": str(refusal.retry_after)} if refusal.retry_after else {}
    body = orjson.dumps(refusal.body)
    return RestResponse(status=refusal.error.status, body=body, headers=headers, code=refusal.error.code)


async def handle(
    state: ExchangeState, request: web.BaseRequest, redirect_port: int, *, at_redirect_port: bool
) -> web.StreamResponse:
    """Answer one request; `at_redirect_port` tells that it came to `redirect_port`, where redirects point to."""
    path, _, query = request.raw_path.partition("?")
    call = state.protocol.find("rest", request.method, path)
    met = state.consume_faults(call.id, "rest") if call and not at_redirect_port else []
    answer = _answer(state, call, request, query, met)
    header = {"X-MBX-USED-WEIGHT-1M": str(state.weights.used)}
    answer = _spoilt(answer, met, f"http://127.0.0.1:{redirect_port}{request.raw_path}")
    state.note(
        RequestRecord(
            id=call.id if call else UNKNOWN,
            transport="rest",
            weight=call.weight if call else 1,
            status=answer.status,
            code=answer.code,
            parameters=tuple(part.partition("=")[0] for part in query.split("&") if part),
            key="X-MBX-APIKEY" in request.headers,
            at_redirect_port=at_redirect_port,
        )
    )
    headers = {"Content-Type": answer.content_type, **header, **answer.headers, **state.settings.headers}
    faults = {fault.name: fault for fault in met}
    body = answer.body
    if "gzip" in request.headers.get("Accept-Encoding", "") and not fault_injection.PADDED & faults.keys():
        body, headers["Content-Encoding"] = gzip.compress(body, mtime=0), "gzip"
    return await fault_injection.respond(request, answer.status, body, headers, faults)


def _answer(
    state: ExchangeState, call: Call | None, request: web.BaseRequest, query: str, met: list[Fault]
) -> RestResponse:
    path, method = request.raw_path.partition("?")[0], request.method
    try:
        state.weights.spend(call.weight if call else 1)
        if call is None:
            return _nowhere(state, method, path)
        state.refuse(met, call)
        if call.signed:
            state.gate.rest(request.headers.get("X-MBX-APIKEY"), query, state.now())
        return RestResponse(status=200, body=orjson.dumps(state.payload(call)))
    except Refusal as refusal:
        return refused(refusal)


def _nowhere(state: ExchangeState, method: str, path: str) -> RestResponse:
    replacement = state.protocol.errors.replacement(Operation(method=method, path=path))
    if replacement:
        raise state.retired(method, path, replacement)
    if state.protocol.knows_prefix(path):
        raise state.protocol.refusal("path-invalid", method=method, path=path)
    return page(404)


def _spoilt(answer: RestResponse, met: list[Fault], redirect_port: str) -> RestResponse:
    """Put another answer in its place where a fault says so."""
    for fault in met:
        if fault.name == "html":
            return page(round(fault.value))
        if fault.name == "redirect":
            return moved(redirect_port)
        if fault.name == "wrong-type":
            answer = RestResponse(status=answer.status, body=answer.body, content_type="text/plain", code=answer.code)
    return answer
