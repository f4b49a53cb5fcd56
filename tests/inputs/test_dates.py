"""The day of a recording is read from whatever stands there, or it is unknown."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone
from email.utils import format_datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wireshape.inputs import dates

_PARTS = st.text("0123456789-:+.,TZ GMTJanWed,()[]", max_size=40)
_MOMENTS = st.datetimes(min_value=datetime(1971, 1, 1), max_value=datetime(2199, 1, 1))  # noqa: DTZ001 - of UTC below


@given(_MOMENTS)
def test_iso_and_http_say_the_same_day(moment: datetime) -> None:
    of_utc = moment.replace(microsecond=0, tzinfo=UTC)
    assert dates.day(of_utc.isoformat()) == dates.day(format_datetime(of_utc, usegmt=True)) == of_utc.date()


@given(st.text(max_size=60) | _PARTS)
def test_whatever_stands_there_no_reader_fails(text: str) -> None:
    assert dates.day(text) is None or isinstance(dates.day(text), date)
    assert dates.named(text) is None or isinstance(dates.named(text), date)


@pytest.mark.parametrize("written", [None, 5, True, [], {}, [["x"]], {"a": 1}])
def test_what_is_no_time_is_no_day(written: Any) -> None:
    assert dates.day(written) is None
    assert dates.iso(written) is None


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2021-10-14T23:30:00-02:00", date(2021, 10, 15)),
        ("2021-10-14T23:30:00", date(2021, 10, 14)),
        ("2021-10-14", date(2021, 10, 14)),
        ("Thu, 14 Oct 2021 23:30:00 -0200", date(2021, 10, 15)),
        (date(2021, 10, 14), date(2021, 10, 14)),
        (datetime(2021, 10, 14, 23, 30, tzinfo=timezone(-timedelta(hours=2))), date(2021, 10, 15)),
        (1634254200, date(2021, 10, 14)),
        (1634254200.5, date(2021, 10, 14)),
        ("1634254200000", date(2021, 10, 14)),
        ("2021-10-14 23:30:00,250", date(2021, 10, 14)),
        ("yesterday", None),
        ("", None),
        (None, None),
    ],
)
def test_a_day_is_that_of_utc(text: Any, day: date | None) -> None:
    assert dates.day(text) == day
    assert (dates.iso(text) or "").startswith(day.isoformat() if day else "")
