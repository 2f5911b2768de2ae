"""A marketplace for scenarios: S1 and S2 sell WARE (19 %) and BUCH (7 %) for 10 % of the net amount."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.db import transaction

from tests.builders import BY, METERED, Company, cents, company, customer, day, product
from turnus.contracts.markets import join_supplier, open_market
from turnus.contracts.trades import Taken, TradeIntake
from turnus.core.catalog import TaxClass
from turnus.core.marketplace import Act, Commission, Market, Trade, TradeRow
from turnus.core.parties import SupplierData
from turnus.parties.suppliers import agree_self_billing

TEN = Commission(Decimal(10))


def marketplace(commission: Commission = TEN, *, charge: str = "", **seller: Any) -> Company:  # noqa: ANN401
    """M1 from January 2025 on, with the suppliers S1 and S2 and the buyers K1 and K2."""
    firm = company(seller.pop("code", "main"), **seller)
    product(firm, "WARE")
    product(firm, "BUCH", tax_class=TaxClass.REDUCED)
    product(firm, "PROV", "0", METERED)
    market = Market("M1", day("2025-01-01"), "EUR", ("WARE", "BUCH"), commission, charge)
    open_market(firm.id, market, by=BY)
    for number in ("K1", "K2"):
        customer(firm, number)
    for number in ("S1", "S2"):
        supplier(firm, number)
    return firm


def supplier(firm: Company, number: str, commission: Commission | None = None, **agreed: Any) -> None:  # noqa: ANN401
    named = {name: agreed.pop(name) for name in ("country", "vat_id", "kind") if name in agreed}
    made = customer(firm, number, **named)
    data = SupplierData(day("2024-12-15"), "231/107/04512", **agreed)
    agree_self_billing(made, data, valid_from=day("2025-01-01"), by=BY)
    join_supplier(firm.id, "M1", number, commission, by=BY)


def sale(key: str, net: str, on: str = "2025-01-10", **other: str) -> TradeRow:
    """K1 buys WARE of S1, unless told otherwise."""
    act = Act.CORRECTION if other.get("of") else Act.SALE
    trade = Trade(key, act, other.get("of", ""), other.get("product", "WARE"), other.get("buyer", "K1"),
                  other.get("supplier", "S1"), cents(net), other.get("currency", "EUR"), day(on))  # fmt: skip
    return TradeRow(other.get("market", "M1"), trade)


def cancel(key: str, of: str) -> TradeRow:
    return TradeRow("M1", Trade(key, Act.CANCELLATION, of, "", "", "", 0, "", day("0001-01-01")))


def trade(firm: Company, *rows: TradeRow) -> list[Taken]:
    """The rows in one batch."""
    with transaction.atomic():
        intake = TradeIntake(firm.id, by=BY)
        taken = intake.take(rows)
        intake.close()
    return taken
