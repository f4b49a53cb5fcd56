"""The result of a live run: answers, problems, and which endpoints were observed in which mode."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from wireshape.catalog.environments import Hosts
from wireshape.findings import redaction
from wireshape.findings.report import Coverage
from wireshape.model import Endpoint, Interaction, Item, Mode, Problem, Reason


@dataclass(frozen=True, kw_only=True, slots=True)
class LiveAnswer:
    """An answer to check or to record, without the key that asked for it.

    The label names the account, the hosts are those that a recording states; in_session is true for an answer that came
    within a logged-on session.
    """

    interaction: Interaction
    label: str
    recorded_hosts: Hosts
    in_session: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class LiveRun:
    """The result of a run; coverage has a row for every mode of every endpoint that was to be asked."""

    answers: tuple[LiveAnswer, ...]
    problems: tuple[Problem, ...]
    coverage: tuple[Coverage, ...]

    @property
    def items(self) -> Iterator[Item]:
        """Give problems and answers as files give them."""
        yield from self.problems
        yield from (answer.interaction for answer in self.answers)


class Collector:
    """Gathers answers and problems, and what they say of each endpoint and mode."""

    def __init__(self, wanted: Sequence[Endpoint]) -> None:
        self.wanted = wanted
        self._answers: list[LiveAnswer] = []
        self._problems: list[Problem] = []
        self._rows: dict[Endpoint, dict[Mode, Coverage]] = {endpoint: {} for endpoint in wanted}

    def keep(self, answer: LiveAnswer, mode: Mode) -> None:
        """Take an answer that was given in a mode."""
        self._answers.append(answer)
        endpoint = answer.interaction.endpoint
        self._rows[endpoint][mode] = Coverage(endpoint=endpoint.id, mode=str(mode), observed=True)

    def fail(self, problem: Problem, missed: Iterable[Endpoint], mode: Mode | None) -> None:
        """Take a problem, and the endpoints that were not observed for it; in all modes where none is known."""
        self._problems.append(problem)
        self.miss(missed, mode, problem.reason, problem.code)

    def miss(self, missed: Iterable[Endpoint], mode: Mode | None, reason: str, code: Reason | None = None) -> None:
        """Remember why endpoints were not observed: the first reason, unless another account was answered."""
        for endpoint in missed:
            for each in [mode] if mode else endpoint.modes:
                self._rows[endpoint].setdefault(each, _missed(endpoint, each, redaction.text(reason), code))

    def result(self) -> LiveRun:
        """Give what was gathered."""
        return LiveRun(answers=tuple(self._answers), problems=tuple(self._problems), coverage=tuple(self._coverage()))

    def _coverage(self) -> Iterator[Coverage]:
        """Say of every endpoint and mode whether it was observed, and why not."""
        for endpoint, rows in self._rows.items():
            for mode in endpoint.modes:
                yield rows.get(mode) or _missed(endpoint, mode, "no account of this run is in this mode")


def _missed(endpoint: Endpoint, mode: Mode, reason: str, code: Reason | None = None) -> Coverage:
    return Coverage(endpoint=endpoint.id, mode=str(mode), observed=False, reason=reason, code=code)
