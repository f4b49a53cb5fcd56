"""What a call says about its inputs, and how an entry of one becomes an interaction."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from urllib.parse import urlsplit

from wireshape.catalog.endpoints import Catalog
from wireshape.errors import InputError, UsageError
from wireshape.inputs.assignment import Assignment
from wireshape.inputs.compression import BodySizeError, decompressed
from wireshape.model import Endpoint, Interaction, Item, Location, Mode, Origin, Problem, Source, ToldBy

_BODILESS = {204, 304}


@dataclass(frozen=True, kw_only=True, slots=True)
class Context:
    """The catalogue, the file under the name reports give it, and what the options of the call say.

    `endpoint` is that of what names none itself, `told_by` what told it, and `candidates` are those it has to be one
    of where a request frame says so. With `trusting`, bodies are taken for answers of the endpoint whatever they look
    like.
    """

    catalog: Catalog
    endpoint: Endpoint | None = None
    mode: str | None = None
    body_at: str | None = None
    file: str = ""
    trusting: bool = False
    assigned: Assignment | None = None
    day: date | None = None
    told_by: ToldBy = ToldBy.OPTION
    candidates: tuple[Endpoint, ...] = ()

    def of(self, file: str) -> Context:
        """Give the same for another file."""
        endpoint = self.assigned.endpoint(file) if self.assigned else self.endpoint
        return replace(self, file=file, endpoint=endpoint)

    def among(self, candidates: Sequence[Endpoint]) -> Context:
        """Give the same for an answer of one of some endpoints, of which the call may name one."""
        if len(candidates) == 1:
            return replace(self, endpoint=candidates[0], told_by=ToldBy.FRAME)
        endpoint = self.endpoint if self.endpoint in candidates else None
        return replace(self, endpoint=endpoint, candidates=tuple(candidates))

    def problem(self, error: InputError | UsageError, entry: int | None = None) -> Problem:
        """Say why this file, or an entry of it, cannot be checked."""
        if not isinstance(error, InputError):
            return Problem(location=Location(file=self.file, entry=entry), reason=str(error), exit_code=error.exit_code)
        return Problem(
            location=Location(file=self.file, entry=entry, line=error.line, column=error.column),
            reason=str(error),
            exit_code=error.exit_code,
            undecided=error.undecided,
        )

    def find(self, method: str, url: str) -> Endpoint | None:
        """Find the endpoint a recorded request went to; None where it is not in the catalogue."""
        try:
            return self.catalog.find(method, urlsplit(url).path)
        except ValueError:
            return None

    def asked(self, method: str, url: str | None) -> tuple[Endpoint, ...]:
        """List the endpoints that a request frame may ask: of the connection's path, or of any if that is unknown."""
        try:
            path = urlsplit(url).path if url is not None else ""
        except ValueError:
            return ()
        return self.catalog.asked(method, path)

    def mode_for(self, endpoint: Endpoint, recorded: str | None = None) -> Mode | None:
        """Give the mode the recording states, else that of the call where the endpoint has it, else None.

        UsageError where the recording states one that the endpoint does not have.
        """
        if recorded:
            return self.catalog.mode(endpoint, recorded)
        named = Mode.parse(self.mode) if self.mode else None
        return named if named in endpoint.modes else None

    def interaction(
        self,
        endpoint: Endpoint,
        body: bytes,
        *,
        entry: int | None = None,
        status: int | None = None,
        encoding: str = "",
        mode: str | None = None,
        origin: Origin | None = None,
        source: Source | None = None,
    ) -> Item:
        """Make an interaction of a recorded answer, or a Problem where its mode is not the endpoint's.

        What tells the endpoint is the address; `identity.told` says where it is something else.
        """
        if not body and status in _BODILESS:
            return self.problem(InputError(f"HTTP {status} has no body"), entry)
        try:
            return Interaction(
                endpoint=endpoint,
                mode=self.mode_for(endpoint, mode),
                origin=origin,
                status=status if endpoint.payload is None else None,
                body=decompressed(body, encoding),
                location=Location(file=self.file, entry=entry),
                source=source,
                told_by=ToldBy.URL,
            )
        except BodySizeError as error:
            at = f"entry {entry}: " if entry else ""
            raise InputError(f"{at}{error}; what follows is not read") from None
        except (InputError, UsageError) as error:
            return self.problem(error, entry)
