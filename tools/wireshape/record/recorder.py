"""Records live answers as cassettes: masked before they reach a disk, scanned for leaks, and whole or not at all."""

from __future__ import annotations

import re
import signal
import sys
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from threading import current_thread, main_thread

import orjson

from wireshape import atomic_write
from wireshape.disguise.privacy import Statement
from wireshape.errors import InputError, OutputError
from wireshape.findings import redaction
from wireshape.inputs.cassette import WS
from wireshape.inputs.frame_matcher import parsed
from wireshape.live.collector import LiveAnswer
from wireshape.live.log_silencing import silence_libraries
from wireshape.model import Endpoint, Origin, Problem, Reason
from wireshape.record import cassette_writer
from wireshape.record.cassette_writer import RecordedCall
from wireshape.scan import scanner

ReplaceAmounts = Callable[[Endpoint, bytes], bytes]
"""Gives an answer of an endpoint with other amounts; InputError where there are none."""
MakeDisguise = Callable[[], ReplaceAmounts]
"""Makes what replaces the amounts of one account, remembered over all its answers."""
FindLeaks = Callable[[bytes, Iterable[bytes]], Sequence[str]]
"""Names the leaks that a file has of these secrets, and of anything like one."""

_FRAME_ID = "8f9b2c1d"
_SESSION = "session"
_STOP_SIGNALS = ("SIGTERM", "SIGHUP", "SIGQUIT")
_PRIVATE = 0o600
_LINE = re.compile(r"[^\t\r\n]+")
# A string; with what follows the colon where it names a member that is a string or a number.
_MEMBER = re.compile(r"""(?x) "((?:[^"\\]|\\.)*)" (?:(\s*:\s*) (?: "((?:[^"\\]|\\.)*)" | (-?[0-9][0-9.eE+-]*) )?)?""")
_ZERO = "0"


@dataclass(frozen=True, kw_only=True, slots=True)
class RecordResult:
    """The cassettes that were written, and why others were not."""

    files: tuple[Path, ...]
    problems: tuple[Problem, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class _Content:
    """What a cassette is made of: an answer, what replaces its amounts, and what is said of that."""

    answer: LiveAnswer
    replace_amounts: ReplaceAmounts
    statement: Statement | None

    @property
    def origin(self) -> Origin:
        """The origin of the answer, with the time that its cassette may tell."""
        origin = _origin(self.answer)
        if self.statement is None or origin.recorded_at is None:
            return origin
        return replace(origin, recorded_at=self.statement.recorded_at(origin.recorded_at))


class _LeakError(Exception):
    """A cassette would contain a secret."""


def _keep_amounts(_: Endpoint, body: bytes) -> bytes:
    return body


def find_leaks(raw: bytes, secrets: Iterable[bytes]) -> list[str]:
    """Name the secrets that a file holds: these, however they are encoded, and whatever looks like one."""
    return sorted({f"{leak.kind} {leak.how}".strip() for leak in scanner.scan(raw, secrets)})


def record(
    answers: Iterable[LiveAnswer],
    into: Path,
    *,
    secrets: Iterable[bytes],
    make_disguise: MakeDisguise = lambda: _keep_amounts,
    statement: Statement | None = None,
    leaks: FindLeaks = find_leaks,
) -> RecordResult:
    """Write a cassette per answer below a folder; what has a leak, or cannot be written, is a Problem and no file.

    No cassette has one of the secrets, or anything that looks like one. Every account has a disguise of its own, or two
    accounts of one run would be known by what they share. The statement is what a cassette says of it; without one,
    nothing is replaced.
    """
    files: list[Path] = []
    problems: list[Problem] = []
    disguises: dict[str, ReplaceAmounts] = defaultdict(make_disguise)
    known = tuple(secrets)

    def require_no_leak(raw: bytes) -> None:
        if found := leaks(raw, known):
            raise _LeakError(f"not written: the cassette would contain {', '.join(found)}")

    with _exit_on_signals(), silence_libraries():
        for answer in answers:
            file = _file(into, answer, files)
            content = _Content(answer=answer, replace_amounts=disguises[answer.label], statement=statement)
            problem = _write(file, content, require_no_leak)
            if problem:
                problems.append(problem)
            else:
                files.append(file)
    return RecordResult(files=tuple(files), problems=tuple(problems))


@contextmanager
def _exit_on_signals() -> Iterator[None]:
    """Let a signal that ends the process end the run as an error would, so that drafts are removed."""
    if current_thread() is not main_thread():
        yield
        return
    names = [getattr(signal, name) for name in _STOP_SIGNALS if hasattr(signal, name)]
    before = [(name, signal.signal(name, lambda number, _: sys.exit(128 + number))) for name in names]
    try:
        yield
    finally:
        for name, handler in before:
            signal.signal(name, handler)


def _file(into: Path, answer: LiveAnswer, written: Sequence[Path]) -> Path:
    """Name the file of an answer; a second account in the same mode gets a file of its own."""
    item = answer.interaction
    folder = into.joinpath(*item.endpoint.id.split(".", 3))
    ending = [*([_SESSION] if answer.in_session else []), _origin(answer).kind, "yaml"]
    file = folder / ".".join([str(item.mode), *ending])
    return folder / ".".join([str(item.mode), answer.label, *ending]) if file in written else file


def _write(file: Path, content: _Content, require_no_leak: Callable[[bytes], None]) -> Problem | None:
    """Write a cassette; where that is not to be, say why."""
    location = content.answer.interaction.location
    try:
        _write_whole(file, _cassette(content), require_no_leak)
    except OSError as error:
        return Problem(location=location, reason=f"the cassette cannot be written: {error.strerror}")
    except OutputError as error:
        return Problem(location=location, reason=str(error))
    except _LeakError as error:
        return Problem(location=location, reason=f"{Reason.LEAK}: {error}", code=Reason.LEAK)
    except InputError as error:
        return Problem(
            location=location,
            reason=f"{Reason.AMOUNTS}: {error}; --keep-amounts writes them as they are",
            code=Reason.AMOUNTS,
        )
    return None


def _write_whole(file: Path, raw: bytes, require: Callable[[bytes], None]) -> None:
    """Check a file before it reaches a disk, write it beside its place, check that, and only then name it."""
    require(raw)
    file.parent.mkdir(parents=True, exist_ok=True)
    atomic_write.remove_abandoned(file.parent)
    atomic_write.write(file, raw, mode=_PRIVATE, check=require)


def _cassette(content: _Content) -> bytes:
    note = "sent in a logged-on session, without a signature" if content.answer.in_session else None
    privacy = content.statement.metadata() if content.statement else None
    mode = content.answer.interaction.mode
    return cassette_writer.text([_recorded(content)], content.origin, mode, note=note, privacy=privacy).encode()


def _recorded(content: _Content) -> RecordedCall:
    """Give the call and its answer as the cassette is to have them: with no key, signature, host of one's own or id."""
    answer, item, endpoint = content.answer, content.answer.interaction, content.answer.interaction.endpoint
    body = content.replace_amounts(endpoint, masked(item.body))
    recorded_at = content.origin.recorded_at
    assert recorded_at  # noqa: S101 - a live answer always has one
    parameters = {"timestamp": int(datetime.fromisoformat(recorded_at).timestamp() * 1000)}
    hosts = answer.recorded_hosts
    url = hosts[endpoint.product][endpoint.transport] + endpoint.operation.path
    if endpoint.payload is None:
        method, url = endpoint.operation.method, f"{url}?timestamp={parameters['timestamp']}"
        return RecordedCall(method=method, url=url, answer=body, status=item.status or 200)
    frame = parsed(body)
    frame_id = frame.get("id") if isinstance(frame, dict) else None
    if isinstance(frame_id, str) and frame_id:
        body = body.replace(orjson.dumps(frame_id), orjson.dumps(_FRAME_ID), 1)
    request = orjson.dumps({"id": _FRAME_ID, "method": endpoint.operation.method, "params": parameters})
    return RecordedCall(method=WS, url=url, body=request, answer=body, status=101, reason="Switching Protocols")


def _origin(answer: LiveAnswer) -> Origin:
    origin = answer.interaction.origin
    assert origin  # noqa: S101 - a live answer always has one
    return origin


def masked(body: bytes) -> bytes:
    """Mask keys, signatures, addresses and identities in an answer; what is none stays as it was sent."""
    text = body.decode("utf-8", "surrogateescape")
    try:
        orjson.loads(body)
    except orjson.JSONDecodeError:
        return _LINE.sub(lambda line: redaction.mask(line[0]), text).encode("utf-8", "surrogateescape")
    return _MEMBER.sub(_masked_member, text).encode("utf-8", "surrogateescape")


def _masked_member(match: re.Match[str]) -> str:
    """Mask a string or the member it names, so that the text is still JSON, and a number still one."""
    name, colon, value, number = match.groups()
    secret = colon is not None and redaction.is_secret_field(name)
    shown = f'"{redaction.mask(name)}"{colon or ""}'
    if value is not None:
        return f'{shown}"{redaction.MASK if secret and value else redaction.mask(value)}"'
    return f"{shown}{_ZERO if secret and number else number or ''}"
