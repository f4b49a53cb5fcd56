"""The types of JSON, integers apart from other numbers."""

from __future__ import annotations

from decimal import Decimal
from enum import StrEnum


class JsonType(StrEnum):
    """A JSON type by its name in JSON Schema."""

    OBJECT = "object"
    ARRAY = "array"
    STRING = "string"
    BOOLEAN = "boolean"
    INTEGER = "integer"
    NUMBER = "number"
    NULL = "null"


BY_PYTHON_TYPE = {
    dict: JsonType.OBJECT,
    list: JsonType.ARRAY,
    str: JsonType.STRING,
    bool: JsonType.BOOLEAN,
    int: JsonType.INTEGER,
    float: JsonType.NUMBER,
    Decimal: JsonType.NUMBER,
    type(None): JsonType.NULL,
}
"""The JSON type of what a parser gives."""
