"""What must hold between the values of one answer: the rows of schemas/invariants.json."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Any

from wireshape.catalog import data_files, endpoints
from wireshape.catalog.data_files import DataDefect
from wireshape.errors import nearest

Row = dict[str, Any]

_FILE = "invariants.json"


class InvariantKind(StrEnum):
    """What has to hold between the fields that an invariant names."""

    SUM = "sum"
    AT_MOST = "at-most"
    UNIQUE = "unique"
    TOTALS = "totals"
    EMPTY_TOGETHER = "empty-together"
    REMAINDER = "remainder"
    EQUALS = "equals"
    SAME_SIGN = "same-sign"
    POSITIVE_WHEN = "positive-when"
    NOT_EMPTY = "not-empty"


@dataclass(frozen=True, kw_only=True, slots=True)
class Invariant:
    """One row; `when` names the margin mode, position mode or membership of positions it is limited to.

    `fields` names the fields it is about, under the keys that schemas/invariants.schema.json has for its kind.
    """

    id: str
    statement: str
    kind: InvariantKind
    when: Mapping[str, str]
    fields: Mapping[str, Any]


@cache
def load(schemas: Path) -> tuple[Invariant, ...]:
    """Read the invariants of a schema folder; ContractError says where they are wrong."""
    rows = data_files.read(schemas, _FILE)["invariants"]
    data_files.refuse_file(schemas, _FILE, _defects(schemas, rows))
    return tuple(map(_invariant, rows))


def _invariant(row: Row) -> Invariant:
    known = {"id", "statement", "kind", "when"}
    return Invariant(
        id=row["id"],
        statement=row["statement"],
        kind=InvariantKind(row["kind"]),
        when=row.get("when", {}),
        fields={key: value for key, value in row.items() if key not in known},
    )


def _defects(schemas: Path, rows: list[Row]) -> Iterator[DataDefect]:
    """Yield what no schema can say: ids that come twice, modes that no endpoint has, patterns that are none."""
    known: dict[str, set[str]] = {"margin": set(), "position": set(), "positions": set()}
    for endpoint in endpoints.load(schemas).endpoints:
        known["positions"].add(endpoint.positions)
        known["position"].update(mode.position for mode in endpoint.modes)
        known["margin"].update(mode.margin for mode in endpoint.modes if mode.margin)
    ids = [row["id"] for row in rows]
    for number, row in enumerate(rows):
        at = ("invariants", number)
        if row["id"] in ids[:number]:
            yield DataDefect(path=(*at, "id"), reason=f"a second invariant {row['id']!r}")
        for name, wanted in row.get("when", {}).items():
            if wanted not in known[name]:
                reason = f"no endpoint has {wanted!r}{nearest(wanted, known[name])}"
                yield DataDefect(path=(*at, "when", name), reason=reason)
        for name, pattern in row.get("parts-where", {}).items():
            try:
                re.compile(pattern)
            except re.error as error:
                yield DataDefect(path=(*at, "parts-where", name), reason=f"no regular expression: {error}")
