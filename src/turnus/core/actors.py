"""Who did something, and when: values that every writing function takes and every audit entry keeps."""

from __future__ import annotations

from datetime import datetime  # dataclass field
from typing import NamedTuple


class Actor(NamedTuple):
    """A person or a program. A value, never a foreign key: audit outlives accounts."""

    kind: str
    """``person``, ``cli``, ``job``."""
    id: str
    name: str


class Stamp(NamedTuple):
    """An actor and the instant (with zone) at which an interface accepted the act."""

    actor: Actor
    at: datetime
