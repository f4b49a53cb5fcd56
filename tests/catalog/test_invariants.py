"""What the invariants rest on: every one holds somewhere in the repository, and those without doubt on real answers."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from casebook import SHARED, interaction, recordings
from held_on import Answer, Count, answer, counts
from specimens import about, notes
from wireshape.catalog import contradictions, endpoints, invariants
from wireshape.jsontext import parser
from wireshape.model import Mode

KNOWN = endpoints.load()
MULTI = Mode.parse("multi-assets.one-way")
INVARIANTS = invariants.load(KNOWN.schemas)
# What a page shows that the wire does not send, and answers that are no account's.
_NOT_OF_THE_WIRE = {"rest-v2.client"}


def _recorded() -> list[Answer]:
    items = [interaction(recording) for recording in recordings()]
    return [
        answer(KNOWN, item.endpoint.id, str(item.mode), parser.parse(item.body).value) for item in items if item.mode
    ]


def _noted(note: Path) -> Answer | None:
    """Give an answer as its note has it, None where it is no success or its mode is not known."""
    check, *_ = json.loads(note.read_text("utf-8")).get("checks", [None])
    file = about(note)
    if check is None or check["verdict"] == "breaking" or len(check["modes"]) != 1 or file.suffix != ".json":
        return None
    value = json.loads(file.read_text("utf-8"))
    held = isinstance(value, dict) and "error" not in value
    return answer(KNOWN, check["endpoint"], check["modes"][0], value) if held else None


def _all_noted(*, shared: bool) -> list[Answer]:
    chosen = [
        note for note in notes() if (SHARED in about(note).parents) is shared and _name(note) not in _NOT_OF_THE_WIRE
    ]
    return [found for note in chosen if about(note).exists() and (found := _noted(note))]


def _name(note: Path) -> str:
    return note.name.removesuffix(".note.json")


@pytest.fixture(scope="module")
def in_repository() -> dict[str, Count]:
    return counts(KNOWN, [*_recorded(), *_all_noted(shared=False)])


@pytest.mark.parametrize(
    "invariant", [each for each in INVARIANTS if each.kind != "not-after"], ids=lambda each: each.id
)
def test_an_invariant_says_something_of_an_answer_of_the_repository(
    invariant: invariants.Invariant, in_repository: dict[str, Count]
) -> None:
    assert in_repository[invariant.id].places


def test_an_invariant_without_doubt_held_on_real_answers() -> None:
    assert [each.id for each in INVARIANTS if not each.doubt and not each.held_on.bodies] == []


@pytest.mark.skipif(not SHARED.is_dir(), reason="needs ../shared, other people's data that is not committed")
def test_no_count_is_above_what_was_counted() -> None:
    found = counts(KNOWN, _all_noted(shared=True))
    assert any(count.bodies for count in found.values())
    for each in INVARIANTS:
        assert found[each.id].bodies <= each.held_on.bodies
        assert found[each.id].places <= each.held_on.places
        assert each.doubt or not found[each.id].broken


@pytest.mark.parametrize(
    ("total", "field"), [("totalMaintMargin", "maintMargin"), ("availableBalance", "availableBalance")]
)
def test_no_rate_is_taken_of_an_amount_beyond_reason(total: str, field: str) -> None:
    specimen = next(about(note) for note in notes() if _name(note) == "multi-assets.one-asset")
    payload = json.loads(specimen.read_text("utf-8"))
    payload[total], payload["assets"][-1][field] = "0.00000000", "1E-999999"
    found = contradictions.find(KNOWN.schemas, KNOWN.get("usdm.rest.v3.account"), MULTI, payload)
    assert "totals-margin-rate" not in {each.invariant.id for each in found}
