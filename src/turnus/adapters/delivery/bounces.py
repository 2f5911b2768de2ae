"""Delivery status notifications (RFC 3464) of other mail servers: which message, what became of it, and why."""

from __future__ import annotations

import email
import re
from email.message import EmailMessage, Message
from email.policy import default
from typing import TYPE_CHECKING, Final

from turnus.core.delivery import Bounce, State

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

LIMIT: Final = 50_000_000
"""Bytes of a file that are read."""
_STATES: Final = {"failed": State.BOUNCED, "delivered": State.DELIVERED}
"""Actions that decide; ``delayed``, ``relayed`` and ``expanded`` leave a message under way."""
_BORDER: Final = re.compile(rb"^From .*\r?\n", re.MULTILINE)


class Bounces:
    """Reads messages as they are fetched by IMAP, and mailbox files (mbox)."""

    def read(self, data: bytes) -> Sequence[Bounce]:
        """The reports in a message or a mailbox; whatever else stands in it is left alone."""
        parts = _BORDER.split(data[:LIMIT]) if data.startswith(b"From ") else [data[:LIMIT]]
        return [found for part in parts if part.strip() for found in _reports(part)]


def _reports(data: bytes) -> Iterator[Bounce]:
    try:
        message = email.message_from_bytes(data, policy=default)
        parts = list(message.walk())
    except (RecursionError, ValueError, LookupError, AttributeError):  # what nobody's mail server writes
        return
    reference = next((found for part in parts if (found := _identity(part))), "")
    if not reference:
        return
    for part in parts:
        if part.get_content_type() == "message/delivery-status":
            for block in part.get_payload() if isinstance(part.get_payload(), list) else []:
                state = _STATES.get(str(block.get("Action", "")).strip().lower())  # type: ignore[union-attr]
                if state:
                    told = f"{_reason(block)} {_bare(str(message.get('Message-ID', '')))}".strip()  # type: ignore[arg-type]
                    yield Bounce(reference, state, told)


def _identity(part: Message) -> str:
    """The Message-ID of the message that a part returns, whole or its headers only."""
    kind = part.get_content_type()
    payload = part.get_payload()
    if kind == "message/rfc822" and isinstance(payload, list) and payload:
        return _bare(str(payload[0].get("Message-ID", "")))  # type: ignore[union-attr]
    if kind == "text/rfc822-headers" and isinstance(part, EmailMessage):
        return _bare(str(email.message_from_string(part.get_content()).get("Message-ID", "")))
    return ""


def _bare(identity: str) -> str:
    return identity.strip().strip("<>")


def _reason(block: Message) -> str:
    """``5.1.1 smtp; 550 no such user (max@kunde.example)``."""
    recipient = str(block.get("Final-Recipient", "")).partition(";")[2].strip()
    told = f"{block.get('Status', '')} {block.get('Diagnostic-Code', '')}".strip()
    return " ".join(f"{told} ({recipient})".split())
