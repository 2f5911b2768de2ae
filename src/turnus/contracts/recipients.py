"""Who gets copies of documents besides the buyer: rows with a name, an address and days (JB-45)."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from django.db import transaction
from django.db.models import Q

from turnus.contracts.conclude import ContractRefusedError
from turnus.contracts.document_models import Recipient
from turnus.records.audit import audit

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping
    from datetime import date

    from turnus.core.actors import Stamp


class RecipientRow(NamedTuple):
    """A recipient of copies, for reading. ``until``: the first day without."""

    id: int
    customer: int
    contract: int
    name: str
    email: str
    since: date
    until: date | None


_ROW = ("id", "customer_id", "contract_id", "name", "email", "since", "until")


class Place(NamedTuple):
    """Whose documents: of a contract, or (contract 0) of a customer."""

    seller: int
    customer: int = 0
    contract: int = 0


@transaction.atomic(durable=True)
def add_recipient(
    place: Place, name: str, email: str, *, since: date, until: date | None = None, reason: str = "", by: Stamp
) -> int:
    """Copies of the documents issued on ``[since, until)`` go to this address too. Returns the recipient's id.

    Raises ``ContractRefusedError``: ``recipient_known`` where the address gets them already, ``negative_period``.
    """
    if until is not None and until <= since:
        raise ContractRefusedError("negative_period", start=str(since), end=str(until))
    known = [row for row in recipients(place, on=since) if row.email.casefold() == email.casefold()]
    if known:
        raise ContractRefusedError("recipient_known", email=email)
    row = _write(place, name, email, since, until, None, reason, by)
    audit(by, "recipient.add", "recipient", row, after={**place._asdict(), "name": name, "email": email,
          "since": since, "until": until}, reason=reason)  # fmt: skip
    return row


@transaction.atomic(durable=True)
def end_recipient(place: Place, email: str, *, until: date, reason: str = "", by: Stamp) -> None:
    """No copies from ``until`` on. Raises ``ContractRefusedError("unknown_recipient")``."""
    found = [row for row in recipients(place) if row.email.casefold() == email.casefold()]
    if not found:
        raise ContractRefusedError("unknown_recipient", email=email)
    for row in found:
        _write(place, row.name, row.email, row.since, max(until, row.since), row.id, reason, by)
        audit(by, "recipient.end", "recipient", row.id, before={"until": row.until}, after={"until": until},
              reason=reason)  # fmt: skip


def _write(
    place: Place, name: str, email: str, since: date, until: date | None, old: int | None, reason: str, by: Stamp
) -> int:
    return Recipient.objects.create(
        seller_id=place.seller, customer_id=place.customer, contract_id=place.contract, name=name, email=email,
        since=since, until=until, supersedes=old, recorded_at=by.at, reason=reason,
    ).id  # fmt: skip


def recipients(place: Place, *, on: date | None = None) -> list[RecipientRow]:
    """Who gets copies of a contract's or a customer's documents, by day where one is given."""
    rows = Recipient.objects.filter(
        seller_id=place.seller, customer_id=place.customer, contract_id=place.contract
    ).order_by("id")
    return [row for row in _in_force(rows.values_list(*_ROW, "supersedes")) if on is None or _on(row, on)]


def copies(
    seller: int, customers: Collection[int], contracts: Collection[int], *, on: date
) -> tuple[Mapping[int, list[RecipientRow]], Mapping[int, list[RecipientRow]]]:
    """Recipients of documents issued on a day: by customer, and by contract. One query."""
    wanted = Q(customer_id__gt=0, customer_id__in=customers) | Q(contract_id__gt=0, contract_id__in=contracts)
    rows = Recipient.objects.filter(wanted, seller_id=seller).order_by("id").values_list(*_ROW, "supersedes")
    of_customers: dict[int, list[RecipientRow]] = {}
    of_contracts: dict[int, list[RecipientRow]] = {}
    for row in _in_force(rows):
        if _on(row, on):
            found, key = (of_customers, row.customer) if row.customer else (of_contracts, row.contract)
            found.setdefault(key, []).append(row)
    return of_customers, of_contracts


def _in_force(rows: Collection[tuple[object, ...]]) -> list[RecipientRow]:
    gone = {row[-1] for row in rows}
    return [RecipientRow(*row[:-1]) for row in rows if row[0] not in gone]  # type: ignore[arg-type]


def _on(row: RecipientRow, day: date) -> bool:
    return row.since <= day and (row.until is None or day < row.until)


def addresses(rows: Collection[int]) -> dict[int, str]:
    """Id of a recipient → its e-mail address."""
    return dict(Recipient.objects.filter(id__in=rows).values_list("id", "email"))
