"""A web server in this process that answers as a partner does, and fails when told to."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, NamedTuple


class Asked(NamedTuple):
    """One request."""

    method: str
    path: str
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> Any:  # noqa: ANN401 - whatever the client says
        return json.loads(self.body)


Reply = tuple[int, object]


class Partner:
    """What arrived, and the next faults by path: ``drop`` and ``hang`` after the request was taken, or a status."""

    def __init__(self, reply: Callable[[Asked], Reply]) -> None:
        self.reply = reply
        self.asked: list[Asked] = []
        self.faults: dict[str, list[str]] = {}
        self.url = ""
        self.closing = threading.Event()

    def fail(self, path: str, *faults: str) -> None:
        self.faults[path] = list(faults)


@contextmanager
def serving(reply: Callable[[Asked], Reply]) -> Iterator[Partner]:
    """Run a partner until the block ends."""
    partner = Partner(reply)

    class Handler(BaseHTTPRequestHandler):
        def answer(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            asked = Asked(self.command, self.path, dict(self.headers), body)
            partner.asked.append(asked)
            waiting = next((faults for path, faults in partner.faults.items() if path in self.path and faults), [""])
            fault = waiting.pop(0) if waiting != [""] else ""
            status, told = partner.reply(asked)
            if fault == "drop":
                self.close_connection = True
                return
            if fault == "hang":
                partner.closing.wait()
                return
            if fault:
                status, told = int(fault), {"message": f"fault {fault}"}
            content = json.dumps(told).encode() if not isinstance(told, bytes) else told
            self.send_response(status)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        do_GET = do_POST = do_PUT = do_PATCH = answer  # noqa: N815 - the library's names

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the library's name
            """Nobody reads it."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    partner.url = f"http://127.0.0.1:{server.server_address[1]}"
    yield partner
    partner.closing.set()
    server.shutdown()
    server.server_close()
