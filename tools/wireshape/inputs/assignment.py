"""Which endpoint the call says answered: one for all that no recording names, or by patterns of file names."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import PurePath

from wireshape.catalog.endpoints import Catalog
from wireshape.errors import UsageError
from wireshape.model import Endpoint

_IS = "="


@dataclass(frozen=True, kw_only=True, slots=True)
class _Row:
    """A pattern of a file's name, and the endpoint that answered what such a file holds."""

    pattern: str
    endpoint: Endpoint

    def fits(self, file: str) -> bool:
        """Tell whether a file as it was given has such a name; without a folder the pattern is of its last part."""
        path = PurePath(file)
        return fnmatchcase(path.as_posix() if "/" in self.pattern else path.name, self.pattern.removeprefix("./"))


@dataclass(frozen=True, kw_only=True, slots=True)
class Assignment:
    """What `--endpoint` says: the endpoint of a file is that of the first pattern that fits, else that of all."""

    rows: tuple[_Row, ...] = ()
    rest: Endpoint | None = None

    def endpoint(self, file: str) -> Endpoint | None:
        """Give the endpoint of a file, None where the call says none."""
        return next((each.endpoint for each in self.rows if each.fits(file)), self.rest)

    def idle(self, files: Iterable[str]) -> list[str]:
        """List the patterns that none of some files has, in their order."""
        names = list(files)
        return [row.pattern for row in self.rows if not any(map(row.fits, names))]


def parse(said: Sequence[str], catalog: Catalog) -> Assignment:
    """Read what `--endpoint` says, each `ID` or `PATTERN=ID`; UsageError names the nearest endpoint."""
    rows: list[_Row] = []
    rest: list[Endpoint] = []
    for each in said:
        pattern, is_pattern, endpoint = each.rpartition(_IS)
        if is_pattern and not pattern:
            raise UsageError(f"--endpoint {each!r}: the pattern is empty; write PATTERN=ID, or ID for all files")
        if is_pattern:
            rows.append(_Row(pattern=pattern, endpoint=catalog.get(endpoint)))
        else:
            rest.append(catalog.get(endpoint))
    if len(rest) > 1:
        raise UsageError("--endpoint names several endpoints for all files; PATTERN=ID names one for some of them")
    return Assignment(rows=tuple(rows), rest=rest[0] if rest else None)
