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
from wireshape.exchange.settings import Asked
from wireshape.exchange.state import Desk

JSON, HTML = "application/json", "text/html"
PAGE = b"<!DOCTYPE html>\n<html><head><title>%d</title></head><body><h1>%d</h1></body></html>\n"
UNKNOWN = "unknown"


@dataclass(frozen=True, kw_only=True, slots=True)
class Answer:
    """A response before anything happens to it on its way."""

    status: int
    body: bytes
    content_type: str = JSON
    headers: dict[str, str] = field(default_factory=dict)
    code: int | None = None


def page(status: int) -> Answer:
    """Give the kind of HTML page that a firewall or a proxy answers with."""
    return Answer(status=status, body=PAGE % (status, status), content_type=HTML)


def moved(target: str) -> Answer:
    """Give a redirect."""
    return Answer(status=302, body=b"", headers={"Location": target})


def refused(refusal: Refusal) -> Answer:
    """Give a refusal as an error answer."""
    headers = {"Retry-After": str(refusal.retry_after)} if refusal.retry_after else {}
    body = orjson.dumps(refusal.body)
    return Answer(status=refusal.row.status, body=body, headers=headers, code=refusal.row.code)


async def handle(desk: Desk, request: web.BaseRequest, elsewhere: int, *, strayed: bool) -> web.StreamResponse:
    """Answer one request; `elsewhere` is the port that redirects point to, `strayed` that it came to that port."""
    path, _, query = request.raw_path.partition("?")
    call = desk.protocol.find("rest", request.method, path)
    met = desk.pending(call.id, "rest") if call and not strayed else []
    answer = _answer(desk, call, request, query, met)
    header = {"X-MBX-USED-WEIGHT-1M": str(desk.weights.used)}
    answer = _spoilt(answer, met, f"http://127.0.0.1:{elsewhere}{request.raw_path}")
    desk.note(
        Asked(
            id=call.id if call else UNKNOWN,
            transport="rest",
            weight=call.weight if call else 1,
            status=answer.status,
            code=answer.code,
            parameters=tuple(part.partition("=")[0] for part in query.split("&") if part),
            key="X-MBX-APIKEY" in request.headers,
            strayed=strayed,
        )
    )
    headers = {"Content-Type": answer.content_type, **header, **answer.headers, **desk.settings.headers}
    faults = {fault.name: fault for fault in met}
    body = answer.body
    if "gzip" in request.headers.get("Accept-Encoding", "") and not fault_injection.PADDED & faults.keys():
        body, headers["Content-Encoding"] = gzip.compress(body, mtime=0), "gzip"
    return await fault_injection.respond(request, answer.status, body, headers, faults)


def _answer(desk: Desk, call: Call | None, request: web.BaseRequest, query: str, met: list[Fault]) -> Answer:
    path, method = request.raw_path.partition("?")[0], request.method
    try:
        desk.weights.spend(call.weight if call else 1)
        if call is None:
            return _nowhere(desk, method, path)
        desk.refuse(met, call)
        if call.signed:
            desk.gate.rest(request.headers.get("X-MBX-APIKEY"), query, desk.now())
        return Answer(status=200, body=orjson.dumps(desk.payload(call)))
    except Refusal as refusal:
        return refused(refusal)


def _nowhere(desk: Desk, method: str, path: str) -> Answer:
    replacement = desk.protocol.retired.get((method, path))
    if replacement:
        raise desk.retired(method, path, replacement)
    if desk.protocol.knows_prefix(path):
        raise desk.protocol.refusal("path-invalid", method=method, path=path)
    return page(404)


def _spoilt(answer: Answer, met: list[Fault], elsewhere: str) -> Answer:
    """Put another answer in its place where a fault says so."""
    for fault in met:
        if fault.name == "html":
            return page(round(fault.value))
        if fault.name == "redirect":
            return moved(elsewhere)
        if fault.name == "wrong-type":
            answer = Answer(status=answer.status, body=answer.body, content_type="text/plain", code=answer.code)
    return answer
