"""Which form a field's values have: that of a field of the same name in a contract, else what the values show."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

import jsonschema_rs

from wireshape.catalog import contracts, flatten
from wireshape.catalog.contracts import Contract
from wireshape.catalog.endpoints import Catalog
from wireshape.catalog.flatten import Schema
from wireshape.check import engines
from wireshape.model import InstancePath, Mode
from wireshape.pages.json_text import to_json

COMMON = "common.schema.json"
_DECIMAL, _TIMESTAMP = "decimal", "timestamp"


@dataclass(frozen=True, kw_only=True, slots=True)
class Form:
    """What a contract says of a value, what that rests on, and what a person has to decide; None for nothing."""

    schema: Schema
    rests_on: str
    decide: str | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class _KnownField:
    """A field of a contract, in a mode of its endpoint."""

    endpoint: str
    mode: Mode
    contract: Contract
    path: InstancePath

    @property
    def siblings(self) -> frozenset[str]:
        """The names of the members beside it, and its own."""
        return frozenset(self.contract.at(self.path[:-1]).get("properties", ()))

    def takes(self, values: Sequence[Any]) -> bool:
        """Tell whether it takes all of some values."""
        return all(engines.fits(self.contract, self.path, value) for value in values)


class Forms:
    """The forms that contracts share, by the name of the field and by what values show."""

    def __init__(self, catalog: Catalog) -> None:
        self._catalog = catalog
        self._shared = _shared(catalog)

    def of(self, name: str, values: Sequence[Any], mode: Mode, siblings: frozenset[str]) -> Form:
        """Give the form of a field in a mode, by all of its values, none of which holds others.

        Of fields of one name, the one with more of the same siblings is more like it.
        """
        named = _known(self._catalog).get(name, ())
        known = sorted(named, key=lambda each: (each.mode != mode, -len(siblings & each.siblings)))
        for field in known:
            if field.takes(values):
                schema = self._as_shared(field.contract.at(field.path))
                return Form(schema=schema, rests_on=f"as in {field.endpoint}")
        shown = _shown(values)
        form = self._by_values(values)
        if known:
            other = known[0].endpoint
            return Form(schema=form.schema, rests_on=form.rests_on, decide=f"{other} has other values than {shown}")
        return form

    def _by_values(self, values: Sequence[Any]) -> Form:
        shown = _shown(values)
        kinds = {_type(value) for value in values}
        if kinds == {"string"}:
            if self._all_fit(_DECIMAL, values):
                whole = not any("." in value for value in values)
                decide = "only whole numbers are shown: may it have decimal places, may it be negative?"
                return Form(schema=_reference(_DECIMAL), rests_on=shown, decide=decide if whole else None)
            return Form(schema={"type": "string"}, rests_on=shown, decide=f"which values are there beside {shown}?")
        if kinds == {"integer"}:
            if self._all_fit(_TIMESTAMP, values):
                doubt = None if any(values) else "is it a time? only 0 is shown"
                return Form(schema=_reference(_TIMESTAMP), rests_on=shown, decide=doubt)
            return Form(schema={"type": "integer"}, rests_on=shown, decide="which numbers are there?")
        if kinds == {"boolean"}:
            return Form(schema={"type": "boolean"}, rests_on=shown)
        known = sorted(kinds - {""})
        schema = {"type": known[0] if len(known) == 1 else known} if known and "" not in kinds else {}
        return Form(schema=schema, rests_on=shown, decide="its type: neither a fraction nor null tells one")

    def _all_fit(self, name: str, values: Iterable[Any]) -> bool:
        form = jsonschema_rs.Draft202012Validator(flatten.constraints(self._shared[name]))
        return all(map(form.is_valid, values))

    def _as_shared(self, schema: Schema) -> Schema:
        """Refer to the shared form that a schema is, else give what it says of a value, with its words."""
        plain = flatten.constraints(schema)
        words: Schema = {key: schema[key] for key in ("title", "description") if key in schema}
        for name, form in self._shared.items():
            if flatten.constraints(form) == plain:
                return _reference(name) | words
        return {key: schema[key] for key in schema if key in plain or key in {"not", "x-form"}} | words


def _reference(name: str) -> Schema:
    """Refer to a shared form as from the folder of a contract."""
    return {"$ref": f"../../../../{COMMON}#/$defs/{name}"}


@cache
def _shared(catalog: Catalog) -> dict[str, Schema]:
    """Give the shared schemas of one value, by name."""
    found = {name: flatten.part(catalog.schemas / COMMON, name) for name in flatten.parts(catalog.schemas / COMMON)}
    return {name: schema for name, schema in found.items() if "x-form" in schema}


@cache
def _known(catalog: Catalog) -> dict[str, list[_KnownField]]:
    """Give the fields of all contracts by their name, those that still answer first."""
    found: dict[str, list[_KnownField]] = {}
    for endpoint in (*catalog.answering, *(each for each in catalog.endpoints if each.retired)):
        for mode in endpoint.modes:
            contract = contracts.load(catalog, endpoint, mode)
            for path in contract.leaves():
                name = next((step for step in reversed(path) if isinstance(step, str)), "")
                field = _KnownField(endpoint=endpoint.id, mode=mode, contract=contract, path=path)
                found.setdefault(name, []).append(field)
    return found


def _type(value: Any) -> str:
    """Name the JSON type of a value as contracts have it; empty for a number with a fraction."""
    names: dict[type, str] = {bool: "boolean", int: "integer", str: "string", type(None): "null"}
    return names.get(type(value), "")


def _shown(values: Sequence[Any]) -> str:
    """Name the first few different values."""
    return ", ".join(list(dict.fromkeys(to_json(value) for value in values))[:3])
