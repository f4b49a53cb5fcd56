"""One value against one contract: every failure as a violation of a rule, and every field nobody knows."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Any

from wireshape.catalog import contracts, contradictions
from wireshape.catalog.contracts import Contract
from wireshape.catalog.endpoints import Catalog
from wireshape.check import walk
from wireshape.check.engines import Engine, Failure
from wireshape.findings.violation import JsonValue, SchemaNode, Violation
from wireshape.jsontext.paths import ABSENT, at
from wireshape.model import Endpoint, Evidence, InstancePath, Mode

ERROR = "error"
"""The member of a WebSocket frame that tells an error from a success."""


def check_success(catalog: Catalog, endpoint: Endpoint, mode: Mode, value: Any, engine: Engine) -> list[Violation]:
    """List everything in an answer that the contract of its endpoint and mode, or an invariant, does not allow."""
    contract = contracts.load(catalog, endpoint, mode)
    failures = _failures(contract, value, engine)
    others = (contracts.load(catalog, endpoint, other) for other in endpoint.modes if other != mode)
    of_the_mode = _mode_dependent(failures, others, value, engine)
    violations = [each for failure in failures for each in _violations(contract, value, failure, of_the_mode)]
    violations += _undocumented(contract, value)
    return [*(_enveloped(each, endpoint) for each in violations), *_contradictions(catalog, endpoint, mode, value)]


def check_error(catalog: Catalog, endpoint: Endpoint, value: Any, engine: Engine) -> list[Violation]:
    """List everything in an error answer that the transport's error contract does not allow."""
    contract = contracts.error_contract(catalog, endpoint)
    failures = _failures(contract, value, engine)
    violations = [each for failure in failures for each in _violations(contract, value, failure, set())]
    return [_enveloped(each, endpoint) for each in violations]


def unknown_fields(contract: Contract, value: Any) -> bool:
    """Tell whether value has a field the contract does not name."""
    return any(violation.rule == "field-undocumented" for violation in _undocumented(contract, value))


def _contradictions(catalog: Catalog, endpoint: Endpoint, mode: Mode, value: Any) -> Iterator[Violation]:
    prefix = (endpoint.payload,) if endpoint.payload else ()
    for found in contradictions.find(catalog.schemas, endpoint, mode, at(value, prefix)):
        yield Violation(
            rule="invariant-broken",
            path=prefix + found.path,
            expected=(found.expected,),
            actual=(found.actual or '""',),
            detail=found.invariant.statement,
        )


def _failures(contract: Contract, value: Any, engine: Engine) -> list[Failure]:
    """List the failures; where the type is wrong, nothing else about the value matters."""
    failures = engine(contract, value)
    mistyped = dict.fromkeys(failure.path for failure in failures if failure.keyword == "type")
    mistyped |= dict.fromkeys(walk.floats(contract.schema, value))
    return [*(Failure(path, "type") for path in mistyped), *(each for each in failures if each.path not in mistyped)]


def _mode_dependent(
    failures: list[Failure], others: Iterable[Contract], value: Any, engine: Engine
) -> set[InstancePath]:
    """Find the values that only this mode refuses: some other mode of the endpoint takes them."""
    chosen = {failure.path for failure in failures if failure.keyword in {"enum", "const"}}
    taken: set[InstancePath] = set()
    for other in others if chosen else ():
        taken |= chosen - {failure.path for failure in engine(other, value)}
    return taken


def _violations(
    contract: Contract, value: Any, failure: Failure, of_the_mode: set[InstancePath]
) -> Iterator[Violation]:
    path, keyword = failure
    schema = contract.at(path)
    if keyword == "required":
        for name in schema["required"]:
            if name not in at(value, path):
                wanted = SchemaNode(schema["properties"][name])
                yield Violation(rule="field-missing", path=(*path, name), expected=(wanted,), actual=(ABSENT,))
        return
    if keyword == "type":
        rule = "type-mismatch"
    elif path in of_the_mode:
        rule = "mode-mismatch"
    elif keyword == "enum":
        rule = "enum-value-unknown"
    else:
        rule = "value-malformed"
    yield Violation(rule=rule, path=path, expected=(SchemaNode(schema),), actual=(JsonValue(at(value, path)),))


def _undocumented(contract: Contract, value: Any) -> Iterator[Violation]:
    for rows in walk.rows(contract.schema, value):
        known = rows.schema.get("properties", {})
        for name in rows.first if known else ():
            path = (*rows.path, name)
            if name not in known:
                there = (JsonValue(rows.first[name]),)
                yield Violation(rule="field-undocumented", path=path, actual=there, count=rows.count)
            elif known[name].get("x-evidence", {}).get("status", Evidence.DOCUMENTED) != Evidence.DOCUMENTED:
                evidence = known[name]["x-evidence"]
                said = f"{evidence['status']}, {evidence['date']}: {evidence['citation']}"
                yield Violation(rule="field-undocumented-known", path=path, detail=said, count=rows.count)


def _enveloped(violation: Violation, endpoint: Endpoint) -> Violation:
    """Name what breaks outside the payload a broken envelope, an error beside a result included.

    Values and fields there that are unknown stay what they are.
    """
    outside = endpoint.payload is not None and (violation.path[:1] != (endpoint.payload,) or len(violation.path) == 1)
    unknown = violation.rule in {"enum-value-unknown", "field-undocumented"}
    if not outside or (unknown and violation.path != (ERROR,)):
        return violation
    note = "it is missing" if violation.actual == (ABSENT,) else None
    return replace(violation, rule="envelope-invalid", detail=None, note=note, count=1)
