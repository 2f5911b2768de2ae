"""E-mail by SMTP (RFC 5321) with the standard library; after the content was sent, no answer is no answer."""

from __future__ import annotations

import re
import smtplib
import ssl
from contextlib import suppress
from dataclasses import dataclass, field
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from typing import TYPE_CHECKING, Final

from turnus.core.delivery import Network, Receipt, State
from turnus.ports import Rejected, TryLater

if TYPE_CHECKING:
    from turnus.core.delivery import Parcel

ADDRESS: Final = re.compile(r"[!-?A-~]+@[0-9A-Za-z.-]+")
"""What may stand in an envelope without quoting."""
FEDERAL_LIMIT: Final = 10_000_000
"""Bytes of an e-mail that OZG-RE takes."""
_LINE_WITH_DOT: Final = re.compile(rb"^\.", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Smtp:
    """An account ``[email.NAME]``."""

    host: str
    sender: str
    """Address in the envelope and in From: bounces come back to it."""
    port: int = 587
    security: str = "starttls"
    """``starttls``, ``tls`` (from the first byte, port 465) or ``none``."""
    user: str = ""
    password: str = field(default="", repr=False)
    ca_file: str = ""
    """Further certificate authority, of a server in the house."""
    timeout: int = 60
    """Seconds that each answer may take."""

    def problems(self) -> list[str]:
        """Settings that do not fit together: passwords travel encrypted only."""
        wrong = [] if self.security in {"starttls", "tls", "none"} else ["security"]
        wrong += ["user (security = none)"] if self.user and self.security == "none" else []
        return wrong + ([] if ADDRESS.fullmatch(self.sender) else ["sender"])

    def send(self, parcel: Parcel) -> Receipt:
        """Hand the message to the server: ``sent`` on its 250, ``unknown`` where the line broke after the content."""
        if not ADDRESS.fullmatch(parcel.recipient):
            raise Rejected(
                f"{parcel.recipient!r} is no e-mail address", f"{parcel.recipient!r} ist keine E-Mail-Adresse"
            )
        message = compose(parcel, self.sender)
        content = message.as_bytes()
        if parcel.service is Network.OZG_RE and len(content) > FEDERAL_LIMIT:
            raise Rejected("larger than the 10 MB that OZG-RE takes", "größer als die 10 MB, die die OZG-RE annimmt")
        try:
            server = self._connected()
        except (OSError, smtplib.SMTPException) as error:
            raise TryLater(f"{self.host}: {_said(error)}") from None
        try:
            self._envelope(server, parcel.recipient)
            return _content(server, content, str(message["Message-ID"]).strip("<>"))
        finally:
            with suppress(OSError, smtplib.SMTPException):
                server.quit()
            server.close()

    def status(self, reference: str) -> Receipt:
        """SMTP says nothing later; bounces come by mail."""
        return Receipt(State.SENT, "", reference)

    def _connected(self) -> smtplib.SMTP:
        context = ssl.create_default_context()
        if self.ca_file:
            context.load_verify_locations(self.ca_file)
        if self.security == "tls":
            server: smtplib.SMTP = smtplib.SMTP_SSL(self.host, self.port, timeout=self.timeout, context=context)
        else:
            server = smtplib.SMTP(self.host, self.port, timeout=self.timeout)
        try:
            if self.security == "starttls":
                server.starttls(context=context)
            if self.user:
                server.login(self.user, self.password)
            server.ehlo_or_helo_if_needed()
        except BaseException:
            server.close()
            raise
        return server

    def _envelope(self, server: smtplib.SMTP, recipient: str) -> None:
        """MAIL, RCPT, DATA: until here nothing was taken. Raises ``Rejected`` on 5xx, ``TryLater`` on all else."""
        try:
            for command, good in ((f"MAIL FROM:<{self.sender}>", 250), (f"RCPT TO:<{recipient}>", 250), ("DATA", 354)):
                code, reply = server.docmd(command)
                if code not in {good, good + 1}:
                    _refused(code, reply)
        except (OSError, smtplib.SMTPException) as error:
            raise TryLater(f"{self.host}: {_said(error)}") from None


def _content(server: smtplib.SMTP, content: bytes, reference: str) -> Receipt:
    """The message itself. From its first byte on, only an answer tells what became of it."""
    try:
        server.send(_LINE_WITH_DOT.sub(b"..", content) + b".\r\n")
        code, reply = server.getreply()
    except (OSError, smtplib.SMTPException) as error:
        return Receipt(State.UNKNOWN, f"after DATA: {_said(error)}", reference)
    told = f"{code} {reply.decode(errors='replace')}"
    if 400 <= code < 600:
        _refused(code, reply)
    return Receipt(State.SENT if code == 250 else State.UNKNOWN, told, reference)


def _refused(code: int, reply: bytes) -> None:
    told = f"{code} {reply.decode(errors='replace')}"
    raise (Rejected if 500 <= code < 600 else TryLater)(told)


def _said(error: Exception) -> str:
    """What went wrong, without what we sent."""
    if isinstance(error, smtplib.SMTPResponseException):
        reply = error.smtp_error
        return f"{error.smtp_code} {reply.decode(errors='replace') if isinstance(reply, bytes) else reply}"
    return str(error) or type(error).__name__


def compose(parcel: Parcel, sender: str) -> EmailMessage:
    """The message: text and HTML, the files, an identity that is the same for every attempt."""
    user, _, domain = sender.partition("@")
    message = EmailMessage(policy=SMTP.clone(cte_type="7bit"))
    message["From"] = Address(parcel.sender_name, user, domain)
    message["To"] = parcel.recipient
    if ADDRESS.fullmatch(parcel.reply_to) and parcel.reply_to != sender:
        message["Reply-To"] = parcel.reply_to
    message["Subject"] = parcel.subject
    message["Date"] = format_datetime(parcel.at)
    message["Message-ID"] = f"<{parcel.key}@{domain}>"
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(parcel.text)
    message.add_alternative(parcel.html, subtype="html")
    for file in parcel.files:
        kind, _, subtype = file.mime.partition("/")
        message.add_attachment(file.content, maintype=kind, subtype=subtype, filename=file.name)
    return message
