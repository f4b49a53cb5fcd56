"""Who may ask: key, timestamp, window and signature, in the order in which the exchange finds fault with them.

After https://developers.binance.com/docs/derivatives/usds-margined-futures/general-info and, for frames,
https://developers.binance.com/docs/derivatives/usds-margined-futures/websocket-api-general-info.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qsl, unquote

from wireshape.exchange.api_keys import FORMAT, ApiKey
from wireshape.exchange.protocol import Protocol

SIGNATURE, TIMESTAMP, WINDOW, KEY = "signature", "timestamp", "recvWindow", "apiKey"


class Authenticator:
    """Holds requests against the keys of the account; everything it raises is a Refusal."""

    def __init__(self, protocol: Protocol, keys: tuple[ApiKey, ...]) -> None:
        self._protocol = protocol
        self._keys = {key.name: key for key in keys}

    def rest(self, header: str | None, query: str, now: int) -> None:
        """Admit a signed request by its X-MBX-APIKEY header and its query string as sent."""
        key = self._key(header or "")
        names = [part.partition("=")[0] for part in query.split("&")]
        if SIGNATURE in names and (names[-1] != SIGNATURE or len(set(names)) < len(names)):
            raise self._protocol.refusal("signature-invalid")  # the signature comes last, and everything once
        signed = "&".join(part for part in query.split("&") if not part.startswith(f"{SIGNATURE}="))
        parameters = dict(parse_qsl(query, keep_blank_values=True))
        given = next((part for part in query.split("&") if part.startswith(f"{SIGNATURE}=")), "")
        signature = unquote(given.removeprefix(f"{SIGNATURE}="))
        self._mandatory(SIGNATURE, signature)
        self._timely(parameters, now)
        if not key.signed(signed, signature):
            raise self._protocol.refusal("signature-invalid")

    def frame(self, parameters: Mapping[str, Any], now: int, session: ApiKey | None) -> ApiKey:
        """Admit a signed frame, or one without key and signature where a session is logged on; give its key."""
        if session and KEY not in parameters and SIGNATURE not in parameters:
            self._whole(parameters)
            self._timely(parameters, now)
            return session
        self._mandatory(KEY, parameters.get(KEY))
        key = self._key(str(parameters[KEY]))
        self._mandatory(SIGNATURE, parameters.get(SIGNATURE))
        self._whole(parameters)
        self._timely(parameters, now)
        rest = sorted((name, value) for name, value in parameters.items() if name != SIGNATURE)
        if not key.signed("&".join(f"{name}={_written(value)}" for name, value in rest), str(parameters[SIGNATURE])):
            raise self._protocol.refusal("signature-invalid")
        return key

    def _key(self, name: str) -> ApiKey:
        if not FORMAT.fullmatch(name):
            raise self._protocol.refusal("key-malformed")
        key = self._keys.get(name)
        if key is None or not key.permitted:
            raise self._protocol.refusal("key-rejected")
        return key

    def _mandatory(self, name: str, value: object) -> None:
        if value is None or value == "":
            raise self._protocol.refusal("parameter-missing", parameter=name)

    def _number(self, name: str, value: object) -> int:
        if isinstance(value, bool) or not str(value).isdecimal() or not str(value).isascii():
            raise self._protocol.refusal("parameter-missing", parameter=name)
        return int(str(value))

    def _whole(self, parameters: Mapping[str, Any]) -> None:
        """Refuse times that are not JSON integers, as frames have them."""
        for name in (TIMESTAMP, WINDOW):
            if name in parameters and type(parameters[name]) is not int:
                raise self._protocol.refusal("parameter-missing", parameter=name)

    def _timely(self, parameters: Mapping[str, Any], now: int) -> None:
        limits = self._protocol.limits
        timestamp = self._number(TIMESTAMP, parameters.get(TIMESTAMP))
        window = self._number(WINDOW, parameters.get(WINDOW, limits.window))
        if timestamp >= now + limits.ahead:
            raise self._protocol.refusal("timestamp-ahead")
        if now - timestamp > window:
            raise self._protocol.refusal("timestamp-late")
        if window > limits.longest_window:
            raise self._protocol.refusal("window-too-long")


def _written(value: object) -> str:
    """Write a parameter as it stands in a signed payload: strings bare, everything else as JSON has it."""
    return value if isinstance(value, str) else json.dumps(value, separators=(",", ":"))
