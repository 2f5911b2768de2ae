"""Parcels to carry, and a real mail server whose faults can be switched on."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from email.message import EmailMessage
from email.parser import BytesParser
from email.policy import default
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from turnus.adapters.delivery.mail import Smtp
from turnus.core.delivery import File, Network, Parcel

PDF = File("Rechnung_RE-1.pdf", "application/pdf", b"%PDF-1.7 RE-1", "pdf")
XML = File("Rechnung_RE-1.xml", "application/xml", b"<Invoice>RE-1</Invoice>", "ubl")


def parcel(
    *files: File, recipient: str = "max@kunde.example", service: Network = Network.NONE, text: str = ""
) -> Parcel:
    return Parcel(
        "turnus-1-7", recipient, files or (PDF,), datetime(2026, 11, 22, 12, tzinfo=UTC), "RE-1", "Müller & Söhne GmbH",
        "buchhaltung@haus.example", "Rechnung RE-1 für Müller", text or "Guten Tag,\n\n.\nanbei RE-1.\n",
        "<html><body><p>Guten Tag</p></body></html>", service,
    )  # fmt: skip


class Post:
    """What a mail server takes, and how it fails: ``fault`` names the command and what happens at it."""

    def __init__(self) -> None:
        self.taken: list[tuple[str, list[str], bytes]] = []
        self.fault = ""

    async def handle_EHLO(  # noqa: N802 - the server's signature
        self, server: SMTP, session: Session, _envelope: Envelope, hostname: str, responses: list[str]
    ) -> list[str]:
        session.host_name = hostname
        if self.fault == "connect:hang":
            await asyncio.sleep(3_600)
        if self.fault == "connect:drop":
            server.transport.close()  # type: ignore[union-attr]
        return responses

    async def handle_RCPT(  # noqa: N802 - the server's signature
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, _options: list[str]
    ) -> str:
        if self.fault.startswith("rcpt:"):
            return self.fault.removeprefix("rcpt:")
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802 - likewise
        if self.fault.startswith("data:4") or self.fault.startswith("data:5"):
            return self.fault.removeprefix("data:")
        assert isinstance(envelope.original_content, bytes)
        self.taken.append((str(envelope.mail_from), envelope.rcpt_tos, envelope.original_content))
        if self.fault == "data:drop":
            server.transport.close()  # type: ignore[union-attr]
        if self.fault == "data:hang":
            await asyncio.sleep(3_600)
        return "250 queued as 4711"

    def message(self) -> EmailMessage:
        """The only message, as a mail program reads it."""
        assert len(self.taken) == 1
        message = BytesParser(policy=default).parsebytes(self.taken[0][2])
        assert isinstance(message, EmailMessage)
        return message


class Server(Controller):
    """A server on a free port."""

    def _trigger_server(self) -> None:
        assert isinstance(self.server, asyncio.Server)
        self.port = self.server.sockets[0].getsockname()[1]
        super()._trigger_server()  # type: ignore[no-untyped-call]


Served = tuple[Post, Callable[..., Smtp]]


@pytest.fixture
def served() -> Iterator[Served]:
    """A mail server in this process, and accounts at it."""
    post = Post()
    control = Server(post, hostname="127.0.0.1", port=0)
    control.start()

    def account(**settings: Any) -> Smtp:  # noqa: ANN401 - whatever the account is told
        known: dict[str, Any] = {"security": "none", "port": control.port, "timeout": 1}
        return Smtp("127.0.0.1", "rechnung@haus.example", **known | settings)

    yield post, account
    control.stop()
