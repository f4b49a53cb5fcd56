"""Writes recovered examples as clean JSON: one file for each, and an index of what was repaired in them."""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from wireshape import atomic_write, bounded_read
from wireshape.errors import InputError, OutputError
from wireshape.findings import redaction, rules
from wireshape.jsontext import paths
from wireshape.lenientjson.defects import Defect
from wireshape.pages.json_text import to_json
from wireshape.pages.sections import Page, PageExample, Section

INDEX = "mended.json"
_MAX_INDEX_BYTES = 16_000_000
_NOT_IN_FILE_NAMES = re.compile(r"[^\w.-]+")


@dataclass(frozen=True, kw_only=True, slots=True)
class RecoveredExample:
    """One example of an answer; name is its endpoint or operation, mode that of its heading or of its values."""

    page: Page
    section: Section
    page_example: PageExample
    name: str
    mode: str | None


def write(folder: Path, recovered: Iterable[RecoveredExample], inputs: Collection[Path] = ()) -> int:
    """Write one file for each example and the index, and give how many; OutputError where that fails.

    UsageError where one of them would take the place of an input.
    """
    index = []
    names = {INDEX}
    try:
        folder.mkdir(parents=True, exist_ok=True)
        atomic_write.require_apart(folder / INDEX, inputs)
        _remove_earlier(folder, inputs)
        for each in recovered:
            file = _unused_name(each, names)
            names.add(file)
            atomic_write.require_apart(folder / file, inputs)
            atomic_write.write(folder / file, f"{to_json(each.page_example.example.value)}\n".encode())
            index.append(_index_entry(each, file))
        content = json.dumps({"version": 1, "examples": index}, indent=2, ensure_ascii=False)
        atomic_write.write(folder / INDEX, f"{content}\n".encode())
    except OSError as error:
        raise OutputError(f"cannot write {folder}: {error.strerror}") from None
    return len(index)


def _remove_earlier(folder: Path, inputs: Collection[Path]) -> None:
    """Remove what an earlier run wrote, by its index: an example that is gone must not look like one of now."""
    try:
        listed = json.loads(bounded_read.read(folder / INDEX, _MAX_INDEX_BYTES))["examples"]
        names = [example["file"] for example in listed]
    except (InputError, ValueError, TypeError, LookupError, RecursionError):
        return
    for name in names:
        if isinstance(name, str) and Path(name).name == name:
            atomic_write.require_apart(folder / name, inputs)
            (folder / name).unlink(missing_ok=True)


def _unused_name(each: RecoveredExample, names: set[str]) -> str:
    parts = (each.name, each.section.language, each.mode)
    stem = _NOT_IN_FILE_NAMES.sub("-", ".".join(part for part in parts if part)).strip("-.")
    name, number = f"{stem}.json", 1
    while name in names:
        number += 1
        name = f"{stem}.{number}.json"
    return name


def _index_entry(each: RecoveredExample, file: str) -> dict[str, Any]:
    example = each.page_example.example
    position = each.page.position(example.start)
    return {
        "file": file,
        "page": redaction.name(each.page.name),
        "endpoint": each.name,
        "edition": each.section.language,
        "mode": each.mode,
        "line": position.line,
        "column": position.column,
        "mended": [_repair(defect, each.page) for defect in example.defects],
    }


def _repair(defect: Defect, page: Page) -> dict[str, Any]:
    position = page.source.position(page.defect_offset(defect))
    return {
        "rule": defect.rule,
        "path": redaction.text(paths.sample(defect.path)),
        "line": position.line,
        "column": position.column,
        "what": redaction.text(defect.detail or rules.get(defect.rule).message),
    }
