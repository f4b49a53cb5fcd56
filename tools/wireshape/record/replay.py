"""Replays recorded WebSocket frames."""

from __future__ import annotations

from pathlib import Path

import orjson
from vcr.cassette import Cassette
from vcr.record_mode import RecordMode
from vcr.request import Request

from wireshape.inputs.cassette import WS
from wireshape.record.cassette_writer import same_call, same_url


class Frames:
    """Answers WebSocket requests from a cassette, each recorded answer once, as vcrpy does for HTTP."""

    def __init__(self, file: Path) -> None:
        self._cassette = Cassette.load(path=file, record_mode=RecordMode.NONE, match_on=(same_url, same_call))

    def answer(self, url: str, frame: bytes) -> bytes:
        """Give the recorded answer to a request frame, under the id of this request unless it was recorded as null.

        Raises vcrpy's UnhandledHTTPRequestError where nothing like it was recorded.
        """
        response = self._cassette.play_response(Request(WS, url, frame, {}))
        answer: bytes = response["body"]["string"]
        value = orjson.loads(answer)
        if not isinstance(value, dict) or value.get("id") is None:
            return answer
        return orjson.dumps({**value, "id": orjson.loads(frame).get("id")})
