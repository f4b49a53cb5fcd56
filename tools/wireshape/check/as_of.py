"""As of which day an answer is judged: that of its recording, else that of the call, else today."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from wireshape.catalog import eras
from wireshape.catalog.endpoints import Catalog
from wireshape.findings.report import DateSource
from wireshape.inputs import dates
from wireshape.model import Interaction

# Recorders write a zero time where they know none, and the exchange had no futures accounts before.
_EARLIEST = date(2019, 1, 1)
_MADE = {"documentation", "loopback"}


@dataclass(frozen=True, kw_only=True, slots=True)
class AsOf:
    """The day an answer is judged as of, where that comes from, and the day that recording or call state, if any.

    `wire` tells whether the answer may be the exchange's own: of what was made up, the history says nothing.
    `recorded` is the day of the recording alone.
    """

    day: date
    source: DateSource
    stated: date | None
    wire: bool
    recorded: date | None

    @property
    def shows(self) -> bool:
        """Whether the answer shows what there was on the day that is stated."""
        return self.stated is not None and self.wire

    @property
    def outside(self) -> bool:
        """Whether the day that is stated is none on which the endpoint answered."""
        return self.shows and self.stated != self.day


def of(item: Interaction, catalog: Catalog, option: date | None, today: date) -> AsOf:
    """Give the day as of which an answer is judged: of days outside its endpoint's life the nearest inside."""
    said = item.recorded_on or (dates.day(item.origin.recorded_at) if item.origin else None)
    recorded = said if said and said >= _EARLIEST else None
    if recorded:
        stated, source = recorded, DateSource.RECORDING
    elif option:
        stated, source = option, DateSource.OPTION
    else:
        stated, source = None, DateSource.TODAY
    day = eras.living(catalog, item.endpoint, stated or today)
    return AsOf(
        day=day,
        source=source if day == (stated or today) else DateSource.LIFE,
        stated=stated,
        wire=item.origin is None or item.origin.kind not in _MADE,
        recorded=recorded,
    )
