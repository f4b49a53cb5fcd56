"""Keeps live answers as cassettes: masked before they reach a disk, searched for leaks, and whole or not at all."""

from __future__ import annotations

import os
import re
import signal
import sys
import tempfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from threading import current_thread, main_thread

import orjson

from wireshape.errors import WireshapeError
from wireshape.findings import redaction
from wireshape.inputs.cassette import WS
from wireshape.inputs.frame_matcher import parsed
from wireshape.live.run import LiveAnswer
from wireshape.model import Endpoint, Problem, Reason
from wireshape.record import cassette_writer
from wireshape.record.cassette_writer import RecordedCall
from wireshape.scan import scanner

Disguise = Callable[[Endpoint, bytes], bytes]
"""Gives an answer of an endpoint with other amounts."""
Scan = Callable[[bytes, Iterable[bytes]], Sequence[str]]
"""Gives the leaks that a file has of these secrets, and of anything like one."""

_ID = "8f9b2c1d"
_SESSION = "session"
_STOPS = ("SIGTERM", "SIGHUP", "SIGQUIT")
_DRAFT = ".wireshape-draft-"
_LINE = re.compile(r"[^\t\r\n]+")
_IDENTITY = re.compile(r'("(?:accountAlias|listenKey|apiKey|signature)"\s*:\s*")[^"\\]*(?=")', re.IGNORECASE)


def amounts_kept(_: Endpoint, body: bytes) -> bytes:
    """Disguise nothing."""
    return body


def leaks(raw: bytes, known: Iterable[bytes]) -> list[str]:
    """Name the secrets that a file holds: these, however they are encoded, and whatever looks like one."""
    return sorted({f"{leak.kind} {leak.how}".strip() for leak in scanner.scan(raw, known)})


def keep(
    answers: Iterable[LiveAnswer], into: Path, *, disguise: Disguise = amounts_kept, scan: Scan = leaks
) -> tuple[list[Path], list[Problem]]:
    """Write a cassette per answer below a folder; what has a leak, or cannot be written, is a Problem and no file."""
    written: list[Path] = []
    problems: list[Problem] = []
    with _unwinding():
        for one in answers:
            file = _free(into, one, written)
            problem = _problem(file, one, disguise, scan)
            if problem:
                problems.append(problem)
            else:
                written.append(file)
    return written, problems


@contextmanager
def _unwinding() -> Iterator[None]:
    """Let a polite kill end the run as an error would, so that drafts are removed."""
    if current_thread() is not main_thread():
        yield
        return
    names = [getattr(signal, name) for name in _STOPS if hasattr(signal, name)]
    before = [(name, signal.signal(name, lambda number, _: sys.exit(128 + number))) for name in names]
    try:
        yield
    finally:
        for name, handler in before:
            signal.signal(name, handler)


def _problem(file: Path, one: LiveAnswer, disguise: Disguise, scan: Scan) -> Problem | None:
    """Write a cassette; where that is not to be, say why."""
    location = one.interaction.location
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        found = _write(file, one, disguise, scan)
    except OSError as error:
        return Problem(location=location, reason=f"cannot be written: {error.strerror}")
    except WireshapeError as error:
        return Problem(location=location, reason=f"{Reason.AMOUNTS}: {error}", code=Reason.AMOUNTS)
    if not found:
        return None
    reason = f"{Reason.LEAK}: not kept, for it would have held {', '.join(found)}"
    return Problem(location=location, reason=reason, code=Reason.LEAK)


def _free(into: Path, one: LiveAnswer, written: Sequence[Path]) -> Path:
    """Name the file of an answer; a second account in the same mode gets a file of its own."""
    item = one.interaction
    assert item.origin  # noqa: S101 - a live answer always has one
    folder = into.joinpath(*item.endpoint.id.split(".", 3))
    form = [_SESSION] if one.session else []
    file = folder / ".".join([str(item.mode), *form, item.origin.kind, "yaml"])
    if file not in written:
        return file
    return folder / ".".join([str(item.mode), one.account.label, *form, item.origin.kind, "yaml"])


def _write(file: Path, one: LiveAnswer, disguise: Disguise, scan: Scan) -> Sequence[str]:
    """Scan a cassette before it reaches a disk, write it beside its file, and only then give it its name."""
    item = one.interaction
    assert item.origin  # noqa: S101 - a live answer always has one
    note = "asked in a session that was logged on, without a signature" if one.session else None
    raw = cassette_writer.text([_exchange(one, disguise)], item.origin, item.mode, note=note).encode()
    known = one.account.key.material
    if found := scan(raw, known):
        return found
    for left_over in file.parent.glob(f"{_DRAFT}*"):
        left_over.unlink(missing_ok=True)  # of a run that was killed
    number, name = tempfile.mkstemp(prefix=_DRAFT, dir=file.parent)
    draft = Path(name)
    try:
        with os.fdopen(number, "wb") as written:
            written.write(raw)
            written.flush()
            os.fsync(written.fileno())
        if found := scan(draft.read_bytes(), known):
            return found
        draft.replace(file)
        return []
    finally:
        draft.unlink(missing_ok=True)


def _exchange(one: LiveAnswer, disguise: Disguise) -> RecordedCall:
    item = one.interaction
    endpoint = item.endpoint
    answer = disguise(endpoint, masked(item.body, one.account.key.material))
    assert item.origin and item.origin.recorded_at  # noqa: S101, PT018 - a live answer always has both
    asked = {"timestamp": int(datetime.fromisoformat(item.origin.recorded_at).timestamp() * 1000)}
    url = one.environment.recorded[endpoint.product][endpoint.transport] + endpoint.operation.path
    if endpoint.payload is None:
        method, url = endpoint.operation.method, f"{url}?timestamp={asked['timestamp']}"
        return RecordedCall(method=method, url=url, answer=answer, status=item.status or 200)
    frame = parsed(answer)
    number = frame.get("id") if isinstance(frame, dict) else None
    if isinstance(number, str) and number:
        answer = answer.replace(orjson.dumps(number), orjson.dumps(_ID), 1)
    body = orjson.dumps({"id": _ID, "method": endpoint.operation.method, "params": asked})
    return RecordedCall(method=WS, url=url, body=body, answer=answer, status=101, reason="Switching Protocols")


def masked(body: bytes, known: Iterable[bytes]) -> bytes:
    """Mask keys, signatures, addresses and aliases in an answer; what is no secret stays as it was sent."""
    text = _IDENTITY.sub(rf"\1{redaction.MASK}", body.decode("utf-8", "surrogateescape"))
    # Whole patterns first: a short secret taken out of a signature would leave pieces that look like nothing.
    body = _LINE.sub(lambda line: redaction.mask(line[0]), text).encode("utf-8", "surrogateescape")
    for secret in known:
        body = body.replace(secret, redaction.MASK.encode())
    return body
