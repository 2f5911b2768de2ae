"""Messages that bring invoices: who sent them, when, and which files they carry (JB-111)."""

from __future__ import annotations

from email import message_from_bytes
from email.policy import default
from typing import TYPE_CHECKING, Final, NamedTuple

if TYPE_CHECKING:
    from email.message import EmailMessage

ENDINGS: Final = (".xml", ".pdf")
TYPES: Final = frozenset({"application/xml", "text/xml", "application/pdf"})
PARTS: Final = 200
"""Parts of a message that are looked at."""


class Mailed(NamedTuple):
    """A message: sender, subject, and (name, content) of each XML and PDF in it."""

    sender: str
    subject: str
    files: list[tuple[str, bytes]]


def mailed(content: bytes) -> Mailed:
    """What a message brings; of one that cannot be read, nothing. Never raises for what somebody sent."""
    try:
        message = message_from_bytes(content, policy=default)
        found = [_file(part) for _number, part in zip(range(PARTS), message.walk(), strict=False)]
        sender, subject = str(message.get("From", "")), str(message.get("Subject", ""))
    except (ValueError, LookupError, TypeError, AttributeError, RecursionError):
        return Mailed("", "", [])
    return Mailed(sender.replace("\x00", ""), subject.replace("\x00", ""), [one for one in found if one])


def _file(part: EmailMessage) -> tuple[str, bytes] | None:
    name = (part.get_filename() or "").replace("\x00", "").rpartition("/")[2].rpartition("\\")[2]
    kind = part.get_content_type()
    if part.is_multipart() or not (name.lower().endswith(ENDINGS) or kind in TYPES):
        return None
    content = part.get_payload(decode=True)
    if not isinstance(content, bytes) or not content:
        return None
    return name or f"invoice{'.pdf' if kind == 'application/pdf' else '.xml'}", content
