"""Enter and change sellers and customers: every change is a new version."""

from __future__ import annotations

from dataclasses import asdict, fields
from typing import TYPE_CHECKING, Literal

from django.db import transaction

from turnus.core.money import minor_digits
from turnus.core.parties import ContactData, CustomerData, SellerData
from turnus.core.text import sort_key
from turnus.parties.facts import ADDRESS, CustomerFacts, customer_facts, in_force, seller_facts
from turnus.parties.models import BankAccount, Contact, Customer, CustomerVersion, Seller, SellerVersion
from turnus.records.audit import Act, audit, audit_many
from turnus.records.bulk import insert, take_ids

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from turnus.core.actors import Stamp

Outcome = Literal["created", "changed", "unchanged"]


class UnknownParentError(LookupError):
    """The parent customer does not exist."""


@transaction.atomic(durable=True)
def put_seller(data: SellerData, *, valid_from: date, by: Stamp) -> tuple[int, Outcome]:
    """Create a seller or give it a new version from ``valid_from`` on. Returns its id and what happened."""
    minor_digits(data.currency)
    seller, created = Seller.objects.get_or_create(code=data.code)
    before = None
    if not created:
        before = seller_facts(seller.id, on=valid_from).data
        first = BankAccount.objects.filter(seller=seller, active=True).order_by("id").first()
        known = (first.iban, first.bic, first.bank) if first else ("", "", "")
        same = {"iban": "", "bic": "", "bank": ""}
        if known == (data.iban, data.bic, data.bank) and asdict(before) == asdict(data) | same:
            return seller.id, "unchanged"
    columns = {f.name: getattr(data, f.name) for f in fields(data)}
    address = columns.pop("address")
    for name in ("code", "iban", "bic", "bank"):
        columns.pop(name)
    columns |= {name: getattr(address, name) for name in ADDRESS}
    SellerVersion.objects.create(seller=seller, valid_from=valid_from, recorded_at=by.at, **columns)
    if data.iban:
        BankAccount.objects.update_or_create(
            seller=seller, iban=data.iban, defaults={"holder": data.name, "bic": data.bic, "bank": data.bank}
        )
    audit(by, "seller.put", "seller", seller.id, before=asdict(before) if before else None, after=asdict(data))
    return seller.id, "created" if created else "changed"


@transaction.atomic(durable=True)
def put_customer(seller: int, data: CustomerData, *, valid_from: date, by: Stamp) -> tuple[int, Outcome]:
    """Create a customer or give it a new version from ``valid_from`` on. Raises ``UnknownParentError``."""
    return put_customers(seller, [data], valid_from=valid_from, by=by)[0]


def put_customers(
    seller: int, rows: Sequence[CustomerData], *, valid_from: date, by: Stamp
) -> list[tuple[int, Outcome]]:
    """The same for many, inside the caller's transaction. Results in the order of the rows."""
    numbers = {row.number for row in rows} | {row.parent for row in rows if row.parent}
    ids = dict(Customer.objects.filter(seller_id=seller, number__in=numbers).values_list("number", "id"))
    known = customer_facts(list(ids.values()))
    fresh = [number for number in dict.fromkeys(row.number for row in rows) if number not in ids]
    ids |= zip(fresh, take_ids(Customer, len(fresh)), strict=True)
    now = {number: _before(known.get(customer, []), valid_from) for number, customer in ids.items()}
    results: list[tuple[int, Outcome]] = []
    changes: list[tuple[int, CustomerData, CustomerData | None]] = []
    for data in rows:
        if data.parent and data.parent not in ids:
            raise UnknownParentError(data.parent)
        before = now[data.number]
        outcome: Outcome = "created" if before is None else "unchanged" if before == data else "changed"
        results.append((ids[data.number], outcome))
        if outcome != "unchanged":
            changes.append((ids[data.number], data, before))
            now[data.number] = data
    _save_customers(seller, changes, ids, valid_from=valid_from, by=by)
    return results


def _before(versions: list[CustomerFacts], day: date) -> CustomerData | None:
    return in_force(versions, day).data if versions else None


def _save_customers(
    seller: int,
    changes: Sequence[tuple[int, CustomerData, CustomerData | None]],
    ids: dict[str, int],
    *,
    valid_from: date,
    by: Stamp,
) -> None:
    """New customers, new versions, audit: each written at once."""
    columns = ("id", "seller_id", "number", "name_key", "parent_id")
    heads = {number: (seller, data.number, sort_key(data.name), ids.get(data.parent)) for number, data, _ in changes}
    created = {number for number, _data, before in changes if before is None}
    insert(Customer, columns, [(number, *head) for number, head in heads.items() if number in created])
    for number, (_seller, _number, key, parent) in heads.items():
        if number not in created:
            Customer.objects.filter(id=number).update(name_key=key, parent_id=parent)
    CustomerVersion.objects.bulk_create(
        [_version(number, data, valid_from=valid_from, by=by) for number, data, _before in changes], batch_size=500
    )
    acts = [Act(number, asdict(data), asdict(before) if before else None) for number, data, before in changes]
    audit_many(by, "customer.put", "customer", acts)


def _version(customer: int, data: CustomerData, *, valid_from: date, by: Stamp) -> CustomerVersion:
    columns = {f.name: getattr(data, f.name) for f in fields(data)}
    address, delivery = columns.pop("address"), columns.pop("delivery")
    for name in ("number", "parent"):
        columns.pop(name)
    columns |= {name: getattr(address, name) for name in ADDRESS}
    if delivery:
        columns |= {f"delivery_{name}": getattr(delivery, name) for name in ADDRESS}
    return CustomerVersion(customer_id=customer, valid_from=valid_from, recorded_at=by.at, **columns)


class UnknownContactError(LookupError):
    """The customer has no contact of this role and address."""


@transaction.atomic(durable=True)
def put_contact(customer: int, new: ContactData, *, by: Stamp) -> Outcome:
    """Enter or change a contact of a customer: one for each role and e-mail address."""
    row = Contact.objects.filter(customer_id=customer, role=new.role, email=new.email).first()
    before = ContactData(row.role, row.name, row.email, row.phone) if row else None
    if before == new:
        return "unchanged"
    values = {"name": new.name, "phone": new.phone}
    Contact.objects.update_or_create(customer_id=customer, role=new.role, email=new.email, defaults=values)
    audit(by, "contact.put", "customer", customer, before=before and before._asdict(), after=new._asdict())
    return "changed" if before else "created"


@transaction.atomic(durable=True)
def remove_contact(customer: int, role: str, email: str = "", *, reason: str = "", by: Stamp) -> None:
    """Nobody writes to this contact any more; the audit trail keeps it. Raises ``UnknownContactError``."""
    row = Contact.objects.filter(customer_id=customer, role=role, email=email).first()
    if row is None:
        raise UnknownContactError(role, email)
    before = ContactData(row.role, row.name, row.email, row.phone)
    row.delete()
    audit(by, "contact.remove", "customer", customer, before=before._asdict(), reason=reason)
