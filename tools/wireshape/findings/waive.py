"""Changes to a ledger of waivers: accept findings of a report, and remove what is stale."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from wireshape.errors import UsageError, nearest
from wireshape.findings import ledger, rules, waivers
from wireshape.findings.acceptance import Stale
from wireshape.findings.ledger import Ledger
from wireshape.findings.report import Report
from wireshape.findings.waivers import ANY, Grounds, WaivedValue, Waiver, fits, is_file
from wireshape.model import Finding

_ABOUT_WAIVERS = "waivers"
"""The family of rules that are about the ledger itself."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Selection:
    """Which findings of a report are accepted: of a rule, and where path, mode and file fit these patterns.

    A pattern with a * goes into the ledger as it is, so that it accepts what else fits it.
    """

    rule: str | None = None
    path: str | None = None
    mode: str | None = None
    file: str | None = None

    def has(self, finding: Finding) -> bool:
        """Tell whether a finding is selected."""
        return (
            self.rule in {None, finding.rule}
            and (self.path is None or fits(self.path, finding.path))
            and (self.mode is None or fits(self.mode, finding.mode or ANY))
            and (self.file is None or is_file(self.file, finding.location.file))
        )


def accept(file: Path, waiver: Waiver, report: Report) -> int:
    """Add or renew a waiver of one path, and give the number of findings it waives; UsageError where there are none."""
    _require_sense(waiver)
    (path,) = waiver.paths
    _require_texts({"BASE": str(waiver.base or ""), "CURRENT": waiver.current, "PATH": path})
    count = sum(1 for finding in report.findings if waiver.matches(finding, path))
    if not count:
        raise UsageError(_nothing(waiver, path, report))
    accepted = ledger.load(file)
    ledger.save(file, _with(accepted.waivers, waiver), accepted.values)
    return count


def accept_all(file: Path, report: Report, selection: Selection, grounds: Grounds) -> int:
    """Accept the findings of a report that are selected, in a ledger that is made where there is none.

    Gives the number of findings; UsageError where there are none.
    """
    chosen = [finding for finding in report.findings if _is_open(finding, report) and selection.has(finding)]
    if not chosen:
        raise UsageError(_none(report))
    before = ledger.load(file) if file.exists() else None
    rows: Sequence[Waiver] = before.waivers if before else ()
    for entry in _entries(chosen, report, selection, grounds):
        _require_sense(entry)
        rows = _with(rows, entry)
    values = {(each.key, each.file): each for each in (before.values if before else ())}
    for finding in chosen:
        values |= {(each.key, each.file): each for each in _values(finding, selection, grounds)}
    ledger.save(file, rows, tuple(values.values()))
    return len(chosen)


def prune(file: Path, accepted: Ledger, stale: Stale) -> None:
    """Write a ledger without what is stale of it, and without entries that have no other path."""
    gone = {each.place for each in stale.paths}
    kept: dict[int, list[str]] = {}
    for each in accepted.paths():
        if each.place not in gone:
            kept.setdefault(int(each.place[1]), []).append(each.path)
    entries = [replace(accepted.waivers[number], paths=tuple(paths)) for number, paths in kept.items()]
    values = [each for number, each in enumerate(accepted.values) if number not in stale.values]
    ledger.save(file, entries, values)


def _is_open(finding: Finding, report: Report) -> bool:
    """Tell whether a finding can be accepted; of a scan, what has no hash is a secret of the environment."""
    known_by_hash = bool(finding.hashes) or report.command != "scan"
    return not finding.waiver and known_by_hash and rules.get(finding.rule).family != _ABOUT_WAIVERS


def _entries(chosen: Sequence[Finding], report: Report, selection: Selection, grounds: Grounds) -> Iterator[Waiver]:
    """Yield an entry for each path that is accepted; of a page, with how many findings there are, known ones too."""
    entries = dict.fromkeys(_entry(each, selection, grounds) for each in chosen if not each.hashes)
    counts = Counter[Waiver]()
    for finding in report.findings:
        counts[_entry(finding, selection, grounds)] += finding.count
    for entry in entries:
        # Another example of a page is another defect; an answer has as many rows as the account has.
        yield replace(entry, count=counts[entry]) if entry.count else entry


def _entry(finding: Finding, selection: Selection, grounds: Grounds) -> Waiver:
    path, mode = _pattern(selection.path, finding.path), _pattern(selection.mode, finding.mode or ANY)
    of_contracts = finding.location.file in {finding.endpoint, str(finding.base)}
    return Waiver(
        rule=finding.rule,
        base=str(finding.base) if finding.base else None,
        current=finding.endpoint,
        mode=mode,
        paths=(path,),
        file=None if of_contracts else _pattern(selection.file, _plain(finding)),
        count=1 if finding.edition and ANY not in path else None,
        **asdict(grounds),
    )


def _values(finding: Finding, selection: Selection, grounds: Grounds) -> Iterator[WaivedValue]:
    for digest in finding.hashes:
        file = _pattern(selection.file, _plain(finding))
        yield WaivedValue(rule=finding.rule, sha256=digest, file=file, **asdict(grounds))


def _pattern(chosen: str | None, found: str) -> str:
    """Give what goes into the ledger: what was found, or the pattern by which it was chosen."""
    return chosen if chosen is not None and ANY in chosen else found


def _plain(finding: Finding) -> str:
    return waivers.plain(finding.location.file)


def _none(report: Report) -> str:
    return f"`{report.command}` has no such finding: nothing is accepted"


def _require_sense(waiver: Waiver) -> None:
    """Raise UsageError where the words of a call make no waiver."""
    rules.find(waiver.rule)
    _require_texts(
        {"--reason": waiver.reason, "--citation": waiver.citation, "--owner": waiver.owner, "--mode": waiver.mode}
    )
    if waiver.expires is not None and not ledger.is_date(waiver.expires):
        raise UsageError(f"`--expires {waiver.expires}` is no date; write YYYY-MM-DD")
    if waiver.expired(ledger.today()):
        raise UsageError(f"`--expires {waiver.expires}` is in the past")


def _require_texts(texts: Mapping[str, str]) -> None:
    for name, text in texts.items():
        if not text:
            raise UsageError(f"`{name}` is empty")
        try:
            text.encode()
        except UnicodeEncodeError:
            raise UsageError(f"`{name}` is no valid Unicode text") from None


def _nothing(waiver: Waiver, path: str, report: Report) -> str:
    found = report.findings
    path_hint = _hint(path, [finding.path for finding in found if finding.rule == waiver.rule])
    base_hint = _hint(str(waiver.base), [str(finding.base) for finding in found])
    current_hint = _hint(waiver.current, [finding.endpoint for finding in found])
    mode = "" if waiver.mode == ANY else f" in mode {waiver.mode}"
    return (
        f"no finding {waiver.rule} at {path}{path_hint} between {waiver.base}{base_hint} "
        f"and {waiver.current}{current_hint}{mode}; `wireshape diff --bundled` shows what there is"
    )


def _hint(word: str, known: Sequence[str]) -> str:
    return "" if ANY in word or word in known else nearest(word, dict.fromkeys(known))


def _with(entries: Sequence[Waiver], waiver: Waiver) -> list[Waiver]:
    """Give the entries with a waiver of one path: in place of what waived it, among the paths of an entry like it."""
    (path,) = waiver.paths
    before = next((each for each in entries if path in each.paths and _place(each) == _place(waiver)), None)
    renewed = replace(waiver, accepted=before.accepted) if before else waiver
    if before and _apart_from_paths(before) == _apart_from_paths(renewed):
        return list(entries)
    at = entries.index(before) if before else len(entries)
    others = tuple(each for each in before.paths if each != path) if before else ()
    rest = [replace(before, paths=others)] if before and others else []
    result = [*entries[:at], *rest, *entries[at + 1 :]]
    for number, each in enumerate(result):
        if _apart_from_paths(each) == _apart_from_paths(renewed):
            result[number] = replace(each, paths=(*each.paths, path))
            return result
    result.insert(at + len(rest), renewed)
    return result


def _place(waiver: Waiver) -> tuple[str | None, ...]:
    return waiver.rule, waiver.base, waiver.current, waiver.mode, waiver.file


def _apart_from_paths(waiver: Waiver) -> Waiver:
    return replace(waiver, paths=())
