"""Tells error answers from successes, and payloads from their envelopes."""

from __future__ import annotations

from typing import Any

from wireshape.catalog import contracts
from wireshape.catalog.endpoints import Catalog
from wireshape.check import conformance, engines
from wireshape.jsontext import paths
from wireshape.model import Endpoint, Interaction

_HTTP_ERROR = 400


def refused(item: Interaction) -> bool:
    """Tell by the status that the exchange refused the request, whatever the body is."""
    return item.status is not None and item.status >= _HTTP_ERROR


def is_error(endpoint: Endpoint, value: Any, catalog: Catalog, *, refused: bool = False) -> bool:
    """Tell an error answer from a success, by the envelope over WebSocket, else by status or by shape."""
    if endpoint.payload:
        return isinstance(value, dict) and conformance.ERROR in value and endpoint.payload not in value
    return refused or engines.fits(contracts.error_contract(catalog, endpoint), (), value)


def _error_text(endpoint: Endpoint, value: Any) -> str:
    error = paths.at(value, (conformance.ERROR,)) if endpoint.payload else value
    code, text = paths.at(error, ("code",)), paths.at(error, ("msg",))
    if isinstance(code, int) and isinstance(text, str):
        return f"the exchange answered error {code}: {text}"
    return "the exchange answered an error"


def with_envelope(endpoint: Endpoint, value: Any, catalog: Catalog) -> tuple[Any, bool]:
    """Put a payload that was stripped of its envelope back under its key, so that the rest can still be judged."""
    if endpoint.payload and isinstance(value, dict):
        envelope = contracts.load(catalog, endpoint, endpoint.modes[0]).schema["required"]
        if not value.keys() & set(envelope):
            return {endpoint.payload: value}, True
    return value, False
