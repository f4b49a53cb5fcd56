"""One value against one contract: every failure as a violation of a rule, and every field nobody knows."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Hashable, Iterable, Iterator
from dataclasses import replace
from typing import Any

from wireshape.catalog import contracts, contradictions
from wireshape.catalog.contracts import Contract
from wireshape.catalog.contradiction import Contradiction
from wireshape.catalog.contradictions import Known
from wireshape.catalog.endpoints import Catalog
from wireshape.catalog.field import Evidence
from wireshape.catalog.flatten import Schema
from wireshape.catalog.invariants import InvariantKind
from wireshape.check import engines, walk
from wireshape.check.engines import Engine
from wireshape.check.failures import REQUIRED, TYPE, Failure, Failures, in_order
from wireshape.check.walk import Rows
from wireshape.findings.violation import JsonValue, SchemaNode, Violation
from wireshape.jsontext.paths import ABSENT, ROWS, at
from wireshape.model import Endpoint, InstancePath, Mode

ERROR = "error"
"""The member of a WebSocket frame that tells an error from a success."""
_OF_ONE_VALUE = {InvariantKind.FORM, InvariantKind.POSITIVE, InvariantKind.NOT_NEGATIVE, InvariantKind.WITHIN}
_MOST_PLACES = 1000
"""Places of one fault that are kept apart; the last of them stands for those behind."""


def check_success(
    catalog: Catalog, endpoint: Endpoint, mode: Mode, value: Any, engine: Engine, known: Known | None = None
) -> list[Violation]:
    """List everything in an answer that the contract of its endpoint and mode, or an invariant, does not allow.

    `known` keeps what invariants say of this value in other modes.
    """
    contract = contracts.load(catalog, endpoint, mode)
    failures = _failures(contract, value, engine)
    of_the_mode = _mode_dependent(endpoint, mode, catalog, failures, value)
    violations = [_violation(contract, value, each, of_the_mode) for each in failures]
    violations += _undocumented(contract, value)
    refused = {each.path for each in failures}
    return [
        *(_enveloped(each, endpoint) for each in violations),
        *_contradictions(catalog, endpoint, mode, value, refused, known or Known()),
    ]


def check_error(catalog: Catalog, endpoint: Endpoint, value: Any, engine: Engine) -> list[Violation]:
    """List everything in an error answer that the transport's error contract does not allow."""
    contract = contracts.error_contract(catalog, endpoint)
    violations = [_violation(contract, value, each, ()) for each in _failures(contract, value, engine)]
    return [_enveloped(each, endpoint) for each in violations]


def unknown_fields(contract: Contract, value: Any) -> bool:
    """Tell whether value has a field the contract does not name."""
    return any(
        rows.first.keys() - known.keys()
        for rows in walk.rows(contract.schema, value)
        if (known := rows.schema.get("properties", {}))
    )


def _contradictions(
    catalog: Catalog, endpoint: Endpoint, mode: Mode, value: Any, refused: Collection[InstancePath], known: Known
) -> Iterator[Violation]:
    """Yield where an invariant does not hold; of one that many rows break, the last stands for the rest.

    Of a value that the contract refuses, it is not told once more that it is wrong by itself.
    """
    prefix = (endpoint.payload,) if endpoint.payload else ()
    places: Counter[str] = Counter()
    rest: dict[str, Contradiction] = {}
    for found in contradictions.find(catalog.schemas, endpoint, mode, at(value, prefix), known):
        if found.invariant.kind in _OF_ONE_VALUE and prefix + found.path in refused:
            continue
        said = found.invariant.statement
        places[said] += 1
        if places[said] < _MOST_PLACES:
            yield contradiction(prefix, found)
        else:
            rest.setdefault(said, found)
    for said, found in rest.items():
        yield contradiction(prefix, found, places[said] - _MOST_PLACES + 1)


def contradiction(prefix: InstancePath, found: Contradiction, count: int = 1) -> Violation:
    """Give the violation of an invariant; one of which there is doubt is for information."""
    doubt = found.invariant.doubt
    return Violation(
        rule="invariant-doubtful" if doubt else "invariant-broken",
        path=prefix + found.path,
        expected=(found.expected,),
        actual=(found.actual or '""',),
        detail=found.invariant.statement,
        note=f"no mistake where {doubt}" if doubt else None,
        count=count,
        invariant=found.invariant.id,
    )


def _failures(contract: Contract, value: Any, engine: Engine) -> list[Failure]:
    """List the failures, wrong types first; a float for an integer is of the wrong type, and of no other fault."""
    floats = Failures()
    for path in walk.floats(contract.schema, value):
        floats.add(path, TYPE, at(value, path))
    found = floats.ordered()
    failures = [
        each for each in engine(contract, value) if not (found and _is_float_for_integer(contract, value, each))
    ]
    mistyped = [*(each for each in failures if each.keyword == TYPE), *found]
    return [*sorted(mistyped, key=in_order), *(each for each in failures if each.keyword != TYPE)]


def _is_float_for_integer(contract: Contract, value: Any, failure: Failure) -> bool:
    member = isinstance(failure.path[-1] if failure.path else None, str)
    return member and type(at(value, failure.path)) is float and "integer" in contract.at(failure.path).get("type", ())


def _mode_dependent(
    endpoint: Endpoint, mode: Mode, catalog: Catalog, failures: Iterable[Failure], value: Any
) -> set[InstancePath]:
    """Find the values that only this mode refuses: some other mode of the endpoint takes them."""
    chosen = {failure.path for failure in failures if failure.keyword in {"enum", "const"}}
    others = [contracts.load(catalog, endpoint, other) for other in endpoint.modes if other != mode] if chosen else []
    return {path for path in chosen if any(engines.fits(other, path, at(value, path)) for other in others)}


def _violation(contract: Contract, value: Any, failure: Failure, of_the_mode: Collection[InstancePath]) -> Violation:
    path, keyword, times = failure
    wanted = (SchemaNode(contract.at(path)),)
    if keyword == REQUIRED:
        return Violation(rule="field-missing", path=path, expected=wanted, actual=(ABSENT,), count=times)
    if keyword == TYPE:
        rule = "type-mismatch"
    elif path in of_the_mode:
        rule = "mode-mismatch"
    elif keyword == "enum":
        rule = "enum-value-unknown"
    else:
        rule = "value-malformed"
    there = (JsonValue(at(value, path)),)
    return Violation(rule=rule, path=path, expected=wanted, actual=there, count=times)


def _undocumented(contract: Contract, value: Any) -> Iterable[Violation]:
    """List the fields that the contract does not name, or not from a page; those alike in several rows are one."""
    found: dict[Hashable, Violation] = {}
    times: Counter[Hashable] = Counter()
    names: Counter[Hashable] = Counter()
    for rows in walk.rows(contract.schema, value):
        known = rows.schema.get("properties", {})
        place = tuple(ROWS if isinstance(step, int) else step for step in rows.path)
        for name in rows.first if known else ():
            if name in known and not _evidence(known[name]):
                continue
            key: Hashable = (place, name, type(rows.first[name]))
            if key not in found:
                names[place] += 1
                key = key if names[place] < _MOST_PLACES else place
            times[key] += rows.count
            if key not in found:
                found[key] = _unknown(rows, name, known)
    return [replace(violation, count=times[key]) for key, violation in found.items()]


def _unknown(rows: Rows, name: str, known: dict[str, Schema]) -> Violation:
    path = (*rows.path, name)
    if name not in known:
        there = (JsonValue(rows.first[name]),)
        return Violation(rule="field-undocumented", path=path, actual=there)
    return Violation(rule="field-undocumented-known", path=path, detail=_evidence(known[name]))


def _evidence(field: Schema) -> str | None:
    """Say what a field rests on that no page has; None where one has it."""
    evidence = field.get("x-evidence", {})
    if evidence.get("status", Evidence.DOCUMENTED) == Evidence.DOCUMENTED:
        return None
    return f"{evidence['status']}, {evidence['date']}: {evidence['citation']}"


def _enveloped(violation: Violation, endpoint: Endpoint) -> Violation:
    """Name what breaks outside the payload a broken envelope, an error beside a result included.

    Values and fields there that are unknown stay what they are.
    """
    outside = endpoint.payload is not None and (violation.path[:1] != (endpoint.payload,) or len(violation.path) == 1)
    unknown = violation.rule in {"enum-value-unknown", "field-undocumented"}
    if not outside or (unknown and violation.path != (ERROR,)):
        return violation
    note = "it is missing" if violation.actual == (ABSENT,) else None
    return replace(violation, rule="envelope-invalid", detail=None, note=note)
