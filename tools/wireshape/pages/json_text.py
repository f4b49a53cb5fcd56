"""A recovered value as JSON: numbers as exact as they were read, secrets masked."""

from __future__ import annotations

import json
from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from wireshape.findings import redaction


def to_json(value: Any, indent: int = 0) -> str:
    """Write a recovered value as JSON: numbers as exact as they were read, secrets masked."""
    if isinstance(value, Decimal):
        return str(value)
    if not isinstance(value, dict | list):
        return _scalar(redaction.mask(value) if isinstance(value, str) else value)
    opening, closing = ("{", "}") if isinstance(value, dict) else ("[", "]")
    if not value:
        return opening + closing
    inner = "\n" + " " * (indent + 2)
    items = [to_json(item, indent + 2) for item in value] if isinstance(value, list) else _members(value, indent + 2)
    return f"{opening}{inner}{f',{inner}'.join(items)}\n{' ' * indent}{closing}"


def _members(value: dict[str, Any], indent: int) -> Iterable[str]:
    for key, item in value.items():
        masked = redaction.MASK if isinstance(item, str) and redaction.is_secret_field(key) else item
        yield f"{_scalar(redaction.mask(key))}: {to_json(masked, indent)}"


def _scalar(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)
