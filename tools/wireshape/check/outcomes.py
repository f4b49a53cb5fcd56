"""What became of the answers of one input: those alike are checked once, and too many broken ones not to the last."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from dataclasses import dataclass, replace

from wireshape.check.answer import AnswerResult
from wireshape.findings.build import Findings, Subject
from wireshape.model import Interaction, Location, Problem

MAX_BROKEN = 3_000
"""Different answers of one input that break their contract; those behind are not checked."""
_MAX_SHARED = 1000
_LONGEST_SHARED = 10_000
"""Bytes of an answer that is likely to come again, such as an empty one or an error."""


@dataclass(slots=True)
class _Shared:
    """The outcome of an answer, what its findings are about, and how often the answer came again."""

    result: AnswerResult
    subject: Subject
    again: int = 0


class Outcomes:
    """Checks the answers of one input after another, and adds what is found."""

    def __init__(
        self,
        check: Callable[[Interaction], AnswerResult],
        subject: Callable[[Interaction, AnswerResult], Subject],
        findings: Findings,
    ) -> None:
        self.problems: list[Problem] = []
        self._check = check
        self._subject = subject
        self._findings = findings
        self._file = ""
        self._broken = 0
        self._unchecked = 0
        self._shared: dict[Hashable, _Shared] = {}

    def result(self, item: Interaction) -> AnswerResult | None:
        """Check an answer; None where too many before it break their contract."""
        if item.location.file != self._file:
            self.finish()
            self._file = item.location.file
        said = item.endpoint.id, item.mode, item.status, item.origin, item.recorded_on, item.expects_error, item.bare
        key = (item.body, item.request_id, *said)
        if shared := self._shared.get(key):
            shared.again += 1
            return shared.result
        if self._broken >= MAX_BROKEN:
            self._unchecked += 1
            return None
        result = self._check(item)
        subject = self._subject(item, result)
        self._findings.add(result.violations, subject)
        self._broken += bool(result.violations)
        if len(item.body) <= _LONGEST_SHARED:
            self._share(key, _Shared(result, subject))
        return result

    def finish(self) -> None:
        """Add what is left of an input."""
        self._count()
        if self._unchecked:
            reason = f"{self._unchecked:,} answers are not checked: {MAX_BROKEN:,} before them break their contract"
            self.problems.append(Problem(location=Location(file=self._file), reason=reason))
        self._broken = self._unchecked = 0

    def _share(self, key: Hashable, shared: _Shared) -> None:
        if len(self._shared) >= _MAX_SHARED:
            self._count()
        self._shared[key] = shared

    def _count(self) -> None:
        """Count the findings of answers that came again, and forget them."""
        for each in self._shared.values():
            if each.again and each.result.violations:
                times = (replace(violation, count=violation.count * each.again) for violation in each.result.violations)
                self._findings.add(times, each.subject)
        self._shared = {}
