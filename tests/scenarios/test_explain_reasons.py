"""What an explanation says word for word: discounts one by one, minimums, sets, raises, prices; in both languages."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal

import pytest
from django.db import transaction

from tests.builders import (
    BY,
    METERED,
    UNIT,
    company,
    contract,
    day,
    id_of,
    item,
    only,
    order,
    product,
    run,
    used,
    variant,
)
from tests.scenarios.test_commission import of_agent, selling
from tests.scenarios.test_explain import told
from tests.scenarios.test_payers import by_payer, shared
from turnus.catalog.coupons import put_coupon
from turnus.catalog.offer import put_price
from turnus.contracts.amend import change_terms, end_contract
from turnus.contracts.coupons import redeem_coupon
from turnus.contracts.raises import plan_raise
from turnus.core.adjusting import RuleKind
from turnus.core.catalog import PriceData, TaxClass
from turnus.core.contracts import NewDiscount, NewMinimum, NewRaise
from turnus.core.coupons import CouponData
from turnus.core.offers import OfferedItem
from turnus.core.periods import Basis
from turnus.core.schemes import Part, Scheme
from turnus.invoices.correct import cancel_invoice
from turnus.invoices.document import invoice_document
from turnus.invoices.explain import explain_invoice

pytestmark = pytest.mark.database
D = Decimal
CATALOGUE = "Preis gültig seit 01.01.2025, Katalogpreis vom 01.01.2000"
OF_CATALOGUE = "Price valid since 1 Jan 2025, catalogue price of 1 Jan 2000"


def test_each_discount_is_told_with_its_percentage_its_kind_and_its_period() -> None:
    firm = company()
    product(firm, "abo", "90.00")
    discounts = (
        NewDiscount("Vertragsrabatt", percent=D(5)),
        NewDiscount("Treue", percent=D(10), item="abo", periods=3),
        NewDiscount("Nachlass", amount=3_00, item="abo", end=day("2025-07-01")),
    )
    contract(firm, "V1", "2025-01-01", "abo", discounts=discounts)
    january, february = only(run(firm, "2025-01-01")), only(run(firm, "2025-02-01"))
    assert told(firm, january) == [[
        CATALOGUE, "1 × 90,00 € = 90,00 €",
        "Rabatt „Treue“ (auf die Position, Zeitraum 1 von 3, bis 31.03.2025): 10 % von 90,00 € = −9,00 €",
        "Rabatt „Vertragsrabatt“ (auf den Vertrag): 5 % von 81,00 € = −4,05 €",
        "Rabatt „Nachlass“ (auf die Position, bis 30.06.2025): −3,00 €",
    ]]  # fmt: skip
    assert told(firm, february, "en") == [[
        "Price valid since 1 Jan 2025, catalogue price of 1 Jan 2000", "1 × €90.00 = €90.00",
        "Discount “Treue” (on the item, period 2 of 3, until 31 Mar 2025): 10 % of €90.00 = −€9.00",
        "Discount “Vertragsrabatt” (on the contract): 5 % of €81.00 = −€4.05",
        "Discount “Nachlass” (on the item, until 30 Jun 2025): −€3.00",
    ]]  # fmt: skip
    pieces = explain_invoice(id_of(firm, january), language="de")[0].pieces
    assert [piece.amount for piece in pieces] == [0, 90_00, -9_00, -4_05, -3_00]


def test_of_a_scale_of_quantities_the_threshold_that_was_reached_is_told_for_fees_and_usage() -> None:
    firm = company()
    product(firm, "seat", "10.00", UNIT)
    product(firm, "calls", "1.00", METERED)
    scale = [NewDiscount("Staffel", percent=D(p), item=i, from_quantity=D(q))
             for i in ("seat", "calls") for p, q in (("5", 20), ("10", 50))]  # fmt: skip
    contract(firm, "V1", "2025-01-01", item("seat", "20"), item("calls"), discounts=tuple(scale))
    used(firm, "V1", "calls", "2025-01-20", "60")
    february = only(run(firm, "2025-02-01"))
    found = [row[2] for row in told(firm, february)]
    assert sorted(set(found)) == [
        "Rabatt „Staffel“ (Menge ab 20): 5 % von 200,00 € = −10,00 €",
        "Rabatt „Staffel“ (Menge ab 50): 10 % von 60,00 € = −6,00 €",
    ]
    assert "Discount “Staffel” (quantity from 50 on): 10 % of €60.00 = −€6.00" in str(told(firm, february, "en"))


@pytest.mark.parametrize("basis", [Basis.AVG_MONTH, Basis.THIRTY_360, Basis.ACTUAL_PERIOD])
def test_discounts_of_a_period_that_begins_late_are_told_for_the_whole_period(basis: Basis) -> None:
    firm = company()
    product(firm, "abo", "99.99")
    off = (NewDiscount("Treue", percent=D(10), item="abo"), NewDiscount("Zwei", percent=D("3.3")))
    contract(firm, "V1", "2025-01-17", item("abo", basis=basis), anchor="2025-01-01", discounts=off)
    pieces = told(firm, only(run(firm, "2025-01-17")))[0]
    assert pieces[2:4] == [
        "Rabatt „Treue“ (auf die Position): 10 % von 99,99 € = −10,00 €",
        "Rabatt „Zwei“ (auf den Vertrag): 3,3 % von 89,99 € = −2,97 €",
    ]


def test_a_coupon_is_told_as_one_with_its_end_and_what_it_could_not_take() -> None:
    firm = company(print_zero_charges=True)
    product(firm, "abo", "30.00")
    contract(firm, "V1", "2025-01-01", "abo", discounts=(NewDiscount("Rest", amount=40_00, item="abo"),))
    contract(firm, "V2", "2025-01-01", "abo", by="K2")
    with transaction.atomic():
        put_coupon(firm.id, CouponData("NEU20", "Neukunde", percent=D(20), periods=2), by=BY)
    redeem_coupon(firm.id, "V2", "NEU20", on=day("2025-01-01"), by=BY)
    first, second = run(firm, "2025-01-01")
    assert [told(firm, first, language)[0][2] for language in ("de", "en")] == [
        "Rabatt „Rest“ (auf die Position): −30,00 €, mehr war von 40,00 € nicht abzuziehen",
        "Discount “Rest” (on the item): −€30.00, no more of €40.00 could be taken off",
    ]
    assert [told(firm, second, language)[0][2] for language in ("de", "en")] == [
        "Rabatt „Neukunde“ (Gutschein, Zeitraum 1 von 2, bis 28.02.2025): 20 % von 30,00 € = −6,00 €",
        "Discount “Neukunde” (coupon, period 1 of 2, until 28 Feb 2025): 20 % of €30.00 = −€6.00",
    ]


def test_an_amount_off_the_whole_contract_tells_total_and_key() -> None:
    firm = company()
    product(firm, "A", "60.00")
    product(firm, "B", "10.00", tax_class=TaxClass.REDUCED)
    contract(firm, "V1", "2025-01-01", "A", "B", discounts=(
        NewDiscount("Aktion", amount=10_00, periods=2), NewDiscount("Mehr", amount=90_00),
    ))  # fmt: skip
    document = only(run(firm, "2025-01-01"))
    found = [row[0] for row in told(firm, document) if row[0].startswith("Rabatt")]
    assert found == [
        (
            "Rabatt „Mehr“ (auf den Vertrag): 70,00 € auf den ganzen Vertrag (mehr war von 90,00 € nicht abzuziehen) "
            "× 60,00 € / 70,00 € = −60,00 €"
        ),
        (
            "Rabatt „Mehr“ (auf den Vertrag): 70,00 € auf den ganzen Vertrag (mehr war von 90,00 € nicht abzuziehen) "
            "× 10,00 € / 70,00 € = −10,00 €"
        ),
    ]  # fmt: skip


def test_an_amount_off_the_whole_contract_is_told_in_english_and_when_it_is_taken_back() -> None:
    firm = company()
    product(firm, "A", "60.00")
    product(firm, "B", "10.00", tax_class=TaxClass.REDUCED)
    contract(firm, "V1", "2025-01-01", "A", "B", discounts=(NewDiscount("Aktion", amount=10_00, periods=2),))
    run(firm, "2025-01-01")
    document = only(run(firm, "2025-02-01"))
    found = [row[0] for row in told(firm, document, "en") if row[0].startswith("Discount")]
    assert found == [
        (
            "Discount “Aktion” (on the contract, period 2 of 2, until 28 Feb 2025): €10.00 on the whole contract "
            "× €60.00 / €70.00 = −€8.57"
        ),
        (
            "Discount “Aktion” (on the contract, period 2 of 2, until 28 Feb 2025): €10.00 on the whole contract "
            "× €10.00 / €70.00 = −€1.43"
        ),
    ]
    back = cancel_invoice(id_of(firm, document), on=day("2025-02-06"), reason="Irrtum", by=BY)
    again = [row for row in told(firm, invoice_document(back.invoice)) if "Aktion" in str(row)]
    assert again[0] == [
        "Rücknahme von -8,57 €, berechnet als",
        (
            "Rabatt „Aktion“ (auf den Vertrag, Zeitraum 2 von 2, bis 28.02.2025): 10,00 € auf den ganzen Vertrag "
            "× 60,00 € / 70,00 € = −8,57 €"
        ),
    ]  # fmt: skip


def test_a_minimum_tells_what_it_is_what_was_charged_and_its_days() -> None:
    firm = company()
    product(firm, "calls", "0.10", METERED)
    contract(firm, "V1", "2025-09-01", item("calls", label="Telefonie"), minimums=(NewMinimum(50_00, item="calls"),))
    used(firm, "V1", "calls", "2025-09-20", "140.6")
    september = only(run(firm, "2025-10-01"))
    lines = [row for row in told(firm, september) if "Mindestumsatz" in row[0]]
    assert lines == [[
        "Mindestumsatz „Telefonie“ für 01.09.2025–30.09.2025: 50,00 €",
        "Berechnet für 01.09.2025–30.09.2025: 14,06 €",
    ]]  # fmt: skip
    pieces = next(row.pieces for row in explain_invoice(id_of(firm, september), language="de")
                  if row.pieces[0].code == "explain_minimum")  # fmt: skip
    assert [piece.amount for piece in pieces] == [50_00, -14_06]
    end_contract(firm.id, "V1", end=day("2025-10-11"), by=BY)
    october = only(run(firm, "2025-10-11"))
    assert [row for row in told(firm, october, "en") if "Minimum" in row[0]] == [[
        "Minimum fee “Telefonie” for 1 Oct 2025 – 31 Oct 2025: €50.00",
        "10 of its 31 days (1 Oct 2025 – 10 Oct 2025): €16.13",
        "Charged for 1 Oct 2025 – 10 Oct 2025: €0.00",
    ]]  # fmt: skip


def test_a_set_tells_its_price_its_key_and_its_parts() -> None:
    firm = company()
    product(firm, "Bundle", "29.99", UNIT, name_en="Set")
    parts = (Part(product(firm, "Heft", tax_class=TaxClass.REDUCED), 70), Part(product(firm, "Online"), 30))
    off = (NewDiscount("Treue", percent=D(10), item="Bundle"), NewDiscount("Fünf", percent=D(5)))
    contract(firm, "V1", "2025-01-01", replace(item("Bundle"), scheme=Scheme(parts=parts)))
    contract(firm, "V2", "2025-01-17", replace(item("Bundle", "3"), scheme=Scheme(parts=parts)), by="K2", discounts=off,
             anchor="2025-01-01")  # fmt: skip
    [first] = run(firm, "2025-01-01")
    assert told(firm, first) == [
        ["Preis gültig seit 01.01.2025, vereinbart", "1 × 29,99 € = 29,99 €",
         "Set „Bundle“ (Heft 70, Online 30): „Heft“ hat 70 von 100, gerundet 20,99 €"],
        ["Preis gültig seit 01.01.2025, vereinbart", "1 × 29,99 € = 29,99 €",
         "Set „Bundle“ (Heft 70, Online 30): „Online“ hat 30 von 100, gerundet 9,00 €"],
    ]  # fmt: skip
    second = run(firm, "2025-01-17")[-1]
    assert told(firm, second, "en")[1][1:] == [
        "3 × €29.99 = €89.97",
        "Discount “Treue” (on the item): 10 % of €89.97 = −€9.00",
        "Discount “Fünf” (on the contract): 5 % of €80.97 = −€4.05",
        "Set “Set” (Heft 70, Online 30): “Online” has 30 of 100, rounded €23.08",
        "15 of 31 days (17 Jan 2025 – 31 Jan 2025 of 1 Jan 2025 – 31 Jan 2025): €11.1677, rounded €11.17",
    ]


def test_a_planned_raise_tells_price_and_percentage() -> None:
    firm = company()
    product(firm, "abo", "30.00")
    contract(firm, "V1", "2025-01-01", "abo")
    for kind, value in ((RuleKind.PERCENT, "3"), (RuleKind.AMOUNT, "-1.50")):
        new = NewRaise(kind, D(value), first=day("2025-09-01"))
        plan_raise(firm.id, "V1", new, on=day("2025-01-02"), by=BY)
    document = run(firm, "2025-09-01")[-1]
    assert told(firm, document)[-1] == [
        "Preis gültig seit 01.09.2025, geplante Erhöhung: 30,00 € + 3 % − 1,50 € = 29,40 €", "1 × 29,40 € = 29,40 €",
    ]  # fmt: skip
    assert told(firm, document, "en")[-1][0] == (
        "Price valid since 1 Sep 2025, planned raise: €30.00 + 3 % − €1.50 = €29.40"
    )


def test_what_counts_is_what_was_known_when_a_line_was_decided_not_its_issue_date() -> None:
    """A run for days long ago bills by what was recorded since; what comes after it does not change its reasons."""
    firm = company()
    product(firm, "abo", "100.00")
    contract(firm, "V1", "2025-01-01", "abo", discounts=(NewDiscount("Treue", percent=D(10), item="abo"),))
    may, june, july = (BY._replace(at=datetime(2025, month, 5, 9, tzinfo=UTC)) for month in (5, 6, 7))
    change_terms(firm.id, "V1", "abo", valid_from=day("2025-01-01"), price=D(80), reason="Nachverhandelt", by=may)
    document = only(run(firm, "2025-01-01", on="2025-01-01", by=june))
    expected = [
        "Preis gültig seit 01.01.2025, vereinbart, erfasst am 05.05.2025, Nachverhandelt", "1 × 80,00 € = 80,00 €",
        "Rabatt „Treue“ (auf die Position): 10 % von 80,00 € = −8,00 €",
    ]  # fmt: skip
    assert told(firm, document) == [expected]
    change_terms(firm.id, "V1", "abo", valid_from=day("2025-01-01"), price=D(70), reason="Nochmals", by=july)
    assert told(firm, document) == [expected]
    back = cancel_invoice(id_of(firm, document), on=day("2025-07-06"), reason="Irrtum", by=july)
    [cancelled] = told(firm, invoice_document(back.invoice))
    assert cancelled == [expected[0], "Rücknahme von 72,00 €, berechnet als", *expected[1:]]


def test_a_price_says_where_it_comes_from() -> None:
    firm = company()
    product(firm, "abo", "10.00")
    with transaction.atomic():
        put_price(firm.id, PriceData("abo", UNIT, "EUR", D(8), day("2024-06-01"), price_list="HANDEL"), by=BY)
    variant(firm, "PRO/M", OfferedItem("abo", "abo", price=D(7), model=UNIT), since="2024-03-01")
    contract(firm, "V1", "2025-01-01", "abo")
    contract(firm, "V2", "2025-01-01", item("abo", model=UNIT), by="K2", price_lists=("HANDEL",))
    contract(firm, "V3", "2025-01-01", item("abo", price="9.00"), by="K3")
    order(firm, "V4", "2025-01-01", "PRO/M", by="K4")
    documents = run(firm, "2025-01-01")
    assert [told(firm, document)[0][0] for document in documents] == [
        CATALOGUE,
        "Preis gültig seit 01.01.2025, Preisliste HANDEL vom 01.06.2024",
        "Preis gültig seit 01.01.2025, vereinbart",
        "Preis gültig seit 01.01.2025, Tarif PRO/M vom 01.03.2024",
    ]
    assert [told(firm, document, "en")[0][0] for document in documents] == [
        OF_CATALOGUE,
        "Price valid since 1 Jan 2025, price list HANDEL of 1 Jun 2024",
        "Price valid since 1 Jan 2025, agreed",
        "Price valid since 1 Jan 2025, plan PRO/M of 1 Mar 2024",
    ]


def test_a_commission_is_told_in_both_languages() -> None:
    firm = selling()
    run(firm, "2025-01-01")
    payout = of_agent(run(firm, "2025-02-01"))
    assert told(firm, payout) == [["Preis gültig seit 01.01.2025, vereinbart", "5 % von 200 = 10,00 €"]]
    assert told(firm, payout, "en") == [["Price valid since 1 Jan 2025, agreed", "5 % of 200 = €10.00"]]


def test_a_shared_line_with_discounts_tells_the_whole_and_then_the_share() -> None:
    firm = company()
    product(firm, "abo", "99.99")
    contract(firm, "V1", "2025-01-01", "abo", discounts=(NewDiscount("Treue", percent=D(10), item="abo"),))
    shared(firm, "2025-01-01", ("K1", 60), ("K2", 40))
    documents = by_payer(run(firm, "2025-01-01"))
    assert told(firm, documents["K1"]) == [[
        CATALOGUE, "1 × 99,99 € = 99,99 €", "Rabatt „Treue“ (auf die Position): 10 % von 99,99 € = −10,00 €",
        "Davon zahlt dieser Kunde 60 %: 53,99 €.",
    ]]  # fmt: skip
    assert told(firm, documents["K2"], "en") == [[
        OF_CATALOGUE, "1 × €99.99 = €99.99", "Discount “Treue” (on the item): 10 % of €99.99 = −€10.00",
        "This customer pays 40% of it: €36.00.",
    ]]  # fmt: skip
