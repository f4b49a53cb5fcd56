"""The disguise that must not be: every balance times one secret factor, rounded. Attacks are tried on it first."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from wireshape.disguise.members import load
from wireshape.resources import SCHEMAS

FACTOR = Decimal("47.0114937120458813")
_KEPT = ("entryPrice", "breakEvenPrice", "positionAmt")


def multiplied(payload: Any, factor: Decimal = FACTOR) -> Any:
    """Multiply every amount but prices and sizes."""
    names = load(SCHEMAS).ranges.keys() - set(_KEPT)
    if isinstance(payload, list):
        return [multiplied(row, factor) for row in payload]
    if not isinstance(payload, dict):
        return payload
    return {
        key: f"{Decimal(value) * factor:.8f}"
        if key in names and isinstance(value, str) and value
        else multiplied(value, factor)
        for key, value in payload.items()
    }
