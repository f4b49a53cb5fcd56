"""One value against one contract: every failure put into the words of a rule, and every field nobody knows."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from wireshape.catalog import contracts, contradictions
from wireshape.catalog.contracts import Contract
from wireshape.catalog.endpoints import Catalog
from wireshape.check import walk
from wireshape.check.engines import Engine, Failure
from wireshape.findings import describe, redaction
from wireshape.findings.describe import literal
from wireshape.findings.violation import Violation
from wireshape.jsontext.paths import at
from wireshape.model import ABSENT, Endpoint, InstancePath, Mode

ERROR = "error"
"""The member of a WebSocket frame that tells an error from a success."""


def check_success(catalog: Catalog, endpoint: Endpoint, mode: Mode, value: Any, engine: Engine) -> list[Violation]:
    """List everything in an answer that the contract of its endpoint and mode, or an invariant, does not allow."""
    contract = contracts.load(catalog, endpoint, mode)
    failures = _failures(contract, value, engine)
    others = (contracts.load(catalog, endpoint, other) for other in endpoint.modes if other != mode)
    of_the_mode = _mode_dependent(failures, others, value, engine)
    violations = [violation for failure in failures for violation in _violations(contract, value, failure, of_the_mode)]
    violations += _undocumented(contract, value)
    violations = [_enveloped(violation, endpoint) for violation in violations]
    prefix = (endpoint.payload,) if endpoint.payload else ()
    for found in contradictions.find(catalog.schemas, endpoint, mode, at(value, prefix)):
        violations.append(
            Violation(
                rule="invariant-broken",
                path=prefix + found.path,
                expected=redaction.text(found.expected),
                actual=redaction.text(found.actual) or '""',
                message=found.invariant.statement,
            ),
        )
    return violations


def check_error(catalog: Catalog, endpoint: Endpoint, value: Any, engine: Engine) -> list[Violation]:
    """List everything in an error answer that the transport's error contract does not allow."""
    contract = contracts.error_contract(catalog, endpoint)
    failures = _failures(contract, value, engine)
    violations = [violation for failure in failures for violation in _violations(contract, value, failure, set())]
    return [_enveloped(violation, endpoint) for violation in violations]


def unknown_fields(contract: Contract, value: Any) -> bool:
    """Tell whether value has a field the contract does not name."""
    return any(violation.rule == "field-undocumented" for violation in _undocumented(contract, value))


def _failures(contract: Contract, value: Any, engine: Engine) -> list[Failure]:
    """List the failures; where the type is wrong, nothing else about the value matters."""
    failures = engine(contract, value)
    mistyped = dict.fromkeys(path for path, keyword in failures if keyword == "type")
    mistyped |= dict.fromkeys(walk.floats(contract.schema, value))
    return [*((path, "type") for path in mistyped), *(failure for failure in failures if failure[0] not in mistyped)]


def _mode_dependent(
    failures: list[Failure], others: Iterable[Contract], value: Any, engine: Engine
) -> set[InstancePath]:
    """Find the values that only this mode refuses: some other mode of the endpoint takes them."""
    chosen = {path for path, keyword in failures if keyword in {"enum", "const"}}
    taken: set[InstancePath] = set()
    for other in others if chosen else ():
        taken |= chosen - {path for path, _ in engine(other, value)}
    return taken


def _violations(
    contract: Contract, value: Any, failure: Failure, of_the_mode: set[InstancePath]
) -> Iterator[Violation]:
    path, keyword = failure
    schema = contract.at(path)
    if keyword == "required":
        for name in schema["required"]:
            if name not in at(value, path):
                expected = describe.expected(schema["properties"][name])
                yield Violation(rule="field-missing", path=(*path, name), expected=expected, actual=ABSENT)
        return
    if keyword == "type":
        rule = "type-mismatch"
    elif path in of_the_mode:
        rule = "mode-mismatch"
    elif keyword == "enum":
        rule = "enum-value-unknown"
    else:
        rule = "value-malformed"
    yield Violation(rule=rule, path=path, expected=describe.expected(schema), actual=literal(at(value, path), path))


def _undocumented(contract: Contract, value: Any) -> list[Violation]:
    violations = []
    for schema, keys, count, where in walk.rows(contract.schema, value):
        known = schema.get("properties", {})
        for name in keys:
            path = (*where, name)
            evidence = known.get(name, {}).get("x-evidence", {})
            if known and name not in known:
                actual = literal(at(value, path), path)
                violations.append(Violation(rule="field-undocumented", path=path, actual=actual, count=count))
            elif evidence.get("status", "documented") != "documented":
                violations.append(
                    Violation(
                        rule="field-undocumented-known",
                        path=path,
                        message=f"{evidence['status']}, {evidence['date']}: {evidence['citation']}",
                        count=count,
                    ),
                )
    return violations


def _enveloped(violation: Violation, endpoint: Endpoint) -> Violation:
    """Name what breaks outside the payload a broken envelope, an error beside a result included.

    Values and fields there that are unknown stay what they are.
    """
    outside = endpoint.payload is not None and (violation.path[:1] != (endpoint.payload,) or len(violation.path) == 1)
    unknown = violation.rule in {"enum-value-unknown", "field-undocumented"}
    if not outside or (unknown and violation.path != (ERROR,)):
        return violation
    return Violation(rule="envelope-invalid", path=violation.path, expected=violation.expected, actual=violation.actual)
