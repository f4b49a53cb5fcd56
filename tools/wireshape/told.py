"""What told which endpoint answered, where an answer was not asked for but read."""

from __future__ import annotations

from enum import StrEnum


class ToldBy(StrEnum):
    """What told which endpoint answered: its address, the request frame, the call, the file's name, or the fields."""

    URL = "url"
    FRAME = "frame"
    OPTION = "option"
    NAME = "name"
    SHAPE = "shape"
