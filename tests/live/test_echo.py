"""An exchange that echoes the key: wherever and however it does, no command shows or records a piece of it."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable, Iterator
from itertools import product
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from click.testing import CliRunner

import smallexchange
from smallexchange import KEY, SECRET, Exchange, response
from wireshape.catalog import endpoints
from wireshape.cli.main import cli
from wireshape.reports import FORMATS

ENDPOINT, FRAMES = "usdm.rest.v3.account", "usdm.ws.v2.account.status"
PATH = endpoints.load().get(ENDPOINT).operation.path
PIECE = 12

FORMS: dict[str, Callable[[str], str]] = {
    "whole": str,
    "its first 20 characters": lambda key: key[:20],
    "its first 32 characters": lambda key: key[:32],
    "in capitals": str.upper,
    "backwards": lambda key: key[::-1],
    "with blanks": lambda key: " ".join(key[i : i + 4] for i in range(0, len(key), 4)),
    "with dots": ".".join,
    "with commas": lambda key: ", ".join(key[i : i + 8] for i in range(0, len(key), 8)),
    "over two lines": lambda key: f"{key[:30]}\n{key[30:]}",
    "in hexadecimal": lambda key: key.encode().hex(),
    "in base64": lambda key: base64.b64encode(key.encode()).decode(),
    "percent-encoded": lambda key: quote(f"<{key}>"),
    "in colour": lambda key: f"\x1b[31m{key[:25]}\x1b[0m{key[25:]}",
    "beside the secret": lambda key: f"{key}{SECRET}",
    "in a sentence": lambda key: f"API-key {key} of jane.doe@example.org is not valid.",
}


def _error(exchange: Exchange, echo: str) -> None:
    exchange.script[PATH] = [response({"code": -2015, "msg": echo}, 401)]


def _html(exchange: Exchange, echo: str) -> None:
    exchange.script[PATH] = [response(f"<html>{echo}</html>".encode(), 403, {"Content-Type": "text/html"})]


def _no_json(exchange: Exchange, echo: str) -> None:
    exchange.script[PATH] = [response(f'{{"a": {echo}'.encode())]


def _content_type(exchange: Exchange, echo: str) -> None:
    exchange.script[PATH] = [response({}, 200, {"Content-Type": "".join(filter(str.isprintable, echo))})]


def _changed(change: Callable[[Any, str], None]) -> Callable[[Exchange, str], None]:
    def script(exchange: Exchange, echo: str) -> None:
        body = json.loads(exchange.body("GET", PATH))
        change(body, echo)
        exchange.script[PATH] = [response(body)]

    return script


def _frame(change: Callable[[Any, str], None]) -> Callable[[Exchange, str], None]:
    def script(exchange: Exchange, echo: str) -> None:
        def answer(_: dict[str, Any], frame: str) -> list[str | bytes]:
            value = json.loads(frame)
            change(value, echo)
            return [json.dumps(value)]

        exchange.answer_frame = answer

    return script


def _rename(body: Any, echo: str) -> None:
    body["assets"][0][echo] = body["assets"][0].pop("walletBalance")


def _wrong_id(frame: Any, echo: str) -> None:
    frame["id"] = echo


PLACES: dict[str, tuple[str, Callable[[Exchange, str], None]]] = {
    "the message of an error": (ENDPOINT, _error),
    "a page instead of an answer": (ENDPOINT, _html),
    "a body that is no JSON": (ENDPOINT, _no_json),
    "a header": (ENDPOINT, _content_type),
    "a field of its own": (ENDPOINT, _changed(lambda body, echo: body.update(note=echo))),
    "the place of an amount": (ENDPOINT, _changed(lambda body, echo: body.update(totalWalletBalance=echo))),
    "the place of an asset": (ENDPOINT, _changed(lambda body, echo: body["assets"][0].update(asset=echo))),
    "the name of a field": (ENDPOINT, _changed(_rename)),
    "a frame": (FRAMES, _frame(lambda frame, echo: frame["result"].update(note=echo))),
    "the error of a frame": (FRAMES, _frame(lambda frame, echo: frame.update(status=401, error=echo))),
    "the id of a frame": (FRAMES, _frame(_wrong_id)),
}
# A frame that answers no request is not taken for an answer: the client goes on waiting.
TIMEOUTS = {"the id of a frame": ("--timeout", "0.5")}
GRID = list(product(PLACES, FORMS))
# Every place and every form once, in different pairs.
PART = [pair for index, pair in enumerate(GRID) if index % (len(FORMS) + 1) == 0 or pair[0] == "a field of its own"]


@pytest.fixture
def exchange() -> Iterator[Exchange]:
    with smallexchange.running() as started:
        yield started


def _require_no_piece(text: str) -> None:
    """Hold a text against every piece of key and secret, however it is split or encoded."""
    seen = "".join(filter(str.isalnum, text)).lower()
    for secret in (KEY, SECRET):
        raw = secret.encode()
        hidden = (secret, secret[::-1], raw.hex(), *(base64.b64encode(raw[i:]).decode() for i in range(3)))
        joined = ["".join(filter(str.isalnum, each)).lower() for each in hidden]
        found = [each[i : i + PIECE] for each in joined for i in range(len(each) - PIECE + 1)]
        assert not [piece for piece in found if piece in seen]
    assert "jane.doe" not in text


def _try(exchange: Exchange, place: str, form: str, into: Path) -> None:
    endpoint, script = PLACES[place]
    script(exchange, FORMS[form](KEY))
    shown = []
    live = ("--live", "custom", "--endpoint", endpoint, *TIMEOUTS.get(place, ()))
    for args in (("record", *live, "--into", str(into)), *(("check", *live, "--format", each) for each in FORMATS)):
        run = CliRunner().invoke(cli, args, env={**exchange.env, "COLUMNS": "80"})
        assert run.exit_code in {0, 1, 3}
        assert run.exception is None or isinstance(run.exception, SystemExit), run.exception
        shown.append(run.output)
    files = [file.read_text("utf-8") for file in into.rglob("*") if file.is_file()]
    _require_no_piece("\n".join([*shown, *files]))


@pytest.mark.parametrize(("place", "form"), PART)
def test_no_piece_of_a_key_is_shown_or_recorded(exchange: Exchange, tmp_path: Path, place: str, form: str) -> None:
    _try(exchange, place, form, tmp_path)


@pytest.mark.whole
@pytest.mark.parametrize(("place", "form"), GRID)
def test_no_echo_shows_a_piece(exchange: Exchange, tmp_path: Path, place: str, form: str) -> None:
    _try(exchange, place, form, tmp_path)
