"""The process that touches documents of strangers: ``python -m turnus.adapters.validation.child WORK DESCRIPTOR``."""

from __future__ import annotations

import json
import resource
import sys
import time
from multiprocessing.connection import Connection
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Callable

    Work = Callable[[dict[str, Any], bytes], tuple[dict[str, Any], bytes]]

MEMORY: Final = {"read": 1 << 30, "judge": 2 << 30}
"""Bytes of memory that a kind of work may write to."""
CPU_SECONDS: Final = 300
QUESTION_LIMIT: Final = 32 * 1024 * 1024


def limit(memory: int) -> None:
    """No more memory than that, no files written, no dumps that would hold somebody's invoice."""
    for kind, most in ((resource.RLIMIT_DATA, memory), (resource.RLIMIT_FSIZE, 0), (resource.RLIMIT_CORE, 0)):
        hard = resource.getrlimit(kind)[1]
        bound = most if hard == resource.RLIM_INFINITY else min(most, hard)
        resource.setrlimit(kind, (bound, bound))


def grant_time() -> None:
    """CPU time for one more document; who uses more is ended by the system, even if nobody waits any longer."""
    hard = resource.getrlimit(resource.RLIMIT_CPU)[1]
    until = int(time.process_time()) + CPU_SECONDS
    resource.setrlimit(resource.RLIMIT_CPU, (until if hard == resource.RLIM_INFINITY else min(until, hard), hard))


def work_of(name: str) -> Work:
    """The function that answers; its libraries are loaded by this process alone."""
    if name == "read":
        from turnus.adapters.validation.reading import read  # noqa: PLC0415

        return read
    from turnus.adapters.validation.judging import judge  # noqa: PLC0415

    return judge


def serve(line: Connection, work: Work) -> None:
    """Answer questions until the other side hangs up."""
    while True:
        try:
            question, content = json.loads(line.recv_bytes(QUESTION_LIMIT)), line.recv_bytes(QUESTION_LIMIT)
        except EOFError:
            return
        grant_time()
        answer, payload = work(question, content)
        line.send_bytes(json.dumps(answer).encode())
        line.send_bytes(payload)


def main() -> None:
    """Serve one kind of work on an inherited descriptor."""
    name, descriptor = sys.argv[-2:]
    limit(MEMORY[name])
    serve(Connection(int(descriptor)), work_of(name))


if __name__ == "__main__":
    main()
