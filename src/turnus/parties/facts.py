"""Rows of sellers and customers → core values. A fixed number of queries per call."""

from __future__ import annotations

from dataclasses import fields
from typing import TYPE_CHECKING, Any, NamedTuple

from turnus.core.document import DocumentAccount, PostalAddress
from turnus.core.parties import CustomerData, CustomerKind, SellerData
from turnus.parties.models import BankAccount, Customer, CustomerVersion, Seller, SellerVersion

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import date

ADDRESS = ("street", "extra", "postcode", "city", "region", "country")


class SellerFacts(NamedTuple):
    """A seller as it stands on a day."""

    id: int
    version: int
    data: SellerData
    accounts: tuple[DocumentAccount, ...]


class CustomerFacts(NamedTuple):
    """A customer as it stands from ``since`` on."""

    customer: int
    version: int
    since: date
    data: CustomerData


class UnknownSellerError(LookupError):
    """There is no seller with this code or id, or it has no data on the day."""


def _address(values: dict[str, Any], prefix: str = "") -> PostalAddress:
    return PostalAddress(**{name: values.pop(prefix + name) for name in ADDRESS})


_SELLER_FIELDS = [f.name for f in fields(SellerData) if f.name not in {"code", "address", "iban", "bic", "bank"}]


def seller_facts(seller: int, *, on: date) -> SellerFacts:
    """The seller's version in force on ``on`` with its active bank accounts. Raises ``UnknownSellerError``."""
    found = (
        SellerVersion.objects.filter(seller_id=seller, valid_from__lte=on)
        .order_by("-valid_from", "-id")
        .values("id", "seller__code", *_SELLER_FIELDS, *ADDRESS)
        .first()
    )
    if found is None:
        raise UnknownSellerError(seller)
    return _seller(seller, dict(found))


def seller_version(version: int) -> SellerFacts:
    """The seller as a document froze it; bank accounts as they stand."""
    found = SellerVersion.objects.values("id", "seller_id", "seller__code", *_SELLER_FIELDS, *ADDRESS).get(id=version)
    values = dict(found)
    return _seller(values.pop("seller_id"), values)


def _seller(seller: int, values: dict[str, Any]) -> SellerFacts:
    version = values.pop("id")
    data = SellerData(code=values.pop("seller__code"), address=_address(values), **values)
    rows = BankAccount.objects.filter(seller_id=seller, active=True).order_by("id")
    accounts = tuple(DocumentAccount(*row) for row in rows.values_list("holder", "iban", "bic", "bank"))
    return SellerFacts(seller, version, data, accounts)


def seller_id(code: str) -> int:
    """Id of a seller by its code. Raises ``UnknownSellerError``."""
    found = Seller.objects.filter(code=code).values_list("id", flat=True).first()
    if found is None:
        raise UnknownSellerError(code)
    return found


def seller_ids() -> list[tuple[int, str]]:
    """(id, code) of every seller."""
    return list(Seller.objects.order_by("id").values_list("id", "code"))


def customer_ids(seller: int, numbers: Collection[str]) -> dict[str, int]:
    """Customer number → id."""
    rows = Customer.objects.filter(seller_id=seller, number__in=numbers)
    return dict(rows.values_list("number", "id"))


def customer_numbers(customers: Collection[int]) -> dict[int, str]:
    """Customer id → number."""
    return dict(Customer.objects.filter(id__in=customers).values_list("id", "number"))


def ever_consumers(customers: Collection[int]) -> set[int]:
    """Those of the customers that are, were or will be a consumer in any version; one narrow query."""
    rows = CustomerVersion.objects.filter(customer_id__in=customers, kind=CustomerKind.PERSON)
    return set(rows.values_list("customer_id", flat=True))


def lock_customers(customers: Collection[int]) -> None:
    """Lock customers in order of their id, inside a transaction: who allocates their money does it alone."""
    if customers:
        list(Customer.objects.select_for_update(no_key=True).filter(id__in=customers).order_by("id").values_list("id"))


_CUSTOMER_COLUMNS = (
    "id", "customer_id", "valid_from", "customer__number", "name", "kind", *ADDRESS,
    *(f"delivery_{name}" for name in ADDRESS), "language", "currency", "vat_id", "email", "phone", "contact_name",
    "leitweg_id", "debtor_number", "payment_days", "business_proof", "bill_to_parent",
    "endpoint", "endpoint_scheme", "einvoice_profile", "site", "einvoice_syntax", "mandate", "mandate_iban",
    "card_digits", "cash_discount_days", "cash_discount_percent",
    "customer__parent__number",
)  # fmt: skip


def customer_facts(customers: Collection[int]) -> dict[int, list[CustomerFacts]]:
    """All versions of customers, in order of the day from which they hold; the later recorded wins on one day."""
    found: dict[int, list[CustomerFacts]] = {}
    rows = CustomerVersion.objects.filter(customer_id__in=customers).order_by("customer_id", "valid_from", "id")
    for row in rows.values_list(*_CUSTOMER_COLUMNS):
        facts = _customer(row)
        versions = found.setdefault(facts.customer, [])
        if versions and versions[-1].since == facts.since:
            versions.pop()
        versions.append(facts)
    return found


def customer_version(version: int) -> CustomerFacts:
    """A customer as a document froze it."""
    return customer_versions([version])[version]


def customer_versions(versions: Collection[int]) -> dict[int, CustomerFacts]:
    """Version → the customer as documents froze it."""
    rows = CustomerVersion.objects.filter(id__in=versions).values_list(*_CUSTOMER_COLUMNS)
    return {facts.version: facts for facts in map(_customer, rows)}


def in_force(versions: list[CustomerFacts], day: date) -> CustomerFacts:
    """The version that holds on ``day``; the first one before any does."""
    found = versions[0]
    for version in versions:
        if version.since <= day:
            found = version
    return found


def parents_of(customers: Collection[int]) -> dict[int, int]:
    """Customer → parent, of those that have one."""
    rows = Customer.objects.filter(id__in=customers, parent__isnull=False)
    return dict(rows.values_list("id", "parent_id"))


def is_consumer(versions: list[CustomerFacts], day: date) -> bool:
    """The customer is a consumer (§ 13 BGB) on a day."""
    return in_force(versions, day).data.kind is CustomerKind.PERSON


def _customer(row: tuple[Any, ...]) -> CustomerFacts:
    version, customer, since, number, name, kind = row[:6]
    address, delivery = PostalAddress(*_reordered(row[6:12])), None
    if row[17]:
        delivery = PostalAddress(*_reordered(row[12:18]))
    rest = dict(zip(_CUSTOMER_COLUMNS[18:-1], row[18:-1], strict=True))
    data = CustomerData(number, name, CustomerKind(kind), address, delivery, parent=row[-1] or "", **rest)
    return CustomerFacts(customer, version, since, data)


def _reordered(row: tuple[str, ...]) -> tuple[str, ...]:
    """Columns (street, extra, postcode, city, region, country) in the order of ``PostalAddress``."""
    street, extra, postcode, city, region, country = row
    return street, postcode, city, country, extra, region
