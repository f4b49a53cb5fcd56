"""What `check` finds in every specimen of an answer."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from specimens import alike, expected, modes, notes, of_answers, report


@pytest.mark.parametrize(("file", "wanted"), expected("checks"))
def test_specimen(file: Path, wanted: dict[str, Any]) -> None:
    mode = ["--mode", wanted["mode"]] if "mode" in wanted else []
    day = ["--as-of", wanted["as_of"]] if "as_of" in wanted else []
    code, found = report("check", file, "--endpoint", wanted["endpoint"], *mode, *day)
    (checked,) = found["checked"]
    assert alike(of_answers(found["findings"])) == alike(wanted["findings"])
    assert (code, checked["verdict"], modes(checked)) == (wanted["exit"], wanted["verdict"], wanted["modes"])


def test_older_answers_are_broken_today_and_clean_as_of_their_day() -> None:
    for note in (each for each in notes() if each.parent.name == "history"):
        checks = json.loads(note.read_text("utf-8"))["checks"]
        of_the_day = [each for each in checks if "as_of" in each]
        assert of_the_day, note
        assert {each["verdict"] for each in checks if each not in of_the_day} == {"breaking"}, note
        # One of them is kept as a client quotes its numbers: its types are wrong whatever the day.
        rules = {finding["rule"] for each in of_the_day for finding in each["findings"]}
        known = {"field-undocumented-known", "invariant-doubtful"}
        assert rules <= {*known, *({"type-mismatch"} if "quoted" in note.name else ())}, note
