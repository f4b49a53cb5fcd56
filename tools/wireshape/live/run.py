"""A live run: every account asked for every endpoint, its mode before and after, and what could not be had."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from wireshape.catalog import operations
from wireshape.catalog.endpoints import Catalog
from wireshape.catalog.operations import Call
from wireshape.findings import redaction
from wireshape.findings.report import Coverage
from wireshape.live import account_mode, allowlist, credentials, environments, rest, websocket
from wireshape.live.credentials import Account
from wireshape.live.environments import Environment
from wireshape.live.errors import AskError
from wireshape.live.log_silencing import quiet
from wireshape.live.rate_limit import Budget
from wireshape.live.retry import Patience
from wireshape.live.session import Answer, Talk
from wireshape.live.signing import Clock
from wireshape.model import Endpoint, Interaction, Location, Mode, Origin, Problem

_LONGEST = 300

ELSEWHERE = "no account of this run is in this mode"


@dataclass(frozen=True, kw_only=True, slots=True)
class Had:
    """An answer to check or to keep: whose it is, and whether it came within a logged-on session."""

    interaction: Interaction
    account: Account
    environment: Environment
    session: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class Harvest:
    """What a run came to."""

    had: tuple[Had, ...]
    problems: tuple[Problem, ...]
    coverage: tuple[Coverage, ...]


def collect(
    names: Iterable[str],
    catalog: Catalog,
    env: Mapping[str, str],
    *,
    endpoint: Endpoint | None = None,
    patience: Patience | None = None,
) -> Harvest:
    """Ask all accounts of these environments; UsageError before anything is sent where a key or a host is wrong."""
    known = {name: environments.load(name, env, catalog.schemas) for name in dict.fromkeys(names)}
    accounts = [account for name in known for account in credentials.accounts(name, env)]
    run = _Run(catalog, [endpoint] if endpoint else list(catalog.endpoints), patience or Patience())
    with quiet():
        asyncio.run(run.ask([(account, known[account.environment]) for account in accounts]))
    return Harvest(had=tuple(run.had), problems=tuple(run.problems), coverage=tuple(run.coverage()))


class _Run:
    """Gathers answers, problems and what they say of each endpoint and mode."""

    def __init__(self, catalog: Catalog, wanted: Sequence[Endpoint], patience: Patience) -> None:
        self.had: list[Had] = []
        self.problems: list[Problem] = []
        self._calls = allowlist.load(catalog)
        self._limits = allowlist.limits(catalog)
        self._wanted = wanted
        self._patience = patience
        self._observed: set[tuple[Endpoint, Mode]] = set()
        self._failed: dict[tuple[Endpoint, Mode], str] = {}

    async def ask(self, accounts: Iterable[tuple[Account, Environment]]) -> None:
        """Ask one account after the other, product by product."""
        budgets: dict[str, Budget] = {}
        for account, environment in accounts:
            budget = budgets.setdefault(environment.name, Budget(*self._limits))
            for product in dict.fromkeys(endpoint.product for endpoint in self._wanted):
                if product not in environment.hosts:
                    self.fail(self._of(product), None, f"{environment.name} has no host for it")
                    continue
                talk = Talk(
                    environment=environment,
                    product=product,
                    key=account.key,
                    calls=self._calls,
                    budget=budget,
                    patience=self._patience,
                )
                await _Product(self, talk, account, self._of(product)).ask()

    def _of(self, product: str) -> list[Endpoint]:
        return [endpoint for endpoint in self._wanted if endpoint.product == product]

    def keep(self, had: Had) -> None:
        """Take an answer that the account's mode is known of."""
        self.had.append(had)
        assert had.interaction.mode  # noqa: S101 - without one there is no answer
        self._observed.add((had.interaction.endpoint, had.interaction.mode))

    def problem(self, place: str, reason: str, missed: Iterable[Endpoint] = (), mode: Mode | None = None) -> None:
        """Say what could not be had, and which endpoints were missed by it; of all modes where none is known."""
        self.problems.append(Problem(location=Location(file=place), reason=reason))
        self.fail(missed, mode, reason)

    def fail(self, missed: Iterable[Endpoint], mode: Mode | None, reason: str) -> None:
        """Remember why endpoints were missed, in that mode or in all."""
        for endpoint in missed:
            for each in [mode] if mode else endpoint.modes:
                self._failed.setdefault((endpoint, each), redaction.text(reason))

    def coverage(self) -> Iterable[Coverage]:
        """Say of every endpoint and mode whether it was observed, and why not."""
        for endpoint in self._wanted:
            for mode in endpoint.modes:
                observed = (endpoint, mode) in self._observed
                reason = None if observed else self._failed.get((endpoint, mode), ELSEWHERE)
                yield Coverage(endpoint=endpoint.id, mode=str(mode), observed=observed, reason=reason)


@dataclass(frozen=True, kw_only=True, slots=True)
class _Outcome:
    call: Call
    got: Answer | AskError
    session: bool = False


class _Product:
    """One account asked for the endpoints of one product, in one mode or not at all."""

    def __init__(self, run: _Run, talk: Talk, account: Account, wanted: Sequence[Endpoint]) -> None:
        self._run = run
        self._talk = talk
        self._account = account
        self._wanted = wanted
        self._place = f"{account.label}:{talk.product}"

    async def ask(self) -> None:
        """Ask time, mode, answers and mode again; a mode that changed in between makes the answers tell nothing."""
        parts = {"position", *(["margin"] if any(m.margin for e in self._wanted for m in e.modes) else [])}
        async with rest.opened(self._talk) as over_rest:
            step = operations.TIME
            try:
                over_rest.clock = await account_mode.clock(over_rest, self._calls(operations.TIME)[0])
                step = operations.MODE
                before = await account_mode.mode(over_rest, self._calls(operations.MODE), parts)
            except AskError as error:
                self._give_up(step, error, None)
                return
            outcomes = [await self._over_rest(over_rest, call) for call in self._calls(operations.ACCOUNT)]
            outcomes += await self._over_websocket(over_rest.clock, before.mode)
            try:
                await account_mode.require_same(over_rest, before, parts)
            except AskError as error:
                for outcome in outcomes:
                    if isinstance(outcome.got, AskError):
                        self._take(outcome, before.mode)
                self._give_up(operations.MODE, error, before.mode)
                return
        for outcome in outcomes:
            self._take(outcome, before.mode)

    def _calls(self, purpose: str, transport: str = "rest") -> list[Call]:
        found = self._talk.calls.of(self._talk.product, purpose, transport)
        return [call for call in found if call.endpoint is None or call.endpoint in self._wanted]

    async def _over_rest(self, over_rest: rest.Rest, call: Call) -> _Outcome:
        try:
            return _Outcome(call=call, got=await over_rest.ask(call))
        except AskError as error:
            self._talk.budget.stop(error)
            return _Outcome(call=call, got=error)

    async def _over_websocket(self, clock: Clock, mode: Mode) -> list[_Outcome]:
        asked = self._calls(operations.ACCOUNT, "ws")
        if not asked:
            return []
        if "ws" not in self._talk.environment.hosts[self._talk.product]:
            self._run.fail([call.endpoint for call in asked if call.endpoint], mode, "no WebSocket host is set")
            return []
        async with websocket.opened(self._talk, clock) as socket:
            outcomes = [_Outcome(call=c, got=g) for c, g in zip(asked, await socket.ask(asked), strict=True)]
            answered = [each.call for each in outcomes if isinstance(each.got, Answer)]
            if self._talk.key.kind == "ed25519" and answered:
                logon = self._calls(operations.LOGON, "ws")[0]
                got = await socket.ask(answered, logon)
                outcomes += [_Outcome(call=c, got=g, session=True) for c, g in zip(answered, got, strict=True)]
        for outcome in outcomes:
            if isinstance(outcome.got, AskError):
                self._talk.budget.stop(outcome.got)
        for note, count in socket.notes.items():
            self._run.problem(f"{self._place}.ws", f"frame: {note}{f', {count} times' if count > 1 else ''}")
        return outcomes

    def _take(self, outcome: _Outcome, mode: Mode) -> None:
        endpoint = outcome.call.endpoint
        assert endpoint  # noqa: S101 - the calls of accounts are those of endpoints
        place = f"{self._account.label}:{endpoint.id}{'+session' if outcome.session else ''}"
        if isinstance(outcome.got, AskError):
            self._run.problem(place, self._said(outcome.got), [endpoint], mode)
            return
        day = datetime.now(UTC).strftime("%Y-%m-%dT00:00:00Z")
        interaction = Interaction(
            endpoint=endpoint,
            mode=mode,
            origin=Origin(kind=self._talk.environment.origin, recorded_at=day),
            status=outcome.got.status,
            body=outcome.got.body,
            location=Location(file=place),
        )
        had = Had(
            interaction=interaction,
            account=self._account,
            environment=self._talk.environment,
            session=outcome.session,
        )
        self._run.keep(had)

    def _said(self, error: AskError) -> str:
        """Word a failure: masked first and cut then, as half a key would no longer look like one."""
        return redaction.text(self._talk.key.masked(str(error)))[:_LONGEST]

    def _give_up(self, step: str, error: AskError, mode: Mode | None) -> None:
        """Say that without the time or the mode nothing can be said of any endpoint."""
        self._talk.budget.stop(error)
        self._run.problem(f"{self._place}.{step}", self._said(error), self._wanted, mode)
