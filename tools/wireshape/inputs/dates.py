"""Reads when an answer was recorded, as recorders and servers write it."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

from wireshape.model import Interaction, Item

_DIGITS = re.compile(r"[0-9]{9,19}(?:\.[0-9]{1,9})?")
# Seconds of a day in the year 5138: what is above counts milliseconds, microseconds or nanoseconds.
_LAST_SECOND = 100_000_000_000
_THOUSAND = 1000
_NAMED = r"(20[0-9]{2})(?:-([0-9]{2})(?:-([0-9]{2}))?)?"


def today() -> date:
    """Give the day in UTC."""
    return datetime.now(UTC).date()


def named(text: str) -> date | None:
    """Read a day as people write it, `2022-03-31`, or the first of a month or year, `2022-03` or `2022`."""
    found = re.fullmatch(_NAMED, text)
    try:
        return date(int(found[1]), int(found[2] or 1), int(found[3] or 1)) if found else None
    except ValueError:
        return None


def moment(written: Any) -> datetime | None:
    """Read a time as recorders and servers write it: ISO 8601, that of an HTTP header, or a count since 1970.

    It is in UTC, and one without an offset is taken for UTC. What stands for many values by aliases is none.
    """
    if isinstance(written, bool) or not isinstance(written, str | int | float | date):
        return None
    text = str(written).strip()
    for parse in (_of_count, _of_iso, _of_header):
        try:
            found = parse(text)
            return (found if found.tzinfo else found.replace(tzinfo=UTC)).astimezone(UTC)
        except (ValueError, TypeError, IndexError, OverflowError, OSError):
            continue
    return None


def day(written: Any) -> date | None:
    """Read the day in UTC of whatever a recording holds."""
    found = moment(written)
    return found.date() if found else None


def iso(written: Any) -> str | None:
    """Write a time as ISO 8601 has it, in UTC and whole seconds; None where it is none."""
    found = moment(written)
    return found.replace(tzinfo=None).isoformat(timespec="seconds") + "Z" if found else None


def _of_count(text: str) -> datetime:
    if not _DIGITS.fullmatch(text):
        raise ValueError
    seconds = float(text)
    while seconds > _LAST_SECOND:
        seconds /= _THOUSAND
    return datetime.fromtimestamp(seconds, UTC)


def _of_iso(text: str) -> datetime:
    return datetime.fromisoformat(text.replace(",", "."))


def _of_header(text: str) -> datetime:
    from email.utils import parsedate_to_datetime  # takes longer to import than most answers to check

    return parsedate_to_datetime(text)


def dated(item: Item, day: date | None) -> Item:
    """Give an interaction the day of its recording; whatever else an item is, it stays."""
    return replace(item, recorded_on=day) if isinstance(item, Interaction) else item
