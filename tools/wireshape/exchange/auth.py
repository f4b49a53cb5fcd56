"""Authentication: key, timestamp, window and signature, checked in the order in which the exchange checks them.

After https://developers.binance.com/docs/derivatives/usds-margined-futures/general-info and, for frames,
https://developers.binance.com/docs/derivatives/usds-margined-futures/websocket-api-general-info.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qsl, unquote

from wireshape.exchange.api_keys import FORMAT, ApiKey
from wireshape.exchange.protocol import Protocol, Refusal

_SIGNATURE, _TIMESTAMP, _WINDOW, _KEY = "signature", "timestamp", "recvWindow", "apiKey"

_LONGEST_NUMBER = 19
"""The digits of the largest 64-bit integer."""


class Authenticator:
    """Checks requests against the keys of the account; raises Refusal for those that the exchange would refuse."""

    def __init__(self, protocol: Protocol, keys: tuple[ApiKey, ...]) -> None:
        self._protocol = protocol
        self._keys = {key.name: key for key in keys}

    def rest(self, header: str | None, query: str, now: int) -> None:
        """Admit a signed request by its X-MBX-APIKEY header and its query string as sent; `now` is in ms."""
        key = self._key(header or "")
        parts = query.split("&")
        names = [part.partition("=")[0] for part in parts]
        if _SIGNATURE in names and (names[-1] != _SIGNATURE or len(set(names)) < len(names)):
            raise self._signature_invalid()  # the signature comes last, and everything once
        signed = "&".join(part for part in parts if not part.startswith(f"{_SIGNATURE}="))
        last = parts[-1] if names[-1] == _SIGNATURE else ""
        signature = unquote(last.partition("=")[2])
        self._require(_SIGNATURE, signature)
        self._check_time(dict(parse_qsl(query, keep_blank_values=True)), now)
        if not key.verify(signed, signature):
            raise self._signature_invalid()

    def frame(self, parameters: Mapping[str, Any], now: int, session: ApiKey | None) -> ApiKey:
        """Admit a signed frame, or one without key and signature where a session is logged on; give its key."""
        if session and _KEY not in parameters and _SIGNATURE not in parameters:
            self._check_integers(parameters)
            self._check_time(parameters, now)
            return session
        self._require(_KEY, parameters.get(_KEY))
        key = self._key(str(parameters[_KEY]))
        self._require(_SIGNATURE, parameters.get(_SIGNATURE))
        self._check_integers(parameters)
        self._check_time(parameters, now)
        signed = sorted((name, value) for name, value in parameters.items() if name != _SIGNATURE)
        try:
            payload = "&".join(f"{name}={_written(value)}" for name, value in signed)
        except RecursionError as error:
            raise self._protocol.refusal("frame-not-json") from error
        if not key.verify(payload, str(parameters[_SIGNATURE])):
            raise self._signature_invalid()
        return key

    def _key(self, name: str) -> ApiKey:
        if not FORMAT.fullmatch(name):
            raise self._protocol.refusal("key-malformed")
        key = self._keys.get(name)
        if key is None or not key.permitted:
            raise self._protocol.refusal("key-rejected")
        return key

    def _require(self, name: str, value: object) -> None:
        if value is None or value == "":
            raise self._protocol.refusal("parameter-missing", parameter=name)

    def _number(self, name: str, value: object) -> int:
        text = str(value)
        if isinstance(value, bool) or len(text) > _LONGEST_NUMBER or not text.isdecimal() or not text.isascii():
            raise self._protocol.refusal("parameter-missing", parameter=name)
        return int(text)

    def _check_integers(self, parameters: Mapping[str, Any]) -> None:
        """Refuse times of a frame that are not JSON integers."""
        for name in (_TIMESTAMP, _WINDOW):
            if name in parameters and type(parameters[name]) is not int:
                raise self._protocol.refusal("parameter-missing", parameter=name)

    def _check_time(self, parameters: Mapping[str, Any], now: int) -> None:
        limits = self._protocol.limits
        timestamp = self._number(_TIMESTAMP, parameters.get(_TIMESTAMP))
        window = self._number(_WINDOW, parameters.get(_WINDOW, limits.window))
        if timestamp >= now + limits.ahead:
            raise self._protocol.refusal("timestamp-ahead")
        if now - timestamp > window:
            raise self._protocol.refusal("timestamp-late")
        if window > limits.longest_window:
            raise self._protocol.refusal("window-too-long")

    def _signature_invalid(self) -> Refusal:
        return self._protocol.refusal("signature-invalid")


def _written(value: object) -> str:
    """Write a parameter as it stands in a signed payload: strings bare, everything else as JSON has it."""
    return value if isinstance(value, str) else json.dumps(value, separators=(",", ":"))
