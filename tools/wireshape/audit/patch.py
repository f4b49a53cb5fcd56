"""A patch of audited pages: what is mechanical in their examples mended in their own source, as a unified diff."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from html import unescape
from itertools import groupby
from pathlib import Path

from wireshape.audit import mending, unified_diff
from wireshape.audit.mending import Mended
from wireshape.findings import redaction, rules
from wireshape.pages import exemptions, page_bytes
from wireshape.pages.exemptions import Exemption
from wireshape.pages.sections import Page

_TAG = re.compile(r"<[^<>]*>")
_BOM = "\ufeff"
_MAX_PLACES = 5
"""Lines that are named of those where nothing is mended for one reason."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Patch:
    """A unified diff, the folder that its names are relative to, and what is to be said of it, line by line."""

    diff: bytes
    folder: Path
    remarks: tuple[str, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class _Patched:
    """A page with what came of mending it; place is its file, None for standard input."""

    page: Page
    place: Path | None
    mended: Mended


def of_pages(
    pages: Iterable[Page],
    files: Mapping[str, Path | None],
    program_languages: Collection[str],
    without_secrets: Callable[[str], str],
) -> Patch:
    """Mend pages as far as that is mechanical; files are those of the pages by their names."""

    def is_secret(text: str) -> bool:
        return _shows_secret(text, without_secrets)

    patched: dict[Path | str, _Patched] = {}
    for page in pages:
        file = files.get(page.name)
        place = Path(os.path.realpath(file)) if file else None
        if (place or page.name) not in patched and any(_has_defect(page)):
            mended = mending.mend(page_bytes.written(page.raw), program_languages, is_secret, _accepted(page))
            patched[place or page.name] = _Patched(page=page, place=place, mended=mended)
    folder = _folder([each.place for each in patched.values() if each.place])
    diff = b"".join(_diff(each, folder, is_secret) for each in patched.values())
    return Patch(diff=diff, folder=folder, remarks=tuple(_remarks(patched.values(), folder)))


def _has_defect(page: Page) -> Iterator[bool]:
    return (bool(each.example.defects) for section in page.sections for each in section.examples)


def _accepted(page: Page) -> dict[int, list[Exemption]]:
    """Give the marks of a page by where the block begins that each exempts."""
    found: dict[int, list[Exemption]] = {}
    starts = [each.example.start for section in page.sections for each in section.examples]
    starts = sorted([*starts, *(block.start for block in page.unread)])
    for mark in exemptions.read(page, rules.load()):
        behind = next((start for start in starts if page.source_offset(start) > mark.offset), None)
        if isinstance(mark, Exemption) and behind is not None:
            found.setdefault(behind, []).append(mark)
    return found


def _shows_secret(text: str, without_secrets: Callable[[str], str]) -> bool:
    """Tell whether a text has what no output shows, as it is written or as HTML shows it."""
    shown = unescape(_TAG.sub("", text))
    return any(redaction.mask(each) != each or without_secrets(each) != each for each in (text, shown))


def _folder(places: Collection[Path]) -> Path:
    """Give the folder of this call where all files are in it, else the deepest that has all of them."""
    here = Path(os.path.realpath(os.curdir))
    if all(place.is_relative_to(here) for place in places):
        return here
    return Path(os.path.commonpath([place.parent for place in places]))


def _diff(patched: _Patched, folder: Path, is_secret: Callable[[str], bool]) -> bytes:
    if patched.place is None:
        return b""
    mark = _BOM if patched.page.raw.startswith(_BOM.encode()) else ""
    rows = unified_diff.rows(patched.mended.before, patched.mended.after, mark)
    name = os.fsencode(patched.place.relative_to(folder).as_posix())
    return unified_diff.of_file(name, rows, lambda lines: not is_secret(lines.decode("utf-8", "surrogatepass")))


def _remarks(patched: Collection[_Patched], folder: Path) -> Iterator[str]:
    """Yield what is left and why, what cannot be in a patch, and where to apply it if that is not here."""
    named = [each for each in patched if each.place]
    if any(each.place is None for each in patched):
        yield "--patch: standard input is no file, so nothing of it is in the patch"
    defects = sum(each.mended.defects for each in named)
    left = [(each.page.name, left) for each in named for left in each.mended.left]
    if defects:
        yield f"--patch: {defects - len(left)} of {defects} defects mended"
    for reason, group in groupby(sorted(left, key=lambda each: each[1].reason), key=lambda each: each[1].reason):
        places = [f"{redaction.name(name)}:{each.line}" for name, each in group]
        lines = list(dict.fromkeys(places))
        more = f" and {len(lines) - _MAX_PLACES} more lines" if len(lines) > _MAX_PLACES else ""
        yield f"--patch: {len(places)} of {defects} not mended: {reason}: {', '.join(lines[:_MAX_PLACES])}{more}"
    if any(each.mended.before != each.mended.after for each in named) and not Path.cwd().samefile(folder):
        yield f"--patch: apply it in {redaction.name(str(folder))}"
