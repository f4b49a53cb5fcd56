"""Records the bundled cassettes anew: `python tools/record_cassettes.py`.

The live client asks a loopback exchange for every answer and records it as `wireshape record` does; the account states
are made up, and so are the amounts. Error answers are composed as documented or reported. recordings.json says which
endpoint, which mode and which account.
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
from wireshape.live.collector import LiveAnswer
from wireshape.live.run import collect
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
    """Ask a loopback exchange for one answer, and record it; InputError where the client does not get it."""
    key = exchange.made_up()
    settings = exchange.Settings(
        mode=row["mode"], account=account(row), keys=(exchange.hmac_key(key.name, key.secret),)
    )
    with exchange.running(settings) as server:
        env = {"WIRESHAPE_CUSTOM_KEY": key.name, "WIRESHAPE_CUSTOM_SECRET": key.secret, **hosts(server)}
        run = collect(["custom"], endpoints.load(), env, endpoint=endpoint)
    answers = [dated(answer, recorded_at) for answer in run.answers]
    out.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory(dir=out) as draft:
        recorded = recorder.record(answers, Path(draft), secrets=(key.name.encode(), key.secret.encode()))
        problems = (*run.problems, *recorded.problems)
        if problems or len(recorded.files) != 1:
            raise InputError(f"{endpoint.id} {row['mode']}: {[problem.reason for problem in problems]}")
        (written,) = recorded.files
        name = ".".join([row["mode"], *filter(None, [row.get("name")]), "loopback", "yaml"])
        file = (out / written.relative_to(draft)).with_name(name)
        file.parent.mkdir(parents=True, exist_ok=True)
        written.replace(file)


def account(row: Json) -> exchange.MockAccount:
    """Give the account that a row of the plan describes."""
    options = dict(row.get("account", {}))
    for name, kind in (("evidence", frozenset), ("sides", tuple)):
        if name in options:
            options[name] = kind(options[name])
    return exchange.MockAccount(**options)


def hosts(server: exchange.RunningExchange) -> dict[str, str]:
    """Give the hosts of a running exchange, for every product, as the live client reads them."""
    products = {endpoint.product.upper() for endpoint in endpoints.load().endpoints}
    urls = {"REST": server.rest, "WS": server.ws}
    return {f"WIRESHAPE_CUSTOM_{product}_{name}": url for product in products for name, url in urls.items()}


def dated(answer: LiveAnswer, recorded_at: str) -> LiveAnswer:
    """Give an answer the date of the plan, so that recording again changes nothing but what changed."""
    item = answer.interaction
    origin = replace(item.origin or Origin(kind="loopback"), recorded_at=recorded_at)
    return replace(answer, interaction=replace(item, origin=origin))


def compose(out: Path, endpoint: Endpoint, row: Json, plan: Json) -> None:
    """Write an error answer as it is documented or was reported."""
    folder = out.joinpath(*endpoint.id.split(".", 3))
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / f"{row['name']}.{row['origin']['kind']}.yaml"
    origin = Origin(**{"recorded_at": plan["recorded_at"], **row["origin"]})
    text = row["error"] if isinstance(row["error"], str) else json.dumps(row["error"], separators=(",", ":"))
    url = plan["hosts"][endpoint.product][endpoint.transport] + endpoint.operation.path
    call = _call(endpoint, url, text.encode(), row)
    cassette_writer.write(file, [call], origin, None, note=row.get("note"), error=True)


def _call(endpoint: Endpoint, url: str, answer: bytes, row: Json) -> RecordedCall:
    parameters = {"timestamp": 1760000000999}
    if endpoint.payload is None:
        url = f"{url}?timestamp={parameters['timestamp']}"
        return RecordedCall(method=endpoint.operation.method, url=url, answer=answer, **row.get("http", {}))
    frame = {"id": "8f9b2c1d", "method": endpoint.operation.method, "params": parameters}
    body = json.dumps(frame).encode()
    return RecordedCall(method=WS, url=url, body=body, answer=answer, status=101, reason="Switching Protocols")


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else HERE.parent / "cassettes")
