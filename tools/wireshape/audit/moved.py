"""Tells which pages were split, merged or moved between two captures, by the operations they document."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from wireshape.audit import examples
from wireshape.audit.examples import AuditedExample
from wireshape.audit.pairing import Edition
from wireshape.findings import build
from wireshape.findings.violation import Violation
from wireshape.model import Finding


def events(pairs: Iterable[tuple[Edition, Edition]]) -> Iterator[Finding]:
    """Yield a finding for each page whose operations stand on several now, and for each that stood on several."""
    parts: dict[str, dict[str, AuditedExample]] = {}
    sources: dict[str, dict[str, AuditedExample]] = {}
    for base, current in pairs:
        before, now = base[0], current[0]
        parts.setdefault(before.page.name, {}).setdefault(now.page.name, now)
        sources.setdefault(now.page.name, {}).setdefault(before.page.name, now)
        if before.page.identity.address and now.page.identity.address:
            yield from _moved(before, now)
    for name, found in parts.items():
        if len(found) > 1:
            yield _event("page-split", next(iter(found.values())), [name], list(found))
    for name, found in sources.items():
        if len(found) > 1:
            yield _event("page-merged", next(iter(found.values())), list(found), [name])


def _moved(before: AuditedExample, now: AuditedExample) -> Iterator[Finding]:
    was, is_now = before.page.identity.address, now.page.identity.address
    if was and is_now and was.rstrip("/") != is_now.rstrip("/"):
        yield _event("page-moved", now, [was], [is_now])


def _event(rule: str, at: AuditedExample, before: list[str], now: list[str]) -> Finding:
    violation = Violation(rule=rule, expected=(", ".join(before),), actual=(", ".join(now),))
    (finding,) = build.made([violation], examples.subject(at))
    return finding
