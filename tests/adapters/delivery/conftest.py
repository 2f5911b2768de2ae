"""Parcels to carry, and a real mail server whose faults can be switched on."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from email.message import EmailMessage
from email.parser import BytesParser
from email.policy import default
from ipaddress import ip_address
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, Session
from cryptography.hazmat.primitives.asymmetric.rsa import generate_private_key
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509 import (
    BasicConstraints,
    CertificateBuilder,
    IPAddress,
    Name,
    NameAttribute,
    SubjectAlternativeName,
    SubjectKeyIdentifier,
)
from cryptography.x509.oid import NameOID

from turnus.adapters.delivery.mail import Smtp
from turnus.core.delivery import File, Network, Parcel

PDF = File("Rechnung_RE-1.pdf", "application/pdf", b"%PDF-1.7 RE-1", "pdf")
XML = File("Rechnung_RE-1.xml", "application/xml", b"<Invoice>RE-1</Invoice>", "ubl")


def parcel(
    *files: File, recipient: str = "max@kunde.example", service: Network = Network.NONE, text: str = ""
) -> Parcel:
    return Parcel(
        "turnus-1-7", recipient, files or (PDF,), datetime(2026, 11, 22, 12, tzinfo=UTC), "RE-1",
        ("Kunde K1", "Weg 1", "04109 Leipzig"), "Müller & Söhne GmbH",
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
        if self.fault.startswith("answer:"):
            return self.fault.removeprefix("answer:")
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


def identified(folder: Path) -> tuple[Path, Path]:
    """A certificate for 127.0.0.1 that signs itself, and its key."""
    key, name = generate_private_key(65537, 2048), Name([NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    since, until = datetime(2020, 1, 1, tzinfo=UTC), datetime(2120, 1, 1, tzinfo=UTC)
    made = (
        CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key()).serial_number(1)
        .not_valid_before(since).not_valid_after(until)
        .add_extension(SubjectAlternativeName([IPAddress(ip_address("127.0.0.1"))]), critical=False)
        .add_extension(BasicConstraints(ca=True, path_length=None), critical=True)
        .add_extension(SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .sign(key, SHA256())
    )  # fmt: skip
    certificate, secret = folder / "cert.pem", folder / "key.pem"
    certificate.write_bytes(made.public_bytes(Encoding.PEM))
    secret.write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    return certificate, secret


def let_in(_server: SMTP, _session: Session, _envelope: Envelope, _mechanism: str, login: Any) -> AuthResult:  # noqa: ANN401
    good = (login.login, login.password) == (b"haus", b"geheim")
    return AuthResult(success=good, handled=good)


@pytest.fixture
def served_secretly(tmp_path: Path) -> Iterator[Served]:
    """The same server, which takes mail by STARTTLS from whoever has the password."""
    certificate, secret = identified(tmp_path)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, secret)
    post = Post()
    control = Server(
        post, hostname="127.0.0.1", port=0, tls_context=context, require_starttls=True, authenticator=let_in,
        auth_required=True,
    )  # fmt: skip
    control.start()

    def account(**settings: Any) -> Smtp:  # noqa: ANN401 - whatever the account is told
        known: dict[str, Any] = {"port": control.port, "timeout": 5, "ca_file": str(certificate)}
        return Smtp("127.0.0.1", "rechnung@haus.example", **known | settings)

    yield post, account
    control.stop()
