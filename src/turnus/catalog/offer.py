"""Enter products, prices and VAT rates."""

from __future__ import annotations

import hashlib
from dataclasses import asdict
from typing import TYPE_CHECKING, Literal

from turnus.catalog.facts import price_rows
from turnus.catalog.models import ExchangeRate, Price, PriceScheme, Product, ProductVersion, VatRate
from turnus.core.faults import Fault, fault
from turnus.core.intake.units import UNITS, near_units
from turnus.core.money import CURRENCIES
from turnus.core.price_lists import PriceRow, price_faults
from turnus.core.schemes import check, text_of
from turnus.records.audit import audit

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import date
    from decimal import Decimal

    from turnus.core.actors import Stamp
    from turnus.core.catalog import PriceData, ProductData
    from turnus.core.schemes import Scheme
    from turnus.core.tax import RateRow

Outcome = Literal["created", "changed", "unchanged"]
_TEXTS = ("name", "name_en", "description", "description_en", "kind", "tax_class", "unit")


class OfferRefusedError(ValueError):
    """Something cannot be offered like this. ``faults`` names all that is wrong, never the first only."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        super().__init__(*(f"{fault.code} {dict(fault.params)}" for fault in faults))
        self.faults = tuple(faults)


class UnknownSchemeError(LookupError):
    """The seller has no price scheme of this code."""


class UnknownProductError(LookupError):
    """The product's code is not in the seller's catalogue."""


def put_product(seller: int, data: ProductData, *, by: Stamp) -> Outcome:
    """Create a product or give it a new version. Inside the caller's transaction.

    Raises ``OfferRefusedError`` for a unit that UN/ECE Recommendation 20 does not know, naming near ones.
    """
    if data.unit not in UNITS:
        raise OfferRefusedError([fault("unit_unknown", item=data.code, unit=data.unit, near=near_units(data.unit))])
    product, created = Product.objects.get_or_create(seller_id=seller, code=data.code)
    values = {name: getattr(data, name) for name in _TEXTS}
    before = None if created else ProductVersion.objects.filter(product=product).order_by("-id").values(*_TEXTS).first()
    if before == values:
        return "unchanged"
    ProductVersion.objects.create(product=product, recorded_at=by.at, **values)
    audit(by, "product.put", "product", product.id, before=before, after=asdict(data))
    return "created" if created else "changed"


def put_price(seller: int, data: PriceData, *, by: Stamp) -> Outcome:
    """Add a dated price; it follows the version that its scheme has now. Inside the caller's transaction.

    Raises ``OfferRefusedError`` with all that is wrong; a price with the same first day is never changed.
    """
    product = Product.objects.filter(seller_id=seller, code=data.product).first()
    known = price_rows(Price.objects.filter(product=product, currency=data.currency)) if product else {}
    rows = next(iter(known.values()), [])
    faults = [] if product else [fault("unknown_product", product=data.product)]
    scheme = None
    if data.scheme:
        try:
            scheme = newest_scheme(seller, data.scheme)
        except UnknownSchemeError:
            faults.append(fault("unknown_scheme", scheme=data.scheme, item=data.product))
    new = PriceRow(
        data.model, data.unit_price, data.gross, scheme, data.valid_from, data.valid_to, data.price_list, data.country
    )
    same = [row for row in rows if _place(row) == _place(new)]
    if same == [new] and not faults:
        return "unchanged"
    if same:
        faults.append(fault("price_changed", product=data.product, day=data.valid_from))
    faults += price_faults(data, rows)
    if faults or product is None:
        raise OfferRefusedError(faults)
    values = {**new._asdict(), "scheme_id": new.scheme}
    del values["scheme"]
    Price.objects.create(product=product, currency=data.currency, **values)
    audit(by, "price.add", "product", product.id, after=asdict(data))
    return "created"


def _place(row: PriceRow) -> tuple[object, ...]:
    """What there is one price of."""
    return row.model, row.valid_from, row.price_list, row.country


def newest_scheme(seller: int, code: str) -> int:
    """Id of the newest version of a named scheme. Raises ``UnknownSchemeError``."""
    rows = PriceScheme.objects.filter(seller_id=seller, code=code).order_by("-version")
    found = rows.values_list("id", flat=True).first()
    if found is None:
        raise UnknownSchemeError(code)
    return found


def put_scheme(seller: int, code: str, scheme: Scheme, *, by: Stamp) -> tuple[int, Outcome]:
    """Give a price scheme a new version, inside the caller's transaction; contracts keep the version they have.

    Returns the id of the version. Raises ``SchemeError`` with all that is wrong.
    """
    check(scheme)
    body = text_of(scheme)
    last = PriceScheme.objects.filter(seller_id=seller, code=code).order_by("-version").first()
    if last is not None and last.body == body:
        return last.id, "unchanged"
    version = last.version + 1 if last else 1
    row = PriceScheme.objects.create(seller_id=seller, code=code, version=version, recorded_at=by.at, body=body)
    audit(
        by,
        "scheme.put",
        "price_scheme",
        row.id,
        before={"body": last.body} if last else None,
        after={"code": code, "body": body},
    )
    return row.id, "changed" if last else "created"


def agree_scheme(seller: int, scheme: Scheme, *, by: Stamp) -> int:
    """Store a scheme that was agreed for single contracts; the same one is stored once. Raises ``SchemeError``."""
    digest = hashlib.sha256(text_of(scheme).encode()).hexdigest()
    return put_scheme(seller, f"#{digest[:24]}", scheme, by=by)[0]


def put_rates(rows: Iterable[tuple[RateRow, str]], *, by: Stamp) -> int:
    """Add VAT rates (row, source) that are not there yet; returns how many."""
    added = 0
    for row, source in rows:
        _rate, created = VatRate.objects.get_or_create(
            country=row.country, tax_class=row.tax_class, valid_from=row.valid_from,
            defaults={"rate": row.rate, "valid_to": row.valid_to, "source": source},
        )  # fmt: skip
        if created:
            added += 1
            audit(by, "vat_rate.add", "vat_rate", _rate.id, after=row._asdict(), reason=source)
    return added


def put_exchange_rate(currency: str, rate: Decimal, *, valid_from: date, source: str, by: Stamp) -> bool:
    """Add the units of a currency for one EUR from a day on, inside the caller's transaction; False: it is there.

    Raises ``OfferRefusedError`` for an unknown currency, and where another rate is there for that day.
    """
    if currency not in CURRENCIES:
        raise OfferRefusedError([fault("unknown_currency", currency=currency)])
    known = ExchangeRate.objects.filter(currency=currency, valid_from=valid_from).first()
    if known is not None:
        if known.rate != rate:
            raise OfferRefusedError([fault("exchange_rate_changed", currency=currency, day=valid_from)])
        return False
    row = ExchangeRate.objects.create(currency=currency, rate=rate, valid_from=valid_from, source=source)
    audit(by, "exchange_rate.add", "exchange_rate", row.id, reason=source,
          after={"currency": currency, "rate": rate, "from": valid_from})  # fmt: skip
    return True
