"""Recovered examples as clean JSON, and as files with a list of what was mended in each."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

from wireshape.errors import UsageError
from wireshape.findings import redaction, rules
from wireshape.jsontext import paths
from wireshape.pages.sections import Page, PageExample, Section

INDEX = "mended.json"
_UNSAFE = re.compile(r"[^\w.-]+")


def clean(value: Any, indent: int = 0) -> str:
    """Write a recovered value as JSON: numbers as exact as they were read, secrets masked."""
    if isinstance(value, Decimal):
        return str(value)
    if not isinstance(value, dict | list):
        return json.dumps(redaction.mask(value) if isinstance(value, str) else value, ensure_ascii=False)
    opening, closing = ("{", "}") if isinstance(value, dict) else ("[", "]")
    if not value:
        return opening + closing
    inner = "\n" + " " * (indent + 2)
    items = [clean(item, indent + 2) for item in value] if isinstance(value, list) else _members(value, indent)
    return f"{opening}{inner}{f',{inner}'.join(items)}\n{' ' * indent}{closing}"


def _members(value: dict[str, Any], indent: int) -> Iterable[str]:
    for key, item in value.items():
        shown = redaction.MASK if isinstance(item, str) and redaction.is_secret_field(key) else item
        yield f"{json.dumps(redaction.mask(key), ensure_ascii=False)}: {clean(shown, indent + 2)}"


@dataclass(frozen=True, kw_only=True, slots=True)
class Recovered:
    """One example with what it is called: mode is that of its heading or the one its values tell."""

    page: Page
    section: Section
    shown: PageExample
    name: str
    mode: str | None


def write(folder: Path, recovered: Iterable[Recovered]) -> int:
    """Write one file per example of an answer and an index of what was mended; UsageError where that fails."""
    index = []
    taken: set[str] = {INDEX}
    try:
        folder.mkdir(parents=True, exist_ok=True)
        _clear(folder)
        for each in recovered:
            file = _free(each, taken)
            _put(folder / file, clean(each.shown.example.value) + "\n")
            index.append(_entry(each, file))
        _put(folder / INDEX, json.dumps({"version": 1, "examples": index}, indent=2, ensure_ascii=False) + "\n")
    except OSError as error:
        raise UsageError(f"cannot write {folder}: {error.strerror}") from error
    return len(index)


def _clear(folder: Path) -> None:
    """Remove what an earlier run wrote, as its index says: an example that is gone must not look like one of now."""
    try:
        listed = json.loads((folder / INDEX).read_text("utf-8"))["examples"]
        names = [example["file"] for example in listed]
    except (OSError, ValueError, TypeError, KeyError):
        return
    for name in names:
        if isinstance(name, str) and Path(name).name == name:
            (folder / name).unlink(missing_ok=True)


def _free(each: Recovered, taken: set[str]) -> str:
    parts = (each.name, each.section.language, each.mode)
    stem = _UNSAFE.sub("-", ".".join(part for part in parts if part)).strip("-.")
    file, number = f"{stem}.json", 1
    while file in taken:
        number += 1
        file = f"{stem}.{number}.json"
    taken.add(file)
    return file


def _put(file: Path, text: str) -> None:
    """Write a file as a whole or not at all."""
    part = file.with_name(f".{file.name}.part")
    part.write_text(text, "utf-8")
    part.replace(file)


def _entry(each: Recovered, file: str) -> dict[str, Any]:
    line, column = each.page.position(each.shown.example.start)
    mended = []
    for defect in each.shown.example.defects:
        where = each.page.source.position(each.page.defect_offset(defect))
        path = redaction.text(paths.sample(defect.path))
        mended.append(
            {
                "rule": defect.rule,
                "path": path,
                "line": where[0],
                "column": where[1],
                "what": redaction.text(defect.detail or rules.get(defect.rule).message),
            }
        )
    return {
        "file": file,
        "page": redaction.name(each.page.name),
        "endpoint": each.name,
        "edition": each.section.language,
        "mode": each.mode,
        "line": line,
        "column": column,
        "mended": mended,
    }
