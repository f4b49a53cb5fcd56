"""A live run: asks for every endpoint as every account, and for the mode of the account before and after."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from wireshape.catalog import operations
from wireshape.catalog.endpoints import Catalog
from wireshape.catalog.operations import Call, ModePart, Purpose, Transport
from wireshape.errors import UsageError
from wireshape.findings import redaction
from wireshape.live import account_mode, allowlist, credentials, environments, rest, websocket
from wireshape.live.collector import Collector, LiveAnswer, LiveRun
from wireshape.live.core_dumps import no_core_dumps
from wireshape.live.credentials import LiveAccount
from wireshape.live.errors import LiveError
from wireshape.live.log_silencing import silence_libraries
from wireshape.live.rate_limit import RateLimiter
from wireshape.live.retry import Timeouts
from wireshape.live.session import LiveResponse, Session
from wireshape.live.signing import KeyKind
from wireshape.model import Endpoint, Interaction, Location, Mode, Origin, Problem, Reason

_LONGEST_REASON = 300
_UTF_8 = ("utf-8", "surrogateescape")
"""Whatever bytes an answer has, they stay as they are."""


def collect(
    names: Iterable[str],
    catalog: Catalog,
    env: Mapping[str, str],
    *,
    endpoint: Endpoint | None = None,
    timeouts: Timeouts | None = None,
) -> LiveRun:
    """Ask all accounts of these environments; UsageError before anything is sent where a key or a host is wrong."""
    if endpoint and endpoint.retired:
        raise UsageError(f"{endpoint.id} is retired since {endpoint.retired}: it is not asked")
    named = [environments.load(name, env, catalog.schemas) for name in dict.fromkeys(names)]
    collector = Collector([endpoint] if endpoint else catalog.answering)
    with no_core_dumps(), silence_libraries():
        accounts = [account for environment in named for account in credentials.accounts(environment, env)]
        asyncio.run(_ask(accounts, catalog, collector, timeouts or Timeouts()))
    return collector.result()


async def _ask(accounts: Iterable[LiveAccount], catalog: Catalog, collector: Collector, timeouts: Timeouts) -> None:
    """Ask one account after the other, product by product."""
    limiters: dict[str, RateLimiter] = {}
    for account in accounts:
        environment = account.environment
        limiter = limiters.setdefault(environment.name, RateLimiter(operations.limits(catalog.schemas)))
        for product in dict.fromkeys(endpoint.product for endpoint in collector.wanted):
            wanted = [endpoint for endpoint in collector.wanted if endpoint.product == product]
            if product not in environment.hosts:
                collector.miss(wanted, None, f"the environment {environment.name} has no host for {product}")
                continue
            session = Session(
                account=account,
                product=product,
                allowlist=allowlist.load(catalog),
                limiter=limiter,
                timeouts=timeouts,
            )
            await _ProductRun(session, wanted, collector).ask()


@dataclass(frozen=True, kw_only=True, slots=True)
class _Outcome:
    """What became of one call."""

    call: Call
    result: LiveResponse | LiveError
    in_session: bool = False


class _ProductRun:
    """Asks for the endpoints of one product as one account, in one mode or not at all."""

    def __init__(self, session: Session, wanted: Sequence[Endpoint], collector: Collector) -> None:
        self._session = session
        self._wanted = wanted
        self._collector = collector
        self._place = f"{session.account.label}:{session.product}"
        has_margin = any(mode.margin for endpoint in wanted for mode in endpoint.modes)
        self._parts = frozenset(ModePart if has_margin else {ModePart.POSITION})

    async def ask(self) -> None:
        """Ask for time, mode, accounts and mode again; where the mode changed in between, the answers are dropped."""
        async with rest.opened(self._session) as client:
            step = Purpose.TIME
            try:
                client.clock = await account_mode.server_clock(client, self._calls(Purpose.TIME)[0])
                step = Purpose.MODE
                before = await account_mode.detect(client, self._calls(Purpose.MODE), self._parts)
            except LiveError as error:
                self._give_up(step, error, None)
                return
            outcomes = [await self._over_rest(client, call) for call in self._calls(Purpose.ACCOUNT)]
            outcomes += await self._over_websocket(client, before.mode)
            try:
                await account_mode.require_unchanged(client, before, self._parts)
            except LiveError as error:
                outcomes = [outcome for outcome in outcomes if isinstance(outcome.result, LiveError)]
                self._take_all(outcomes, before.mode)
                self._give_up(Purpose.MODE, error, before.mode)
                return
        self._take_all(outcomes, before.mode)

    def _calls(self, purpose: Purpose, transport: Transport = Transport.REST) -> list[Call]:
        found = self._session.allowlist.of(self._session.product, purpose, transport)
        return [call for call in found if call.endpoint is None or call.endpoint in self._wanted]

    async def _over_rest(self, client: rest.RestClient, call: Call) -> _Outcome:
        try:
            return _Outcome(call=call, result=await client.ask(call))
        except LiveError as error:
            self._session.limiter.halt(error)
            return _Outcome(call=call, result=error)

    async def _over_websocket(self, over_rest: rest.RestClient, mode: Mode) -> list[_Outcome]:
        calls = self._calls(Purpose.ACCOUNT, Transport.WS)
        environment, product = self._session.account.environment, self._session.product
        if not calls:
            return []
        if Transport.WS not in environment.hosts[product]:
            reason = f"the environment {environment.name} has no WebSocket host for {product}"
            self._collector.miss([call.endpoint for call in calls if call.endpoint], mode, reason)
            return []
        assert over_rest.clock  # noqa: S101 - the time was asked first
        async with websocket.opened(self._session, over_rest.clock) as client:
            outcomes = _outcomes(calls, await client.ask(calls))
            answered = [each.call for each in outcomes if isinstance(each.result, LiveResponse)]
            if self._session.account.key.signer.kind is KeyKind.ED25519 and answered:
                logon = self._calls(Purpose.LOGON, Transport.WS)[0]
                outcomes += _outcomes(answered, await client.ask(answered, logon), in_session=True)
        for outcome in outcomes:
            if isinstance(outcome.result, LiveError):
                self._session.limiter.halt(outcome.result)
        for stray, count in client.stray_frames.items():
            times = f", {count} times" if count > 1 else ""
            self._fail(f"{self._place}.ws", LiveError(Reason.FRAME, f"{stray}{times}"), [], mode)
        return outcomes

    def _take_all(self, outcomes: Iterable[_Outcome], mode: Mode) -> None:
        for outcome in outcomes:
            self._take(outcome, mode)

    def _take(self, outcome: _Outcome, mode: Mode) -> None:
        endpoint, account = outcome.call.endpoint, self._session.account
        assert endpoint  # noqa: S101 - the calls of accounts are those of endpoints
        place = f"{account.label}:{endpoint.id}{'+session' if outcome.in_session else ''}"
        if isinstance(outcome.result, LiveError):
            self._fail(place, outcome.result, [endpoint], mode)
            return
        today = datetime.now(UTC).strftime("%Y-%m-%dT00:00:00Z")
        interaction = Interaction(
            endpoint=endpoint,
            mode=mode,
            origin=Origin(kind=account.environment.origin, recorded_at=today),
            status=outcome.result.status,
            body=account.key.masked(outcome.result.body.decode(*_UTF_8)).encode(*_UTF_8),
            location=Location(file=place),
        )
        answer = LiveAnswer(
            interaction=interaction,
            label=account.label,
            recorded_hosts=account.environment.recorded_hosts,
            in_session=outcome.in_session,
        )
        self._collector.keep(answer, mode)

    def _give_up(self, step: Purpose, error: LiveError, mode: Mode | None) -> None:
        """Fail every endpoint: without the time or the mode none can be asked, or none of the answers be used."""
        self._session.limiter.halt(error)
        self._fail(f"{self._place}.{step}", error, self._wanted, mode)

    def _fail(self, place: str, error: LiveError, missed: Iterable[Endpoint], mode: Mode | None) -> None:
        """Report a failure: masked first and cut then, as half a key would no longer look like one."""
        reason = redaction.text(self._session.account.key.masked(str(error)))[:_LONGEST_REASON]
        problem = Problem(location=Location(file=place), reason=reason, code=error.reason)
        self._collector.fail(problem, missed, mode)


def _outcomes(
    calls: Sequence[Call], results: Sequence[LiveResponse | LiveError], *, in_session: bool = False
) -> list[_Outcome]:
    return [
        _Outcome(call=call, result=result, in_session=in_session) for call, result in zip(calls, results, strict=True)
    ]
