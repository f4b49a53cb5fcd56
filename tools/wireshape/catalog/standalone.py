"""Contracts for tools outside of wireshape: each of them whole, without references to other files."""

from __future__ import annotations

from wireshape.catalog import contracts
from wireshape.catalog.endpoints import Catalog
from wireshape.catalog.flatten import Schema
from wireshape.model import Endpoint, Mode

DIALECT = "https://json-schema.org/draft/2020-12/schema"

_FIRST = ("title", "description", "$comment", "deprecated", "type", "required", "properties", "items")


def contract(catalog: Catalog, endpoint: Endpoint, mode: Mode, *, strict: bool = False) -> Schema:
    """Give the contract of an endpoint in one mode; strict leaves out `x-` keywords, which no standard knows."""
    whole = contracts.load(catalog, endpoint, mode)
    named = {"$id": whole.id} if whole.id else {}
    return {"$schema": DIALECT, **named, **_written(whole.schema, strict=strict)}


def of_endpoint(catalog: Catalog, endpoint: Endpoint, *, strict: bool = False) -> Schema:
    """Give one schema for all modes of an endpoint: an answer keeps it where it keeps the contract of any of them."""
    members = {str(mode): _member(catalog, endpoint, mode, strict=strict) for mode in endpoint.modes}
    return _any_of(f"{endpoint.id} in any mode", members)


def of_catalog(catalog: Catalog, *, strict: bool = False) -> Schema:
    """Give one schema for all contracts, under ENDPOINT/MODE each."""
    members = {
        f"{endpoint.id}/{mode}": _member(catalog, endpoint, mode, strict=strict)
        for endpoint in catalog.endpoints
        for mode in endpoint.modes
    }
    return _any_of("Any endpoint in any mode", members)


def _member(catalog: Catalog, endpoint: Endpoint, mode: Mode, *, strict: bool) -> Schema:
    return _written(contracts.load(catalog, endpoint, mode).schema, strict=strict)


def _any_of(title: str, members: dict[str, Schema]) -> Schema:
    # Without the anyOf, a validator that is given the whole would take anything.
    references = [{"$ref": f"#/$defs/{name.replace('/', '~1')}"} for name in members]
    return {"$schema": DIALECT, "title": title, "anyOf": references, "$defs": members}


def _written(schema: Schema, *, strict: bool) -> Schema:
    """Write a flat schema for readers: evidence as a comment too, and what names a field before what limits it."""
    node = {key: value for key, value in schema.items() if not (strict and key.startswith("x-"))}
    evidence = schema.get("x-evidence")
    if evidence and evidence["status"] != "documented":
        said = f"{evidence['status']}, {evidence['date']}: {evidence['citation']}"
        node["$comment"] = f"{node['$comment']} {said}" if "$comment" in node else said
    if "properties" in node:
        node["properties"] = {name: _written(field, strict=strict) for name, field in node["properties"].items()}
    if "items" in node:
        node["items"] = _written(node["items"], strict=strict)
    return {key: node[key] for key in (*_FIRST, *node) if key in node}
