"""A process that fails as asked: ``broken_child.py HOW WORK DESCRIPTOR``."""

from __future__ import annotations

import os
import signal
import sys
from typing import Any

from turnus.adapters.validation import child


def fail(_question: dict[str, Any], _content: bytes) -> tuple[dict[str, Any], bytes]:
    """Die or hang in the middle of a document."""
    how = sys.argv[1]
    if how == "hang":
        signal.pause()
    if how == "exit":
        os._exit(3)
    os.kill(os.getpid(), signal.SIGKILL)
    raise AssertionError


if sys.argv[1] == "start":
    sys.exit(1)
if sys.argv[1] == "memory":
    real = child.work_of(sys.argv[2])

    def hungry(question: dict[str, Any], content: bytes) -> tuple[dict[str, Any], bytes]:
        """Ask for more than may be had."""
        return real(question, content + bytes(8 << 30))

    child.work_of = lambda name: hungry  # noqa: ARG005 - as the real one
elif sys.argv[1] != "well":
    child.work_of = lambda name: fail  # noqa: ARG005 - as the real one
child.main()
