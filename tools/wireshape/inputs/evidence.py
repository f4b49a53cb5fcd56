"""Tells answers of the catalogue from everything else: by the fields they share with a contract."""

from __future__ import annotations

import re
from functools import cache
from typing import Any, NamedTuple

import orjson

from wireshape.catalog import contracts, signatures
from wireshape.catalog.endpoints import Catalog
from wireshape.jsontext import paths
from wireshape.model import Endpoint, InstancePath

MOST = 1 / 2
"""Share of the names of a value, or of those of a contract, from which on the value is an answer of the endpoint."""
MANY = 1 / 3
"""Share of the names of a contract that does where the value has more names that the contract does not know."""
MENTIONED = 5
"""Names of fields in a text from which on it is taken for an answer that is damaged."""
_QUOTED = re.compile(r'"(\w{1,64})"\s*:')


def looks_like_answer(value: Any, catalog: Catalog, endpoint: Endpoint | None = None) -> bool:
    """Tell whether a value has enough fields of some endpoint's answer, or is an error: of endpoint, if given."""
    return has_fields(value, catalog) or is_error(value, catalog, endpoint)


def has_fields(value: Any, catalog: Catalog) -> bool:
    """Tell whether a value has enough fields of some endpoint's answer."""
    return _shares(value, catalog, MANY, MOST)


def is_surely_answer(value: Any, catalog: Catalog) -> bool:
    """Tell whether a value has most of the fields of some endpoint, whatever else it has."""
    return _shares(value, catalog, MOST, None)


def mentions_answer(text: str, catalog: Catalog) -> bool:
    """Tell whether a text that is not JSON has names of fields in quotes, as many as no other text has."""
    return len(_known(catalog).words & quoted(text)) >= MENTIONED


def quoted(text: str) -> set[str]:
    """List the names in quotes before a colon, of a text that need not be JSON."""
    return set(_QUOTED.findall(text))


def parsed(raw: bytes, otherwise: Any = None) -> Any:
    """Parse a body for its fields alone; give something else where it is no JSON."""
    try:
        return orjson.loads(raw)
    except orjson.JSONDecodeError:
        return otherwise


def shared(value: Any, endpoint: Endpoint, catalog: Catalog) -> tuple[str, ...]:
    """List the fields that a value has of an endpoint's answer, in their order."""
    has = _names(payload_of(value, endpoint))
    return tuple(paths.collapse(name) for name in sorted(signatures.fields(catalog, endpoint) & has, key=str))


def field_count(endpoint: Endpoint, catalog: Catalog) -> int:
    """Count the fields that answers of an endpoint have."""
    return len(signatures.fields(catalog, endpoint))


def _shares(value: Any, catalog: Catalog, of_contract: float, of_value: float | None) -> bool:
    """Tell whether a value shares with the answers of an endpoint a part of the contract's fields, or of its own."""
    known = _known(catalog)
    names = (has for has in map(_names, payloads(value, catalog)) if not known.names.isdisjoint(has))
    return any(_share_enough(contract, has, of_contract, of_value) for has in names for contract in known.contracts)


def _share_enough(
    known: frozenset[InstancePath], has: frozenset[InstancePath], of_contract: float, of_value: float | None
) -> bool:
    both = len(known & has)
    return both > 0 and (both >= of_contract * len(known) or (of_value is not None and both >= of_value * len(has)))


def payloads(value: Any, catalog: Catalog) -> list[Any]:
    """Give a value, and what an envelope that it may be holds."""
    members = _known(catalog).payloads if isinstance(value, dict) else ()
    return [value, *(value[member] for member in members if member in value)]


def payload_of(value: Any, endpoint: Endpoint) -> Any:
    """Take a value out of the envelope of an endpoint, which it may have."""
    return value[endpoint.payload] if isinstance(value, dict) and endpoint.payload in value else value


def in_frame(value: Any, catalog: Catalog, endpoint: Endpoint) -> bool:
    """Tell whether a value is in the envelope of an endpoint: it has the payload, or else all beside it."""
    if endpoint.payload is None or not isinstance(value, dict):
        return False
    beside = _envelope_names(catalog, endpoint)
    return isinstance(value.get(endpoint.payload), dict | list) or (bool(beside) and beside <= value.keys())


@cache
def _envelope_names(catalog: Catalog, endpoint: Endpoint) -> frozenset[str]:
    required = contracts.load(catalog, endpoint, endpoint.modes[0]).schema["required"]
    return frozenset(required) - {endpoint.payload}


def is_error(value: Any, catalog: Catalog, endpoint: Endpoint | None = None) -> bool:
    """Tell whether a value is an error answer: of some endpoint, or of one."""
    if not isinstance(value, dict):
        return False
    asked = (_error_names(catalog, endpoint),) if endpoint else _known(catalog).errors
    return any(names.required <= value.keys() <= names.possible for names in asked)


class _ErrorNames(NamedTuple):
    required: frozenset[str]
    possible: frozenset[str]


class _Known(NamedTuple):
    """What the contracts of a catalogue know: fields by endpoint and all of them, their words, payloads, errors."""

    contracts: tuple[frozenset[InstancePath], ...]
    names: frozenset[InstancePath]
    words: frozenset[str]
    payloads: tuple[str, ...]
    errors: tuple[_ErrorNames, ...]


@cache
def _known(catalog: Catalog) -> _Known:
    of_each = tuple(signatures.fields(catalog, each) for each in catalog.endpoints)
    names = frozenset[InstancePath]().union(*of_each)
    return _Known(
        contracts=of_each,
        names=names,
        words=frozenset(str(name[-1]) for name in names),
        payloads=tuple(sorted({each.payload for each in catalog.endpoints if each.payload})),
        errors=tuple({_error_names(catalog, each) for each in catalog.endpoints}),
    )


@cache
def _error_names(catalog: Catalog, endpoint: Endpoint) -> _ErrorNames:
    schema = contracts.error_contract(catalog, endpoint).schema
    return _ErrorNames(frozenset(schema["required"]), frozenset(schema["properties"]))


def _names(value: Any) -> frozenset[InstancePath]:
    return frozenset((*each.path, name) for each in signatures.objects(value) for name in each.names)
