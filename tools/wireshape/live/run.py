"""A live run: every account asked for every endpoint, its mode before and after, and what was not answered."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from wireshape.catalog import operations
from wireshape.catalog.endpoints import Catalog
from wireshape.catalog.operations import Call, Purpose, Transport
from wireshape.findings import redaction
from wireshape.findings.report import Coverage
from wireshape.live import account_mode, allowlist, credentials, environments, rest, websocket
from wireshape.live.credentials import LiveAccount
from wireshape.live.environments import Environment
from wireshape.live.errors import LiveError
from wireshape.live.log_silencing import quiet
from wireshape.live.rate_limit import RateLimiter
from wireshape.live.retry import Timeouts
from wireshape.live.session import LiveResponse, Session
from wireshape.live.signing import Clock
from wireshape.model import Endpoint, Interaction, Item, Location, Mode, Origin, Problem, Reason

_LONGEST = 300

ELSEWHERE = "no account of this run is in this mode"


@dataclass(frozen=True, kw_only=True, slots=True)
class LiveAnswer:
    """An answer to check or to keep: whose it is, and whether it came within a logged-on session."""

    interaction: Interaction
    account: LiveAccount
    environment: Environment
    session: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class LiveRun:
    """What a run came to."""

    answers: tuple[LiveAnswer, ...]
    problems: tuple[Problem, ...]
    coverage: tuple[Coverage, ...]

    @property
    def items(self) -> Iterator[Item]:
        """Give problems and answers as the files of a check give them."""
        yield from self.problems
        yield from (answer.interaction for answer in self.answers)


def collect(
    names: Iterable[str],
    catalog: Catalog,
    env: Mapping[str, str],
    *,
    endpoint: Endpoint | None = None,
    timeouts: Timeouts | None = None,
) -> LiveRun:
    """Ask all accounts of these environments; UsageError before anything is sent where a key or a host is wrong."""
    known = {name: environments.load(name, env, catalog.schemas) for name in dict.fromkeys(names)}
    accounts = [account for name in known for account in credentials.accounts(name, env)]
    run = _Run(catalog, [endpoint] if endpoint else list(catalog.endpoints), timeouts or Timeouts())
    with quiet():
        asyncio.run(run.ask([(account, known[account.environment]) for account in accounts]))
    return LiveRun(answers=tuple(run.answers), problems=tuple(run.problems), coverage=tuple(run.coverage()))


class _Run:
    """Gathers answers, problems and what they say of each endpoint and mode."""

    def __init__(self, catalog: Catalog, wanted: Sequence[Endpoint], timeouts: Timeouts) -> None:
        self.answers: list[LiveAnswer] = []
        self.problems: list[Problem] = []
        self._calls = allowlist.load(catalog)
        self._limits = operations.limits(catalog.schemas)
        self._wanted = wanted
        self._timeouts = timeouts
        self._observed: set[tuple[Endpoint, Mode]] = set()
        self._missed: dict[tuple[Endpoint, Mode], Coverage] = {}

    async def ask(self, accounts: Iterable[tuple[LiveAccount, Environment]]) -> None:
        """Ask one account after the other, product by product."""
        limiters: dict[str, RateLimiter] = {}
        for account, environment in accounts:
            limiter = limiters.setdefault(environment.name, RateLimiter(self._limits))
            for product in dict.fromkeys(endpoint.product for endpoint in self._wanted):
                if product not in environment.hosts:
                    self.miss(self._of(product), None, f"{environment.name} has no host for it")
                    continue
                session = Session(
                    environment=environment,
                    product=product,
                    key=account.key,
                    calls=self._calls,
                    limiter=limiter,
                    timeouts=self._timeouts,
                )
                await _Product(self, session, account, self._of(product)).ask()

    def _of(self, product: str) -> list[Endpoint]:
        return [endpoint for endpoint in self._wanted if endpoint.product == product]

    def keep(self, answers: LiveAnswer) -> None:
        """Take an answer that the account's mode is known of."""
        self.answers.append(answers)
        assert answers.interaction.mode  # noqa: S101 - without one there is no answer
        self._observed.add((answers.interaction.endpoint, answers.interaction.mode))

    def miss(self, missed: Iterable[Endpoint], mode: Mode | None, reason: str, code: Reason | None = None) -> None:
        """Remember why endpoints were missed, in that mode or in all."""
        for endpoint in missed:
            for each in [mode] if mode else endpoint.modes:
                row = Coverage(
                    endpoint=endpoint.id, mode=str(each), observed=False, reason=redaction.text(reason), code=code
                )
                self._missed.setdefault((endpoint, each), row)

    def coverage(self) -> Iterable[Coverage]:
        """Say of every endpoint and mode whether it was observed, and why not."""
        for endpoint in self._wanted:
            for mode in endpoint.modes:
                if (endpoint, mode) in self._observed:
                    yield Coverage(endpoint=endpoint.id, mode=str(mode), observed=True)
                else:
                    elsewhere = Coverage(endpoint=endpoint.id, mode=str(mode), observed=False, reason=ELSEWHERE)
                    yield self._missed.get((endpoint, mode), elsewhere)


@dataclass(frozen=True, kw_only=True, slots=True)
class _Outcome:
    call: Call
    got: LiveResponse | LiveError
    session: bool = False


class _Product:
    """One account asked for the endpoints of one product, in one mode or not at all."""

    def __init__(self, run: _Run, session: Session, account: LiveAccount, wanted: Sequence[Endpoint]) -> None:
        self._run = run
        self._session = session
        self._account = account
        self._wanted = wanted
        self._place = f"{account.label}:{session.product}"

    async def ask(self) -> None:
        """Ask time, mode, answers and mode again; a mode that changed in between makes the answers tell nothing."""
        parts = {"position", *(["margin"] if any(m.margin for e in self._wanted for m in e.modes) else [])}
        async with rest.opened(self._session) as over_rest:
            step = Purpose.TIME
            try:
                over_rest.clock = await account_mode.clock(over_rest, self._calls(Purpose.TIME)[0])
                step = Purpose.MODE
                before = await account_mode.mode(over_rest, self._calls(Purpose.MODE), parts)
            except LiveError as error:
                self._give_up(step, error, None)
                return
            outcomes = [await self._over_rest(over_rest, call) for call in self._calls(Purpose.ACCOUNT)]
            outcomes += await self._over_websocket(over_rest.clock, before.mode)
            try:
                await account_mode.require_same(over_rest, before, parts)
            except LiveError as error:
                for outcome in outcomes:
                    if isinstance(outcome.got, LiveError):
                        self._take(outcome, before.mode)
                self._give_up(Purpose.MODE, error, before.mode)
                return
        for outcome in outcomes:
            self._take(outcome, before.mode)

    def _calls(self, purpose: Purpose, transport: Transport = Transport.REST) -> list[Call]:
        found = self._session.calls.of(self._session.product, purpose, transport)
        return [call for call in found if call.endpoint is None or call.endpoint in self._wanted]

    async def _over_rest(self, over_rest: rest.Rest, call: Call) -> _Outcome:
        try:
            return _Outcome(call=call, got=await over_rest.ask(call))
        except LiveError as error:
            self._session.limiter.halt(error)
            return _Outcome(call=call, got=error)

    async def _over_websocket(self, clock: Clock, mode: Mode) -> list[_Outcome]:
        asked = self._calls(Purpose.ACCOUNT, Transport.WS)
        if not asked:
            return []
        if Transport.WS not in self._session.environment.hosts[self._session.product]:
            self._run.miss([call.endpoint for call in asked if call.endpoint], mode, "no WebSocket host is set")
            return []
        async with websocket.opened(self._session, clock) as socket:
            outcomes = [_Outcome(call=c, got=g) for c, g in zip(asked, await socket.ask(asked), strict=True)]
            answered = [each.call for each in outcomes if isinstance(each.got, LiveResponse)]
            if self._session.key.kind == "ed25519" and answered:
                logon = self._calls(Purpose.LOGON, Transport.WS)[0]
                got = await socket.ask(answered, logon)
                outcomes += [_Outcome(call=c, got=g, session=True) for c, g in zip(answered, got, strict=True)]
        for outcome in outcomes:
            if isinstance(outcome.got, LiveError):
                self._session.limiter.halt(outcome.got)
        for note, count in socket.notes.items():
            times = f", {count} times" if count > 1 else ""
            self._problem(f"{self._place}.ws", LiveError(Reason.FRAME, f"{note}{times}"))
        return outcomes

    def _take(self, outcome: _Outcome, mode: Mode) -> None:
        endpoint = outcome.call.endpoint
        assert endpoint  # noqa: S101 - the calls of accounts are those of endpoints
        place = f"{self._account.label}:{endpoint.id}{'+session' if outcome.session else ''}"
        if isinstance(outcome.got, LiveError):
            self._problem(place, outcome.got, [endpoint], mode)
            return
        day = datetime.now(UTC).strftime("%Y-%m-%dT00:00:00Z")
        interaction = Interaction(
            endpoint=endpoint,
            mode=mode,
            origin=Origin(kind=self._session.environment.origin, recorded_at=day),
            status=outcome.got.status,
            body=outcome.got.body,
            location=Location(file=place),
        )
        answers = LiveAnswer(
            interaction=interaction,
            account=self._account,
            environment=self._session.environment,
            session=outcome.session,
        )
        self._run.keep(answers)

    def _give_up(self, step: Purpose, error: LiveError, mode: Mode | None) -> None:
        """Say that without the time or the mode nothing can be said of any endpoint."""
        self._session.limiter.halt(error)
        self._problem(f"{self._place}.{step}", error, self._wanted, mode)

    def _problem(self, place: str, error: LiveError, missed: Iterable[Endpoint] = (), mode: Mode | None = None) -> None:
        """Say what failed: masked first and cut then, as half a key would no longer look like one."""
        reason = redaction.text(self._session.key.masked(str(error)))[:_LONGEST]
        self._run.problems.append(Problem(location=Location(file=place), reason=reason, code=error.reason))
        self._run.miss(missed, mode, reason, error.reason)
