"""One HTTP request with the standard library: no redirects, no retries, and a clear word on what is known after it."""

from __future__ import annotations

import json
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlsplit

from turnus.ports import Rejected, TryLater

if TYPE_CHECKING:
    from collections.abc import Mapping

LIMIT: Final = 50_000_000
"""Bytes of an answer that are read."""
HOME: Final = frozenset({"localhost", "127.0.0.1", "::1"})
"""Hosts to which an unencrypted line does not leave the machine."""


class LineBrokenError(Exception):
    """The request began to leave and no answer came: nobody knows what became of it."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What a server said."""

    status: int
    body: bytes

    def json(self) -> Any:  # noqa: ANN401 - whatever the server says
        """The body; an empty object where it is no JSON."""
        try:
            return json.loads(self.body)
        except (ValueError, RecursionError):
            return {}

    @property
    def told(self) -> str:
        """For the protocol."""
        return f"{self.status} {self.body[:500].decode(errors='replace')}".strip()


def call(
    method: str, url: str, body: bytes = b"", *, headers: Mapping[str, str], timeout: int, patient: bool = True
) -> Answer:
    """Send one request. Raises ``TryLater`` where no line could be had, ``LineBrokenError`` where it broke later.

    ``patient``: a busy server (429, 503) raises ``TryLater`` too.
    """
    parts = urlsplit(url)
    host = parts.hostname or ""
    if parts.scheme != "https" and host not in HOME:
        raise Rejected(f"{host}: https is needed", f"{host}: https ist nötig")
    kind = HTTPSConnection if parts.scheme == "https" else HTTPConnection
    line = kind(host, parts.port, timeout=timeout)
    try:
        try:
            line.connect()
        except OSError as error:
            raise TryLater(f"{host}: {error}") from None
        path = f"{parts.path or '/'}{'?' if parts.query else ''}{parts.query}"
        try:
            line.request(method, path, body or None, dict(headers))
            response = line.getresponse()
            answer = Answer(response.status, response.read(LIMIT))
        except (OSError, HTTPException) as error:
            raise LineBrokenError(f"{host}: {str(error) or type(error).__name__}") from None
    finally:
        line.close()
    if patient and answer.status in {429, 503}:
        raise TryLater(answer.told)
    return answer


def question(method: str, url: str, body: bytes = b"", *, headers: Mapping[str, str], timeout: int) -> Answer:
    """A request that changes nothing: without an answer it is asked again later. Raises ``TryLater``."""
    try:
        answer = call(method, url, body, headers=headers, timeout=timeout)
    except LineBrokenError as error:
        raise TryLater(str(error)) from None
    if answer.status >= 500:
        raise TryLater(answer.told)
    return answer
