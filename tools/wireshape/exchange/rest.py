"""The exchange over REST: the response to each request, and how a fault replaces or distorts it."""

from __future__ import annotations

import gzip
from dataclasses import dataclass, field, replace

import orjson
from aiohttp import web

from wireshape.catalog.operations import Call, Transport
from wireshape.exchange import fault_injection
from wireshape.exchange.faults import Fault
from wireshape.exchange.protocol import Refusal
from wireshape.exchange.settings import RequestRecord
from wireshape.exchange.state import ExchangeState
from wireshape.model import Operation

_PAGE = b"<!DOCTYPE html>\n<html><head><title>%d</title></head><body><h1>%d</h1></body></html>\n"
_UNKNOWN = "unknown"
_UNKNOWN_WEIGHT = 1
"""What a request costs that is none of the known ones."""


@dataclass(frozen=True, kw_only=True, slots=True)
class RestResponse:
    """A response before any fault of the wire; `code` is that of the error it is."""

    status: int
    body: bytes
    content_type: str = "application/json"
    headers: dict[str, str] = field(default_factory=dict)
    code: int | None = None


def page(status: int) -> RestResponse:
    """Give an HTML page, as a firewall or a proxy responds with."""
    return RestResponse(status=status, body=_PAGE % (status, status), content_type="text/html")


def redirect(target: str) -> RestResponse:
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
    call = state.protocol.find(Transport.REST, request.method, path)
    faults = state.consume_faults(call.id, Transport.REST, signed=call.signed) if call and not at_redirect_port else []
    response = _respond(state, call, request, query, faults)
    response = _replaced(response, faults, f"http://127.0.0.1:{redirect_port}{request.raw_path}")
    headers = {
        "Content-Type": response.content_type,
        "X-MBX-USED-WEIGHT-1M": str(state.weight_limit.used),
        **response.headers,
        **state.settings.headers,
    }
    state.record(
        RequestRecord(
            id=call.id if call else _UNKNOWN,
            transport=Transport.REST,
            weight=call.weight if call else _UNKNOWN_WEIGHT,
            status=response.status,
            code=response.code,
            parameters=tuple(part.partition("=")[0] for part in query.split("&") if part),
            operation=None if call else f"{request.method} {path}",
            key="X-MBX-APIKEY" in request.headers,
            at_redirect_port=at_redirect_port,
        )
    )
    by_name = {fault.name: fault for fault in faults}
    body = response.body
    if "gzip" in request.headers.get("Accept-Encoding", "") and not fault_injection.PADDED & by_name.keys():
        body, headers["Content-Encoding"] = gzip.compress(body, mtime=0), "gzip"
    return await fault_injection.respond(request, response.status, body, headers, by_name)


def _respond(
    state: ExchangeState, call: Call | None, request: web.BaseRequest, query: str, faults: list[Fault]
) -> RestResponse:
    path, method = request.raw_path.partition("?")[0], request.method
    try:
        state.weight_limit.spend(call.weight if call else _UNKNOWN_WEIGHT)
        if call is None:
            return _unknown_path(state, method, path)
        state.refuse(faults, call)
        if call.signed:
            state.authenticator.rest(request.headers.get("X-MBX-APIKEY"), query, state.now())
        return RestResponse(status=200, body=state.body(call))
    except Refusal as refusal:
        return refused(refusal)


def _unknown_path(state: ExchangeState, method: str, path: str) -> RestResponse:
    replacement = state.protocol.errors.replacement(Operation(method=method, path=path))
    if replacement:
        raise state.retired(method, path, replacement)
    if state.protocol.knows_prefix(path):
        raise state.protocol.refusal("path-invalid", method=method, path=path)
    return page(404)


def _replaced(response: RestResponse, faults: list[Fault], redirect_target: str) -> RestResponse:
    """Give the response that a fault has in place of this one."""
    for fault in faults:
        if fault.name == "html":
            return page(round(fault.value))
        if fault.name == "redirect":
            return redirect(redirect_target)
        if fault.name == "wrong-type":
            response = replace(response, content_type="text/plain")
    return response
