"""Words of findings: what was expected, what is there, and what is wrong; made here and nowhere else."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import orjson

from wireshape.catalog.field import Evidence, Field
from wireshape.catalog.flatten import Schema
from wireshape.findings import redaction
from wireshape.findings.rules import Rule
from wireshape.findings.violation import JsonValue, Operand, RowShare, SchemaNode, Values, Violation
from wireshape.jsontext.paths import Absent
from wireshape.model import ABSENT, InstancePath

_MAX_CHARACTERS = 60
"""How much of a value is shown."""
_MAX_MASKED = 2000
"""How much of it is searched for secrets: one that is cut no longer looks like one."""
_PLAIN_FORMS = {"text", "small"}
"""Forms that say nothing a type does not."""


def message(rule: Rule, violation: Violation, name: str) -> str:
    """Say what is wrong with the field of that name: by the detail of the violation, else by its rule."""
    text = redaction.text(violation.detail) if violation.detail else rule.about(redaction.text(name))
    return f"{text}; {redaction.text(violation.note)}" if violation.note else text


def operands(said: tuple[Operand, ...], path: InstancePath, token: str | None = None) -> str | None:
    """Word what was expected or is there, of several any one; token is the number at the path as it is written."""
    return " or ".join(dict.fromkeys(_operand(each, path, token) for each in said)) or None


def _operand(said: Operand, path: InstancePath, token: str | None) -> str:
    """Word one operand; whatever kind it is, no secret and no control character of an input is left in it."""
    match said:
        case SchemaNode(schema=schema):
            words = _schema(schema)
        case JsonValue(value=value):
            return literal(value, path, token)
        case Field():
            words = _field(said)
        case Values(field=field):
            words = _values(field)
        case RowShare():
            words = f"in {said.having} of {said.rows} rows"
        case Absent():
            words = ABSENT
        case _:
            words = said
    return redaction.text(words)


def _schema(schema: Schema) -> str:
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


def literal(value: Any, path: InstancePath, token: str | None = None) -> str:
    """Word a value with its JSON type, cut to a length that fits a line and without secrets."""
    secret = any(redaction.is_secret_field(step) for step in path if isinstance(step, str))
    match value:
        case None | True | False:
            return orjson.dumps(value).decode()
        case str():
            return f'string "{redaction.MASK if secret else _cut(redaction.text(value[:_MAX_MASKED]))}"'
        case int() | float() | Decimal():
            written = token or str(value)
            shown = redaction.MASK if secret else _cut(written)
            return f"{'integer' if written.lstrip('-').isdigit() else 'number'} {shown}"
        case list():
            return "array"
        case _:
            return "object"


def _cut(text: str) -> str:
    return text if len(text) <= _MAX_CHARACTERS else f"{text[: _MAX_CHARACTERS - 1]}…"


def _field(field: Field) -> str:
    """Word a field and what is special about it: `string (decimal)`, `"BOTH"`, as observed `string (fixed)`."""
    text = " or ".join(sorted(field.types))
    observed = field.evidence is Evidence.OBSERVED
    if field.values is not None and not observed:
        text = _values(field)
    elif field.form:
        text += f" ({field.form})"
    elif observed and field.forms - _PLAIN_FORMS:
        text += f" ({', '.join(sorted(field.forms - _PLAIN_FORMS))})"
    notes = [] if field.required else ["optional"]
    notes += [field.evidence] if field.evidence not in {Evidence.DOCUMENTED, Evidence.OBSERVED} else []
    return ", ".join([text, *notes])


def _values(field: Field) -> str:
    return " or ".join(f'"{value}"' if "string" in field.types else value for value in sorted(field.values or ()))
