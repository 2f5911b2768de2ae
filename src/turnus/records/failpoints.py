"""Named failpoints at every commit and file boundary: off by default, switched on by tests through the environment.

``TURNUS_FAILPOINT=run.issue:2`` kills the process (SIGKILL, as a power cut would) when the point is passed the second
time; ``run.issue:2:raise`` raises ``FailpointError`` instead.
"""

from __future__ import annotations

import os
import signal
from typing import Final

POINTS: Final = frozenset(
    {
        "run.freeze.before_commit",
        "run.freeze.after_commit",
        "run.draft.before_commit",
        "run.draft.after_commit",
        "run.release.before_commit",
        "run.release.after_commit",
        "run.number.before_commit",
        "run.number.after_commit",
        "run.issue.before_commit",
        "run.issue.after_commit",
        "single.issue.before_commit",
        "single.issue.after_commit",
        "render.before_file",
        "render.after_file",
        "render.after_report",
        "render.after_commit",
        "archive.after_tombstones",
        "send.after_plan",
        "send.after_claim",
        "send.after_call",
        "send.after_settle",
        "import.before_commit",
        "import.after_commit",
        "payment.before_commit",
        "payment.after_commit",
    }
)
"""Every failpoint there is; a test asserts that each one is passed."""

_hits: dict[str, int] = {}


class FailpointError(BaseException):
    """A failpoint that was asked to raise: as a killed process would, it passes everything that handles errors."""


def failpoint(name: str) -> None:
    """Pass a named point; die here if the environment says so."""
    if name not in POINTS:
        raise KeyError(name)
    wanted = os.environ.get("TURNUS_FAILPOINT")
    if not wanted:
        return
    point, _, rest = wanted.partition(":")
    count, _, how = rest.partition(":")
    if point != name:
        return
    _hits[name] = _hits.get(name, 0) + 1
    if _hits[name] != int(count or 1):
        return
    if how == "raise":
        raise FailpointError(name)
    os.kill(os.getpid(), signal.SIGKILL)
