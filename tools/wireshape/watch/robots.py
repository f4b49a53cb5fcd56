"""What a host allows to be asked: its robots.txt."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.robotparser import RobotFileParser

from wireshape.errors import InputError


@dataclass(frozen=True, kw_only=True, slots=True)
class Robots:
    """The rules of a host; `refused` says why nothing may be asked, `pause` how many seconds it wants between two."""

    rules: RobotFileParser | None = None
    refused: str | None = None
    pause: float = 0.0

    def require(self, agent: str, address: str) -> None:
        """Raise InputError where the rules forbid an address."""
        if self.refused:
            raise InputError(self.refused)
        if self.rules and not self.rules.can_fetch(agent, address):
            raise InputError("its host's robots.txt forbids it")


def read(raw: bytes, agent: str) -> Robots:
    """Read the rules of a robots.txt for an agent; what is none allows all."""
    rules = RobotFileParser()
    rules.parse(raw.decode("utf-8-sig", "replace").splitlines())
    pause = rules.crawl_delay(agent)
    return Robots(rules=rules, pause=float(pause) if pause else 0.0)
