"""Times are made up: in the true order, equal where these are equal, and no trace of the day."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wireshape.catalog import endpoints
from wireshape.disguise import privacy
from wireshape.disguise.answers import Disguise
from wireshape.disguise.draws import Draws
from wireshape.disguise.privacy import Privacy
from wireshape.disguise.times import Times, month
from wireshape.errors import InputError

LEAN = endpoints.load().get("usdm.rest.v3.account")
DAY = 86_400_000
milliseconds = st.integers(1_500_000_000_000, 1_900_000_000_000)


def _times(*times: int) -> list[int]:
    rows = [{"asset": f"A{index}", "updateTime": time} for index, time in enumerate(times)]
    made = Disguise(b"seed", privacy=Privacy.ACCOUNT)(LEAN, json.dumps({"rows": rows}).encode())
    found = {row["asset"]: row["updateTime"] for row in json.loads(made)["rows"]}
    return list(found.values())


@given(st.lists(st.lists(milliseconds, min_size=1, max_size=6), min_size=1, max_size=4))
def test_order_and_equality_stay_over_one_run(answers: list[list[int]]) -> None:
    times = Times(Draws(b"seed"))
    made: dict[int, int] = {}
    for answer in answers:
        times.meet(map(str, answer))
        for true in answer:
            assert made.setdefault(true, int(times.get(str(true)) or 0)) == int(times.get(str(true)) or 0)
    ordered = sorted(made)
    assert [made[true] for true in ordered] == sorted(set(made.values()))
    assert all(1_600_000_000_000 <= each < 1_760_000_000_000 for each in made.values())


@given(milliseconds, milliseconds)
def test_what_is_made_up_depends_on_the_order_alone(one: int, other: int) -> None:
    made = {true: Times(Draws(b"seed")).get(str(true)) for true in (one, other)}
    assert made[one] == made[other]


@pytest.mark.parametrize(
    ("text", "low", "high"),
    [
        ("1760000000", 1_600_000_000, 1_760_000_000),
        ("1400000000123", 10**12, 1_500_000_000_000),
        ("1760000000123456", 1_600_000_000 * 10**6, 1_760_000_000 * 10**6),
        ("1760000000123456789", 1_600_000_000 * 10**9, 1_760_000_000 * 10**9),
    ],
)
def test_a_time_keeps_its_unit(text: str, low: int, high: int) -> None:
    assert low <= int(Times(Draws(b"seed")).get(text) or 0) < high


@pytest.mark.parametrize("text", ["0", "-1760000000123", "17600000001", "", "1760000000.123", "now"])
def test_what_is_no_time_has_none(text: str) -> None:
    assert Times(Draws(b"seed")).get(text) is None


def test_times_without_room_are_refused() -> None:
    times = Times(Draws(b"seed"))

    def halve(low: int, high: int) -> tuple[int, int]:
        """Go to where less room is left."""
        middle = (low + high) // 2
        left, made, right = (int(times.get(str(each)) or 0) for each in (low, middle, high))
        return (low, middle) if made - left < right - made else (middle, high)

    def narrow(low: int, high: int) -> None:
        while high - low > 1:
            low, high = halve(low, high)

    with pytest.raises(InputError, match="no other times"):
        narrow(1_500_000_000_000, 9_999_999_999_999)


def test_the_day_of_a_recording_is_told_to_the_month() -> None:
    assert month("2026-11-20T00:00:00Z") == "2026-11-01T00:00:00Z"
    assert privacy.statement(Privacy.ACCOUNT).recorded_at("2026-11-20T00:00:00Z") == "2026-11-01T00:00:00Z"
    assert privacy.statement(Privacy.BALANCES).recorded_at("2026-11-20T00:00:00Z") == "2026-11-20T00:00:00Z"


def test_made_up_times_lie_before_any_recording() -> None:
    now = int(datetime.now(UTC).timestamp() * 1000)
    assert max(_times(now, now - DAY, now - 400 * DAY)) < now - DAY
    assert _times(0, 0) == [0, 0]
