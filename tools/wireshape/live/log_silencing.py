"""Silences the libraries that see answers or keys: their loggers print headers, signatures, frames and bodies."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager

_LIBRARIES = ("asyncio", "httpx", "httpcore", "vcr", "websockets")


@contextmanager
def silence_libraries() -> Iterator[None]:
    """Let no logger of the libraries that carry a key write anything, whatever level it or its parent was given."""
    loggers = [logging.getLogger(name) for name in _LIBRARIES]
    loggers += [logging.getLogger(name) for name in list(logging.root.manager.loggerDict) if _is_below(name)]
    before = [(logger, logger.disabled, logger.level) for logger in loggers]
    for logger in loggers:
        logger.disabled = True
        # Loggers made later inherit the level; they do not inherit that one is disabled.
        logger.setLevel(logging.CRITICAL + 1)
    try:
        yield
    finally:
        for logger, disabled, level in before:
            logger.disabled = disabled
            logger.setLevel(level)


def _is_below(name: str) -> bool:
    """Tell whether a logger is a child of one of a library."""
    return name.partition(".")[0] in _LIBRARIES and name not in _LIBRARIES
