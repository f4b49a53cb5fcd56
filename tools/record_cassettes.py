"""Records the bundled cassettes anew: `python tools/record_cassettes.py`.

Every answer is asked of a loopback exchange by the live client, and kept as `wireshape record` keeps one; the account
states are made up, so their amounts are too. Error answers are composed as documented or reported. recordings.json says
which endpoint, which mode and what of the account.
"""

from __future__ import annotations

import json
import sys
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from wireshape import exchange
from wireshape.catalog import endpoints
from wireshape.errors import InputError
from wireshape.inputs.cassette import WS
from wireshape.live.run import LiveAnswer, collect
from wireshape.model import Endpoint, Origin
from wireshape.record import cassette_writer, recorder
from wireshape.record.cassette_writer import RecordedCall

HERE = Path(__file__).parent
Json = dict[str, Any]


def main(out: Path) -> None:
    """Write every recording of recordings.json below a folder."""
    plan = json.loads((HERE / "recordings.json").read_text("utf-8"))
    catalog = endpoints.load()
    for row in plan["recordings"]:
        record(out, catalog.get(row["endpoint"]), row, plan["recorded_at"])
    for row in plan["errors"]:
        compose(out, catalog.get(row["endpoint"]), row, plan)


def record(out: Path, endpoint: Endpoint, row: Json, recorded_at: str) -> None:
    """Ask a loopback exchange for one answer, and keep it; InputError where the client does not get it."""
    told = row.get("account", {})
    told |= {name: build(told[name]) for name, build in (("evidence", frozenset), ("sides", tuple)) if name in told}
    key = exchange.made_up()
    settings = exchange.Settings(
        mode=row["mode"], account=exchange.MockAccount(**told), keys=(exchange.hmac_key(key.name, key.secret),)
    )
    with exchange.running(settings) as served:
        env = {"WIRESHAPE_CUSTOM_KEY": key.name, "WIRESHAPE_CUSTOM_SECRET": key.secret}
        for product in {each.product for each in endpoints.load().endpoints}:
            env |= {f"WIRESHAPE_CUSTOM_{product.upper()}_{name}": url for name, url in hosts(served).items()}
        asked = collect(["custom"], endpoints.load(), env, endpoint=endpoint)
    had = [dated(one, recorded_at) for one in asked.answers]
    out.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory(dir=out) as draft:
        written, problems = recorder.keep(had, Path(draft))
        if problems or asked.problems or len(written) != 1:
            raise InputError(f"{endpoint.id} {row['mode']}: {[each.reason for each in (*asked.problems, *problems)]}")
        name = ".".join([row["mode"], *filter(None, [row.get("name")]), "loopback", "yaml"])
        file = (out / written[0].relative_to(draft)).with_name(name)
        file.parent.mkdir(parents=True, exist_ok=True)
        written[0].replace(file)


def hosts(served: exchange.RunningExchange) -> Json:
    """Name the hosts of a running exchange as the live client does."""
    return {"REST": served.rest, "WS": served.ws}


def dated(one: LiveAnswer, recorded_at: str) -> LiveAnswer:
    """Give an answer the date of the plan, so that recording again changes nothing but what changed."""
    item = one.interaction
    origin = replace(item.origin or Origin(kind="loopback"), recorded_at=recorded_at)
    return replace(one, interaction=replace(item, origin=origin))


def compose(out: Path, endpoint: Endpoint, row: Json, plan: Json) -> None:
    """Write an error answer as it is documented or was reported."""
    folder = out.joinpath(*endpoint.id.split(".", 3))
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / f"{row['name']}.{row['origin']['kind']}.yaml"
    origin = Origin(**{"recorded_at": plan["recorded_at"], **row["origin"]})
    text = row["error"] if isinstance(row["error"], str) else json.dumps(row["error"], separators=(",", ":"))
    url = plan["hosts"][endpoint.product][endpoint.transport] + endpoint.operation.path
    exchanged = _exchange(endpoint, url, text.encode(), row)
    cassette_writer.write(file, [exchanged], origin, None, note=row.get("note"), error=True)


def _exchange(endpoint: Endpoint, url: str, answer: bytes, row: Json) -> RecordedCall:
    asked = {"timestamp": 1760000000999}
    if endpoint.payload is None:
        url = f"{url}?timestamp={asked['timestamp']}"
        return RecordedCall(method=endpoint.operation.method, url=url, answer=answer, **row.get("http", {}))
    frame = {"id": "8f9b2c1d", "method": endpoint.operation.method, "params": asked}
    body = json.dumps(frame).encode()
    return RecordedCall(method=WS, url=url, body=body, answer=answer, status=101, reason="Switching Protocols")


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else HERE.parent / "cassettes")
