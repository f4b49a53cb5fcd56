"""Composes the bundled recordings: one account state per mode, cut to what each endpoint's contract has.

Run it as `python tools/compose_recordings.py`. It rewrites cassettes/ from the account of the loopback exchange
(amounts, positions) and recordings.json (which endpoint and mode, of what origin). Every amount follows from the
state, so that the invariants hold; none was observed.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

from wireshape import catalog
from wireshape.catalog import Catalog
from wireshape.exchange.account import Account
from wireshape.model import Endpoint, Mode, Origin
from wireshape.sources import recording
from wireshape.sources.cassette import WS
from wireshape.sources.recording import Exchange

HERE = Path(__file__).parent
Json = dict[str, Any]
RATE_LIMIT = {"rateLimitType": "REQUEST_WEIGHT", "interval": "MINUTE", "intervalNum": 1, "limit": 2400, "count": 20}


def main(out: Path) -> None:
    """Write every recording of recordings.json below a folder."""
    plan = json.loads((HERE / "recordings.json").read_text("utf-8"))
    known = catalog.load()
    for row in plan["recordings"]:
        endpoint = known.get(row["endpoint"])
        mode = Mode.parse(row["mode"]) if "mode" in row else None
        folder = out.joinpath(*endpoint.id.split(".", 3))
        folder.mkdir(parents=True, exist_ok=True)
        name = f"{row.get('name', mode)}.{row['origin']['kind']}.yaml"
        answer = row["error"] if mode is None else compose(known, endpoint, mode, row)
        exchange = exchanged(endpoint, answer, plan["hosts"], row)
        origin = Origin(**{"recorded_at": plan["recorded_at"], **row["origin"]})
        recording.write(folder / name, [exchange], origin, mode, note=row.get("note"), error=mode is None)


def compose(known: Catalog, endpoint: Endpoint, mode: Mode, row: Json) -> Json:
    """Give the answer of one endpoint for the account state of a mode, with the fields the recording may have."""
    account = Account(
        flat=row.get("flat", False),
        symbols=row.get("symbols", 0),
        sides=tuple(row.get("sides", ["LONG", "SHORT"])),
        evidence=frozenset(row.get("evidence", ["documented"])),
    )
    payload = account.payload(known, endpoint, mode)
    if not endpoint.payload:
        return payload
    limits = {} if row.get("no-rate-limits") else {"rateLimits": [RATE_LIMIT]}
    return {"id": "8f9b2c1d", "status": 200, **limits, endpoint.payload: payload}


def exchanged(endpoint: Endpoint, answer: Any, hosts: Json, row: Json) -> Exchange:
    """Put an answer behind the request that would have asked for it, without key or signature."""
    url = hosts[endpoint.product][endpoint.transport] + endpoint.operation.path
    text = answer if isinstance(answer, str) else json.dumps(answer, ensure_ascii=False, separators=(",", ":"))
    if endpoint.payload:
        frame = {"id": "8f9b2c1d", "method": endpoint.operation.method, "params": {"timestamp": 1760000000999}}
        return Exchange(
            method=WS,
            url=url,
            body=json.dumps(frame).encode(),
            answer=text.encode(),
            status=101,
            reason="Switching Protocols",
        )
    asked = f"{url}?timestamp=1760000000999"
    return Exchange(method=endpoint.operation.method, url=asked, answer=text.encode(), **row.get("http", {}))


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else HERE.parent / "cassettes")
