"""Words of findings: what a contract asks, and what is there instead."""

from __future__ import annotations

from typing import Any

import orjson

from wireshape.catalog.flatten import Schema
from wireshape.findings import redaction
from wireshape.model import InstancePath


def expected(schema: Schema) -> str:
    """Word what a schema asks of a value: `string (decimal)`, `"BOTH"`, `integer`."""
    if "const" in schema:
        return orjson.dumps(schema["const"]).decode()
    if "enum" in schema:
        return " or ".join(orjson.dumps(member).decode() for member in schema["enum"])
    types = schema.get("type", "any value")
    text = types if isinstance(types, str) else " or ".join(types)
    if "x-form" in schema:
        return f"{text} ({schema['x-form']})"
    if "minimum" in schema:
        return f"{text} from {schema['minimum']} to {schema['maximum']}"
    return text


NUMBER = "number "


_LONGEST = 60


def literal(value: Any, path: InstancePath) -> str:
    """Word a value with its JSON type, cut to a length that fits a line and without secrets."""
    if isinstance(value, str) and any(redaction.is_secret_field(step) for step in path if isinstance(step, str)):
        value = redaction.MASK
    match value:
        case None | True | False:
            return orjson.dumps(value).decode()
        case str():
            shown = redaction.text(value)
            return f'string "{shown if len(shown) <= _LONGEST else shown[: _LONGEST - 1] + "…"}"'
        case int():
            return f"integer {value}"
        case float():
            return f"{NUMBER}{value}"
        case list():
            return "array"
        case _:
            return "object"
