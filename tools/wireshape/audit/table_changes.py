"""What two editions of a section state differently beside their examples: two languages, or two captures."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from wireshape.audit import examples
from wireshape.audit.examples import AuditedExample
from wireshape.findings.build import Findings
from wireshape.findings.violation import Operand, Violation
from wireshape.jsontext.paths import ABSENT
from wireshape.model import Base, Finding
from wireshape.pages import statements
from wireshape.pages.statements import Statement, Statements, TableKind, TableRow


@dataclass(frozen=True, kw_only=True, slots=True)
class TableComparison:
    """Which rules a difference breaks, for parameters and for other rows.

    whole is that of tables that come and go and of what rows say, limit and note those of the text, where compared.

    Where no rule is set for a row that was added, either side may be the one that lacks it.
    """

    parameter_missing: str
    parameter_added: str | None
    parameter_differs: str
    row_missing: str
    row_added: str | None
    row_differs: str | None
    whole: str | None = None
    limit: str | None = None
    note: str | None = None


LANGUAGES = TableComparison(
    parameter_missing="edition-parameter-differs",
    parameter_added=None,
    parameter_differs="edition-parameter-differs",
    row_missing="edition-table-differs",
    row_added=None,
    row_differs=None,
)
CAPTURES = TableComparison(
    parameter_missing="page-parameter-removed",
    parameter_added="page-parameter-added",
    parameter_differs="page-parameter-changed",
    row_missing="page-table-changed",
    row_added="page-table-changed",
    row_differs="page-table-changed",
    whole="page-table-changed",
    limit="page-limit-changed",
    note="page-note-changed",
)


def find(base: AuditedExample, current: AuditedExample, comparison: TableComparison) -> Iterator[Finding]:
    """Yield what differs, in the edition that lacks a row where languages are compared."""
    here, there = _Side(current, base), _Side(base, current)
    for kind in TableKind:
        _rows(kind, here, there, comparison)
    if comparison.limit:
        _limits(comparison.limit, here, there.statements)
    if comparison.note:
        _notes(comparison.note, here, there.statements)
    yield from (*here.findings.all(), *there.findings.all())


class _Side:
    """One of two editions, with the findings of it."""

    def __init__(self, each: AuditedExample, other: AuditedExample) -> None:
        self._each = each
        edition = Base(name=other.page.name, language=other.section.language)
        self._subject = replace(examples.subject(each, edition), mode=None)
        self.statements: Statements = each.section.statements
        self.findings = Findings(by_value=True)

    def rows(self, kind: TableKind) -> dict[str, TableRow]:
        return {row.name: row for row in reversed(self.statements.of_kind(kind))}

    def add(self, rule: str, name: str, expected: Operand, actual: Operand, start: int | None = None) -> None:
        """Take a difference; without an offset it is told where the tables or the examples of the section begin."""
        rows = self.statements.rows
        if start is None:
            start = rows[0].start if rows else self._each.page_example.example.start
        violation = Violation(
            rule=rule,
            path=(name,) if name else (),
            expected=(expected,),
            actual=(actual,),
            position=self._each.page.position(start),
        )
        self.findings.add([violation], self._subject)


def _rows(kind: TableKind, here: _Side, there: _Side, comparison: TableComparison) -> None:
    of_parameters = kind is TableKind.PARAMETERS
    missing = comparison.parameter_missing if of_parameters else comparison.row_missing
    added = comparison.parameter_added if of_parameters else comparison.row_added
    differs = comparison.parameter_differs if of_parameters else comparison.row_differs
    base, current = there.rows(kind), here.rows(kind)
    if not base or not current:
        if comparison.whole:
            _whole(comparison.whole, kind, here, there)
        return
    for name, row in base.items():
        if name not in current:
            here.add(missing, name, _said(row), ABSENT)
    for name, row in current.items():
        if name not in base:
            if added:
                here.add(added, name, ABSENT, _said(row), row.start)
            else:
                there.add(missing, name, _said(row), ABSENT)
        elif differs and _differ(base[name], row):
            here.add(differs, name, _said(base[name]), _said(row), row.start)
        elif comparison.whole and _words(base[name]) != _words(row):
            here.add(
                comparison.whole, name, base[name].description or "nothing", row.description or "nothing", row.start
            )


def _whole(rule: str, kind: TableKind, here: _Side, there: _Side) -> None:
    """Tell of a table that one side lacks, unless its text names the same in another form."""
    for side, other in ((here, there), (there, here)):
        rows, text = side.rows(kind), f" {other.statements.words} "
        if rows and not all(f" {statements.normal(name)} " in text for name in rows):
            table, none = f"a table of {len(rows)} {kind}", ABSENT
            start = next(iter(rows.values())).start
            if side is here:
                here.add(rule, "", none, table, start)
            else:
                here.add(rule, "", table, none)


def _differ(base: TableRow, current: TableRow) -> bool:
    """Tell whether two rows name another type, or one of them alone asks for the parameter."""
    types = base.type is not None and current.type is not None and base.type != current.type
    asked = None not in (base.mandatory, current.mandatory) and base.mandatory is not current.mandatory
    return types or asked


def _words(row: TableRow) -> str:
    return statements.normal(row.description)


def _said(row: TableRow) -> str:
    if row.kind is TableKind.ERRORS:
        return row.description or row.name
    said = [] if row.mandatory is None else ["mandatory" if row.mandatory else "optional"]
    return ", ".join([row.written_type or "no type", *said])


def _limits(rule: str, here: _Side, base: Statements) -> None:
    before = {limit.words for limit in base.limits}
    now = {limit.words for limit in here.statements.limits}
    gone = ", ".join(sorted(before - now))
    for limit in here.statements.limits:
        if limit.words not in before:
            here.add(rule, "", gone or ABSENT, limit.words, limit.start)
    if gone and now <= before:
        here.add(rule, "", gone, ABSENT)


def _notes(rule: str, here: _Side, base: Statements) -> None:
    for note in here.statements.notes:
        if _is_new(note, base):
            here.add(rule, "", ABSENT, note.words, note.start)
    for note in base.notes:
        if _is_new(note, here.statements):
            here.add(rule, "", note.words, ABSENT)


def _is_new(note: Statement, other: Statements) -> bool:
    """Tell whether a sentence is nowhere in the other text, however its lines are broken there."""
    return statements.normal(note.words) not in other.words
