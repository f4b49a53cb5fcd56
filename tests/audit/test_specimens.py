"""What `audit` finds in every specimen of a page: alone, beside another language, and against an older capture."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from specimens import alike, expected, modes, report


def _found(finding: dict[str, Any]) -> dict[str, Any]:
    named = {name: finding[name] for name in ("rule", "edition", "mode", "count")}
    return {**named, "path": finding["sample"], "line": finding["location"]["line"]}


@pytest.mark.parametrize(("file", "wanted"), expected("audits"))
def test_specimen(file: Path, wanted: dict[str, Any]) -> None:
    others = [file.with_name(name) for name in wanted.get("with", ())]
    base: list[str | Path] = ["--base", file.with_name(wanted["base"])] if "base" in wanted else []
    code, whole = report("audit", file, *others, *base)
    found = [_found(finding) for finding in whole["findings"]]
    if "exit" in wanted:
        examples = [each for each in whole["checked"] if each["answer"] == "example"]
        named = [{name: each[name] for name in ("endpoint", "edition", "line")} for each in examples]
        shown = [{**each, "modes": modes(full)} for each, full in zip(named, examples, strict=True)]
        assert (code, shown) == (wanted["exit"], wanted["examples"])
    else:
        found = [each for each in found if each["rule"].startswith("page-" if base else "edition-")]
    assert alike(found) == alike(wanted["findings"])
