"""Customers for reading, as frozen rows."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from django.db.models import Q

from turnus.core.parties import ContactData
from turnus.core.text import sort_key
from turnus.parties.facts import customer_facts, in_force
from turnus.parties.models import Contact, Customer, CustomerVersion

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import date

    from turnus.core.parties import CustomerData


class UnknownCustomerError(LookupError):
    """The seller has no customer with this number."""


class CustomerName(NamedTuple):
    """What a list shows of a customer."""

    id: int
    number: str
    name: str


def customer_id(seller: int, number: str) -> int:
    """Id of a customer by its number. Raises ``UnknownCustomerError``."""
    found = Customer.objects.filter(seller_id=seller, number=number).values_list("id", flat=True).first()
    if found is None:
        raise UnknownCustomerError(number)
    return found


def customer_names(customers: Collection[int], *, on: date) -> dict[int, CustomerName]:
    """Customer id → number and name as they stand on a day."""
    found = {}
    for customer, versions in customer_facts(customers).items():
        data = in_force(versions, on).data
        found[customer] = CustomerName(customer, data.number, data.name)
    return found


def customer_data(customer: int, *, on: date) -> CustomerData:
    """A customer as it stands on a day."""
    return in_force(customer_facts([customer])[customer], on).data


def contacts(customer: int) -> list[ContactData]:
    """The contacts of a customer in order of role and address."""
    rows = Contact.objects.filter(customer_id=customer).order_by("role", "email")
    return [ContactData(*row) for row in rows.values_list("role", "name", "email", "phone")]


def contact_addresses(customers: Collection[int]) -> dict[int, list[tuple[str, str]]]:
    """Customer → (role, e-mail address) of its contacts that have one."""
    rows = Contact.objects.filter(customer_id__in=customers).exclude(email="").order_by("role", "email")
    found: dict[int, list[tuple[str, str]]] = {}
    for customer, role, email in rows.values_list("customer_id", "role", "email"):
        found.setdefault(customer, []).append((role, email))
    return found


def customers(
    seller: int, *, on: date, search: str = "", limit: int = 50, offset: int = 0
) -> tuple[list[CustomerData], int]:
    """Customers in order of their names, and how many there are; ``search`` is part of a name or a number's start."""
    rows = Customer.objects.filter(seller_id=seller)
    if search:
        rows = rows.filter(name_key__contains=sort_key(search)) | rows.filter(number__startswith=search)
    ids = list(rows.order_by("name_key", "id").values_list("id", flat=True)[offset : offset + limit])
    versions = customer_facts(ids)
    return [in_force(versions[number], on).data for number in ids], rows.count()


def alike(seller: int, customers: Collection[int]) -> dict[int, set[int]]:
    """Customer → others who have, or had, the same VAT id or e-mail, or the same name at the same address."""
    rows = CustomerVersion.objects.filter(customer__seller_id=seller)
    columns = ("customer_id", "vat_id", "email", "name", "street", "postcode")
    mine = list(rows.filter(customer_id__in=customers).values_list(*columns))
    emails = {email for row in mine if row[2] for email in (row[2], row[2].lower())}
    near = Q(vat_id__in={row[1] for row in mine} - {""}) | Q(email__in=emails)
    near |= Q(postcode__in={row[5] for row in mine} - {""}, customer__name_key__in={sort_key(row[3]) for row in mine})
    bearers: dict[tuple[str, ...], set[int]] = {}
    for row in {*mine, *rows.filter(near).values_list(*columns)}:
        for mark in _marks(*row[1:]):
            bearers.setdefault(mark, set()).add(row[0])
    found: dict[int, set[int]] = {customer: set() for customer in customers}
    for customer, *data in mine:
        found[customer] |= {other for mark in _marks(*data) for other in bearers[mark]} - {customer}
    return found


def _marks(vat_id: str, email: str, name: str, street: str, postcode: str) -> list[tuple[str, ...]]:
    """What tells who somebody is."""
    marks: list[tuple[str, ...]] = [("vat_id", vat_id)] if vat_id else []
    marks += [("email", email.casefold())] if email else []
    return marks + ([("name", sort_key(name), sort_key(street), postcode)] if street and postcode else [])
