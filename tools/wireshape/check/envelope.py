"""Tells error answers from successes, and payloads from their envelopes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from wireshape.catalog import contracts
from wireshape.catalog.endpoints import Catalog
from wireshape.check import conformance, engines
from wireshape.jsontext import paths
from wireshape.model import Endpoint, InstancePath, Interaction

_HTTP_ERROR = 400


@dataclass(frozen=True, kw_only=True, slots=True)
class Enveloped:
    """A success with its envelope; `added` is the member that was put around a payload recorded without one."""

    value: Any
    added: InstancePath = ()


def refused(item: Interaction) -> bool:
    """Tell by the status that the exchange refused the request, whatever the body is."""
    return item.status is not None and item.status >= _HTTP_ERROR


def is_error(endpoint: Endpoint, value: Any, catalog: Catalog, *, refused: bool = False) -> bool:
    """Tell an error answer from a success, by the envelope over WebSocket, else by status or by shape."""
    if endpoint.payload:
        return isinstance(value, dict) and conformance.ERROR in value and endpoint.payload not in value
    return refused or engines.fits(contracts.error_contract(catalog, endpoint), (), value)


def error_text(endpoint: Endpoint, value: Any) -> str:
    """Say which error the exchange answered."""
    error = paths.at(value, (conformance.ERROR,)) if endpoint.payload else value
    code, text = paths.at(error, ("code",)), paths.at(error, ("msg",))
    if isinstance(code, int) and isinstance(text, str):
        return f"the exchange answered error {code}: {text}"
    return "the exchange answered an error"


def with_envelope(endpoint: Endpoint, value: Any, catalog: Catalog) -> Enveloped:
    """Put a payload that was stripped of its envelope back under its key, so that the rest can still be checked."""
    if endpoint.payload and isinstance(value, dict):
        envelope = contracts.load(catalog, endpoint, endpoint.modes[0]).schema["required"]
        if not value.keys() & set(envelope):
            return Enveloped(value={endpoint.payload: value}, added=(endpoint.payload,))
    return Enveloped(value=value)
