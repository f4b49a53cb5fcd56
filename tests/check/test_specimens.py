"""What `check` finds in every specimen of an answer."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from specimens import alike, expected, modes, of_answers, report


@pytest.mark.parametrize(("file", "wanted"), expected("checks"))
def test_specimen(file: Path, wanted: dict[str, Any]) -> None:
    mode = ["--mode", wanted["mode"]] if "mode" in wanted else []
    code, found = report("check", file, "--endpoint", wanted["endpoint"], *mode)
    (checked,) = found["checked"]
    assert alike(of_answers(found["findings"])) == alike(wanted["findings"])
    assert (code, checked["verdict"], modes(checked)) == (wanted["exit"], wanted["verdict"], wanted["modes"])
