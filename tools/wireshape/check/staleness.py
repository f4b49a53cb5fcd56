"""How old a recording is, by day in UTC."""

from __future__ import annotations

from datetime import UTC, date, datetime

from wireshape.model import Origin

STALE = "recording-stale"


def today() -> date:
    """Give the day in UTC."""
    return datetime.now(UTC).date()


def stale(origin: Origin | None, max_age: int, now: date) -> str | None:
    """Say why a recording is older than max_age days, None where it is not.

    A recording that claims to be observed has to say when; one without an origin claims nothing.
    """
    if origin is None:
        return None
    day = _day(origin.recorded_at)
    if day is None:
        said = "does not say when it was made" if origin.recorded_at is None else "has no date that can be read"
        return f"the recording {said}" if origin.observed else None
    age = (now - day).days
    return f"the recording is {age} day{'s' if age != 1 else ''} old" if age > max_age else None


def _day(text: str | None) -> date | None:
    """Read an ISO 8601 date or time; one without an offset is UTC."""
    try:
        moment = datetime.fromisoformat(text or "")
        return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(UTC).date()
    except (ValueError, OverflowError):
        return None
