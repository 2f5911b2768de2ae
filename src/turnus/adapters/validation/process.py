"""A process of its own for hostile input: started afresh (never forked), limited, recycled, killed where it hangs."""

from __future__ import annotations

import contextlib
import json
import os
import socket
import subprocess
import sys
import threading
from multiprocessing.connection import Connection
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

DOCUMENTS: Final = 500
"""Documents that one process takes before a fresh one follows."""
REPLY_LIMIT: Final = 64 * 1024 * 1024
"""Bytes of an answer."""


class ChildFailedError(RuntimeError):
    """The process gave no answer. ``code`` says why: it ``died``, took too long (``slow``), or could not ``start``."""

    def __init__(self, code: str, detail: str = "") -> None:
        super().__init__(code, detail)
        self.code, self.detail = code, detail


class Child:
    """One kind of work (``read`` or ``judge``) done by one process at a time; calls from several threads queue."""

    def __init__(self, work: str, *, seconds: int, documents: int = DOCUMENTS, command: Sequence[str] = ()) -> None:
        self._work = work
        self._seconds = seconds
        self._documents = documents
        self._command = [*(command or (sys.executable, "-m", "turnus.adapters.validation.child"))]
        self._lock = threading.Lock()
        self._process: subprocess.Popen[bytes] | None = None
        self._line: Connection | None = None
        self._owner = 0
        self._done = 0

    def ask(self, question: Mapping[str, Any], content: bytes = b"") -> tuple[dict[str, Any], bytes]:
        """The process's answer, and the bytes that come with it. Raises ``ChildFailedError``."""
        with self._lock:
            line = self._ready()
            try:
                line.send_bytes(json.dumps(question).encode())
                line.send_bytes(content)
                if not line.poll(self._seconds):
                    raise ChildFailedError("slow", str(self._seconds))
                answer = json.loads(line.recv_bytes(REPLY_LIMIT))
                payload = line.recv_bytes(REPLY_LIMIT)
            except (EOFError, OSError, ValueError) as error:
                raise ChildFailedError("died", self._epitaph(error)) from None
            finally:
                if sys.exc_info()[0]:
                    self._stop()
            self._done += 1
            return answer, payload

    def close(self) -> None:
        """End the process."""
        with self._lock:
            self._stop()

    def __del__(self) -> None:
        if getattr(self, "_owner", 0) == os.getpid():
            self._stop()

    def _ready(self) -> Connection:
        """The line to a living process of this very process: a fork does not inherit it."""
        if self._owner != os.getpid():
            self._process = self._line = None
        if self._done >= self._documents or (self._process is not None and self._process.poll() is not None):
            self._stop()
        if self._line is None:
            self._start()
        assert self._line is not None
        return self._line

    def _start(self) -> None:
        ours, theirs = socket.socketpair()
        with theirs:
            try:
                self._process = subprocess.Popen(  # noqa: S603 - this project's own program
                    [*self._command, self._work, str(theirs.fileno())],
                    pass_fds=[theirs.fileno()], stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                    stderr=subprocess.DEVNULL, env=_environment(), start_new_session=True,
                )  # fmt: skip
            except OSError as error:
                ours.close()
                raise ChildFailedError("start", str(error)) from None
        self._line, self._owner, self._done = Connection(ours.detach()), os.getpid(), 0

    def _epitaph(self, error: Exception) -> str:
        with contextlib.suppress(subprocess.TimeoutExpired):
            if self._process is not None:
                return f"exit {self._process.wait(timeout=5)}"
        return type(error).__name__

    def _stop(self) -> None:
        if self._line is not None:
            self._line.close()
        if self._process is not None:
            self._process.kill()
            self._process.wait()
        self._process = self._line = None


def _environment() -> dict[str, str]:
    """What the process is told: where the code lies. No settings, no passwords, no proxy."""
    return {
        "PYTHONPATH": os.pathsep.join(path for path in sys.path if path),
        "LANG": "C.UTF-8",
        "PATH": os.defpath,
    }
