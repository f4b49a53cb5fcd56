"""Changes to a ledger of waivers: accept findings of a report, remove stale paths, write the file."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, replace
from pathlib import Path

import orjson

from wireshape import atomic_write
from wireshape.errors import UsageError, nearest
from wireshape.findings import rules, waivers
from wireshape.findings.report import Report
from wireshape.findings.waivers import ANY, Ledger, WaivedPath, WaivedValue, Waiver

VERSION = 1


def accept(file: Path, waiver: Waiver, report: Report) -> int:
    """Add or renew a waiver of one path, and give the number of findings it waives; UsageError where there are none."""
    _require_sense(waiver)
    (path,) = waiver.paths
    count = sum(1 for finding in report.findings if waiver.matches(finding, path))
    if not count:
        raise UsageError(_nothing(waiver, path, report))
    ledger = waivers.load(file)
    save(file, _with(ledger.waivers, waiver), ledger.values)
    return count


def prune(file: Path, ledger: Ledger, stale: Sequence[WaivedPath]) -> None:
    """Write a ledger without paths of it, and without entries that have no other."""
    gone = {each.place for each in stale}
    kept: dict[int, list[str]] = {}
    for each in ledger.paths():
        if each.place not in gone:
            kept.setdefault(int(each.place[1]), []).append(each.path)
    save(file, [replace(ledger.waivers[number], paths=tuple(paths)) for number, paths in kept.items()], ledger.values)


def save(file: Path, entries: Sequence[Waiver], values: Sequence[WaivedValue] = ()) -> None:
    """Write a ledger that `load` will read, in one step; UsageError where it would not."""
    rows, of_scans = [asdict(entry) for entry in entries], [asdict(value) for value in values]
    document = {"$schema": waivers.SCHEMA.name, "version": VERSION, "waivers": rows}
    document |= {"values": of_scans} if of_scans else {}
    text = orjson.dumps(document, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE)
    waivers.parse(text, file.name)
    atomic_write.write(file, text)


def _require_sense(waiver: Waiver) -> None:
    """Raise UsageError where the words of a call make no waiver."""
    rules.find(waiver.rule)
    texts = {"BASE": waiver.base, "CURRENT": waiver.current, "PATH": waiver.paths[0], "--mode": waiver.mode}
    texts |= {"--reason": waiver.reason, "--citation": waiver.citation, "--owner": waiver.owner}
    for name, text in texts.items():
        if not text:
            raise UsageError(f"`{name}` is empty")
        try:
            text.encode()
        except UnicodeEncodeError:
            raise UsageError(f"`{name}` is no valid Unicode text") from None
    if waiver.expires is not None and not waivers.is_date(waiver.expires):
        raise UsageError(f"`--expires {waiver.expires}` is no date; write YYYY-MM-DD")
    if waiver.expired(waivers.today()):
        raise UsageError(f"`--expires {waiver.expires}` is in the past")


def _nothing(waiver: Waiver, path: str, report: Report) -> str:
    found = report.findings
    path_hint = _hint(path, [finding.path for finding in found if finding.rule == waiver.rule])
    base_hint = _hint(waiver.base, [str(finding.base) for finding in found])
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


def _place(waiver: Waiver) -> tuple[str, ...]:
    return waiver.rule, waiver.base, waiver.current, waiver.mode


def _apart_from_paths(waiver: Waiver) -> Waiver:
    return replace(waiver, paths=())
