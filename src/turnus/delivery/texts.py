"""A seller's own texts of e-mails."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction

from turnus.core.mail import Template, template_faults
from turnus.delivery.channels import ChannelRefusedError
from turnus.delivery.models import MailText
from turnus.records.audit import audit

if TYPE_CHECKING:
    from turnus.core.actors import Stamp


@transaction.atomic(durable=True)
def put_mail_text(seller: int, kind: str, language: str, template: Template, *, by: Stamp) -> None:
    """Subject and body for a kind of document (``*``: every other) in a language, from now on.

    Raises ``ChannelRefusedError`` with everything that is wrong with the text.
    """
    faults = template_faults(template)
    if faults:
        raise ChannelRefusedError(faults)
    row = MailText.objects.create(
        seller_id=seller, kind=kind, language=language, recorded_at=by.at, **template._asdict()
    )
    audit(by, "mail_text.put", "mail_text", row.id, after={"kind": kind, "language": language, **template._asdict()})


def mail_texts(seller: int) -> dict[tuple[str, str], Template]:
    """(kind, language) → text of a seller; the newest of each."""
    rows = MailText.objects.filter(seller_id=seller).order_by("id")
    return {(row.kind, row.language): Template(row.subject, row.body) for row in rows}
