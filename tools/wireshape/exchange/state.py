"""What a loopback exchange knows while it runs: clock, rate limit, mode, requests, and which faults are left."""

from __future__ import annotations

import time
from collections import Counter, deque
from dataclasses import replace
from typing import Any

import orjson

from wireshape.catalog.operations import Call, Purpose, Transport
from wireshape.exchange import faults, markets, mutations, protocol
from wireshape.exchange.api_keys import ApiKey, SignatureKind
from wireshape.exchange.auth import Authenticator
from wireshape.exchange.faults import Fault
from wireshape.exchange.protocol import Refusal
from wireshape.exchange.rate_limit import WeightLimit
from wireshape.exchange.recorded_account import NotRecorded
from wireshape.exchange.settings import RequestRecord, Settings
from wireshape.findings import redaction
from wireshape.model import Mode

KEPT_REQUESTS = 10_000
"""How many requests are remembered: an exchange that runs for weeks must not grow."""

_MOST_NAMES, _LONGEST_NAME, _LONGEST_OPERATION = 32, 64, 200
"""How many names of parameters are remembered of a request, and how many characters of each and of an operation."""

_RETIRED = "retired"
_FLIPPED = {"one-way": "hedge", "hedge": "one-way"}


class ExchangeState:
    """Answers calls with payloads or refusals, over either transport."""

    def __init__(self, settings: Settings, keys: tuple[ApiKey, ...]) -> None:
        self.protocol = replace(protocol.load(), ip=settings.ip)
        self.settings = settings
        self.authenticator = Authenticator(self.protocol, keys)
        self.weight_limit = WeightLimit(self.protocol, settings.limit or self.protocol.limits.weight)
        self.requests: deque[RequestRecord] = deque(maxlen=KEPT_REQUESTS)
        self.weight = 0
        self._faults = [faults.parse(spelling) for spelling in settings.faults]
        self._mutations = [mutations.parse(spelling, self.protocol.catalog) for spelling in settings.drifts]
        self._consumed: Counter[int] = Counter()
        self._mode_requests: Counter[str] = Counter()
        self._bodies: dict[tuple[str, Mode], bytes] = {}
        self._lists: dict[str, dict[str, Any]] = {}

    def now(self) -> int:
        """Give the time of the exchange in ms, which the fault `clock` sets ahead."""
        ahead = sum(fault.value for fault in self._faults if fault.name == "clock")
        return round((time.time() + ahead) * 1000)

    def record(self, request: RequestRecord) -> None:
        """Remember a request that was dealt with."""
        names = tuple(name[:_LONGEST_NAME] for name in request.parameters[:_MOST_NAMES])
        operation = request.operation and redaction.text(request.operation[:_LONGEST_OPERATION])
        request = replace(request, parameters=names, operation=operation)
        self.requests.append(request)
        self.weight += request.weight
        if self.settings.watch:
            self.settings.watch(request)

    def consume_faults(
        self, call: str, transport: str, *, signed: bool, among: frozenset[str] | None = None
    ) -> list[Fault]:
        """Take the faults that apply to this request, and count them off; `among` restricts them to these names."""
        applying = []
        for number, fault in enumerate(self._faults):
            wanted = fault.name not in faults.WHOLE_RUN and (among is None or fault.name in among)
            left = fault.times is None or self._consumed[number] < fault.times
            if wanted and left and fault.applies_to(call, transport, signed=signed):
                self._consumed[number] += 1
                applying.append(fault)
        return applying

    def refuse(self, applying: list[Fault], call: Call) -> None:
        """Raise the Refusal that a fault among these stands for."""
        for fault in applying:
            error = faults.kinds()[fault.name].error
            if error == _RETIRED:
                raise self._retired(call)
            if error:
                raise self._refusal(error, fault, call)

    def _refusal(self, error: str, fault: Fault, call: Call) -> Refusal:
        seconds = max(1, round(fault.value))
        return self.protocol.refusal(
            error,
            retry_after=seconds if fault.value else None,
            limit=self.weight_limit.limit,
            until=self.now() + seconds * 1000,
            method=call.operation.method,
            path=call.operation.path,
            parameter="timestamp",
            kind=SignatureKind.HMAC,
        )

    def _retired(self, call: Call) -> Refusal:
        """Give the refusal of a call as if it were retired, which names what took over where something did."""
        method, path = call.operation.method, call.operation.path
        replacement = self.protocol.replacement(call)
        over_ws = call.transport == Transport.WS
        if replacement is None:
            return self.protocol.refusal("method-invalid" if over_ws else "path-invalid", method=method, path=path)
        return self.retired(*(("Method", method) if over_ws else (method, path)), replacement)

    def retired(self, method: str, path: str, replacement: str) -> Refusal:
        """Give the refusal of a path that is retired."""
        return self.protocol.refusal(_RETIRED, method=method, path=path, replacement=replacement)

    def body(self, call: Call) -> bytes:
        """Answer a call that was admitted, as JSON; Refusal where a recorded account has no answer."""
        match call.purpose:
            case Purpose.ACCOUNT:
                return self._account(call)
            case Purpose.MODE:
                return orjson.dumps(self._config(call))
            case Purpose.EXCHANGE_INFO:
                return orjson.dumps({**self._listed(call), "serverTime": self.now()})
            case Purpose.PING:
                return b"{}"
            case _:
                return orjson.dumps({"serverTime": self.now()})

    def _account(self, call: Call) -> bytes:
        """Give the answer of an endpoint; it is made once for each mode, as it does not change."""
        mode = self._mode(call)
        if call.endpoint and (call.id, mode) not in self._bodies:
            try:
                payload = self.settings.account.payload(self.protocol.catalog, call.endpoint, mode)
            except NotRecorded as error:
                raise Refusal(self.protocol.errors.get("unknown"), str(error)) from error
            for mutation in self._mutations:
                mutation.apply(payload)
            self._bodies[call.id, mode] = orjson.dumps(payload)
        return self._bodies[call.id, mode]

    def _listed(self, call: Call) -> dict[str, Any]:
        """List the symbols of a product; they are those of the mode that the account is in at first."""
        if call.product not in self._lists:
            whole = self.settings.account.whole(call.product, self.settings.mode_of(call.product))
            self._lists[call.product] = markets.exchange_info(call.product, whole, self.weight_limit.limit, self.now())
        return self._lists[call.product]

    def _config(self, call: Call) -> dict[str, object]:
        config = self.settings.account.config(call.product, self._mode(call))
        self._mode_requests[call.id] += 1
        # An operation that tells the whole mode answers with all settings, the others with their own half alone.
        return config if len(call.tells) > 1 else {name: config[name] for name in call.tells}

    def _mode(self, call: Call) -> Mode:
        mode = self.settings.mode_of(call.product)
        before = self._mode_requests[call.id]
        if call.purpose is Purpose.ACCOUNT:
            modes = [each for each in self.protocol.calls if each.purpose is Purpose.MODE]
            before = sum(self._mode_requests[each.id] for each in modes if each.product == call.product)
        if before and any(fault.name == "mode-flip" for fault in self._faults):
            return Mode(margin=mode.margin, position=_FLIPPED[mode.position])
        return mode
