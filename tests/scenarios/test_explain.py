"""Every line of an invoice can be explained, and the numbers of the explanation add up to the line."""

from __future__ import annotations

from decimal import Decimal

import pytest

from tests.builders import (
    BY,
    METERED,
    UNIT,
    Company,
    company,
    contract,
    day,
    id_of,
    item,
    only,
    product,
    run,
    used,
)
from turnus.contracts.amend import change_terms, end_contract
from turnus.core.catalog import TaxClass
from turnus.core.contracts import NewDiscount, NewItem, NewMinimum
from turnus.core.document import InvoiceDocument
from turnus.core.explaining import texts
from turnus.core.periods import Basis, Cycle
from turnus.core.schemes import Function, Part, Scheme, Tier
from turnus.core.usage import Metering
from turnus.invoices.correct import credit_invoice
from turnus.invoices.explain import explain_invoice

pytestmark = pytest.mark.database
D = Decimal
CALLS = (Tier(D(100), D("0.10")), Tier(None, D("0.05")))


def told(firm: Company, document: InvoiceDocument, language: str = "de") -> list[list[str]]:
    rows = explain_invoice(id_of(firm, document), language=language)
    assert [(row.number, row.net) for row in rows] == [(line.number, line.net) for line in document.lines]
    for row in rows:
        assert sum(piece.amount for piece in row.pieces) == row.net, row
        assert "explain_rest" not in {piece.code for piece in row.pieces}, row
    return [[text.replace("\u00a0", " ") for text in texts(row.pieces, language)] for row in rows]


def test_tiers_days_discounts_and_rounding_are_told_line_by_line() -> None:
    firm = company()
    product(firm, "abo", "49.99", UNIT)
    product(firm, "calls")
    contract(
        firm, "V1", "2025-01-17", item("abo", "3"),
        NewItem("calls", "calls", D(1), model=METERED, scheme=Scheme(Function.GRADUATED, CALLS, included=D(5))),
        anchor="2025-01-01", discounts=(NewDiscount("Treue", percent=D(10), item="abo"),),
    )  # fmt: skip
    used(firm, "V1", "calls", "2025-01-20", "110")
    january, february = only(run(firm, "2025-01-17")), only(run(firm, "2025-02-01"))
    assert told(firm, january) == [[
        "Preis gültig seit 17.01.2025, Katalogpreis vom 01.01.2000", "3 × 49,99 € = 149,97 €",
        "Rabatt „Treue“ (auf die Position): 10 % von 149,97 € = −15,00 €",
        "Anteilig 15 von 31 Tagen (17.01.2025–31.01.2025 aus 01.01.2025–31.01.2025): 65,3081 €, gerundet 65,31 €",
    ]]  # fmt: skip
    assert told(firm, february)[1] == [
        "Preis gültig seit 17.01.2025, vereinbart", "5 inklusive", "100 × 0,10 € = 10,00 €", "5 × 0,05 € = 0,25 €",
    ]  # fmt: skip
    assert february.lines[1].steps == (
        "5 inklusive",
        "100 × 0,10\u00a0€ = 10,00\u00a0€",
        "5 × 0,05\u00a0€ = 0,25\u00a0€",
    )
    assert told(firm, february, "en")[1][1] == "5 included"


def test_credits_sets_minimums_gross_prices_and_goodwill_add_up() -> None:
    firm = company()
    product(firm, "abo", "29.97", UNIT, gross=True)
    product(firm, "Set", "29.99", UNIT)
    parts = (Part(product(firm, "Heft", tax_class=TaxClass.REDUCED), 70), Part(product(firm, "Online"), 30))
    contract(firm, "V1", "2025-01-01", "abo")
    contract(
        firm, "V2", "2025-01-01", NewItem("Set", "Set", D(1), scheme=Scheme(parts=parts)), by="K2",
        discounts=(NewDiscount("Aktion", amount=5_00),), minimums=(NewMinimum(40_00, label="Mindestumsatz"),),
    )  # fmt: skip
    first, second = run(firm, "2025-01-01")
    assert told(firm, first)[0][-1] == "Darin 19 % Umsatzsteuer: netto aus 29,97 €"
    told(firm, second)
    change_terms(firm.id, "V1", "abo", valid_from=day("2025-01-11"), price=D(40), reason="Aufstockung", by=BY)
    end_contract(firm.id, "V2", end=day("2025-01-21"), by=BY)
    for document in run(firm, "2025-02-01"):
        told(firm, document)
    credit_invoice(id_of(firm, first), amount=1_00, on=day("2025-02-02"), reason="Kulanz", by=BY)
    for document in run(firm, "2025-02-03"):
        told(firm, document)


@pytest.mark.parametrize("basis_days", [("2025-01-10", "2025-03-05"), ("2025-02-28", "2025-03-01")])
def test_changed_prices_name_the_version_that_was_billed(basis_days: tuple[str, str]) -> None:
    firm = company()
    product(firm, "abo", "100.00")
    contract(firm, "V1", "2025-01-01", "abo")
    change_terms(firm.id, "V1", "abo", valid_from=day(basis_days[0]), price=D(110), reason="Index", by=BY)
    versions = [row[0] for row in told(firm, only(run(firm, "2025-03-01")))]
    assert versions[0] == "Preis gültig seit 01.01.2025, Katalogpreis vom 01.01.2000"
    assert versions[-1].startswith(
        f"Preis gültig seit {basis_days[0][8:]}.{basis_days[0][5:7]}.2025, vereinbart, erfasst am 01.01.2025, Index"
    )


def test_bases_and_units_are_told_in_words_not_in_codes() -> None:
    firm = company()
    product(firm, "abo", "300.00", UNIT)
    product(firm, "beratung", "120.00", METERED)
    contract(
        firm, "V1", "2025-01-01", item("abo", basis=Basis.CALENDAR_MONTH),
        item("beratung", metering=Metering(unit="HUR", quantum=D("0.25"))),
        fee=Cycle(3, 0), billing=Cycle(3, 0),
    )  # fmt: skip
    end_contract(firm.id, "V1", end=day("2025-02-01"), by=BY)
    used(firm, "V1", "beratung", "2025-01-10", "1.1")
    first = only(run(firm, "2025-02-01"))
    for language, basis, unit in (
        ("de", "nach Kalendermonaten: 100,00", "in Stunden, jedes Ereignis in Schritten von 0,25"),
        ("en", "by calendar months: €100.00", "in hours, each event in steps of 0.25"),
    ):
        fee, usage = (" ".join(row).replace("\u00a0", " ") for row in told(firm, first, language))
        assert basis in fee, fee
        assert unit in usage, usage
