"""How specimens of answers differ from contracts: each undocumented field is found once, and nothing is made up."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from specimens import alike, expected, of_answers, report


@pytest.mark.parametrize(("file", "wanted"), expected("diffs"))
def test_specimen(file: Path, wanted: dict[str, Any]) -> None:
    endpoint = wanted["contract"].partition("/")[0]
    code, found = report("diff", f"contract:{wanted['contract']}", file, "--endpoint", endpoint)
    assert alike(of_answers(found["findings"])) == alike(wanted["findings"])
    assert code == wanted["exit"]
