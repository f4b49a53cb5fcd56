"""Reads when an answer was recorded, as recorders and servers write it."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

from wireshape.model import Interaction, Item

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


def day(text: str | None) -> date | None:
    """Read an ISO 8601 date or time, or the time of an HTTP header, as a day in UTC; one without an offset is UTC."""
    for parse in (datetime.fromisoformat, _of_header):
        try:
            moment = parse(text or "")
            return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(UTC).date()
        except (ValueError, TypeError, IndexError, OverflowError):
            continue
    return None


def _of_header(text: str) -> datetime:
    from email.utils import parsedate_to_datetime  # takes longer to import than most answers to check

    return parsedate_to_datetime(text)


def of(written: Any) -> date | None:
    """Read the day of whatever a recording holds; what stands for many values by aliases is never written out."""
    return day(str(written)) if isinstance(written, str | datetime | date) else None


def dated(item: Item, day: date | None) -> Item:
    """Give an interaction the day of its recording; whatever else an item is, it stays."""
    return replace(item, recorded_on=day) if isinstance(item, Interaction) else item
