"""How old a recording is, by day in UTC."""

from __future__ import annotations

from datetime import date

from wireshape.inputs import dates
from wireshape.model import Origin

STALE = "recording-stale"


def stale(origin: Origin | None, max_age: int, now: date) -> str | None:
    """Say why a recording is older than max_age days, None where it is not.

    A recording that claims to be observed has to say when; one without an origin claims nothing.
    """
    if origin is None:
        return None
    made = dates.day(origin.recorded_at)
    if made is None:
        said = "does not say when it was made" if origin.recorded_at is None else "has no date that can be read"
        return f"the recording {said}" if origin.observed else None
    age = (now - made).days
    return f"the recording is {age} day{'s' if age != 1 else ''} old" if age > max_age else None
