"""VAT: treatment and rate by seller, buyer, product and the last day of the service (§ 27 Abs. 1 UStG, L-09, L-12).

One decision function with its reasons. What it does not know for certain it holds: a contract is parked, never guessed.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, NamedTuple

from turnus.core.catalog import ProductKind, TaxClass
from turnus.core.parties import CustomerKind

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

    from turnus.core.parties import CustomerData, SellerData

EU: Final = frozenset(
    "AT BE BG CY CZ DE DK EE ES FI FR GR HR HU IE IT LT LU LV MT NL PL PT RO SE SI SK".split()  # noqa: SIM905
)
"""Member states of the EU (ISO 3166-1); Greece is GR here and EL in VAT ids."""

SPECIAL_TERRITORIES: Final[dict[str, tuple[str, ...]]] = {
    "DE": ("78266", "27498"),  # Büsingen, Helgoland
    "ES": ("35", "38", "51", "52"),  # Canary Islands, Ceuta, Melilla
    "FR": ("97", "98"),  # overseas departments and territories
    "IT": ("23041", "22061"),  # Livigno, Campione d'Italia
    "FI": ("22",),  # Åland
    "GR": ("63086", "63087"),  # Mount Athos
    "GB": ("BT",),  # Northern Ireland
}
"""Country → prefixes of postcodes outside the ordinary VAT area (L-12 row 12)."""


class Tax(NamedTuple):
    """Treatment of a supply: category (UNTDID 5305), rate in basis points, key of the exemption text, grounds."""

    category: str
    rate: int
    reason: str = ""
    because: str = ""


class TaxHoldError(Exception):
    """The treatment cannot be decided. ``code`` names the text that says what is missing and how to mend it."""

    def __init__(self, code: str, **params: str) -> None:
        super().__init__(code, params)
        self.code = code
        self.params = params


class RateRow(NamedTuple):
    """A VAT rate in force on ``[valid_from, valid_to)``, in basis points."""

    country: str
    tax_class: str
    valid_from: date
    valid_to: date
    rate: int


class RateTable:
    """Dated rates. A day outside the table is an error, never a default (L-17)."""

    def __init__(self, rows: Iterable[RateRow]) -> None:
        self._rows: dict[tuple[str, str], list[RateRow]] = {}
        for row in rows:
            self._rows.setdefault((row.country, row.tax_class), []).append(row)

    def rate(self, country: str, tax_class: str, day: date) -> int:
        """Basis points in force on ``day``. Raises ``TaxHoldError("rate_missing")``."""
        for row in self._rows.get((country, tax_class), ()):
            if row.valid_from <= day < row.valid_to:
                return row.rate
        raise TaxHoldError("rate_missing", country=country, tax_class=tax_class, day=day.isoformat())


@dataclass(frozen=True, slots=True)
class TaxSeller:
    """What the decision needs to know of the seller."""

    country: str
    vat_id: str
    small_business: bool
    oss: bool
    vat_check_days: int
    ships_abroad: bool = False
    """Keeps the proofs of transport and export of goods (§§ 9, 17a UStDV), without which they are not free of VAT."""


class TaxBuyer(NamedTuple):
    """What the decision needs to know of the buyer on the last day of the service."""

    country: str
    postcode: str
    kind: CustomerKind
    vat_id: str
    business_proof: str
    checked_on: date | None = None
    """Day of the newest check of ``vat_id``; None: never checked."""
    check_valid: bool = False
    delivered_to: str = ""
    """Country to which goods go, where it is another than the buyer's; else empty."""


def tax_seller(data: SellerData) -> TaxSeller:
    """The seller as the decision sees it."""
    return TaxSeller(
        data.address.country, data.vat_id, data.small_business, data.oss, data.vat_check_days, data.ships_abroad
    )


def tax_buyer(data: CustomerData, checked_on: date | None, valid: bool) -> TaxBuyer:  # noqa: FBT001 - of the check
    """The buyer as the decision sees it, with the newest check of the VAT id."""
    address, to = data.address, data.delivery.country if data.delivery else ""
    return TaxBuyer(
        address.country, address.postcode, data.kind, data.vat_id, data.business_proof, checked_on, valid,
        to if to != address.country else "",
    )  # fmt: skip


def alike(buyer: TaxBuyer) -> TaxBuyer:
    """The buyer without what does not bear on the treatment, so that buyers alike in the rest are treated once."""
    return buyer if _is_special(buyer) else buyer._replace(postcode="")


def _is_special(buyer: TaxBuyer) -> bool:
    prefixes = SPECIAL_TERRITORIES.get(buyer.country)
    return prefixes is not None and buyer.postcode.upper().startswith(prefixes)


@dataclass(frozen=True, slots=True)
class Supply:
    """What is sold and when its service ends; ``on`` is the day of the decision (age of the VAT id check)."""

    kind: ProductKind
    tax_class: TaxClass
    last_day: date
    on: date


def treat(seller: TaxSeller, buyer: TaxBuyer, supply: Supply, rates: RateTable) -> Tax:
    """Category, rate and grounds of a supply (L-12 rows 1, 2, 4, 6, 7, 9, 10). Everything else raises
    ``TaxHoldError``.
    """
    if seller.country != "DE":
        raise TaxHoldError("seller_country", country=seller.country)
    if _is_special(buyer):
        raise TaxHoldError("special_territory", country=buyer.country, postcode=buyer.postcode)
    if seller.small_business:
        return Tax("E", 0, "small_business", "L-12.10: § 19 UStG")
    if buyer.country == "DE":
        return _at_home(supply, rates, "L-12.1: DE")
    if supply.kind is ProductKind.GOODS:
        return _goods(seller, buyer, supply, rates)
    if buyer.country in EU:
        return _eu(seller, buyer, supply, rates)
    return _third_country(buyer)


def _at_home(supply: Supply, rates: RateTable, grounds: str) -> Tax:
    """Taxed in Germany, by the class of the product."""
    because = f"{grounds}, {supply.tax_class}, {supply.last_day}"
    if supply.tax_class is TaxClass.EXEMPT:
        return Tax("E", 0, "exempt", because)
    if supply.tax_class is TaxClass.ZERO:
        return Tax("Z", 0, "", because)
    return Tax("S", rates.rate("DE", supply.tax_class, supply.last_day), "", because)


def _goods(seller: TaxSeller, buyer: TaxBuyer, supply: Supply, rates: RateTable) -> Tax:
    """Goods that leave Germany: free of VAT only where the seller keeps the proofs (§ 6, § 6a UStG)."""
    if buyer.delivered_to not in {"", buyer.country}:
        raise TaxHoldError("goods_elsewhere", country=buyer.country, delivered_to=buyer.delivered_to)
    if not seller.ships_abroad:
        raise TaxHoldError("goods_abroad", country=buyer.country)
    if buyer.country not in EU:
        return Tax("G", 0, "export", f"L-12.9: {buyer.country}, proof of export is kept")
    tax = _eu(seller, buyer, supply, rates)
    if tax.category != "AE":
        return tax
    return Tax("K", 0, "intra_community", f"{tax.because}, proof of transport is kept".replace("L-12.2", "L-12.6"))


def _eu(seller: TaxSeller, buyer: TaxBuyer, supply: Supply, rates: RateTable) -> Tax:
    if buyer.kind is CustomerKind.PERSON:
        if seller.oss:
            raise TaxHoldError("oss", country=buyer.country)
        return _at_home(supply, rates, f"L-12.4: consumer in {buyer.country}, no OSS")
    if not buyer.vat_id:
        raise TaxHoldError("vat_id_missing", country=buyer.country)
    if not seller.vat_id:
        raise TaxHoldError("seller_vat_id_missing")
    if buyer.checked_on is None:
        raise TaxHoldError("vat_id_unchecked", vat_id=buyer.vat_id)
    if not buyer.check_valid:
        raise TaxHoldError("vat_id_invalid", vat_id=buyer.vat_id, day=buyer.checked_on.isoformat())
    if (supply.on - buyer.checked_on).days > seller.vat_check_days:
        raise TaxHoldError("vat_id_check_old", vat_id=buyer.vat_id, day=buyer.checked_on.isoformat())
    grounds = f"L-12.2: {buyer.country}, {buyer.vat_id} checked {buyer.checked_on}"
    return Tax("AE", 0, "reverse_charge", grounds)


def _third_country(buyer: TaxBuyer) -> Tax:
    if buyer.kind is CustomerKind.PERSON:
        raise TaxHoldError("third_country_consumer", country=buyer.country)
    if not buyer.business_proof:
        raise TaxHoldError("business_proof_missing", country=buyer.country)
    return Tax("O", 0, "not_taxable", f"L-12.7: {buyer.country}, {buyer.business_proof}")


class TaxSupplier(NamedTuple):
    """What the decision needs to know of a supplier whose service we account for ourselves."""

    country: str
    postcode: str
    kind: CustomerKind
    small_business: bool


def treat_purchase(country: str, supplier: TaxSupplier, supply: Supply, rates: RateTable) -> Tax:
    """VAT of a service done for us, as the supplier would show it (§ 14 Abs. 2 UStG). Raises ``TaxHoldError``.

    ``country``: ours. Abroad we owe the tax (§ 13b Abs. 1 and 2 Nr. 1 UStG).
    """
    if country != "DE":
        raise TaxHoldError("seller_country", country=country)
    if supplier.kind is CustomerKind.PERSON:
        raise TaxHoldError("supplier_private")
    if _is_special(TaxBuyer(supplier.country, supplier.postcode, supplier.kind, "", "")):
        raise TaxHoldError("special_territory", country=supplier.country, postcode=supplier.postcode)
    if supplier.country == "DE":
        if supplier.small_business:
            return Tax("E", 0, "small_business", "supplier: § 19 UStG")
        return _at_home(supply, rates, "supplier in DE")
    if supply.kind is ProductKind.GOODS:
        raise TaxHoldError("purchase_goods_abroad", country=supplier.country)
    return Tax("AE", 0, "reverse_charge", f"supplier in {supplier.country}: § 13b UStG")
