"""What wireshape knows, for a terminal: endpoints, rules, and one rule explained."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from itertools import groupby
from textwrap import fill
from typing import TYPE_CHECKING

from wireshape.findings import redaction
from wireshape.findings.rules import Rule

if TYPE_CHECKING:  # a list of rules needs no catalogue, one of endpoints no ledger
    from wireshape.catalog.endpoints import Catalog
    from wireshape.findings.acceptance import Stale
    from wireshape.findings.ledger import Ledger
    from wireshape.findings.waivers import WaivedValue, Waiver


def endpoints(catalog: Catalog, width: int) -> str:
    """List every endpoint with what is sent, its lineage and its modes."""
    blocks = []
    for endpoint in catalog.endpoints:
        facts = {
            "operation": f"{endpoint.operation.method} {endpoint.operation.path}, weight {endpoint.weight}",
            "positions": endpoint.positions,
            "mirrors": ", ".join(endpoint.mirrors),
            "replaces": ", ".join(endpoint.replaces),
            "counterpart": ", ".join(endpoint.counterparts),
            "modes": ", ".join(map(str, endpoint.modes)),
            "retired": f"since {endpoint.retired}" if endpoint.retired else "",
        }
        lines = [_fact(name, text, width) for name, text in facts.items() if text]
        blocks.append("\n".join([endpoint.id, *lines]))
    return "\n\n".join(blocks) + "\n"


def rules(known: Iterable[Rule], width: int) -> str:
    """List every rule, by the command that applies it: level, id and message."""
    rows = list(known)
    longest = max(len(rule.id) for rule in rows)
    blocks = []
    for family, members in groupby(rows, key=lambda rule: rule.family):
        lines = [_row(f"  {rule.level:<9} {rule.id:<{longest}}  ", rule.message, width) for rule in members]
        blocks.append("\n".join([family, *lines]))
    return "\n\n".join(blocks) + "\n"


def rule(shown: Rule, width: int) -> str:
    """Explain one rule."""
    facts = {"why": shown.why, "before": shown.before, "after": shown.after, "do": shown.fix}
    lines = [_fact(name, text, width) for name, text in facts.items()]
    return "\n".join([f"{shown.id} ({shown.level}): {shown.message}", "", *lines]) + "\n"


def waivers(ledger: Ledger, stale: Stale, today: date, width: int) -> str:
    """List the ledger, with the state of each entry and, where they differ, of its paths."""
    gone = {each.place for each in stale.paths}
    lines: list[str] = []
    for waiver, paths in groupby(ledger.paths(), key=lambda each: each.waiver):
        states: dict[str, list[str]] = {}
        for each in paths:
            state = "expired" if waiver.expired(today) else "stale" if each.place in gone else "in force"
            states.setdefault(state, []).append(each.path)
        for state, shown in states.items():
            lines += _waived(waiver, state, shown, width)
    for number, value in enumerate(ledger.values):
        state = "expired" if value.expired(today) else "stale" if number in stale.values else "in force"
        lines += _waived_value(value, state, width)
    text = "".join(f"{redaction.printable(line)}\n" for line in "\n".join(lines).split("\n"))
    return text if lines else "nothing is accepted\n"


def _waived(waiver: Waiver, state: str, paths: Sequence[str], width: int) -> Iterator[str]:
    mode = f" {waiver.mode}" if waiver.limited_to_mode else ""
    between = f"{waiver.base} → {waiver.current}" if waiver.base else waiver.current
    yield f"{state:<9} {waiver.rule}  {between}{mode}{_in_file(waiver)}"
    yield _fact("", ", ".join(paths), width)
    yield _because(waiver, width)


def _waived_value(value: WaivedValue, state: str, width: int) -> Iterator[str]:
    yield f"{state:<9} {value.rule}  SHA-256 {value.sha256[:12]}…{_in_file(value)}"
    yield _because(value, width)


def _in_file(entry: Waiver | WaivedValue) -> str:
    return f" in {entry.file}" if entry.file else ""


def _because(waiver: Waiver | WaivedValue, width: int) -> str:
    until = f", until {waiver.expires}" if waiver.expires else ""
    return _fact("", f"{waiver.reason} ({waiver.citation}; {waiver.owner}, {waiver.accepted}{until})", width)


def _fact(name: str, text: str, width: int) -> str:
    return fill(
        text,
        width,
        initial_indent=f"  {name:<12}",
        subsequent_indent=" " * 14,
        break_on_hyphens=False,
        break_long_words=False,
    )


def _row(head: str, text: str, width: int) -> str:
    """Write text beside its head; a terminal too narrow for both is left to break the lines."""
    return fill(
        text, max(width, len(head) + 30), initial_indent=head, subsequent_indent=" " * len(head), break_on_hyphens=False
    )
