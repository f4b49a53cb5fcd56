"""What a ledger accepts of a report, and which of its entries match nothing any more."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date

from wireshape.findings import build, redaction
from wireshape.findings.build import Subject
from wireshape.findings.ledger import Ledger
from wireshape.findings.report import Checked, Report, Verdict
from wireshape.findings.violation import Violation
from wireshape.findings.waivers import ANY, ValueKey, WaivedPath, WaivedValue, Waiver, fits, is_file, plain
from wireshape.model import Base, Exit, Finding, InstancePath, Level, Location


@dataclass(frozen=True, kw_only=True, slots=True)
class Reach:
    """What a run looked at: files and editions by name, and whether it compared all related contracts.

    Of what it did not look at, nothing is stale.
    """

    names: frozenset[str] = frozenset()
    lineage: bool = False

    def covers(self, waiver: Waiver) -> bool:
        """Tell whether the run would have found what an entry accepts, if it was still there."""
        if waiver.file is None:
            return self.lineage
        return self.has(waiver.file) and (
            waiver.base in {None, ANY} or any(fits(str(waiver.base), name) for name in self.names)
        )

    def has(self, file: str) -> bool:
        """Tell whether a file of this pattern was looked at."""
        return any(is_file(file, name) for name in self.names)


def of_files(report: Report, names: Iterable[str], editions: Iterable[str] = ()) -> Reach:
    """Give the reach of a run over files and editions of pages; a file with something unread was not looked at."""
    unread = {problem.location.file for problem in report.problems if problem.exit_code != Exit.CLEAN}
    unread |= {entry.file for entry in report.checked if entry.verdict is Verdict.UNCHECKED}
    shown = {redaction.name(name) for name in names}
    return Reach(names=frozenset(plain(name) for name in shown - unread) | frozenset(editions))


@dataclass(frozen=True, kw_only=True, slots=True)
class Stale:
    """What of a ledger matches nothing that a run found: paths, and values of scans by their number."""

    paths: tuple[WaivedPath, ...]
    values: tuple[int, ...]

    def __len__(self) -> int:
        return len(self.paths) + len(self.values)


def apply(report: Report, ledger: Ledger, day: date, reach: Reach) -> Report:
    """Mark the findings that are waived, and say which entries are stale or have expired."""
    # What a narrow entry accepts leaves a wide one for the rest.
    valid = sorted((each for each in ledger.paths() if not each.waiver.expired(day)), key=_stars)
    left = {each.place: each.waiver.count for each in valid}
    findings = [_marked(finding, valid, left) for finding in report.findings]
    expired = [each for each in ledger.paths() if each.waiver.expired(day) and reach.covers(each.waiver)]
    gone = stale(ledger, report, day, reach)
    about = [finding for each in expired for finding in _about_path("waiver-expired", ledger, each)]
    about += [finding for each in gone.paths for finding in _about_path("waiver-stale", ledger, each)]
    over = [n for n, each in enumerate(ledger.values) if each.expired(day) and each.file and reach.has(each.file)]
    about += [finding for number in over for finding in _about_value("waiver-expired", ledger, number)]
    about += [finding for number in gone.values for finding in _about_value("waiver-stale", ledger, number)]
    checked = tuple(_settled(report.checked, findings))
    return replace(report, findings=(*findings, *about), checked=checked)


def stale(ledger: Ledger, report: Report, day: date, reach: Reach) -> Stale:
    """Give what is in force, was in reach of a run, and matches nothing that it found."""
    found = {ValueKey(finding.rule, digest) for finding in report.findings for digest in finding.hashes}
    return Stale(
        paths=tuple(
            each
            for each in ledger.paths()
            if not each.waiver.expired(day)
            and reach.covers(each.waiver)
            and not any(map(each.matches, report.findings))
        ),
        values=tuple(
            number
            for number, each in enumerate(ledger.values)
            if not each.expired(day) and each.file and reach.has(each.file) and each.key not in found
        ),
    )


def new_only(report: Report) -> Report:
    """Leave out what is accepted, and count it."""
    return replace(report, findings=tuple(report.open), left_out=len(report.findings) - len(report.open))


def _stars(each: WaivedPath) -> int:
    waiver = each.waiver
    return sum(text.count(ANY) for text in (waiver.mode, waiver.base or ANY, waiver.file or ANY, each.path))


def _marked(finding: Finding, valid: list[WaivedPath], left: dict[InstancePath, int | None]) -> Finding:
    """Mark a finding with the reason of the first path that matches it and accepts that many more."""
    for each in valid:
        if not finding.waiver and each.matches(finding):
            more = left[each.place]
            if more is None or finding.count <= more:
                left[each.place] = None if more is None else more - finding.count
                return replace(finding, waiver=redaction.text(each.waiver.reason))
    return finding


def _settled(checked: tuple[Checked, ...], findings: list[Finding]) -> Iterator[Checked]:
    """Give what was checked the verdict of what is not accepted of it."""
    waived, worst = set[tuple[str, str]](), dict[tuple[str, str], Level]()
    for finding in findings:
        about = finding.location.file, finding.endpoint
        if finding.waiver:
            waived.add(about)
        elif about not in worst or finding.level.rank < worst[about].rank:
            worst[about] = finding.level
    for entry in checked:
        about = entry.file, entry.endpoint
        if about not in waived or entry.verdict not in list(map(str, Level)):
            yield entry
        elif about not in worst:
            yield replace(entry, verdict=Verdict.ACCEPTED)
        else:
            levels = worst[about], Level(entry.verdict)
            yield replace(entry, verdict=Verdict(max(levels, key=lambda level: level.rank)))


def _about_path(rule: str, ledger: Ledger, each: WaivedPath) -> list[Finding]:
    """Make the finding of a waived path, where it stands in its ledger."""
    waiver = each.waiver
    subject = Subject(
        location=Location(file=ledger.name),
        endpoint=waiver.current,
        mode=waiver.mode,
        base=Base(name=waiver.base) if waiver.base else None,
    )
    return _about(rule, ledger, each.place, waiver, each.path, subject)


def _about_value(rule: str, ledger: Ledger, number: int) -> list[Finding]:
    value = ledger.values[number]
    return _about(
        rule, ledger, ("values", number), value, value.file or "", Subject(location=Location(file=ledger.name))
    )


def _about(
    rule: str, ledger: Ledger, place: InstancePath, entry: Waiver | WaivedValue, field: str, subject: Subject
) -> list[Finding]:
    violation = Violation(
        rule=rule,
        field=field,
        expected=(entry.expires,) if entry.expires else (),
        note=f"{entry.rule}, accepted {entry.accepted}",
        position=ledger.position(place),
    )
    return build.made([violation], subject)
